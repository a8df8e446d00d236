"""What a program asks for with a key is done once: the answer is kept in the same transaction as what was changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from rapporto.store.answers_models import KeptAnswer
from rapporto.store.one_writer import turn

KEPT = timedelta(hours=48)
"""For how long, at least, the same key gives the same answer."""


class OtherRequest(Exception):
    """The key was used before, for something else."""


@dataclass(frozen=True)
class Answer:
    """What is answered: a status, a few headers, and the text of a body. `again` tells that it was kept from the first time."""

    status: int
    body: str
    headers: Mapping[str, str]
    again: bool = False


def once(caller: int, key: str, request: str, act: Callable[[], Answer]) -> Answer:
    """The answer of `act`, which is called only the first time; whoever asks meanwhile waits for it.

    `request` is the digest of what is asked: OtherRequest when the key was used for another one. What `act` raises is not kept, nor
    is anything it changed: it may be asked for again with the same key.
    """
    with turn(), transaction.atomic():
        now = timezone.now()
        # the second of two at once waits here until the first has ended, and then finds its row
        KeptAnswer.objects.bulk_create(
            [KeptAnswer(caller=caller, key=key, request=request, at=now)], ignore_conflicts=True
        )
        row = KeptAnswer.objects.select_for_update().get(caller=caller, key=key)
        if row.request != request:
            raise OtherRequest
        if row.status:
            return Answer(row.status, row.body, row.headers, again=True)
        answer = act()
        row.status, row.headers, row.body = answer.status, dict(answer.headers), answer.body
        row.save(update_fields=["status", "headers", "body"])
    return answer


def tidy() -> None:
    """Drop what has been kept long enough."""
    with turn():
        KeptAnswer.objects.filter(at__lt=timezone.now() - KEPT).delete()


def forget_answers() -> int:
    """Drop every kept answer: what is forgotten shall not be read from one of them. Gives how many there were."""
    return KeptAnswer.objects.all().delete()[0]
