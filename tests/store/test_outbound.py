"""Other machines are asked through one door only, and never those of the own network, whatever they are called."""

import ast
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import rapporto
from rapporto.store import outbound
from rapporto.store.outbound import NoAnswer, NotAllowed, place_of, send
from tests.receiver import Receiver, receiving


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A receiver that the installation allows."""
    with receiving() as listening:
        settings.OUTBOUND_ALLOW = listening.allowed
        yield listening


def resolves(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let every name lead to these addresses, one list for each time it is asked for; gives the names that were asked for."""
    asked: list[str] = []
    really = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *given: Any, **more: Any) -> list[Any]:
        if host.replace(".", "").isdigit():
            return list(really(host, port, *given, **more))
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


INSIDE = (
    "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/",
    "https://0/", "https://localhost/", "https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/", "https://[::127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/",
    "https://[2001:0:7f00:1::]/", "https://169.254.169.254/latest/meta-data/", "https://2852039166/", "https://10.1.2.3/",
    "https://172.16.0.1/", "https://192.168.1.1/", "https://100.64.0.1/", "https://192.0.0.1/", "https://198.18.0.1/",
    "https://224.0.0.1/", "https://240.0.0.1/", "https://255.255.255.255/", "https://[fe80::1]/", "https://[fe80::1%25lo]/",
    "https://[fc00::1]/", "https://[fd12:3456::1]/", "https://[ff02::1]/", "https://[2001:db8::1]/",
)  # fmt: skip
NO_ADDRESS = (
    "", "x", "file:///etc/passwd", "gopher://127.0.0.1:25/_HELO", "ftp://example.com/", "javascript:alert(1)", "https://",
    "https:///x", "//example.com/", "https://exa mple.com/", "https://example.com\\@127.0.0.1/", "https://example.com/\r\nX: y",
    "https://user:word@example.com/", "https://example.com@127.0.0.1/", "https://example.com:22/", "https://example.com:25/",
    "https://example.com:99999/", "https://[::1/", "https://a..b/", "https://%31%32%37.0.0.1/", "https://⑯⑨。254/\x00",
)  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_nothing_of_the_own_network_is_asked(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "_opened", lambda *_: pytest.fail("it was connected to"))
    with pytest.raises(NotAllowed):
        send("GET", address)


@pytest.mark.parametrize("address", NO_ADDRESS)
def test_what_is_no_address_of_the_web_is_refused(address: str) -> None:
    with pytest.raises(NotAllowed):
        place_of(address)


def test_a_public_address_is_asked_by_tls_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    resolves(monkeypatch, ["93.184.216.34"])
    with pytest.raises(NotAllowed, match="https"):
        send("GET", "http://example.com/")
    with pytest.raises(NotAllowed, match="https"):
        place_of("http://93.184.216.34/")
    assert place_of("https://93.184.216.34/").port == 443


def test_a_name_that_leads_inside_is_refused_even_beside_a_public_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "_opened", lambda *_: pytest.fail("it was connected to"))
    for found in (["10.0.0.7"], ["93.184.216.34", "127.0.0.1"]):
        resolves(monkeypatch, found)
        with pytest.raises(NotAllowed, match="own network"):
            send("GET", "https://example.com/")


def test_a_name_is_asked_for_once_and_that_answer_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = resolves(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    connected: list[Any] = []

    def connect(where: Any, _seconds: float) -> Any:
        connected.append(where)
        raise OSError("no network in tests")

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(NoAnswer, match="no network"):
        send("GET", "https://example.com/")
    assert (asked, connected) == (["example.com"], [("93.184.216.34", 443)])


def test_what_is_allowed_is_asked_with_its_own_name(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    resolves(monkeypatch, ["127.0.0.1"])
    receiver.statuses, receiver.body = [200], b"well"
    answer = send("POST", f"http://gestionale.esempio.it:{receiver.port}/à?b=c d".replace(" ", "+"), body=b"x")
    assert (answer.status, answer.body) == (200, b"well")
    (came,) = receiver.came
    assert (came.method, came.path, came.body) == ("POST", "/%C3%A0?b=c+d", "x")
    assert came.headers["Host"] == f"gestionale.esempio.it:{receiver.port}"


def test_what_is_allowed_on_one_port_is_refused_on_another(receiver: Receiver) -> None:
    with pytest.raises(NotAllowed):
        send("GET", f"http://127.0.0.1:{receiver.port + 1}/")


def test_a_redirect_is_told_and_not_followed(receiver: Receiver) -> None:
    receiver.statuses, receiver.headers = [302], {"Location": receiver.address}
    assert send("GET", receiver.address).status == 302
    assert len(receiver.came) == 1


def test_an_answer_is_read_up_to_its_limit_and_its_time(receiver: Receiver) -> None:
    receiver.statuses, receiver.body = [200, 200], b"x" * 100_000
    assert len(send("GET", receiver.address, most=1000).body) == 1000
    receiver.drips, begun = True, time.monotonic()
    with pytest.raises(NoAnswer, match="within"):
        send("GET", receiver.address, most=1_000_000, seconds=0.4)
    receiver.drips = False
    assert time.monotonic() - begun < 5


def test_nobody_at_home_is_no_answer(receiver: Receiver, settings: Any) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.OUTBOUND_ALLOW = [(receiver.allowed[0][0], None)]
        with pytest.raises(NoAnswer):
            send("GET", f"http://127.0.0.1:{closed.getsockname()[1]}/")


def test_tls_is_spoken_with_the_name_and_its_certificate_is_checked(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, seen = tmp_path / "both.pem", list[str]()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=gestionale.esempio.it", "-addext", "subjectAltName=DNS:gestionale.esempio.it",
         "-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "cert")],
        check=True, capture_output=True,
    )  # fmt: skip
    file.write_text((tmp_path / "key").read_text() + (tmp_path / "cert").read_text())
    resolves(monkeypatch, ["127.0.0.1"])
    with receiving(str(file), seen.append) as receiver:
        settings.OUTBOUND_ALLOW = receiver.allowed
        address = f"https://gestionale.esempio.it:{receiver.port}/"
        with pytest.raises(NoAnswer, match="certificate"):
            send("GET", address)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert"))
        assert send("GET", address).status == 204
        with pytest.raises(NoAnswer, match="certificate"):
            send("GET", f"https://other.esempio.it:{receiver.port}/")
    assert seen == ["gestionale.esempio.it", "gestionale.esempio.it", "other.esempio.it"]


OTHER_WAYS = {
    "requests",
    "httpx",
    "aiohttp",
    "urllib3",
    "urllib.request",
    "http.client",
    "ftplib",
    "telnetlib",
    "socket",
}
OWN_MACHINE = ("site/bench/", "site/postgresql.py", "site/welcome.py")
"""What only speaks to the product's own server and database on this machine."""


def test_there_is_no_other_way_out() -> None:
    root = Path(rapporto.__file__).parent
    found = set()
    for file in root.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if OTHER_WAYS & set(names):
                found.add(file.relative_to(root).as_posix())
    assert {one for one in found if not one.startswith(OWN_MACHINE)} == {"store/outbound.py"}
