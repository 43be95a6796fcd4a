"""Attempts with only what a test cares about, and all that a server could make of them."""

from hypothesis import strategies as st

from runloop_tui.analysis.attempts import Attempt
from runloop_tui.monitor.counts import Kind
from tests.api.scripted import NOW_MS
from tests.monitor.making import MINUTE_MS


def attempt(
    id_: str = "scr_1",
    kind: Kind = "running",
    *,
    ago: float | None = 10,
    took: float | None = None,
    score: float | None = None,
    scenario_id: str | None = None,
) -> Attempt:
    """An attempt that started so many minutes before NOW_MS, and took so many."""
    return Attempt(
        id=id_,
        scenario_id=id_.replace("scr", "scn") if scenario_id is None else scenario_id,
        name=id_,
        kind=kind,
        start_ms=None if ago is None else NOW_MS - int(ago * MINUTE_MS),
        duration_ms=None if took is None else int(took * MINUTE_MS),
        score=score,
    )


def passed(*took: float, first: int = 0, ago: float = 60) -> list[Attempt]:
    """Attempts that passed, by how many minutes each took; all started at once."""
    return [
        attempt(f"scr_p{number}", "passed", ago=ago, took=each, score=1.0)
        for number, each in enumerate(took, first)
    ]


def running(*ago: float, first: int = 0) -> list[Attempt]:
    """Attempts that run, by how many minutes ago each started."""
    return [attempt(f"scr_r{number}", ago=each) for number, each in enumerate(ago, first)]


_KINDS: tuple[Kind, ...] = (
    "passed",
    "partial",
    "zero",
    "unscored",
    "error",
    "canceled",
    "scoring",
    "running",
    "other",
)
_MOMENTS = st.none() | st.integers(-(10**15), 10**15) | st.integers(NOW_MS - 10**7, NOW_MS + 10**4)
_DURATIONS = st.none() | st.integers(-(10**15), 10**15) | st.integers(0, 10**7)
_NUMBERS = st.floats(allow_nan=True, allow_infinity=True)
SCORES = st.none() | st.sampled_from([0.0, 0.25, 1.0]) | _NUMBERS

LIMITS = st.none() | _NUMBERS | st.integers(60_000, 10**8).map(float)
"""Durations from outside, in ms."""

_IDS = st.sampled_from([f"scn_{number}" for number in range(8)])

BY_ID = st.dictionaries(_IDS, st.none() | _NUMBERS | st.integers(0, 10**7).map(float))
"""Numbers by scenario id, some absurd."""

ANYTHING = st.lists(
    st.builds(Attempt, _IDS, _IDS, _IDS, st.sampled_from(_KINDS), _MOMENTS, _DURATIONS, SCORES),
    max_size=12,
)
"""Attempts with times that are missing, negative, absurd or in the future, absurd scores, and ids that occur twice."""

_TERMINAL_KINDS: tuple[Kind, ...] = ("passed", "zero", "error", "canceled")
_PLAUSIBLE_TIMES = st.integers(0, 300)


@st.composite
def _plausible(draw: st.DrawFn) -> list[Attempt]:
    found = []
    for number in range(draw(st.integers(5, 20))):
        ago, took = draw(_PLAUSIBLE_TIMES), draw(_PLAUSIBLE_TIMES)
        kind = draw(st.sampled_from(_TERMINAL_KINDS))
        if took >= ago:
            found.append(attempt(f"scr_{number}", ago=ago))
        else:
            score = {"passed": 1.0, "zero": 0.0}.get(kind)
            found.append(attempt(f"scr_{number}", kind, ago=ago, took=took, score=score))
    return found


PLAUSIBLE = _plausible()
"""Attempts as a server tells them."""

TOTALS = st.none() | st.integers(-5, 200)
