from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runloop_tui.logs import log_text
from runloop_tui.logs.log_text import MOST_OF_A_LINE, STRIDE, LineIndex, LogText, RawLine


def append(text: LogText, piece: bytes) -> None:
    text.write(piece)
    text.note(piece)


def lines(text: LogText) -> list[bytes]:
    return [text.line(number).head for number in range(text.lines)]


def test_lines_are_given_without_their_breaks_and_with_their_size(text: LogText) -> None:
    append(text, b"one\n\nthree\n")

    assert lines(text) == [b"one", b"", b"three"]
    assert text.line(2) == RawLine(b"three", 5)


def test_a_last_line_without_a_break_counts(text: LogText) -> None:
    append(text, b"one\ntwo")

    assert lines(text) == [b"one", b"two"]


def test_a_line_that_arrives_in_two_pieces_is_one_line(text: LogText) -> None:
    append(text, b"one\ntw")
    assert lines(text) == [b"one", b"tw"]
    append(text, b"o\nthree")
    assert lines(text) == [b"one", b"two", b"three"]


def test_a_line_that_is_not_there_is_empty(text: LogText) -> None:
    append(text, b"one\n")

    assert [text.line(number) for number in (-1, 1, 99)] == [RawLine(b"", 0)] * 3


def test_of_a_line_of_many_megabytes_only_the_beginning_is_read_and_its_size_is_known(
    text: LogText,
) -> None:
    append(text, b"before\n")
    for _ in range(10):
        append(text, b"x" * 1_000_000)
    append(text, b"\nafter\n")

    assert text.line(1) == RawLine(b"x" * MOST_OF_A_LINE, 10_000_000)
    assert text.line(2).head == b"after"


def test_the_private_file_has_no_name_and_leaves_nothing(tmp_path: Path) -> None:
    text = LogText(tmp_path)
    append(text, b"secret")
    assert list(tmp_path.iterdir()) == []
    text.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("piece", "is_binary"),
    [
        (b"plain text\nwith \x1b[31mcolours\x1b[0m\tand tabs\r\n", False),
        ("Grüße, 日本\n".encode(), False),
        (b"\x7fELF\0\0\1", True),
        (bytes(range(1, 32)) * 10, True),
        (b"", False),
    ],
)
def test_what_is_not_text_is_known_by_its_beginning(
    text: LogText, piece: bytes, is_binary: bool
) -> None:
    append(text, piece)

    assert text.is_binary is is_binary


def test_the_index_stays_small_whatever_the_lines() -> None:
    index = LineIndex()
    for _ in range(100):
        index.extend(b"\n" * 100_000)

    assert index.lines == 10_000_000
    assert len(index._starts) <= 10_000_000 // STRIDE + 1


def test_a_line_is_found_behind_millions_of_others(text: LogText) -> None:
    for number in range(30):
        append(text, b"".join(b"%07d\n" % (number * 10_000 + line) for line in range(10_000)))

    assert text.lines == 300_000
    for number in (0, 1, 8_191, 8_192, 8_193, 123_456, 299_999):
        assert text.line(number).head == b"%07d" % number


@settings(deadline=None)
@given(
    parts=st.lists(st.one_of(st.just(b"\n"), st.binary(max_size=12)), max_size=30),
    cuts=st.lists(st.integers(0, 200), max_size=5),
    stride=st.sampled_from([1, 2, 7, 64]),
)
def test_however_a_log_arrives_its_lines_are_those_of_the_whole(
    tmp_path_factory: pytest.TempPathFactory, parts: list[bytes], cuts: list[int], stride: int
) -> None:
    whole = b"".join(parts)
    text = LogText(tmp_path_factory.getbasetemp())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log_text, "STRIDE", stride)
        edges = sorted({0, len(whole), *(min(cut, len(whole)) for cut in cuts)})
        for start, end in pairwise(edges):
            append(text, whole[start:end])
        expected = whole.split(b"\n")
        if not expected[-1]:
            expected.pop()
        assert lines(text) == expected
    text.close()
