"""The log of a running devbox as rows: one for each line of each entry, filtered by source and level."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from runloop_tui.api.redact import redact
from runloop_tui.present.errors import error_words
from runloop_tui.present.layout import Line, Piece, Tone, cut_line, line_width
from runloop_tui.present.log_view import safe_log_text
from runloop_tui.present.states import Sign
from runloop_tui.present.text import cut, fit, safe
from runloop_tui.present.units import age, second_of_day

if TYPE_CHECKING:
    from runloop_tui.monitor.fetch_devbox_logs import DevboxLine, DevboxLogFetcher

LEVELS = ("debug", "info", "warn", "error")
"""The known levels, the least severe first; the key `v` cycles through them."""

_LEVEL_NAMES = {"warning": "warn", "err": "error", "fatal": "error", "critical": "error"}
_TONES: dict[str, Tone] = {"debug": "muted", "warn": "warn", "error": "bad"}
_SOURCE_WIDTH = 14
_LEVEL_WIDTH = 5
_TIME_WIDTH = 8
_LONGEST_SOURCE = 24


class LiveRow(NamedTuple):
    """One row: a line of an entry."""

    entry: "DevboxLine"
    text: str
    """Raw text."""
    is_first: bool
    """Whether it is the first row of its entry, which shows time, source and level."""
    follows_gap: bool = False
    """Lines may be missing before it."""


@dataclass(frozen=True, slots=True)
class LiveFilter:
    """Which entries are shown."""

    source: str = ""
    """Only entries of this source; "" is all."""
    least_level: str = LEVELS[0]
    """Only entries of this level or a more severe one; entries of an unknown level are always shown."""

    def passes(self, entry: "DevboxLine") -> bool:
        """Return whether an entry is shown."""
        if self.source and entry.source != self.source:
            return False
        level = _level(entry)
        return level not in LEVELS or LEVELS.index(level) >= LEVELS.index(self.least_level)

    def next_source(self, sources: Sequence[str]) -> "LiveFilter":
        """Return the filter for the next of the sources; after the last, for all."""
        every = ["", *sources]
        here = every.index(self.source) if self.source in every else -1
        return LiveFilter(every[(here + 1) % len(every)], self.least_level)

    def next_level(self) -> "LiveFilter":
        """Return the filter from the next level on; after the last, from the first."""
        here = LEVELS.index(self.least_level)
        return LiveFilter(self.source, LEVELS[(here + 1) % len(LEVELS)])

    @property
    def words(self) -> str:
        """The filter as a safe text; "" where all is shown."""
        parts = []
        if self.source:
            parts.append(f"source {cut(safe(self.source), _LONGEST_SOURCE)}")
        if self.least_level != LEVELS[0]:
            above = "" if self.least_level == LEVELS[-1] else " and above"
            parts.append(f"level {self.least_level}{above}")
        return ", ".join(parts)


def live_rows(
    entries: Iterable["DevboxLine"], log_filter: LiveFilter, gaps: frozenset[int], first: int = 0
) -> Iterator[LiveRow]:
    """Yield the rows of the entries that pass.

    `first` is the index of the first entry in the log; lines may be missing before the entries at the indexes `gaps`.
    """
    has_gap = False
    for index, entry in enumerate(entries, start=first):
        has_gap = has_gap or index in gaps
        if not log_filter.passes(entry):
            continue
        for number, text in enumerate(_texts(entry)):
            yield LiveRow(entry, text, not number, has_gap and not number)
        has_gap = False


def sources_of(entries: Iterable["DevboxLine"]) -> list[str]:
    """Return the sources that occur, sorted."""
    return sorted({entry.source for entry in entries} - {""})


def live_line(row: LiveRow) -> Line:
    """Return the line of a row: time, source, level, text; further rows of an entry are indented."""
    entry, level = row.entry, _level(row.entry)
    tone = _TONES.get(level, "plain")
    text = Piece(safe_log_text(row.text), "accent" if entry.cmd else tone)
    if not row.is_first:
        return (Piece(" " * (_TIME_WIDTH + _SOURCE_WIDTH + _LEVEL_WIDTH + 3)), text)
    when = Piece(f"{second_of_day(entry.timestamp_ms):<{_TIME_WIDTH}} ", "muted")
    source = Piece(f"{fit(safe(entry.source), _SOURCE_WIDTH)} ", "muted")
    line = (when, source, Piece(f"{fit(safe(level), _LEVEL_WIDTH)} ", tone), text)
    if row.follows_gap:
        return (Piece("(lines may be missing here) ", "warn"), *line)
    return line


def _texts(entry: "DevboxLine") -> list[str]:
    """Return the lines of an entry: its command, message and exit code."""
    parts = []
    if entry.cmd:
        parts.append(f"$ {entry.cmd}")
    if entry.message:
        parts.append(entry.message)
    if entry.exit_code is not None:
        parts.append(f"exit {entry.exit_code}")
    text = "\n".join(parts).rstrip("\n")
    if "\n" not in text:
        return [text]
    return redact(text).split("\n")  # before the split: a key may span lines


def _level(entry: "DevboxLine") -> str:
    return _LEVEL_NAMES.get(entry.level, entry.level)


def live_title(
    name: str, sign: Sign, live: "DevboxLogFetcher", width: int, *, is_over: bool
) -> Line:
    """Return the title: `name` (a safe text) and state of the scenario run, devbox, and the age of the last line."""
    left = (
        Piece(f" {name} ", "title"),
        Piece(f" {sign.glyph} {sign.word}", sign.tone),
        Piece(f"  devbox {cut(safe(live.devbox_id), _LONGEST_SOURCE)}", "muted"),
    )
    right = Piece(f"{_last_line_age(live)} ", "muted" if is_over else "live")
    shown = cut_line(left, max(0, width - line_width((right,)) - 2))
    gap = Piece(" " * max(2, width - line_width((*shown, right))))
    return cut_line((*shown, gap, right), width)


def _last_line_age(live: "DevboxLogFetcher") -> str:
    if not live.is_loaded:
        return "asking for the log…"
    if live.last_ms is None:
        return "nothing logged yet" if not live.lines else ""
    return f"last line {age(live.last_ms, live.now())} ago"


def live_notice(live: "DevboxLogFetcher", width: int, *, ended: Sign | None) -> Line:
    """Return that the scenario run is terminal, or the error or the first warning of the log; else empty."""
    if ended is not None:
        news: Line = (
            Piece("The scenario run has ended: "),
            Piece(f"{ended.glyph} {ended.word}", ended.tone),
            Piece(".  l opens its archive of logs", "accent"),
        )
        return cut_line(news, width)
    if live.failure is not None:
        error = live.failure
        news = (
            Piece(f"! the log could not be read: {error_words(error)}", "bad"),
            Piece(f"  {error.advice}"),
        )
        return cut_line(news, width)
    if live.warnings:
        return cut_line((Piece(safe(live.warnings[0]), "warn"),), width)
    return ()


def filter_words(log_filter: LiveFilter) -> Line:
    """Return the filter as a line; empty where all is shown."""
    return (Piece(f"  only {log_filter.words}", "warn"),) if log_filter.words else ()
