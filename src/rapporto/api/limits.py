"""How often a program may ask: counted by the database, so that all processes together hold the limit."""

import time

from django.conf import settings
from django.db import connection

from rapporto.api.models import Asked
from rapporto.store.one_writer import turn

FAILURES = 30
"""Requests without a valid token that one address may make in a minute."""
_COUNT = (
    "INSERT INTO api_asked (caller, minute, number) VALUES (%s, %s, 1) ON CONFLICT (caller) DO UPDATE SET"
    " number = CASE WHEN api_asked.minute = excluded.minute THEN api_asked.number + 1 ELSE 1 END, minute = excluded.minute"
    " RETURNING number"
)


class TooMany(Exception):
    """The limit of this minute is reached; `wait` seconds are left of it."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"wait {wait} seconds")
        self.wait = wait


def count_token(token_id: int) -> None:
    """One more request with a token. Raises TooMany."""
    _count(f"token {token_id}", settings.API_PER_MINUTE)


def count_failure(address: str) -> None:
    """One more request without a valid token from an address. Raises TooMany."""
    _count(f"from {address}", FAILURES)


def _count(caller: str, most: int) -> None:
    now = int(time.time())
    with turn(), connection.cursor() as cursor:
        cursor.execute(_COUNT, [caller, now // 60])
        (number,) = cursor.fetchone()
        if number == 1:
            Asked.objects.filter(minute__lt=now // 60 - 60).delete()
    if number > most:
        raise TooMany(60 - now % 60)


__all__ = ["FAILURES", "TooMany", "count_failure", "count_token"]
