"""What the stories of the pages share: somebody's browser, the parties they look after, the words of an answer."""

import re
from html import unescape
from typing import Any

from django.test import Client

from rapporto.domain.parties.models import Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.store.asking import forget_estimates
from rapporto.store.write import save


def browser(person: User, **options: Any) -> Client:
    """Somebody's browser, signed in; nothing learned in another test is remembered."""
    forget_estimates()
    client = Client(**options)
    client.force_login(person)
    return client


def page(person: User, address: str, **headers: str) -> str:
    """What somebody reads at an address."""
    answer = browser(person).get(address, headers=headers)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def party(owner: User, name: str, **values: Any) -> Party:
    """A party of somebody."""
    row: Party = save(actor_of(owner), "party", {"name": name, "owner": owner.pk, **values})
    return row


def parties(owner: User, *names: str, **values: Any) -> list[Party]:
    """Parties of somebody, alike but for their names."""
    return [party(owner, name, **values) for name in names]


def told(answer: Any) -> str:
    """The words of an answer, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())
