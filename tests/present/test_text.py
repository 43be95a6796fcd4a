"""Hostile text made safe, case by case."""

import pytest
from rich.cells import cell_len

from runloop_tui.present.text import LONGEST, cut, first_lines, fit, safe, safe_lines, safe_name


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("swe-verified", "swe-verified"),
        ("", ""),
        ("naïve Übergröße 漢字 עברית", "naïve Übergröße 漢字 עברית"),
        ("\x1b[31mred\x1b[0m", "␛red␛"),
        ("\x9b31mred", "␛red"),
        ("\x1b[1;2:3mx\x1b[?25ly", "␛x␛y"),
        ("a\x1b]0;a title\x07b", "a␛b"),
        ("a\x1b]52;c;cHduZWQ=\x1b\\b", "a␛b"),
        ("a\x9d0;title\x9cb", "a␛b"),
        ("a\x1bPq#0\x1b\\b", "a␛b"),
        ("\x1bc reset", "␛ reset"),
        ("\x1b", "␛"),
        ("a\0b\ac\bd\x7f", "a␀b␇c␈d␡"),
        ("a\x80b\x9f", "a�b�"),
        ("a\tb", "a b"),
        ("a\nb\r\nc\rd\ve\ff\x85g\u2028h\u2029i\x1cj", "a⏎b⏎c⏎d⏎e⏎f⏎g⏎h⏎i⏎j"),
        ("a\u202eb\u2066c\u200ed\ufeffe\u00adf\u200bg", "abcdefg"),
        ("\ud83d \udc80", "� �"),
        ("\ue000 \U000f0000 \uffff \u0378", "� � � �"),
        ("a\u00a0b\u3000c\u2800d", "a b c d"),
        ("[red]not[/red] [@click=app.quit]markup", "[red]not[/red] [@click=app.quit]markup"),
    ],
)
def test_what_drives_a_terminal_becomes_a_mark(raw: str, shown: str) -> None:
    assert safe(raw) == shown


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\U0001f1e9\U0001f1ea", "DE"),
        ("1\ufe0f\u20e3", "1"),
        ("\u2764\ufe0f", "\u2764"),
        ("\U0001f44d\U0001f3fd", "\U0001f44d"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\U0001f469\U0001f467"),
        ("\U0001f3f4\U000e0067\U000e0062\U000e007f", "\U0001f3f4"),
        ("\u3164\u115f\uffa0x", "x"),
        ("\u0939\u093f", "\u0939�"),  # tmux gives a cell to a vowel sign, Rich gives it none
    ],
)
def test_what_terminals_draw_at_different_widths_is_taken_apart(raw: str, shown: str) -> None:
    assert safe(raw) == shown


def test_a_stray_beginning_of_a_sequence_hides_nothing_that_follows() -> None:
    assert safe("\x1b]0;the name goes on") == "␛0;the name goes on"
    assert safe("\x9dthe name goes on") == "�the name goes on"
    assert safe("\x9bé") == "�é"
    assert safe("\x1b]0;one\ntwo\x07three") == "␛0;one⏎two␇three"
    assert safe_lines("\x1bPone\ntwo\x1b\\") == ["␛one", "two␛"]


def test_what_is_dropped_never_joins_the_parts_of_a_sequence() -> None:
    assert safe("\x1b\u200b[31m") == "␛[31m"
    assert safe("\x1b\x1b[31m[31m") == "␛␛[31m"


def test_letters_and_their_marks_are_composed() -> None:
    assert safe("e\u0301") == "é"
    assert safe("\u1112\u1161\u11ab") == "한"


def test_a_letter_carries_two_marks_at_most() -> None:
    assert safe("a" + "\u0316" * 50 + "b") == "a\u0316\u0316b"
    assert safe("a" + "\u0489" * 50) == "a\u0489\u0489"
    assert safe("\u0958\u0316\u0316") == "\u0915\u093c\u0316"


def test_a_combining_mark_without_a_base_character_is_dropped() -> None:
    assert safe("\u0301\u0301a") == "a"
    assert safe("a \u0301\u0301b") == "a b"  # it would land on its neighbour once the blank is gone
    assert safe_lines("a\n\u0301b\t\u0301c") == ["a", "b       c"]


def test_a_line_longer_than_any_screen_is_cut_and_says_so() -> None:
    assert safe("a" * LONGEST) == "a" * LONGEST
    assert safe("a" * 10_000) == "a" * (LONGEST - 1) + "…"
    assert safe("é" * 10_000) == "é" * (LONGEST - 1) + "…"
    assert safe("\u200b" * 10_000) == "…"


def test_millions_of_marks_are_never_put_in_order() -> None:
    # Sorting them takes the square of their number: this would not come to an end.
    zalgo = "a" + "\u0301\u0316" * 2_000_000
    assert safe(zalgo) == "á\u0316…"


def test_millions_of_stray_beginnings_are_read_once() -> None:
    # Looking from each of them for its end, through all of the text, would not come to an end either.
    for stray in ("\x9d", "\x1b]", "\x1b[0", "\x1b("):
        assert len(safe_lines(stray * 500_000)) == 1


@pytest.mark.parametrize("invisible", ["", "   ", "\u200b", "\u3164", "\u202e\t", "\u2800"])
def test_a_name_that_shows_nothing_gives_way_to_the_next(invisible: str) -> None:
    assert safe_name(invisible, "bmr_1") == "bmr_1"
    assert safe_name(invisible, invisible) == "(no name)"


def test_tabs_of_an_output_keep_their_columns() -> None:
    assert safe_lines("a\tb\n漢字漢字\tb\n\tb") == ["a       b", "漢字漢字        b", "        b"]


def test_lines_break_wherever_a_terminal_would_break_them() -> None:
    assert safe_lines("a\nb\r\nc\rd\u2028e") == ["a", "b", "c", "d", "e"]
    assert safe_lines("") == [""]
    assert safe_lines("a\n\nb\n") == ["a", "", "b", ""]


def test_of_many_lines_the_first_are_shown_and_the_others_counted() -> None:
    assert first_lines("\n".join("12345678")) == "\n".join("12345678")
    assert first_lines("\n".join("1234567890")) == "\n".join((*"1234567", "and 3 more"))


def test_colours_of_an_output_go_without_a_mark_and_other_sequences_with_one() -> None:
    assert safe_lines("\x1b[1;31mFAILED\x1b[0m test_x\x1b[K") == ["FAILED test_x␛"]


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
        ("abc", -1, ""),
        ("", 0, ""),
        ("漢字", 4, "漢字"),
        ("漢字", 3, "漢…"),
        ("漢字", 2, "…"),
        ("a漢字", 4, "a漢…"),
        ("a漢字", 3, "a…"),
        ("q\u0316\u0316bc", 2, "q\u0316\u0316…"),
        ("ab\u0316\u0316", 2, "ab\u0316\u0316"),
    ],
)
def test_cut_fits_a_text_and_marks_what_it_leaves_out(text: str, width: int, shown: str) -> None:
    assert cut(text, width) == shown


@pytest.mark.parametrize(
    ("text", "left", "right"),
    [
        ("ab", "ab  ", "  ab"),
        ("漢字漢", "漢… ", " 漢…"),
        ("漢", "漢  ", "  漢"),
        ("abcde", "abc…", "abc…"),
    ],
)
def test_fit_pads_to_the_exact_width_even_where_a_wide_character_has_no_room(
    text: str, left: str, right: str
) -> None:
    assert fit(text, 4) == left
    assert fit(text, 4, right=True) == right
    assert cell_len(left) == cell_len(right) == 4
