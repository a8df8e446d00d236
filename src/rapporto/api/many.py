"""Many records at once: each item with its own result, all of them one change set that is undone together."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.db import IntegrityError, transaction

from rapporto.api.call import Call
from rapporto.api.door import told
from rapporto.api.one import etag, new_values, unchanged_since
from rapporto.api.problems import Problem, pointer, problem_of
from rapporto.api.values import LARGEST, given
from rapporto.kernel.record import RecordType
from rapporto.kernel.text import Message
from rapporto.store.answers import Answer
from rapporto.store.bulk_create import InvalidRows, create_many
from rapporto.store.documents import each_once
from rapporto.store.errors import Invalid, Refused
from rapporto.store.history.changing import change_set
from rapporto.store.history.rows import version, versions
from rapporto.store.write import delete, in_use, save

MOST = 1000
KNOWN = {"create": {"op", "values"}, "change": {"op", "id", "version", "values"}, "delete": {"op", "id", "version"}}
"""The members of an item, by what is to be done."""
Item = dict[str, Any]


def bulk(call: Call, record: str) -> Answer:
    """Up to a thousand records made, changed or deleted. An item that cannot be done leaves the others as they are."""
    type_ = call.record(record, write=True)
    items = _items(call.body())
    with change_set(call.actor, "bulk") as change:
        with each_once():
            results = list(_results(call, type_, items))
        done = any("problem" not in one for one in results)
        return told({"change_set": change.pk if done else None, "results": results})


def _items(sent: dict[str, Any]) -> list[Item]:
    """The items, each of the right shape. Problem 422 names the first that is not."""
    items = sent.get("items")
    if set(sent) != {"items"} or not isinstance(items, list) or not 1 <= len(items) <= MOST:
        detail = Message(
            "Send 1 to {most} items: {fields}", {"most": MOST, "fields": '{"items": [{"op": "create", "values": {}}]}'}
        )
        raise Problem(422, "invalid", detail)
    for number, item in enumerate(items):
        if not _is_item(item):
            wrong = Message("An item is one of create (values), change (id, values), delete (id).")
            raise Problem(422, "invalid", errors=[(pointer("items", number), wrong)])
    return items


def _is_item(item: Any) -> bool:
    if not isinstance(item, dict) or not isinstance(item.get("op"), str) or item["op"] not in KNOWN:
        return False
    needed = KNOWN[item["op"]] - {"version"}
    numbers = all(_is_number(item[name], least) for name, least in (("id", 1), ("version", 0)) if name in item)
    return needed <= item.keys() <= KNOWN[item["op"]] and numbers and isinstance(item.get("values", {}), dict)


def _is_number(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= LARGEST


def _results(call: Call, record: RecordType, items: list[Item]) -> Iterator[dict[str, Any]]:
    """The result of each item, in order; new records that stand side by side are made together."""
    for op, some in groupby(items, key=lambda item: str(item["op"])):
        if op == "create":
            yield from _created(call, record, list(some))
        else:
            yield from (_result(call, record, item) for item in some)


def _created(call: Call, record: RecordType, items: list[Item]) -> list[dict[str, Any]]:
    """New records all at once; one by one when something is wrong with any of them."""
    try:
        with transaction.atomic():
            rows = [new_values(call, record, item["values"]) for item in items]
            for row in rows:
                in_use(record, {name: value for name, value in row.items() if name in record.fields})
            ids = create_many(call.actor, record.name, rows)
    except (InvalidRows, Invalid, Refused, IntegrityError):
        return [_result(call, record, item) for item in items]
    known = versions(record.name, ids)
    return [{"status": 201, "id": one, "version": known.get(one, 0)} for one in ids]


def _result(call: Call, record: RecordType, item: Item) -> dict[str, Any]:
    try:
        with transaction.atomic():
            return _done(call, record, item)
    except Exception as wrong:
        problem = problem_of(wrong)
        if problem is None:
            raise
        return {"status": problem.status, "problem": problem.said()}


def _done(call: Call, record: RecordType, item: Item) -> dict[str, Any]:
    if item["op"] == "create":
        row_id = save(call.actor, record.name, new_values(call, record, item["values"])).pk
        return {"status": 201, "id": row_id, "version": version(record.name, row_id)}
    values = given(call.actor, record, item.get("values", {}))
    if "version" in item:
        unchanged_since(call, record, item["id"], etag(item["version"]), values)
    if item["op"] == "delete":
        delete(call.actor, record.name, item["id"])
        return {"status": 204, "id": item["id"]}
    save(call.actor, record.name, values, item["id"])
    return {"status": 200, "id": item["id"], "version": version(record.name, item["id"])}


__all__ = ["MOST", "bulk"]
