"""Every operation of the document is asked by schemathesis, with all its checks: good requests, broken ones, and one after the other."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.db import connections
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from schemathesis.transport.wsgi import WSGITransport

from rapporto.api import limits
from rapporto.domain.people.tokens import NEVER
from rapporto.site.wsgi import application
from rapporto.store.asking import forget_estimates
from rapporto.store.declare import DECLARED
from tests.api.programs import Program
from tests.cast import casale, enters

RULES = ["2xx", "400", "401", "403", "404", "409", "412", "422"]
"""What a request of the right shape may be answered: whether a VAT number is one, or a version the newest, no schema says."""
OFTEN = 10_000_000
PHASES = ("examples", "coverage", "fuzzing", "stateful")
ASKED = {
    "made-up requests to every operation": ("fuzzing", ".*", 2),
    "every edge of a small list": ("coverage", r"^/(team|changes|openapi.json)(/|$)", 1),
    "every edge of what is written of a large one": ("coverage", r"^/party/(\{id\}|bulk)$", 1),
    "what is made is then read, changed and deleted": ("stateful", r"^/(party|activity|address)(/|$)", 8),
}
"""Which of its phases, at which addresses, with how many examples: what a minute holds, always the same."""
CHECKS = {
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "negative_data_rejection", "positive_data_acceptance", "missing_required_header",
    "unsupported_method", "allow_header_conformance", "use_after_free", "ensure_resource_availability", "ignored_auth",
    "object_level_authorization",
}  # fmt: skip


SOCKETS = {"max_redirects", "verify", "cert", "proxies"}


@pytest.fixture
def program(transactional_db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    """A program that may do everything, as often as it likes."""
    settings.API_PER_MINUTE = OFTEN
    monkeypatch.setattr(limits, "FAILURES", OFTEN)
    send = WSGITransport.send

    def without_sockets(self: Any, case: Any, **given: Any) -> Any:
        # one of its checks hands on what only a network has, which its own client then refuses
        return send(self, case, **{name: value for name, value in given.items() if name not in SOCKETS})

    monkeypatch.setattr(WSGITransport, "send", without_sockets)
    forget_estimates()
    aldo = enters("Aldo")
    casale(aldo)
    yield Program(aldo)
    for one in opened.values():
        one.close()
    opened.clear()


opened: dict[int, Any] = {}
"""The connections of the threads that asked, which end with their connections open."""


def answering(environ: Any, start_response: Any) -> Any:
    """The product, as one of those threads asks it."""
    try:
        return application(environ, start_response)
    finally:
        for one in connections.all(initialized_only=True):
            if id(one) not in opened:
                one.inc_thread_sharing()
                opened[id(one)] = one


def described(program: Program, phase: str, examples: int) -> Any:
    """The document as schemathesis reads it, and how it is to ask."""
    shown = {"Authorization": f"Bearer {program.made.text}", "Accept-Language": "en"}
    generation = {"max-examples": examples, "deterministic": True, "database": "none", "no-shrink": True}
    config = schemathesis.config.SchemathesisConfig.from_dict(
        {
            "seed": 1,
            "headers": shown,
            "continue-on-failure": True,
            "generation": generation,
            "phases": {one: {"enabled": one == phase} for one in PHASES},
            "checks": {"positive_data_acceptance": {"expected-statuses": RULES}},
        }
    )
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", answering, headers=shown, config=config)


@pytest.mark.parametrize("what", ASKED)
def test_every_answer_is_as_described(program: Program, what: str) -> None:
    phase, path, examples = ASKED[what]
    asked: Counter[str] = Counter()
    checked: Counter[str] = Counter()
    wrong: list[str] = []
    for event in from_schema(described(program, phase, examples).include(path_regex=path)).execute():
        if isinstance(event, (NonFatalError, FatalError)):
            wrong.append(str(event))
        if isinstance(event, ScenarioFinished):
            asked.update(case.value.operation.label for case in event.recorder.cases.values())
            for checks in event.recorder.checks.values():
                checked.update(one.name for one in checks)
                wrong += [
                    f"{event.recorder.label}: {one.failure_info.failure}\n{one.failure_info.code_sample}"
                    for one in checks
                    if one.failure_info is not None
                ]
    assert wrong == [], "\n\n".join(wrong[:5])
    assert checked.keys() >= CHECKS
    assert program.get("party").status_code == 200  # what was asked has not shut the door: nothing passed for that
    if path == ".*":
        assert asked.keys() >= {f"GET /{name}" for name in DECLARED if name not in NEVER}
        assert asked.keys() >= {"POST /party", "PATCH /party/{id}", "DELETE /party/{id}", "POST /party/bulk"}
