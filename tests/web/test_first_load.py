"""What a browser fetches when somebody opens the product for the first time, as it is served: compressed, and little."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings
from whitenoise.compress import Compressor

from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.site.commands.init import SOURCES_OF_BUNDLES
from rapporto.store.write import save

MOST = 150_000
"""Bytes that cross the network: page, style, script, font and icons."""
ASSET = re.compile(rf'(?:href|src)="{re.escape(settings.STATIC_URL)}([^"#]+)')
IN_STYLE = re.compile(r'url\("?([^")]+-latin-wght[^")]+)')
"""The font of our own letters; the others are fetched only by a page that shows one."""

pytestmark = [pytest.mark.once, pytest.mark.django_db]


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the pages as an installation keeps them, each with its compressed twin."""
    folder = tmp_path_factory.mktemp("static")
    with override_settings(STATIC_ROOT=folder):
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=SOURCES_OF_BUNDLES)
    compressor = Compressor(quiet=True)
    for file in [one for one in folder.rglob("*") if one.is_file()]:
        if compressor.should_compress(file.name):
            list(compressor.compress(str(file)))
    return folder


def sent(folder: Path, name: str) -> int:
    """The bytes of a file as they cross the network."""
    file = folder / name
    assert file.exists(), f"{name} is not among the files that are served"
    twins = [one for one in (file.with_name(file.name + ".br"), file.with_name(file.name + ".gz")) if one.exists()]
    return min(one.stat().st_size for one in (file, *twins))


def assets(folder: Path, page: str) -> Iterator[str]:
    """The files that a page fetches, and what its style fetches in turn."""
    named = dict.fromkeys((*ASSET.findall(page), "icons/sprite.svg"))
    yield from named
    for style in [one for one in named if one.endswith(".css")]:
        for font in IN_STYLE.findall((folder / style).read_text("utf-8")):
            name = (Path(style).parent / font).as_posix()
            if name not in named:
                yield name


@pytest.fixture
def full(anna: User) -> User:
    """Anna, whose list is full from top to bottom."""
    for number in range(60):
        place = {"city": f"Villafranca {number}", "province": "VR", "phone": f"045 79012{number:02}"}
        save(actor_of(anna), "party", {"name": f"Meccanica {number} di Nome Lungo S.r.l.", "owner": anna.pk, **place})
    return anna


@pytest.mark.parametrize("address", ["/party/", "/party/new/"])
def test_the_first_page_weighs_less_than_a_picture(collected: Path, full: User, address: str) -> None:
    client = Client()
    client.force_login(full)
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    page = client.get(address).content.decode()
    weights = {name: sent(collected, name) for name in assets(collected, page)}
    assert any(name.endswith(".woff2") for name in weights)
    weights[address] = len(answer.content)
    assert sum(weights.values()) < MOST, weights


def test_files_are_not_compressed_twice_and_pages_only_for_who_reads_it(full: User) -> None:
    client = Client()
    client.force_login(full)
    assert "Content-Encoding" not in client.get("/party/").headers
    rows = client.get("/party/?export=csv", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in rows.headers
