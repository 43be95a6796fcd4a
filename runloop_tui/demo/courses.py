"""A scenario run's way through time: when it starts, is scored, and ends."""

from dataclasses import dataclass, replace
from typing import Literal

End = Literal["completed", "failed", "timeout", "canceled"]


@dataclass(frozen=True, slots=True)
class Course:
    """What happens to one scenario run, and when. All times are Unix ms.

    Attributes:
        position: Its place in the order of starts, from 0.
        scenario: The index of its scenario in the run's list of them.
        started_ms: When it starts running.
        scoring_ms: When its scoring starts; None if it never comes to that.
        scored_ms: When its score is known; None if it never is.
        ended_ms: When it reaches its last state.
        end: That last state.
        score: From 0.0 to 1.0; None if there never is one.
    """

    position: int
    scenario: int
    started_ms: int
    scoring_ms: int | None
    scored_ms: int | None
    ended_ms: int
    end: End
    score: float | None

    def state_at(self, moment_ms: int) -> str:
        """Say the state it is in, in the words of ScenarioRunState."""
        if moment_ms >= self.ended_ms:
            return self.end
        if self.scored_ms is not None and moment_ms >= self.scored_ms:
            return "scored"
        if self.scoring_ms is not None and moment_ms >= self.scoring_ms:
            return "scoring"
        return "running"

    def score_at(self, moment_ms: int) -> float | None:
        """Say its score if it is known by then."""
        if self.scored_ms is None or moment_ms < self.scored_ms:
            return None
        return self.score

    def moved(self, origin_ms: int, pace: float) -> "Course":
        """Give the same course counted from another origin and told at another pace."""

        def move(time_ms: int) -> int:
            return origin_ms + round(time_ms / pace)

        return replace(
            self,
            started_ms=move(self.started_ms),
            scoring_ms=None if self.scoring_ms is None else move(self.scoring_ms),
            scored_ms=None if self.scored_ms is None else move(self.scored_ms),
            ended_ms=move(self.ended_ms),
        )

    def ended_early(self, moment_ms: int, end: End) -> "Course":
        """Give the course that ends at this moment; what was known by then stays known."""
        is_scored = self.scored_ms is not None and self.scored_ms <= moment_ms
        is_scoring = self.scoring_ms is not None and self.scoring_ms <= moment_ms
        return replace(
            self,
            scoring_ms=self.scoring_ms if is_scoring else None,
            scored_ms=self.scored_ms if is_scored else None,
            score=self.score if is_scored else None,
            ended_ms=moment_ms,
            end=end,
        )

    def scored_by_hand(self, moment_ms: int, step_ms: int) -> "Course":
        """Give the course whose scoring starts now, with a step to the score and one to the end.

        What would never have come to a score by itself scores zero.
        """
        return replace(
            self,
            scoring_ms=moment_ms,
            scored_ms=moment_ms + step_ms,
            ended_ms=moment_ms + 2 * step_ms,
            end="completed",
            score=self.score or 0.0,
        )
