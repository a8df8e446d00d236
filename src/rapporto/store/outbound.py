"""The one door through which the product asks other machines for something: never those of its own network, never by detours."""

import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import quote, urlsplit

from django.conf import settings

from rapporto.kernel.text import Message

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
SECONDS = 10.0
"""For everything together: the name, the connection, the answer."""
LARGEST = 64 * 1024
PORTS = {"http": 80, "https": 443}
_PUBLIC_6 = ipaddress.ip_network("2000::/3")
_HIDDEN_4 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("2002::/16"), ipaddress.ip_network("2001::/32"))
"""Ranges whose addresses hold one of IPv4: a gateway might lead inside."""
_ODD = re.compile(r"[\x00-\x20\x7f-\xa0\\<>\"]")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?\.?", re.IGNORECASE)

NO_ADDRESS = Message("This is no web address; write it like https://www.company.it/changes.")
NOT_SAFE = Message("Only addresses that begin with https are used: what is sent could be read on its way.")
WITH_NAME = Message("A name and a password have no place in the address.")
PORT = Message("The port {port} is not one of the web.")
INSIDE = Message(
    "{host} leads into the own network ({address}), which is not asked for anything; an administrator of the server can allow it."
)


class NotAllowed(Exception):
    """This address is not asked for anything; `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class NoAnswer(Exception):
    """There was no answer this time: no such name, no connection, too slow."""


@dataclass(frozen=True)
class Answer:
    """What was answered: redirects are told, not followed; `body` holds the beginning of what came."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Place:
    """An address taken to pieces: `host` as it is said to the other side, `path` with the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def said(self) -> str:
        """The host as it stands in the request."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def place_of(address: str) -> Place:
    """Take an address to pieces, and refuse what no name server needs to be asked about. Raises NotAllowed."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
        host = host if ":" in host else host.encode("idna").decode("ascii")
    except ValueError:
        raise NotAllowed(NO_ADDRESS) from None
    if _ODD.search(address) or parts.scheme not in PORTS or not (_is_address(host) or _HOST.fullmatch(host)):
        raise NotAllowed(NO_ADDRESS)
    if "@" in parts.netloc:
        raise NotAllowed(WITH_NAME)
    port = PORTS[parts.scheme] if port is None else port
    if port not in PORTS.values() and port < 1024:
        raise NotAllowed(Message(PORT.text, {"port": port}))
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    place = Place(parts.scheme, host, port, f"{path}?{query}" if query else path)
    if _is_address(host):
        _permit(place, ipaddress.ip_address(host))
    return place


def send(
    method: str,
    address: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    seconds: float = SECONDS,
    most: int = LARGEST,
) -> Answer:
    """Ask another machine once. Raises NotAllowed, NoAnswer.

    The name is resolved once, every address it has is looked at, and one of those very addresses is connected to.
    """
    ends, place = time.monotonic() + seconds, place_of(address)
    try:
        with _connected(place, ends) as connection:
            connection.request(method, place.path, body, {"Host": place.said, **(headers or {})})
            answer = connection.getresponse()
            said = {name.lower(): text for name, text in answer.getheaders()}
            came = answer.read(most)
            if time.monotonic() >= ends:  # cut off, which looks like an end
                raise TimeoutError
            return Answer(answer.status, said, came)
    except (OSError, HTTPException, ValueError) as wrong:
        if time.monotonic() >= ends:
            raise NoAnswer(f"no answer within {seconds:g} seconds") from wrong
        raise NoAnswer(f"{type(wrong).__name__}: {wrong}"[:200]) from wrong


@contextmanager
def _connected(place: Place, ends: float) -> Iterator[HTTPConnection]:
    """A connection to one of the addresses, cut off at the end of the time however slowly the other side drips."""
    found = _resolved(place, ends)
    for one in found:
        _permit(place, one)
    connection = HTTPConnection(place.host, place.port)
    connection.sock = _opened(place, found, ends)
    watch = threading.Timer(max(0.0, ends - time.monotonic()), _cut, [connection.sock])
    watch.daemon = True
    watch.start()
    try:
        if place.scheme == "https":
            context = ssl.create_default_context()
            connection.sock = context.wrap_socket(connection.sock, server_hostname=place.host)
        yield connection
    finally:
        watch.cancel()
        connection.close()


def _cut(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        sock.close()


def _opened(place: Place, addresses: Iterable[Address], ends: float) -> socket.socket:
    last: OSError = OSError("there is no address")
    for one in addresses:
        try:
            return socket.create_connection((str(one), place.port), max(0.1, ends - time.monotonic()))
        except OSError as wrong:
            last = wrong
    raise last


def _resolved(place: Place, ends: float) -> list[Address]:
    """The addresses of a host, asked for in a thread of their own: a name server may be silent for longer than there is time."""
    found: list[Address] = []
    wrong: list[OSError] = []

    def ask() -> None:
        try:
            for *_rest, where in socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM):
                found.append(ipaddress.ip_address(str(where[0]).partition("%")[0]))
        except (OSError, ValueError) as failed:
            wrong.append(OSError(f"there is no address for {place.host}: {failed}"))

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(max(0.1, ends - time.monotonic()))
    if asking.is_alive() or wrong or not found:
        raise wrong[0] if wrong else OSError(f"there is no address for {place.host}")
    return list(dict.fromkeys(found))


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _permit(place: Place, address: Address) -> None:
    """Raise NotAllowed unless this very address may be asked, in this way."""
    if _allowed(address, place.port):
        return
    if not is_public(address):
        raise NotAllowed(Message(INSIDE.text, {"host": place.host, "address": str(address)}))
    if place.scheme != "https":
        raise NotAllowed(NOT_SAFE)


def is_public(address: Address) -> bool:
    """Whether an address lies outside of every private, local, reserved or translated range."""
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast and not address.is_reserved
    if address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    return address in _PUBLIC_6 and address.is_global and not any(address in one for one in _HIDDEN_4)


def _allowed(address: Address, port: int) -> bool:
    """Whether the installation allows it in so many words."""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return any((mapped or address) in network and only in (None, port) for network, only in settings.OUTBOUND_ALLOW)


__all__ = ["INSIDE", "Answer", "NoAnswer", "NotAllowed", "Place", "is_public", "place_of", "send"]
