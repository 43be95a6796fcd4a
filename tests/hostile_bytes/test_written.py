"""The strict parser accepts what the program writes, and reports all else."""

import base64

import pytest

from tests.hostile_bytes.payloads import SEQUENCES, marked
from tests.hostile_bytes.written import read_strictly


def drawn(text: str) -> bytes:
    """Return a text among the cells that a program draws."""
    return f"\x1b[1;1Hname {text}qZ7\x1b[2;1Hmore".encode()


COPIED = base64.b64encode(b"bmr_1").decode()


@pytest.mark.parametrize("sequence", SEQUENCES.values(), ids=SEQUENCES)
def test_each_hostile_sequence_is_noticed_when_it_is_written_raw(sequence: str) -> None:
    assert read_strictly(drawn(sequence)).wrong


def test_all_of_them_in_one_text_are_noticed() -> None:
    alone = sum(len(read_strictly(drawn(each)).wrong) for each in SEQUENCES.values())
    assert len(read_strictly(drawn(marked())).wrong) >= alone / 2, "some swallow what follows"


@pytest.mark.parametrize("byte", [b"\x9b2J", b"\x9d2;x\x9c", b"\xff"])
def test_bytes_that_are_not_utf_8_are_noticed(byte: bytes) -> None:
    assert read_strictly(b"name " + byte).wrong


@pytest.mark.parametrize(
    "sequence",
    [
        "\x1b]2;a\x1b]0;b\x07",  # a title that opens another
        "\x1b]52;c;?\x07",  # asks for the clipboard
        "\x1b]52;c;AAA\x07",  # not base64
        "\x1b]22;\u202e\x07",
        "\x1b[?1005h",
        "\x1b[0;0H",
        "\x1b[38;5;1m",
    ],
)
def test_a_known_sequence_with_something_else_inside_is_noticed(sequence: str) -> None:
    assert read_strictly(drawn(sequence)).wrong


def test_a_line_break_before_the_alternate_screen_is_left_is_noticed() -> None:
    assert read_strictly(b"\x1b[1;1Hname\r\n\x1b[?1049l").wrong


def test_what_the_program_writes_is_read_for_what_it_is() -> None:
    start = "\x1b[?1049h\x1b[?25l\x1b[>25u\x1b[?2026$p\x1b[6n\x1b]22;default\x07"
    cells = "\x1b[2;10H\x1b[0;38;2;1;2;3mname ␛qZ7\x1b[39m"
    requested = f"\x1b[22;2t\x1b]2;runloop: 1 running\x07\x1b]52;c;{COPIED}\x07"
    end = "\x1b[<u\x1b[?1049l\x1b[23;2tgoodbye\r\n"
    written = read_strictly((start + cells + requested + end).encode())
    assert written.wrong == []
    assert written.text == "name ␛qZ7goodbye"
    assert written.titles == ["runloop: 1 running"]
    assert written.copied == ["bmr_1"]
