import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runloop_tui.logs.names import archive_name, free_path, part_path

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
