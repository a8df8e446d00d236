"""Knows the address under which people reach this installation, and what follows from it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from rapporto.site.environment import EnvironmentMistake

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True)
class Place:
    """The public address: `https` or not, host and port."""

    https: bool
    host: str
    port: int | None

    @classmethod
    def of(cls, address: str) -> "Place":
        """Reads RAPPORTO_URL. Raises EnvironmentMistake when it is no web address."""
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise EnvironmentMistake("RAPPORTO_URL must look like https://crm.example.it")
        return cls(parts.scheme == "https", parts.hostname, parts.port)

    @property
    def origin(self) -> str:
        """Scheme, host and port, as a browser sends them."""
        port = f":{self.port}" if self.port else ""
        return f"{'https' if self.https else 'http'}://{self.host}{port}"

    @property
    def local(self) -> bool:
        """Whether only this machine reaches it."""
        return self.host in LOCAL_HOSTS

    @property
    def hosts(self) -> list[str]:
        """The names a request may ask for."""
        return [self.host, *(host for host in LOCAL_HOSTS if host != self.host)]

    def cookie(self, name: str) -> str:
        """The name of a cookie; with https the prefix makes browsers refuse one set by a neighbouring host."""
        return f"__Host-{name}" if self.https else name
