"""Archives that are only read take a limited room, and none once the app has ended."""

import os
from pathlib import Path

from runloop_tui.logs.reading_folder import ReadingFolder

NEVER_A_PROCESS = 2**31 - 1
"""Beyond the highest number that a process can have."""


def archive(folder: Path, name: str, size: int, written_s: int) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(b"x" * size)
    os.utime(path, (written_s, written_s))
    return path


def test_the_oldest_archives_make_room_for_the_newest(tmp_path: Path) -> None:
    folder = ReadingFolder(tmp_path, most_bytes=250)
    old, newer, newest = (archive(folder.path, f"{age}.zip", 100, age) for age in (1, 2, 3))
    part = archive(folder.path, "0.zip.part", 500, 0)
    folder.make_room()
    assert not old.exists()
    assert all(path.exists() for path in (newer, newest, part))


def test_nothing_is_made_before_something_is_read(tmp_path: Path) -> None:
    folder = ReadingFolder(tmp_path / "cache")
    folder.make_room()
    folder.remove()
    assert list(tmp_path.iterdir()) == []


def test_all_is_removed_at_the_end_and_what_killed_processes_left_at_the_next_reading(
    tmp_path: Path,
) -> None:
    left = archive(tmp_path / f"reading-{NEVER_A_PROCESS}", "a.zip", 1, 1)
    others = archive(tmp_path / f"reading-{os.getppid()}", "a.zip", 1, 1)
    unknown = archive(tmp_path / "reading-x", "a.zip", 1, 1)
    folder = ReadingFolder(tmp_path)
    ours = archive(folder.path, "a.zip", 1, 1)
    folder.make_room()
    assert not left.parent.exists()
    assert all(path.exists() for path in (others, unknown, ours))
    folder.remove()
    assert not ours.parent.exists()
    assert others.exists()
