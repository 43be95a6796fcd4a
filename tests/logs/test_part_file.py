import errno
import os
import stat
from pathlib import Path

import pytest

from runloop_tui.logs import part_file
from runloop_tui.logs.names import free_path, part_path
from runloop_tui.logs.part_file import create_part, drop_if_empty, settle


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

    monkeypatch.setattr(part_file, "free_path", look_and_be_overtaken)
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

    assert settle(part, tmp_path / "a.zip") == tmp_path / "a.zip"
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_a_name_taken_meanwhile_is_never_overwritten(tmp_path: Path) -> None:
    part = tmp_path / "a.zip.part"
    part.write_text("new")
    (tmp_path / "a.zip").write_text("old")

    assert settle(part, tmp_path / "a.zip") == tmp_path / "a (2).zip"
    assert (tmp_path / "a.zip").read_text() == "old"
    assert (tmp_path / "a (2).zip").read_text() == "new"
    assert not part.exists()


@pytest.mark.usefixtures("no_hard_links")
def test_a_file_system_without_hard_links_serves_as_well(tmp_path: Path) -> None:
    part = tmp_path / "a.zip.part"
    part.write_text("new")
    (tmp_path / "a.zip").write_text("old")

    assert settle(part, tmp_path / "a.zip") == tmp_path / "a (2).zip"
    assert (tmp_path / "a.zip").read_text() == "old"
    assert (tmp_path / "a (2).zip").read_text() == "new"
    assert not part.exists()


@pytest.mark.usefixtures("no_hard_links")
def test_a_move_that_fails_leaves_no_empty_file_behind(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        settle(tmp_path / "gone.part", tmp_path / "a.zip")

    assert list(tmp_path.iterdir()) == []


def test_only_an_empty_part_is_dropped(tmp_path: Path) -> None:
    empty, full = tmp_path / "empty.part", tmp_path / "full.part"
    empty.touch()
    full.write_text("x")

    assert drop_if_empty(empty)
    assert not drop_if_empty(full)
    assert drop_if_empty(tmp_path / "gone.part")
    assert [path.name for path in tmp_path.iterdir()] == ["full.part"]
