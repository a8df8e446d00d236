"""A folder into which other programs lay files: whole ones are taken, each once, and nothing else is touched."""

import os
from pathlib import Path

import pytest

from rapporto.store.transfer.watched import Taken, WatchedFolder, harmless, write_beside


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def folder(root: Path) -> tuple[WatchedFolder, Clock]:
    """A watched folder and its clock."""
    clock = Clock()
    return WatchedFolder(root, still=20, clock=clock), clock


def taken(watched: WatchedFolder, clock: Clock) -> list[Taken]:
    """What is taken by two looks, half a minute apart."""
    assert list(watched.take()) == []
    clock.now += 30
    return list(watched.take())


def test_a_file_is_taken_once_it_is_still_and_laid_aside_with_its_report(tmp_path: Path) -> None:
    watched, clock = folder(tmp_path)
    (tmp_path / "clienti.csv").write_text("a;b")
    (file,) = taken(watched, clock)
    assert (file.name, file.path.read_text(), file.path.parent.name) == ("clienti.csv", "a;b", "working")
    assert not (tmp_path / "clienti.csv").exists()
    place = watched.done(file, "2 righe")
    assert place.parent.name == "done"
    assert place.with_name(f"{place.name}.report.txt").read_text() == "2 righe"
    clock.now += 100
    assert list(watched.take()) == []
    assert list(watched.left_over()) == []


def test_a_file_that_grows_waits_until_it_is_whole(tmp_path: Path) -> None:
    watched, clock = folder(tmp_path)
    file = tmp_path / "clienti.csv"
    file.write_text("a")
    for _ in range(3):
        assert list(watched.take()) == []
        clock.now += 30
        with file.open("a") as more:
            more.write("b")
    assert list(watched.take()) == []
    clock.now += 30
    assert [one.path.read_text() for one in watched.take()] == ["abbb"]


def test_of_two_workers_one_gets_the_file(tmp_path: Path) -> None:
    first, clock = folder(tmp_path)
    second = WatchedFolder(tmp_path, still=20, clock=clock)
    for at in range(20):
        (tmp_path / f"{at}.csv").write_text("x")
    list(first.take())
    list(second.take())
    clock.now += 30
    one, other = first.take(), second.take()
    got = [file.name for pair in zip(one, other, strict=False) for file in pair]
    got += [file.name for rest in (one, other) for file in rest]
    assert sorted(got) == sorted(f"{at}.csv" for at in range(20))


def test_names_of_files_being_written_links_pipes_and_folders_are_left_alone(tmp_path: Path) -> None:
    watched, clock = folder(tmp_path)
    secret = tmp_path.parent / "secret.txt"
    secret.write_text("segreto")
    (tmp_path / "link.csv").symlink_to(secret)
    (tmp_path / "away.csv").symlink_to("/nowhere")
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    for name in (".hidden.csv", "~$clienti.xlsx", "a.csv.part", "a.csv.TMP", "b.crdownload"):
        (tmp_path / name).write_text("x")
    assert taken(watched, clock) == []
    (tmp_path / "a.csv.part").rename(tmp_path / "a.csv")
    assert [one.name for one in taken(watched, clock)] == ["a.csv"]
    assert secret.read_text() == "segreto"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("clienti 2026 (1).csv", "clienti 2026 (1).csv"),
        ("a\nb\t\x1b[31m.csv", "a b _31m.csv"),
        ("..", "file"),
        ("-rf .csv", "-rf .csv"),
        ("$(reboot);`id`.csv", "_(reboot)__id_.csv"),
        ("x" * 240 + ".csv", "x" * 117 + ".csv"),
        ("caff\udce8.csv", "caff_.csv"),
        ("<script>alert(1)</script>.csv", "_script_alert(1)__script_.csv"),
    ],
)
def test_a_hostile_name_does_no_harm(tmp_path: Path, name: str, shown: str) -> None:
    assert harmless(name) == shown
    if name != ".." and "/" not in name:
        watched, clock = folder(tmp_path)
        (tmp_path / name).write_text("x")
        (file,) = taken(watched, clock)
        assert file.name == shown
        assert watched.refused(file, "no").parent == tmp_path / "refused"


def test_what_a_dead_worker_left_is_found_again(tmp_path: Path) -> None:
    watched, clock = folder(tmp_path)
    (tmp_path / "clienti.csv").write_text("x")
    (file,) = taken(watched, clock)
    again = WatchedFolder(tmp_path)
    assert list(again.left_over()) == [file]
    write_beside(tmp_path / "refused" / file.path.name, "report.txt", b"half")
    again.refused(file, "interrotto")
    assert list(again.left_over()) == []


def test_equal_names_never_overwrite_and_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    watched, clock = folder(tmp_path)
    places = []
    for text in ("uno", "due"):
        (tmp_path / "clienti.csv").write_text(text)
        places += [watched.done(one, "") for one in taken(watched, clock)]
    assert [one.read_text() for one in places] == ["uno", "due"]
    (tmp_path / "x.report.txt").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        write_beside(tmp_path / "x", "report.txt", b"")
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_exchanged_for_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "done").symlink_to(tmp_path.parent)
    with pytest.raises(NotADirectoryError):
        WatchedFolder(tmp_path)
