"""Attempts with only what a test cares about, and any attempt at all."""

from collections.abc import Iterable
from random import Random

from hypothesis import strategies as st

from runloop_tui.analysis.attempts import Attempt
from runloop_tui.monitor.counts import Kind, kind_of_score
from tests.api.scripted import NOW_MS
from tests.monitor.making import HOUR_MS, MINUTE_MS

START_MS = NOW_MS - 5 * HOUR_MS
"""The moment at which the runs of these tests start."""


def attempt(
    number: int,
    kind: Kind = "passed",
    *,
    score: float | None = None,
    scenario_id: str | None = None,
    end_ms: int | None = None,
    start_ms: int | None = START_MS,
    attempt_id: str | None = None,
) -> Attempt:
    """An attempt at scenario `number` that ends `number` minutes after the start, unless it is active."""
    is_active = kind in {"running", "scoring"}
    end_ms = START_MS + number * MINUTE_MS if end_ms is None else end_ms
    known = {"passed": 1.0, "zero": 0.0, "partial": 0.5}.get(kind)
    return Attempt(
        id=attempt_id or f"scr_{number}",
        scenario_id=f"scn_{number}" if scenario_id is None else scenario_id,
        name=f"task-{number}",
        kind=kind,
        start_ms=start_ms,
        duration_ms=None if is_active or start_ms is None else max(0, end_ms - start_ms),
        score=known if score is None else score,
    )


def scored(number: int, score: float, attempt_id: str | None = None) -> Attempt:
    """A finished attempt at scenario `number` with this score."""
    return attempt(number, kind_of_score(score), score=score, attempt_id=attempt_id)


def sequence(letters: Iterable[str], *, every_ms: int = MINUTE_MS) -> list[Attempt]:
    """Finished attempts, one per letter and per `every_ms`: "." passed, "z" zero, "!" an error."""
    kinds: dict[str, Kind] = {".": "passed", "z": "zero", "!": "error"}
    return [
        attempt(number, kinds[letter], end_ms=START_MS + number * every_ms)
        for number, letter in enumerate(letters, start=1)
    ]


def scattered(chance: Random, number: int, share: float) -> str:
    """Letters for `sequence`, each of them an error with this chance."""
    return "".join("!" if chance.random() < share else "." for _ in range(number))


def queued(
    chance: Random, number: int, slots: int, *, errors: float, storm_from_ms: int | None = None
) -> list[Attempt]:
    """The attempts of a run over `slots` slots, with log-normal durations of median 15 minutes, cut at 2 hours.

    From `storm_from_ms` after the start on, whatever starts or is running ends in an error within a minute or so.
    """
    free = [START_MS] * slots
    found: list[Attempt] = []
    for each in range(number):
        slot = min(range(slots), key=free.__getitem__)
        start = free[slot]
        took = min(int(chance.lognormvariate(0, 0.9) * 15 * MINUTE_MS), 2 * HOUR_MS)
        kind: Kind = "error" if chance.random() < errors else "passed"
        storm = None if storm_from_ms is None else START_MS + storm_from_ms
        if storm is not None and start + took > storm:
            kind = "error"
            took = max(start, storm) - start + chance.randrange(MINUTE_MS)
        free[slot] = start + took
        found.append(attempt(each, kind, start_ms=start, end_ms=start + took))
    return found


_kinds: list[Kind] = [
    "passed", "partial", "zero", "unscored", "error", "error", "canceled", "scoring", "running", "other"
]  # fmt: skip
_moments = [None, -10, 0, 1, 2, 500, 10**6, NOW_MS, NOW_MS + 1, 2 * 10**14]
_scores = [None, 0.0, 1.0, 0.5, -1.0, 1e6, 1e308, float("nan"), float("inf"), float("-inf")]

any_attempts = st.lists(
    st.tuples(
        st.sampled_from(["", *"abcdef"]),
        st.sampled_from(_kinds),
        st.sampled_from(_moments),
        st.sampled_from(_moments),
        st.sampled_from(_scores),
    ),
    max_size=20,
).map(
    lambda drawn: [
        Attempt(f"scr_{number}", scenario, "task", kind, start_ms, duration_ms, score)
        for number, (scenario, kind, start_ms, duration_ms, score) in enumerate(drawn)
    ]
)
"""Attempts in any state, with times and scores that make no sense, several at one scenario."""
