"""The activity of devbox logs: when one was last written to, and how long the silences were that ended.

Of a log, which may have megabytes, only a few numbers and the end of its last line are kept. A line counts where the
work wrote it: what the sandbox writes about itself (`stats`, `kmsg`) goes on after its agent has died.
"""

import asyncio
from bisect import bisect_left
from operator import sub
from typing import TYPE_CHECKING

from runloop_tui.api.redact import redact
from runloop_tui.monitor.snapshot import LogActivity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from runloop_tui.api.models import DevboxLog
    from runloop_tui.monitor.fetch_devbox_logs import DevboxLine

_OF_THE_SANDBOX = frozenset({"stats", "kmsg"})
_TOLERANCE_MS = 60_000
"""A line may be later than the request by this much; a later one has a wrong clock, and does not count."""
_WRITTEN_WITHIN_MS = 10 * 60_000
"""A log whose last line is at most this old is being written to: its silences have ended by themselves."""
_LONGEST_LINE = 200
_LOOKED_AT = 4_000
"""Of the last entry, so many characters at its end are searched for its last line."""
_AT_ONCE = 2_000


async def log_activity(
    lines: "Sequence[DevboxLine | DevboxLog]", *, start_ms: int | None, read_ms: int
) -> LogActivity:
    """Return the activity of a log, yielding to the event loop after every 2,000 lines.

    Args:
        lines: in any order; those without a moment do not count.
        start_ms: when the scenario run started: silences before it do not count, and none where it is unknown.
        read_ms: when the log was requested.
    """
    moments: list[int] = []
    last: DevboxLine | DevboxLog | None = None
    last_ms = 0
    for at in range(0, len(lines), _AT_ONCE):
        for line in lines[at : at + _AT_ONCE]:
            moment = line.timestamp_ms
            if moment is None or moment > read_ms + _TOLERANCE_MS or line.source in _OF_THE_SANDBOX:
                continue
            moments.append(moment)
            if moment >= last_ms:
                last, last_ms = line, moment
        await asyncio.sleep(0)
    moments.sort()
    return LogActivity(
        last_ms=last_ms if moments else None,
        longest_gap_ms=None if start_ms is None else _longest_gap(moments, start_ms),
        last_line=_last_line(last) if last is not None else "",
        read_ms=read_ms,
        first_ms=moments[0] if moments else None,
    )


def _longest_gap(moments: list[int], start_ms: int) -> int | None:
    counted = moments[bisect_left(moments, start_ms) :]
    return max(map(sub, counted[1:], counted), default=None)


def _last_line(entry: "DevboxLine | DevboxLog") -> str:
    """Return the last line of an entry: of its message, else its command, else its exit code."""
    text = entry.message or (f"$ {entry.cmd}" if entry.cmd else "")
    if not text and entry.exit_code is not None:
        return f"exit {entry.exit_code}"
    # Redacted before it is cut, because half a secret is not recognised any more.
    lines = redact(text[-_LOOKED_AT:]).rstrip().splitlines()
    if not lines:
        return ""
    is_cut = len(lines) == 1 and len(text) > _LOOKED_AT
    return lines[-1][-_LONGEST_LINE:] if is_cut else lines[-1][:_LONGEST_LINE]


def joined(known: LogActivity, fresh: LogActivity) -> LogActivity:
    """Return what is known after a fresh answer, which may hold only the end of the log.

    A fresh answer that reaches as far back as what is known replaces its silences: a line that came late ends one.
    """
    goes_on = _is_at_least(fresh.last_ms, known.last_ms)
    newer = fresh if goes_on else known
    gaps = [fresh.longest_gap_ms]
    if not (goes_on and _is_at_least(known.first_ms, fresh.first_ms)):
        gaps.append(known.longest_gap_ms)
    firsts = [each for each in (known.first_ms, fresh.first_ms) if each is not None]
    return LogActivity(
        last_ms=newer.last_ms,
        longest_gap_ms=max((gap for gap in gaps if gap is not None), default=None),
        last_line=newer.last_line,
        read_ms=fresh.read_ms,
        first_ms=min(firsts, default=None),
    )


def _is_at_least(moment: int | None, other: int | None) -> bool:
    return moment is not None and (other is None or moment >= other)


class LogActivities:
    """Holds the activity by scenario run, and the longest silence that ended by run."""

    def __init__(self) -> None:
        self.held: Mapping[str, LogActivity] = {}
        """By scenario run; replaced by another mapping when something changes."""
        self.gaps: Mapping[str, int] = {}
        """By run, in ms: of its logs that were being written to; replaced likewise."""

    def put(self, run_id: str, scenario_run_id: str, fresh: LogActivity) -> None:
        """Take in the activity of a scenario run's log, joined to what is known of it."""
        known = self.held.get(scenario_run_id)
        activity = joined(known, fresh) if known else fresh
        if activity != known:
            self.held = {**self.held, scenario_run_id: activity}
        gap, silence = activity.longest_gap_ms, activity.silence_ms
        if gap is None or silence is None or silence > _WRITTEN_WITHIN_MS:
            return
        if gap > self.gaps.get(run_id, -1):
            self.gaps = {**self.gaps, run_id: gap}

    def drop(self, scenario_run_id: str) -> None:
        """Drop the activity of a scenario run."""
        self.held = {id_: each for id_, each in self.held.items() if id_ != scenario_run_id}

    def drop_gap(self, run_id: str) -> None:
        """Drop the longest silence of a run."""
        self.gaps = {id_: gap for id_, gap in self.gaps.items() if id_ != run_id}
