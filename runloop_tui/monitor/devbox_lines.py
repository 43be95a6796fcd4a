"""The lines of a devbox's log, and how one answer is joined to those before.

The API has no cursor: each answer gives everything again, or, for all we know, the end of it. Two lines may be equal
in every field and both be meant. So answers are joined as sequences, where they overlap, and never as sets.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from runloop_tui.api.models import DevboxLog


class DevboxLine(NamedTuple):
    """One entry of a devbox's log, its texts as they came; a tuple, for tens of thousands are compared at each poll."""

    timestamp_ms: int | None
    source: str
    level: str
    message: str
    cmd: str
    cmd_id: str
    shell_name: str
    exit_code: int | None


def devbox_line(log: "DevboxLog") -> DevboxLine:
    """Take an entry over from the API."""
    return DevboxLine(
        log.timestamp_ms,
        log.source,
        log.level,
        log.message,
        log.cmd,
        log.cmd_id,
        log.shell_name,
        log.exit_code,
    )


@dataclass(frozen=True, slots=True)
class Joined:
    """What is known after an answer."""

    lines: list[DevboxLine]
    kept: int
    """So many lines at the beginning are those that were known before."""
    has_gap: bool = False
    """Nothing of the answer was known before: lines may be missing between the two, at `kept`."""


def join(known: list[DevboxLine], fresh: list[DevboxLine]) -> Joined:
    """Join a fresh answer to what is known: by their longest overlap.

    An answer that holds nothing new, a late one say, takes nothing away. Where the two overlap but differ, because a
    line came late or was completed, the answer holds from where it begins.
    """
    if fresh[: len(known)] == known:
        return Joined(known + fresh[len(known) :], len(known))
    overlap = _overlap(known, fresh)
    if overlap:
        return Joined(known + fresh[overlap:], len(known))
    if not fresh:
        return Joined(known, len(known))
    start = _start_in(known, fresh)
    if start is not None:
        kept = start + _common(known[start:], fresh)
        return Joined(known[:start] + fresh, kept)
    if _is_later(fresh[0], known[-1]):
        return Joined(known + fresh, len(known), has_gap=True)
    return Joined(fresh, 0)


def _overlap(known: Sequence[DevboxLine], fresh: Sequence[DevboxLine]) -> int:
    """How many lines the end of `known` shares with the beginning of `fresh`; all of `fresh` where `known` holds it.

    By the method of Knuth, Morris and Pratt, in linear time: identical lines are common.
    """
    falls = [0] * len(fresh)  # how much of the beginning still fits where the next line does not
    length = 0
    for place in range(1, len(fresh)):
        while length and fresh[place] != fresh[length]:
            length = falls[length - 1]
        length += fresh[place] == fresh[length]
        falls[place] = length
    length = 0
    for line in known:
        while length and line != fresh[length]:
            length = falls[length - 1]
        length += bool(fresh) and line == fresh[length]
        if length == len(fresh):
            break
    return length


def _start_in(known: list[DevboxLine], fresh: list[DevboxLine]) -> int | None:
    """Where in `known` the answer begins, told by its first line: where most lines after it agree, too."""
    starts = [place for place, line in enumerate(known) if line == fresh[0]]
    if len(starts) < 2:
        return starts[0] if starts else None
    return max(starts, key=lambda start: _common(known[start : start + _LOOKED_AT], fresh))


_LOOKED_AT = 100


def _common(one: Sequence[DevboxLine], other: Sequence[DevboxLine]) -> int:
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _is_later(line: DevboxLine, than: DevboxLine) -> bool:
    if line.timestamp_ms is None or than.timestamp_ms is None:
        return False
    return line.timestamp_ms > than.timestamp_ms
