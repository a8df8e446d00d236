"""Reads what an installation says through environment variables, so that settings hold no parsing."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

Network = tuple[IPv4Network | IPv6Network, int | None]
"""Machines, and their port; None: every port."""
TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"", "0", "false", "no", "off"})


class EnvironmentMistake(ValueError):
    """A variable says something that cannot be meant; the text names it and what is expected."""


@dataclass(frozen=True)
class Environment:
    """The variables of one process. Names are given without the prefix `RAPPORTO_`."""

    variables: Mapping[str, str]
    prefix: str = "RAPPORTO_"

    def text(self, name: str, default: str = "") -> str:
        """The variable as written, without surrounding blanks."""
        return self.variables.get(self.prefix + name, default).strip()

    def flag(self, name: str, default: bool = False) -> bool:
        """Yes or no. Raises EnvironmentMistake for a word that is neither."""
        word = self.text(name, "1" if default else "0").lower()
        if word not in TRUE_WORDS | FALSE_WORDS:
            raise EnvironmentMistake(f"{self.prefix}{name} must be yes or no, not {word!r}.")
        return word in TRUE_WORDS

    def number(self, name: str, default: int) -> int:
        """A whole number. Raises EnvironmentMistake for anything else."""
        word = self.text(name) or str(default)
        try:
            return int(word)
        except ValueError:
            raise EnvironmentMistake(f"{self.prefix}{name} must be a whole number, not {word!r}.") from None

    def words(self, name: str) -> list[str]:
        """A list written with commas."""
        return [word.strip() for word in self.text(name).split(",") if word.strip()]

    def networks(self, name: str) -> list[Network]:
        """A list of networks or addresses, each with a port or without: `192.168.10.0/24,127.0.0.1:8099,[::1]:8099`.

        Raises EnvironmentMistake for anything else.
        """
        found = []
        for word in self.words(name):
            pieces = re.fullmatch(r"\[([^\]]+)\](?::(\d+))?|([0-9./]+)(?::(\d+))?|(.+)", word)
            assert pieces is not None
            network, port = pieces[1] or pieces[3] or pieces[5], pieces[2] or pieces[4]
            try:
                found.append((ip_network(network, strict=False), int(port) if port else None))
            except ValueError:
                mistake = (
                    f"{self.prefix}{name} must list networks such as 192.168.10.0/24 or 127.0.0.1:8099, not {word!r}."
                )
                raise EnvironmentMistake(mistake) from None
        return found

    def path(self, name: str, default: str) -> Path:
        """A folder or file, made absolute."""
        return Path(self.text(name) or default).expanduser().resolve()


@dataclass(frozen=True)
class Server:
    """A server elsewhere, as written in an address like `scheme://user:password@host:port/name?option=value`."""

    scheme: str
    host: str
    port: int | None
    user: str
    password: str
    name: str
    options: dict[str, str]


def server(address: str) -> Server:
    """Reads the address of a server. Raises EnvironmentMistake when it has no scheme."""
    parts = urlsplit(address)
    if not parts.scheme:
        raise EnvironmentMistake("An address must look like scheme://user:password@host:port/name.")
    return Server(
        scheme=parts.scheme,
        host=parts.hostname or "",
        port=parts.port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        name=unquote(parts.path.lstrip("/")),
        options=dict(parse_qsl(parts.query)),
    )


def this_process() -> Environment:
    """The environment of the running process."""
    return Environment(os.environ)
