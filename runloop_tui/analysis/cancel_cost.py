"""What a cancel cuts off: sandboxes, the work so far, and the score that is reported then."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from runloop_tui.analysis.attempts import Attempt
    from runloop_tui.monitor.counts import Tally


@dataclass(frozen=True, slots=True)
class CancelCost:
    """What the cancel of a run, or of some of its scenario runs, would cut off at one moment."""

    sandboxes: int
    """How many scenario runs are active: each has a sandbox, which is shut down."""
    work_ms: int
    """How long these have run so far, added up: the work that is lost, in ms of scenario time."""
    without_start: int
    """How many of them have an unknown start: `work_ms` is at least so much."""
    not_started: int | None
    """How many will never start. None where the counts or the total are unknown."""
    reported_score: float | None
    """The score that the server reports then: the mean over those with a score, without errors.

    Assumes that nothing ends until the cancel takes effect. None where nothing has a score, or the counts are unknown.
    """
    score: float | None
    """The score by our own counts, errors as 0, which differs from that where there are errors."""


def cancel_cost(
    attempts: "Iterable[Attempt]", counts: "Tally | None", total: int | None, now_ms: int
) -> CancelCost:
    """Return what a cancel would cut off.

    Args:
        attempts: all of the run, or those of its scenario runs that would be canceled.
        counts: of the run (`RunRecord.counts`); None where they are unknown, or only scenario runs are canceled.
        total: how many scenarios the run has in all (`RunRecord.planned`); None where it is unknown.
        now_ms: now, in Unix ms on the server's clock.
    """
    ages = [each.age_ms(now_ms) for each in attempts if each.is_active]
    known = [age for age in ages if age is not None]
    return CancelCost(
        sandboxes=len(ages),
        work_ms=sum(known),
        without_start=len(ages) - len(known),
        not_started=counts.not_started(total) if counts else None,
        reported_score=counts.score_without_errors if counts else None,
        score=counts.score if counts else None,
    )
