"""What the agent of a scenario run does: when it works, when it hangs, and why it fails.

The devbox logs and the log archive both follow these times, so that they agree.
"""

from dataclasses import dataclass

from runloop_tui.demo.names import letters, seeded_random
from runloop_tui.demo.run import Run
from runloop_tui.demo.timeline import Timeline

SET_UP_AT_MOST_MS = 31_000
"""Longest set-up of a devbox before its agent starts, in ms."""
ATTEMPTS = 6
"""Number of requests to the model provider before the agent gives up."""
REFUSALS_MS = 70_000
"""Longest time from the first of these requests to the failure, in ms."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An exception of the harness.

    Attributes:
        exception_type: The class of the exception.
        exception_message: Its message.
    """

    exception_type: str
    exception_message: str

    def __str__(self) -> str:
        return f"{self.exception_type}: {self.exception_message}"

    @property
    def is_in_set_up(self) -> bool:
        """True if the agent never started."""
        return self.exception_type == "EnvironmentStartTimeoutError"

    @property
    def is_out_of_memory(self) -> bool:
        """True if the devbox's kernel killed the agent."""
        return "out_of_memory" in self.exception_message


def failure_of(run: Run, timeline: Timeline) -> Failure | None:
    """Return the exception that ends a scenario run; None if it neither fails nor times out."""
    seconds = (timeline.ended_ms - timeline.started_ms) // 1000
    roll = seeded_random("failure", *run.key, timeline.position).random()
    if timeline.end == "timeout":
        is_too_early = timeline.ended_ms - timeline.started_ms < run.agent_timeout_ms
        if (roll < 0.3 or is_too_early) and timeline.position not in run.plan.hung:
            return Failure(
                "VerifierTimeoutError",
                f"tests gave no result; given up {seconds} s after the start",
            )
        return Failure("AgentTimeoutError", f"{run.plan.agent} was not done after {seconds} s")
    if timeline.end != "failed":
        return None
    if run.is_in_outage(timeline.ended_ms):
        return _rate_limit(run, timeline)
    if run.plan.fate == "failed" or roll < 0.2:
        return Failure("EnvironmentStartTimeoutError", f"devbox was not running after {seconds} s")
    if roll < 0.5:
        return _rate_limit(run, timeline)
    devbox = run.devbox_id(timeline.position)
    core = f"/tmp/core-{letters(6, 'core', devbox).lower()}.{2000 + timeline.position}"  # noqa: S108
    end = f"137 ({devbox}: out_of_memory)" if roll < 0.8 else f"1 (out_of_disk: {core})"
    return Failure("NonZeroAgentExitCodeError", f"{run.plan.agent} exited with status {end}")


def _rate_limit(run: Run, timeline: Timeline) -> Failure:
    request = letters(20, "request", *run.key, timeline.position)
    return Failure(
        "ApiRateLimitError",
        f"429 from the model provider, {ATTEMPTS} attempts (request req_{request})",
    )


def failure_before_start(run: Run) -> Failure:
    """Return the exception for a scenario without a scenario run, in a run that failed in set-up."""
    seconds = (run.ended_ms - run.start_ms) // 1000
    return Failure(
        "EnvironmentStartTimeoutError",
        f"no devbox for {run.plan.agent}: blueprint was not built after {seconds} s",
    )


def set_up_at_most_ms(planned: Timeline) -> int:
    """Return the longest set-up of a scenario run in ms: at most half of the time before its scoring."""
    return min(SET_UP_AT_MOST_MS, (planned.worked_until_ms - planned.started_ms) // 2)


def last_command_at(run: Run, planned: Timeline) -> int | None:
    """Return the time (Unix ms) of the command that a stuck or slow agent waits for; None for any other agent."""
    if planned.position not in run.plan.hung + run.plan.slow:
        return None
    share = seeded_random("hangs", *run.key, planned.position).uniform(0.3, 0.6)
    return planned.started_ms + round(run.typical_ms * share)


def refused_from(run: Run, planned: Timeline) -> int | None:
    """Return the time (Unix ms) from which the model provider refuses all requests; None if it never does."""
    if planned.end != "failed" or not run.is_in_outage(planned.ended_ms):
        return None
    begins = max(run.outage[0], planned.ended_ms - REFUSALS_MS)
    return max(begins, planned.started_ms + set_up_at_most_ms(planned))


def agent_works(run: Run, planned: Timeline) -> tuple[int, int] | None:
    """Return the interval (Unix ms) in which the agent works; None if it never starts.

    Args:
        run: The benchmark run.
        planned: The scenario run's planned timeline, without actions of the user.
    """
    failure = failure_of(run, planned)
    if failure is not None and failure.is_in_set_up:
        return None
    until = last_command_at(run, planned) or refused_from(run, planned)
    until = until or planned.worked_until_ms
    return planned.started_ms + set_up_at_most_ms(planned), until
