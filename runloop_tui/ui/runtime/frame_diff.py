"""A diff of frames, cell by cell, so that only cells that differ are written to the terminal.

Textual writes every line of a widget that was refreshed, from its left edge to its right. Most of it is on the
terminal already, and over SSH it is most of what is sent.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.cells import split_graphemes
from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS
from rich.segment import Segment

from runloop_tui.ui.runtime.sgr import PLAIN, Sgr, SgrCache
from runloop_tui.ui.runtime.textual_compat import ChopsUpdate, CompositorUpdate, LayoutUpdate

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions
    from textual.strip import Strip

Cell = tuple[str, Sgr]
"""A character with its combining ones, and its style; the second cell of a wide character has an empty text."""

Placed = tuple[int, int, "Strip", int, int]
"""A strip in a frame: line, column, strip, and the columns from which and up to which it is visible."""

_UNKNOWN: Cell = ("\0", PLAIN)
"""Equals no cell of a frame."""
_BLANK: Cell = (" ", PLAIN)
_CONTROLS = dict.fromkeys([*range(32), *range(127, 160)], "\N{REPLACEMENT CHARACTER}")
"""Safe text holds none of these; this is the last place where they can be kept from the terminal."""
_MIN_SKIP = 6
"""Fewer equal cells than this between two changes are written again: a cursor movement costs as much."""


class DiffUpdate(CompositorUpdate):
    """A frame, reduced to the escape sequences and characters that change the previous one into it."""

    def __init__(self, sequence: str) -> None:
        self._sequence = sequence

    def render_segments(self, console: "Console") -> str:  # noqa: ARG002 - Textual passes it
        """Return the characters and sequences to write."""
        return self._sequence

    def __rich_console__(
        self, console: "Console", options: "ConsoleOptions"
    ) -> "Iterator[Segment]":
        """Yield the same, for Rich."""
        yield Segment(self._sequence)


class FrameDiff:
    """Keeps the cells that the terminal shows, and reduces each frame to what differs from them."""

    def __init__(self) -> None:
        self._lines: dict[int, list[Cell]] = {}
        self._strips: dict[int, dict[int, Strip]] = {}
        self._colors = ColorSystem.TRUECOLOR
        self._sgr = SgrCache(self._colors)

    def clear(self) -> None:
        """Forget what the terminal shows: the next frame is written whole."""
        self._lines.clear()
        self._strips.clear()

    def update(self, frame: CompositorUpdate, console: "Console") -> str | None:
        """Return what to write so that the terminal shows a frame; None for a kind of frame that is not known."""
        strips = _placed_strips(frame)
        if strips is None:
            self.clear()
            return None
        self._use_colors_of(console)
        written: list[str] = []
        sgr = PLAIN
        for y, x, strip, left, right in strips:
            sgr = self._write(y, x, strip, left, right, written, sgr)
        if sgr != PLAIN:
            written.append("\x1b[0m")
        return "".join(written)

    def _use_colors_of(self, console: "Console") -> None:
        name = console.color_system
        colors = COLOR_SYSTEMS[name] if name else ColorSystem.TRUECOLOR  # as Textual's Strip does
        if colors != self._colors:
            self._colors = colors
            self._sgr = SgrCache(colors)
            self.clear()

    def _write(
        self, y: int, x: int, strip: "Strip", left: int, right: int, written: list[str], sgr: Sgr
    ) -> Sgr:
        """Write what differs of a strip at column x between left and right; return the SGR that is then set."""
        strips = self._strips.setdefault(y, {})
        end = x + strip.cell_length
        is_whole = left <= x and end <= right
        if is_whole and strips.get(x) == strip:
            return sgr
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
            for text, cell_sgr in new[start:stop]:
                if cell_sgr is not sgr:
                    written.append(cell_sgr.after(sgr))
                    sgr = cell_sgr
                written.append(text)
            line[x + start : x + stop] = new[start:stop]
        return sgr

    def _cells(self, strip: "Strip") -> list[Cell]:
        cells: list[Cell] = []
        for text, style, _ in strip:
            sgr = self._sgr.of(style)
            shown = text if text.isprintable() else text.translate(_CONTROLS)
            if shown.isascii():
                cells += [(character, sgr) for character in shown]
            else:
                _add_wide(cells, shown, sgr)
        width = strip.cell_length
        if len(cells) != width:  # Textual counts the text otherwise; its width is what counts
            cells = (cells + [_BLANK] * width)[:width]
        return cells


def _add_wide(cells: list[Cell], text: str, sgr: Sgr) -> None:
    """Add the cells of a text that may hold wide and combining characters, as Rich measures them."""
    spans, _ = split_graphemes(text)
    for start, end, width in spans:
        if width:
            cells.append((text[start:end], sgr))
            cells.extend([("", sgr)] * (width - 1))
        elif cells:
            base, base_sgr = cells.pop()
            cells.append((base + text[start:end], base_sgr))


def _differences(
    old: Sequence[Cell], new: Sequence[Cell], left: int, right: int
) -> Iterator[tuple[int, int]]:
    """Yield the half-open ranges between left and right in which cells differ; wide characters are kept whole."""
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
            elif here - stop >= _MIN_SKIP:
                break
        while start > 0 and not (new[start][0] and old[start][0]):
            start -= 1
        while stop <= last and not (new[stop][0] and old[stop][0]):
            stop += 1
        yield start, stop
        at = stop


def _placed_strips(frame: CompositorUpdate) -> "Iterator[Placed] | None":
    """Return the strips of a frame with their places; None for a kind of frame that is not known."""
    if isinstance(frame, LayoutUpdate):
        return _strips_of_layout(frame)
    if isinstance(frame, ChopsUpdate):
        return _strips_of_chops(frame)
    return None


def _strips_of_layout(frame: LayoutUpdate) -> "Iterator[Placed]":
    region = frame.region
    for y, strips in enumerate(frame.strips, region.y):
        x = region.x
        for strip in strips:
            yield y, x, strip, region.x, region.right
            x += strip.cell_length


def _strips_of_chops(frame: ChopsUpdate) -> "Iterator[Placed]":
    for y, left, right in frame.spans:
        chops: dict[int, Strip | None] = {**frame.chops[y]}
        for x, strip in chops.items():
            if strip is not None and x < right and x + strip.cell_length > left:
                yield y, x, strip, left, right
