"""Properties of every safe text, whatever it was made from."""

import unicodedata
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from runloop_tui.present.layout import wrap
from runloop_tui.present.text import cut, fit, safe, safe_lines
from tests.present.hostile import bounded, hazards, long_texts, texts

_BLOCKS = (
    (0, 0x3400),
    (0xA000, 0xAC00),
    (0xD7B0, 0x12000),
    (0x16000, 0x17000),
    (0x1B000, 0x20000),
    (0x2F800, 0x2FA20),
    (0xE0000, 0xE0200),
    (0x10FFF0, 0x110000),
)
"""All but ideographs and syllables, which are many and alike."""


@bounded
@given(long_texts)
def test_a_safe_text_holds_nothing_that_drives_a_terminal(raw: str) -> None:
    said = safe(raw)
    assert hazards(said) == []
    said.encode()
    assert len(said.splitlines()) <= 1


@bounded
@given(long_texts)
def test_a_safe_text_stays_as_it_is(raw: str) -> None:
    said = safe(raw)
    assert safe(said) == said
    assert unicodedata.normalize("NFC", said) == said


def test_every_character_there_is_becomes_safe_and_stays_so() -> None:
    codes = (code for first, end in _BLOCKS for code in range(first, end))
    for some in batches("".join(map(chr, codes)), 1_000):
        said = safe("a" + "a".join(some))
        assert hazards(said) == []
        assert safe(said) == said


def batches(text: str, length: int) -> Iterator[str]:
    return (text[start : start + length] for start in range(0, len(text), length))


@bounded
@given(st.text(st.characters(codec="ascii", min_codepoint=32, max_codepoint=126)))
def test_plain_text_is_left_alone(text: str) -> None:
    assert safe(text) == text


@bounded
@given(texts, st.integers(-1, 60))
def test_a_cut_text_fits_and_is_whole_or_marked(raw: str, width: int) -> None:
    whole = safe(raw)
    shown = cut(whole, width)
    assert cell_len(shown) <= max(0, width)
    if shown != whole and width > 0:
        assert shown.endswith("…")
        assert whole.startswith(shown[:-1])
        assert cell_len(whole) > width
        assert cell_len(shown) >= width - 1  # a wide character may leave one cell


@bounded
@given(texts, st.integers(0, 60), st.booleans())
def test_a_fitted_text_has_exactly_the_width(raw: str, width: int, right: bool) -> None:
    assert cell_len(fit(safe(raw), width, right=right)) == width


@bounded
@given(long_texts)
def test_every_line_of_an_output_is_safe(raw: str) -> None:
    for line in safe_lines(raw):
        assert hazards(line) == []
        assert safe(line) == line


@bounded
@given(texts, st.integers(2, 60))
def test_wrapping_loses_nothing_but_blanks(raw: str, width: int) -> None:
    whole = safe(raw)
    parts = wrap(whole, width)
    assert all(cell_len(part) <= width for part in parts)
    assert "".join(parts).replace(" ", "") == whole.replace(" ", "")
