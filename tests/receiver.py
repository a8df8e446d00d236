"""A real receiver on this machine: it keeps what it is sent, and answers what it is told to."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any


@dataclass
class Received:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


@dataclass
class Receiver:
    """What came in, and how it is answered: `statuses` one after the other, then 204."""

    port: int = 0
    came: list[Received] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    drips: bool = False
    """Answers a byte at a time, for ever."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/changes"

    @property
    def allowed(self) -> list[Any]:
        """What the installation must say so that it may be asked."""
        return [(ip_network("127.0.0.1/32"), self.port)]


@contextmanager
def receiving(certificate: str = "", sees: Callable[[str], None] | None = None) -> Iterator[Receiver]:
    """A receiver that listens; with the file of a certificate by TLS. `sees` is told the name the other side asks for."""
    receiver = Receiver()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(receiver))
    server.daemon_threads = True
    receiver.port = server.server_address[1]
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        if sees is not None:
            context.sni_callback = lambda _socket, name, _context: sees(name)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield receiver
    server.shutdown()
    server.server_close()


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _take(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            receiver.came.append(Received(self.command, self.path, dict(self.headers), body))
            self.send_response(receiver.statuses.pop(0) if receiver.statuses else 204)
            for name, text in receiver.headers.items():
                self.send_header(name, text)
            self.end_headers()
            try:
                self.wfile.write(receiver.body)
                while receiver.drips:
                    self.wfile.write(b".")
                    self.wfile.flush()
                    time.sleep(0.02)
            except OSError:
                return

        do_GET = do_POST = _take

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    return Handler
