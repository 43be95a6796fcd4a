"""What is kept of a run and of a scenario run; and what stays of two facts about the same one.

Facts may arrive in any order, from several instances: of two attempts the later holds, of two states of one attempt
the further one, and a terminal state stays.
"""

import math
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from runloop_tui.api.redact import redact
from runloop_tui.api.states import is_terminal
from runloop_tui.monitor.counts import Kind, is_error, outcome

if TYPE_CHECKING:
    from runloop_tui.api.models import ScenarioRun
    from runloop_tui.monitor.snapshot import RunRecord

_T = TypeVar("_T")

LONGEST_ID = 1_000
LONGEST_TEXT = 300
_LONGEST_KEY = 512
_UNKNOWN = "�"
_MOST = 200_000_000_000_000


class RunRow(NamedTuple):
    """A benchmark run. Moments are Unix ms on the server's clock, durations ms."""

    id: str
    name: str
    benchmark_id: str
    agent: str
    """By its job; "" without one."""
    model: str
    state: str
    score: float | None
    start_ms: int | None
    duration_ms: int | None
    total: int | None
    changed_ms: int
    """The last known start or end of it or of one of its scenario runs."""

    @property
    def is_terminal(self) -> bool:
        """Whether the state no longer changes."""
        return is_terminal(self.state)

    @property
    def end_ms(self) -> int | None:
        """The moment at which it ended; None while it runs, or where it is unknown."""
        if not self.is_terminal or self.start_ms is None or self.duration_ms is None:
            return None
        return self.start_ms + self.duration_ms


class ScenarioRow(NamedTuple):
    """A scenario run. Moments are Unix ms on the server's clock, durations ms."""

    id: str
    scenario_id: str
    state: str
    kind: Kind
    score: float | None
    start_ms: int | None
    duration_ms: int | None
    noticed_ms: int | None
    """When it was first seen as done, on this machine's clock; only of one whose end the server does not say."""
    fingerprint: str
    """Of an error, what it has in common with others; "" where it is unknown."""

    @property
    def is_done(self) -> bool:
        """Whether its score no longer changes."""
        return is_terminal(self.state) or self.state == "scored"

    @property
    def end_ms(self) -> int | None:
        """The moment at which it was done, as far as that is known; None while it is not."""
        if not self.is_done:
            return None
        if self.start_ms is None or self.duration_ms is None:
            return self.noticed_ms
        return self.start_ms + self.duration_ms


class Merged(NamedTuple):
    """What stays of two facts about one scenario run."""

    row: ScenarioRow
    failure: ScenarioRow | None
    """The failure of an attempt that was followed by another; None where there is none."""


def run_row(record: "RunRecord", agent: str, model: str, now_ms: int) -> RunRow:
    """Return what is kept of a run that is known; its `changed_ms` is its end, else its start, never the future."""
    run = record.run
    row = RunRow(
        id=clean_id(run.id),
        name=clean(run.name),
        benchmark_id=clean_id(run.benchmark_id),
        agent=clean(agent),
        model=clean(model),
        state=clean(run.state),
        score=_finite(record.score),
        start_ms=_natural(run.start_time_ms),
        duration_ms=_natural(run.duration_ms),
        total=_natural(record.planned),
        changed_ms=now_ms,
    )
    moment = row.start_ms if row.end_ms is None else row.end_ms
    return row if moment is None else row._replace(changed_ms=min(moment, now_ms))


def scenario_row(scenario_run: "ScenarioRun", fingerprint: str, now_ms: int) -> ScenarioRow:
    """Return what is kept of a scenario run."""
    row = ScenarioRow(
        id=clean_id(scenario_run.id),
        scenario_id=clean_id(scenario_run.scenario_id),
        state=clean(scenario_run.state),
        kind=outcome(scenario_run),
        score=_finite(scenario_run.score),
        start_ms=_natural(scenario_run.start_time_ms),
        duration_ms=_natural(scenario_run.duration_ms),
        noticed_ms=None,
        fingerprint=clean(fingerprint),
    )
    return row._replace(noticed_ms=now_ms) if row.is_done and row.end_ms is None else row


def merge_run(stored: RunRow, incoming: RunRow) -> RunRow:
    """Return what stays of two facts about one run: terminal stays terminal, and what is missing is filled in."""
    late = stored.is_terminal and not incoming.is_terminal
    holds, other = (stored, incoming) if late else (incoming, stored)
    return RunRow(
        id=stored.id,
        name=holds.name or other.name,
        benchmark_id=holds.benchmark_id or other.benchmark_id,
        agent=holds.agent or other.agent,
        model=holds.model or other.model,
        state=holds.state or other.state,
        score=_first(holds.score, other.score),
        start_ms=_first(holds.start_ms, other.start_ms),
        duration_ms=_first(holds.duration_ms, other.duration_ms),
        total=_first(holds.total, other.total),
        changed_ms=max(stored.changed_ms, incoming.changed_ms),
    )


def merge(stored: ScenarioRow, incoming: ScenarioRow) -> Merged:
    """Return what stays of two facts about one scenario run, whichever of them is the older one."""
    starts = stored.start_ms, incoming.start_ms
    another_attempt = None not in starts and starts[0] != starts[1]
    late = _order(incoming, same=not another_attempt) < _order(stored, same=not another_attempt)
    holds, other = (stored, incoming) if late else (incoming, stored)
    if is_error(other.state) and (another_attempt or not is_error(holds.state)):
        start_ms = _first(holds.start_ms, other.start_ms)
        return Merged(holds._replace(start_ms=start_ms), other)
    if another_attempt:
        return Merged(holds, None)
    row = holds._replace(
        scenario_id=holds.scenario_id or other.scenario_id,
        score=_first(holds.score, other.score),
        start_ms=_first(holds.start_ms, other.start_ms),
        duration_ms=_first(holds.duration_ms, other.duration_ms),
        fingerprint=holds.fingerprint or (other.fingerprint if is_error(holds.state) else ""),
    )
    noticed = [each.noticed_ms for each in (stored, incoming) if each.noticed_ms is not None]
    is_known = row.start_ms is not None and row.duration_ms is not None
    at_ms = None if is_known or not row.is_done else min(noticed, default=None)
    return Merged(row._replace(noticed_ms=at_ms), None)


def clean(text: str, longest: int = LONGEST_TEXT) -> str:
    """Return a text without control characters, broken surrogates and the API key, cut to `longest`."""
    text = text[: longest + _LONGEST_KEY]
    if not text.isprintable():
        text = "".join(each if each.isprintable() else _UNKNOWN for each in text)
    return redact(text)[:longest]


def clean_id(text: str) -> str:
    """Return an id as it is kept and found."""
    return clean(text, LONGEST_ID)


def clean_ms(value: float) -> int:
    """Return a moment in ms within what can be kept."""
    return _natural(value) or 0


def _order(row: ScenarioRow, *, same: bool) -> tuple[int, int]:
    """Return a value by which the later attempt, and of one attempt the further state, is the greater one."""
    if is_terminal(row.state):
        further = 4 if row.state == "completed" else 3
    else:
        further = 2 if row.state == "scored" else int(row.kind == "scoring")
    return (0 if same or row.start_ms is None else row.start_ms, further)


def _first(one: _T | None, other: _T | None) -> _T | None:
    return other if one is None else one


def _natural(value: float | None) -> int | None:
    if value is None or not 0 <= value <= _MOST:  # NaN compares false
        return None
    return int(value)


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
