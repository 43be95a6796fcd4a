import errno
import os
import stat
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runloop_tui.logs import storage
from runloop_tui.logs.storage import (
    ReadingFolder,
    archive_name,
    create_part,
    free_path,
    move_to_final,
    part_path,
    remove_if_empty,
)

ALLOWED = set(string.ascii_letters + string.digits + "._-")


def test_a_plain_name_and_id_are_kept_as_they_are() -> None:
    assert archive_name("swe-verified", "bmr_31a") == "swe-verified-bmr_31a-logs.zip"


def test_without_a_name_the_id_alone_names_the_file() -> None:
    assert archive_name("", "bmr_31a") == "bmr_31a-logs.zip"


def test_a_path_in_a_name_becomes_harmless() -> None:
    assert archive_name("../../etc/passwd", "..\\x") == "etc_passwd-x-logs.zip"


def test_escape_sequences_and_direction_marks_do_not_survive() -> None:
    assert archive_name("\x1b[31mred\u202egpj", "a\nb") == "31mred_gpj-a_b-logs.zip"


def test_an_id_of_which_nothing_is_safe_is_called_unnamed() -> None:
    assert archive_name("", "…/…") == "unnamed-logs.zip"


def test_a_very_long_name_leaves_room_for_the_id() -> None:
    name = archive_name("n" * 500, "bmr_31a")

    assert name.endswith("n-bmr_31a-logs.zip")
    assert len(name) <= 100


@pytest.mark.parametrize("device", ["con", "NUL", "Com1", "lpt9"])
def test_a_device_of_windows_is_no_file_name(device: str) -> None:
    assert archive_name(f"{device}.x", "a") == f"_{device}.x-a-logs.zip"
    assert archive_name(device, "a") == f"{device}-a-logs.zip"


@given(kind_name=st.text(), id=st.text())
def test_whatever_the_text_the_name_is_safe(kind_name: str, id: str) -> None:  # noqa: A002
    name = archive_name(kind_name, id)

    assert set(name) <= ALLOWED
    assert name[0] not in ".-"
    assert len(name) <= 100
    assert name.endswith("-logs.zip")


def test_the_first_free_name_is_taken(tmp_path: Path) -> None:
    assert free_path(tmp_path, "a-logs.zip") == tmp_path / "a-logs.zip"


def test_a_name_that_is_there_gets_a_number_before_its_ending(tmp_path: Path) -> None:
    (tmp_path / "a-logs.zip").touch()
    (tmp_path / "a-logs (2).zip").touch()

    assert free_path(tmp_path, "a-logs.zip") == tmp_path / "a-logs (3).zip"


def test_a_name_that_is_there_in_part_is_not_free(tmp_path: Path) -> None:
    part_path(tmp_path / "a-logs.zip").touch()

    assert free_path(tmp_path, "a-logs.zip") == tmp_path / "a-logs (2).zip"


def test_a_dangling_link_is_not_free(tmp_path: Path) -> None:
    (tmp_path / "a-logs.zip").symlink_to(tmp_path / "nowhere")

    assert free_path(tmp_path, "a-logs.zip") == tmp_path / "a-logs (2).zip"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(name="no_hard_links")
def _no_hard_links(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*paths: object, **options: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)


def test_folder_and_part_belong_to_their_owner_alone(tmp_path: Path) -> None:
    final, file = create_part(tmp_path / "downloads" / "logs", "a.zip")
    file.close()

    assert final == tmp_path / "downloads" / "logs" / "a.zip"
    assert mode(final.parent) == 0o700
    assert mode(part_path(final)) == 0o600
    assert not final.exists()


def test_two_parts_of_one_name_go_to_two_files(tmp_path: Path) -> None:
    first, first_file = create_part(tmp_path, "a.zip")
    second, second_file = create_part(tmp_path, "a.zip")
    first_file.close()
    second_file.close()

    assert (first.name, second.name) == ("a.zip", "a (2).zip")


def test_a_part_taken_between_look_and_use_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").write_text("precious")
    look = free_path

    def look_and_be_overtaken(folder: Path, name: str) -> Path:
        found = look(folder, name)
        if found.name == "a.zip":
            part_path(found).symlink_to(tmp_path / "elsewhere")
        return found

    monkeypatch.setattr(storage, "free_path", look_and_be_overtaken)
    final, file = create_part(tmp_path, "a.zip")
    file.close()

    assert final.name == "a (2).zip"
    assert (tmp_path / "elsewhere").read_text() == "precious"


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("")

    with pytest.raises(FileExistsError):
        create_part(tmp_path / "logs", "a.zip")


def test_a_whole_part_gets_its_name(tmp_path: Path) -> None:
    part = tmp_path / "a.zip.part"
    part.write_text("whole")

    assert move_to_final(part, tmp_path / "a.zip") == tmp_path / "a.zip"
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def assert_existing_file_is_kept(tmp_path: Path) -> None:
    part = tmp_path / "a.zip.part"
    part.write_text("new")
    (tmp_path / "a.zip").write_text("old")

    assert move_to_final(part, tmp_path / "a.zip") == tmp_path / "a (2).zip"
    assert (tmp_path / "a.zip").read_text() == "old"
    assert (tmp_path / "a (2).zip").read_text() == "new"
    assert not part.exists()


def test_a_name_taken_meanwhile_is_never_overwritten(tmp_path: Path) -> None:
    assert_existing_file_is_kept(tmp_path)


@pytest.mark.usefixtures("no_hard_links")
def test_a_file_system_without_hard_links_serves_as_well(tmp_path: Path) -> None:
    assert_existing_file_is_kept(tmp_path)


@pytest.mark.usefixtures("no_hard_links")
def test_a_move_that_fails_leaves_no_empty_file_behind(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        move_to_final(tmp_path / "gone.part", tmp_path / "a.zip")

    assert list(tmp_path.iterdir()) == []


def test_only_an_empty_part_is_dropped(tmp_path: Path) -> None:
    empty, full = tmp_path / "empty.part", tmp_path / "full.part"
    empty.touch()
    full.write_text("x")

    assert remove_if_empty(empty)
    assert not remove_if_empty(full)
    assert remove_if_empty(tmp_path / "gone.part")
    assert [path.name for path in tmp_path.iterdir()] == ["full.part"]


NEVER_A_PROCESS = 2**31 - 1
"""Above the largest process id."""


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
