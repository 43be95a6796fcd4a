"""The frame diff: only what differs is written, and after it the terminal shows the whole frame."""

import re
import unicodedata

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, InlineUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from runloop_tui.ui.runtime.frame_diff import FrameDiff

WIDTH, HEIGHT = 24, 3
CONSOLE = Console(force_terminal=True, color_system="truecolor", _environ={})
STYLES = [
    None,
    Style.parse("red on blue"),
    Style.parse("#00ff00"),
    Style.parse("bold on blue"),
    Style.parse("underline reverse"),
]
LETTERS = ["a", "b", "é", "●", "─", " ", "漢", "字", "é"]


def strip_of(*pieces: tuple[str, Style | None]) -> Strip:
    """A strip of a whole line, cut or filled up."""
    return Strip([Segment(text, style) for text, style in pieces]).adjust_cell_length(WIDTH)


pieces = st.tuples(
    st.lists(st.sampled_from(LETTERS), min_size=1, max_size=12).map("".join),
    st.sampled_from(STYLES),
)
strips = st.lists(pieces, max_size=4).map(lambda some: strip_of(*some))
screens = st.lists(strips, min_size=HEIGHT, max_size=HEIGHT)


def layout(lines: list[Strip]) -> LayoutUpdate:
    """A frame of the whole screen."""
    return LayoutUpdate([[line] for line in lines], Region(0, 0, WIDTH, HEIGHT))


def chops(lines: list[Strip], y: int, left: int, right: int) -> ChopsUpdate:
    """A frame in which only a part of one line is visible; its strip holds question marks elsewhere."""
    lying = Strip([Segment("?" * WIDTH)])
    shown = Strip.join([lying.crop(0, left), lines[y].crop(left, right), lying.crop(right, WIDTH)])
    columns: list[dict[int, Strip | None]] = [{} for _ in lines]
    columns[y] = {0: shown}
    return ChopsUpdate(columns, [(y, left, right)], [[WIDTH] for _ in lines])


class Shown:
    """A terminal emulator."""

    def __init__(self) -> None:
        self.screen = pyte.Screen(WIDTH, HEIGHT)
        self.screen.reset_mode(7 << 5)  # no line wrap, as the app sets it
        self._stream = pyte.Stream(self.screen)

    def feed(self, sequence: str | None) -> None:
        assert sequence is not None
        self._stream.feed(sequence)

    @property
    def cells(self) -> list[list[tuple[object, ...]]]:
        """The content of the screen, cell by cell."""
        lines = [self.screen.buffer[y] for y in range(HEIGHT)]
        return [[tuple(line[x]) for x in range(WIDTH)] for line in lines]


def shown_by(frame: LayoutUpdate) -> list[list[tuple[object, ...]]]:
    """The screen of a new terminal after a frame."""
    terminal = Shown()
    terminal.feed(FrameDiff().update(frame, CONSOLE))
    return terminal.cells


@given(st.lists(screens, min_size=1, max_size=6))
def test_after_any_frames_the_terminal_shows_the_last(frames: list[list[Strip]]) -> None:
    diff, terminal = FrameDiff(), Shown()
    for frame in frames:
        terminal.feed(diff.update(layout(frame), CONSOLE))
    assert terminal.cells == shown_by(layout(frames[-1]))


@given(screens)
def test_a_new_terminal_shows_what_textual_itself_would_write(lines: list[Strip]) -> None:
    terminal = Shown()
    terminal.feed(layout(lines).render_segments(CONSOLE).replace("\n", "\r\n"))
    assert terminal.cells == shown_by(layout(lines))


@given(screens, screens)
def test_a_frame_equal_to_the_last_is_not_written(first: list[Strip], second: list[Strip]) -> None:
    diff = FrameDiff()
    diff.update(layout(first), CONSOLE)
    diff.update(layout(second), CONSOLE)
    copies = [Strip([*line]) for line in second]
    assert diff.update(layout(copies), CONSOLE) == ""


def test_a_changed_digit_costs_a_few_bytes() -> None:
    diff = FrameDiff()
    grey = Style.parse("#888888 on #101010")
    diff.update(layout([strip_of(("elapsed 1m", grey))] * HEIGHT), CONSOLE)
    lines = [
        strip_of(("elapsed 1m", grey)),
        strip_of(("elapsed 2m", grey)),
        strip_of(("elapsed 1m", grey)),
    ]
    written = diff.update(layout(lines), CONSOLE)
    assert written == "\x1b[2;9H\x1b[38;2;136;136;136;48;2;16;16;16m2\x1b[0m"


@given(screens, screens, st.integers(0, HEIGHT - 1), st.data())
def test_outside_the_visible_part_nothing_is_written(
    before: list[Strip], after: list[Strip], y: int, data: st.DataObject
) -> None:
    plain = [line for line in (*before, *after) if any(ord(c) > 0x2FFF for c in line.text)]
    left = 0 if plain else data.draw(st.integers(0, WIDTH - 1))
    right = WIDTH if plain else data.draw(st.integers(left + 1, WIDTH))
    diff, terminal = FrameDiff(), Shown()
    terminal.feed(diff.update(layout(before), CONSOLE))
    terminal.feed(diff.update(chops(after, y, left, right), CONSOLE))
    expected = [*before]
    expected[y] = Strip.join(
        [before[y].crop(0, left), after[y].crop(left, right), before[y].crop(right, WIDTH)]
    )
    assert terminal.cells == shown_by(layout(expected))
    terminal.feed(diff.update(layout(after), CONSOLE))
    assert terminal.cells == shown_by(layout(after))


def test_after_clear_all_is_written_again() -> None:
    diff = FrameDiff()
    frame = layout([strip_of(("one", None))] * HEIGHT)
    whole = diff.update(frame, CONSOLE)
    diff.clear()
    assert diff.update(frame, CONSOLE) == whole


def test_half_a_wide_character_is_never_written_alone() -> None:
    diff, terminal = FrameDiff(), Shown()
    for text in ("漢字", "a漢", "ab字", "漢字"):
        terminal.feed(diff.update(layout([strip_of((text, None))] * HEIGHT), CONSOLE))
        assert terminal.screen.display[0].rstrip() == text


@pytest.mark.parametrize(
    ("colours", "written"), [("256", "38;5;196"), ("standard", "31"), ("truecolor", "38;2;255;0;0")]
)
def test_colours_are_those_that_the_terminal_has(colours: str, written: str) -> None:
    console = Console(force_terminal=True, color_system=colours, _environ={})  # type: ignore[arg-type]
    frame = layout([strip_of(("x", Style.parse("#ff0000")))] * HEIGHT)
    assert f"\x1b[{written}m" in (FrameDiff().update(frame, console) or "")


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_line_keeps_its_width_and_no_control_passes_whatever_the_text(
    before: str, after: str
) -> None:
    """Typed text was not made safe, and terminals disagree on the width of some characters."""
    diff = FrameDiff()
    for text in (before, after):
        strip = Strip([Segment(text.replace("\x1b", ""))]).adjust_cell_length(WIDTH)
        written = diff.update(layout([strip] * HEIGHT), CONSOLE) or ""
        rest = re.sub(r"\x1b\[\d+;\d+H", "", written)
        assert not [character for character in rest if unicodedata.category(character) == "Cc"]
        assert [len(diff._lines[y]) for y in range(HEIGHT)] == [WIDTH] * HEIGHT


def test_a_kind_of_frame_that_is_not_known_is_left_to_textual() -> None:
    assert FrameDiff().update(InlineUpdate([]), CONSOLE) is None
