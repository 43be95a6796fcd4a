"""What a terminal shows, cell by cell, so that of each frame only what differs is written.

Textual writes every line of a widget that was touched, from its left edge to its right; over SSH that is most of what
is written, and most of it stands there already.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.cells import split_graphemes
from rich.color import ColorSystem
from rich.segment import Segment
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate

from runloop_tui.ui.tty.pens import PLAIN, Pen, Pens

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions
    from textual.strip import Strip

Cell = tuple[str, Pen]
"""A character with what combines with it, and how it is drawn; the second half of a wide one is empty."""

_UNKNOWN: Cell = ("\0", PLAIN)
"""Equals no cell that is ever painted."""
_BLANK: Cell = (" ", PLAIN)
_CONTROLS = dict.fromkeys([*range(32), *range(127, 160)], "\N{REPLACEMENT CHARACTER}")
"""What text never holds that was made safe; here is the last place where it could be kept from a terminal."""
_SHORTEST_SKIP = 6
"""Fewer equal cells than this between two changes are written again: to move the cursor costs as much."""


class Changes(CompositorUpdate):
    """A frame, reduced to what differs from the one before it."""

    def __init__(self, sequence: str) -> None:
        self._sequence = sequence

    def render_segments(self, console: "Console") -> str:  # noqa: ARG002 - Textual passes it
        """The characters and sequences to write."""
        return self._sequence

    def __rich_console__(
        self, console: "Console", options: "ConsoleOptions"
    ) -> "Iterator[Segment]":
        """The same, for Rich."""
        yield Segment(self._sequence)


class PaintedScreen:
    """Remembers the cells that were written."""

    def __init__(self) -> None:
        self._lines: dict[int, list[Cell]] = {}
        self._strips: dict[int, dict[int, Strip]] = {}
        self._pens = Pens(ColorSystem.TRUECOLOR)
        self._colours = ColorSystem.TRUECOLOR

    def forget(self) -> None:
        """The terminal may show anything now: what comes next is written whole."""
        self._lines.clear()
        self._strips.clear()

    def changes(self, frame: CompositorUpdate, console: "Console") -> str | None:
        """What to write so that the terminal shows the frame; None for a kind of frame that is not known."""
        pieces = _pieces(frame)
        if pieces is None:
            self.forget()
            return None
        self._use_colours_of(console)
        written: list[str] = []
        pen = PLAIN
        for y, x, strip, left, right in pieces:
            pen = self._paint(y, x, strip, left, right, written, pen)
        if pen != PLAIN:
            written.append("\x1b[0m")
        return "".join(written)

    def _use_colours_of(self, console: "Console") -> None:
        colours = console._color_system or ColorSystem.TRUECOLOR  # noqa: SLF001 - as Textual's strips do
        if colours != self._colours:
            self._colours = colours
            self._pens = Pens(colours)
            self.forget()

    def _paint(
        self, y: int, x: int, strip: "Strip", left: int, right: int, written: list[str], pen: Pen
    ) -> Pen:
        """Write what differs of a strip at x, between left and right; gives the pen that it ends with."""
        strips = self._strips.setdefault(y, {})
        end = x + strip.cell_length
        is_whole = left <= x and end <= right
        if is_whole and strips.get(x) == strip:
            return pen
        for other in [at for at in strips if at < end and at + strips[at].cell_length > x]:
            del strips[other]
        if is_whole:
            strips[x] = strip
        new = self._cells(strip)
        line = self._lines.setdefault(y, [])
        if len(line) < end:
            line.extend([_UNKNOWN] * (end - len(line)))
        old = line[x:end]
        for start, stop in _differences(old, new, max(left - x, 0), min(right, end) - x):
            written.append(f"\x1b[{y + 1};{x + start + 1}H")
            for text, cell_pen in new[start:stop]:
                if cell_pen is not pen:
                    written.append(cell_pen.after(pen))
                    pen = cell_pen
                written.append(text)
            line[x + start : x + stop] = new[start:stop]
        return pen

    def _cells(self, strip: "Strip") -> list[Cell]:
        cells: list[Cell] = []
        for text, style, _ in strip:
            pen = self._pens.of(style)
            shown = text if text.isprintable() else text.translate(_CONTROLS)
            if shown.isascii():
                cells += [(character, pen) for character in shown]
            else:
                _add_wide(cells, shown, pen)
        width = strip.cell_length
        if (
            len(cells) != width
        ):  # counted otherwise by Textual: its place in the line is what counts
            cells = (cells + [_BLANK] * width)[:width]
        return cells


def _add_wide(cells: list[Cell], text: str, pen: Pen) -> None:
    """Add the cells of a text that may have wide and combining characters, as Rich counts them."""
    spans, _ = split_graphemes(text)
    for start, end, width in spans:
        if width:
            cells.append((text[start:end], pen))
            cells.extend([("", pen)] * (width - 1))
        elif cells:
            base, its_pen = cells.pop()
            cells.append((base + text[start:end], its_pen))


def _differences(
    old: Sequence[Cell], new: Sequence[Cell], left: int, right: int
) -> Iterator[tuple[int, int]]:
    """The stretches between left and right in which the cells differ, from and up to; wide ones are never halved."""
    if old[left:right] == new[left:right]:
        return
    last = len(new) - 1
    at = left
    while at < right:
        if old[at] == new[at]:
            at += 1
            continue
        start, stop = at, at + 1
        for here in range(at + 1, min(right, last + 1)):
            if old[here] != new[here]:
                stop = here + 1
            elif here - stop >= _SHORTEST_SKIP:
                break
        while start > 0 and not (new[start][0] and old[start][0]):
            start -= 1
        while stop <= last and not (new[stop][0] and old[stop][0]):
            stop += 1
        yield start, stop
        at = stop


def _pieces(
    frame: CompositorUpdate,
) -> "Iterator[tuple[int, int, Strip, int, int]] | None":
    """The strips of a frame: line, column, strip, and the columns between which it counts."""
    if isinstance(frame, LayoutUpdate):
        return _pieces_of_layout(frame)
    if isinstance(frame, ChopsUpdate):
        return _pieces_of_chops(frame)
    return None


def _pieces_of_layout(frame: LayoutUpdate) -> "Iterator[tuple[int, int, Strip, int, int]]":
    region = frame.region
    for y, strips in enumerate(frame.strips, region.y):
        x = region.x
        for strip in strips:
            yield y, x, strip, region.x, region.right
            x += strip.cell_length


def _pieces_of_chops(frame: ChopsUpdate) -> "Iterator[tuple[int, int, Strip, int, int]]":
    for y, left, right in frame.spans:
        chops: dict[int, Strip | None] = {**frame.chops[y]}
        for x, strip in chops.items():
            if strip is not None and x < right and x + strip.cell_length > left:
                yield y, x, strip, left, right
