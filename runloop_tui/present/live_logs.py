"""A devbox's log as rows: one for each line of each entry, narrowed by source and level."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from runloop_tui.api.redact import redact
from runloop_tui.present.cells import Line, Piece, Tone
from runloop_tui.present.flow import cut_line, line_width
from runloop_tui.present.log_lines import safe_log_text
from runloop_tui.present.states import Sign
from runloop_tui.present.text import cut, fit, safe
from runloop_tui.present.times import brief, second_of_day
from runloop_tui.present.troubles import error_words

if TYPE_CHECKING:
    from runloop_tui.monitor.fetch_devbox_logs import DevboxLine, DevboxLogFetcher

LEVELS = ("debug", "info", "warn", "error")
"""The levels that are known, the least first; `v` goes through them."""

_LEVEL_NAMES = {"warning": "warn", "err": "error", "fatal": "error", "critical": "error"}
_TONES: dict[str, Tone] = {"debug": "muted", "warn": "warn", "error": "bad"}
_SOURCE_WIDTH = 14
_LEVEL_WIDTH = 5
_TIME_WIDTH = 8
_LONGEST_SOURCE = 24


class LiveRow(NamedTuple):
    """One row: an entry, or one of the lines of its message."""

    entry: "DevboxLine"
    text: str
    """What it says, raw."""
    is_first: bool
    """The first row of its entry, which says when and where from."""
    follows_gap: bool = False
    """Lines may be missing before it."""


@dataclass(frozen=True, slots=True)
class LiveFilter:
    """Which entries are shown."""

    source: str = ""
    """Only these; "" is all."""
    least_level: str = LEVELS[0]
    """From this level on; entries whose level is not known are always shown."""

    def passes(self, entry: "DevboxLine") -> bool:
        """Tell whether an entry is shown."""
        if self.source and entry.source != self.source:
            return False
        level = _level(entry)
        return level not in LEVELS or LEVELS.index(level) >= LEVELS.index(self.least_level)

    def next_source(self, sources: Sequence[str]) -> "LiveFilter":
        """With the next of the sources, after the last with all."""
        every = ["", *sources]
        here = every.index(self.source) if self.source in every else -1
        return LiveFilter(every[(here + 1) % len(every)], self.least_level)

    def next_level(self) -> "LiveFilter":
        """From the next level on, after the last from the first."""
        here = LEVELS.index(self.least_level)
        return LiveFilter(self.source, LEVELS[(here + 1) % len(LEVELS)])

    @property
    def words(self) -> str:
        """What holds, in words; "" where all is shown. Safe."""
        parts = []
        if self.source:
            parts.append(f"source {cut(safe(self.source), _LONGEST_SOURCE)}")
        if self.least_level != LEVELS[0]:
            above = "" if self.least_level == LEVELS[-1] else " and above"
            parts.append(f"level {self.least_level}{above}")
        return ", ".join(parts)


def live_rows(
    entries: Iterable["DevboxLine"], holding: LiveFilter, gaps: frozenset[int], first: int = 0
) -> Iterator[LiveRow]:
    """The rows of the entries that pass; `first` is the place of the first entry, and `gaps` are such places."""
    has_gap = False
    for place, entry in enumerate(entries, start=first):
        has_gap = has_gap or place in gaps
        if not holding.passes(entry):
            continue
        for number, text in enumerate(_texts(entry)):
            yield LiveRow(entry, text, not number, has_gap and not number)
        has_gap = False


def sources_of(entries: Iterable["DevboxLine"]) -> list[str]:
    """The sources that occur, in the order of the alphabet."""
    return sorted({entry.source for entry in entries} - {""})


def live_line(row: LiveRow) -> Line:
    """A row as it is shown: when, where from, what; lines below the first of an entry under it."""
    entry, level = row.entry, _level(row.entry)
    tone = _TONES.get(level, "plain")
    said = Piece(safe_log_text(row.text), "accent" if entry.cmd else tone)
    if not row.is_first:
        return (Piece(" " * (_TIME_WIDTH + _SOURCE_WIDTH + _LEVEL_WIDTH + 3)), said)
    when = Piece(f"{second_of_day(entry.timestamp_ms):<{_TIME_WIDTH}} ", "muted")
    source = Piece(f"{fit(safe(entry.source), _SOURCE_WIDTH)} ", "muted")
    line = (when, source, Piece(f"{fit(safe(level), _LEVEL_WIDTH)} ", tone), said)
    if row.follows_gap:
        return (Piece("(lines may be missing here) ", "warn"), *line)
    return line


def _texts(entry: "DevboxLine") -> list[str]:
    """What an entry says, line by line: a command, a message, how a command ended."""
    parts = []
    if entry.cmd:
        parts.append(f"$ {entry.cmd}")
    if entry.message:
        parts.append(entry.message)
    if entry.exit_code is not None:
        parts.append(f"exit {entry.exit_code}")
    said = "\n".join(parts).rstrip("\n")
    if "\n" not in said:
        return [said]
    return redact(said).split("\n")  # a key may go over the end of a line


def _level(entry: "DevboxLine") -> str:
    return _LEVEL_NAMES.get(entry.level, entry.level)


def live_title(
    name: str, sign: Sign, live: "DevboxLogFetcher", width: int, *, is_over: bool
) -> Line:
    """Whose log this is (a safe text), how that stands, and how old the last line is."""
    left = (
        Piece(f" {name} ", "title"),
        Piece(f" {sign.glyph} {sign.word}", sign.tone),
        Piece(f"  devbox {cut(safe(live.devbox_id), _LONGEST_SOURCE)}", "muted"),
    )
    right = Piece(f"{_age(live)} ", "muted" if is_over else "live")
    said = cut_line(left, max(0, width - line_width((right,)) - 2))
    gap = Piece(" " * max(2, width - line_width((*said, right))))
    return cut_line((*said, gap, right), width)


def _age(live: "DevboxLogFetcher") -> str:
    if not live.is_loaded:
        return "asking for the log…"
    if live.last_ms is None:
        return "nothing logged yet" if not live.lines else ""
    return f"last line {brief(live.now() - live.last_ms)} ago"


def live_notice(live: "DevboxLogFetcher", width: int, *, ended: Sign | None) -> Line:
    """What is wrong, or that the scenario run has ended meanwhile; empty where there is nothing to say."""
    if ended is not None:
        news: Line = (
            Piece("The scenario run has ended: "),
            Piece(f"{ended.glyph} {ended.word}", ended.tone),
            Piece(".  l opens its archive of logs", "accent"),
        )
        return cut_line(news, width)
    if live.trouble is not None:
        error = live.trouble
        news = (
            Piece(f"! the log could not be read: {error_words(error)}", "bad"),
            Piece(f"  {error.advice}"),
        )
        return cut_line(news, width)
    if live.complaints:
        return cut_line((Piece(safe(live.complaints[0]), "warn"),), width)
    return ()


def filter_words(holding: LiveFilter) -> Line:
    """Which filter holds; empty where none does."""
    return (Piece(f"  only {holding.words}", "warn"),) if holding.words else ()
