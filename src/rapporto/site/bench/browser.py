"""Somebody at a browser, as the server sees it: signs in, keeps cookies and the connection, asks for parts of pages like htmx."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from http.cookies import SimpleCookie
from urllib.parse import urlencode

SESSION, CSRF = "rapporto_session", "rapporto_csrf"
TOKEN = "csrfmiddlewaretoken"


class WrongAnswer(Exception):
    """The server answered something else than it should."""


@dataclass
class Browser:
    """One person's browser."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection = HTTPConnection("127.0.0.1", self.port, timeout=120)

    def sign_in(self, email: str, password: str) -> "Browser":
        """Through the sign-in page, with the real form. Raises WrongAnswer when it is refused."""
        self.get("/account/login/")
        self.post("/account/login/", {"login": email, "password": password}, expected=(302,))
        if SESSION not in self.cookies:
            raise WrongAnswer(f"{email} was not signed in")
        return self

    def get(self, path: str, target: str = "") -> str:
        """A page, or the part of it that htmx puts into `target` («div#panel»); the text of the answer."""
        return self.ask("GET", path, None, self._part(target), (200,))

    def post(
        self, path: str, values: Mapping[str, object], target: str = "", expected: tuple[int, ...] = (200, 204)
    ) -> str:
        """Send a form."""
        body = urlencode({**values, TOKEN: self.cookies.get(CSRF, "")}, doseq=True).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, body, {**kind, **self._part(target)}, expected)

    def ask(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], expected: tuple[int, ...]
    ) -> str:
        """One request, its answer read to the end. Raises WrongAnswer for an unexpected status."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self._send(method, path, body, {"Cookie": cookies, **headers})
        text = answer.read()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies.update({name: one.value for name, one in SimpleCookie(line).items()})
        if answer.status not in expected:
            raise WrongAnswer(f"{method} {path}: {answer.status}\n{text[:2000].decode(errors='replace')}")
        self.headers = {
            name: value for name, value in answer.getheaders() if name.startswith("HX-") or name == "Location"
        }
        return text.decode()

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> HTTPResponse:
        try:
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()
        except (RemoteDisconnected, BrokenPipeError):
            # the server closed a connection that was idle for long; a browser opens another one
            self.connection.close()
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()

    @staticmethod
    def _part(target: str) -> dict[str, str]:
        return {"HX-Request": "true", "HX-Target": target} if target else {}
