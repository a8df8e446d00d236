"""A program of the tests: it shows a token and speaks JSON."""

import json
from typing import Any

from django.test import Client

from rapporto.domain.people.tokens import make_token
from rapporto.kernel.actor import Actor


class Program:
    """Another program, acting for somebody of the cast."""

    def __init__(self, actor: Actor, scopes: str = "write", **values: Any) -> None:
        self.made = make_token(actor, name="Gestionale", scopes=scopes, **values)
        self.client = Client(raise_request_exception=False)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The answer; underscores in the names of headers stand for hyphens. `json` of it is read already."""
        more: dict[str, Any] = {} if body is None else {"data": body if isinstance(body, bytes) else json.dumps(body)}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        shown = {"Authorization": f"Bearer {self.made.text}", "Accept-Language": "en", **named}
        return self.client.generic(method, f"/api/v1/{path}", content_type="application/json", headers=shown, **more)

    def get(self, path: str, **headers: str) -> Any:
        """What is read at an address."""
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        """What comes of something new."""
        return self.ask("POST", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        """What comes of a change."""
        return self.ask("PATCH", path, body, **headers)
