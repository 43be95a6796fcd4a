"""Why a scenario run failed or timed out, in the words of the harness."""

from dataclasses import dataclass

from runloop_tui.demo.courses import Course
from runloop_tui.demo.ids import dice
from runloop_tui.demo.run import Run


@dataclass(frozen=True, slots=True)
class Failure:
    """An exception of the harness.

    Attributes:
        exception_type: Its class name.
        exception_message: What it says.
    """

    exception_type: str
    exception_message: str

    def __str__(self) -> str:
        return f"{self.exception_type}: {self.exception_message}"

    @property
    def is_in_set_up(self) -> bool:
        """Whether the agent never came to work."""
        return self.exception_type == "EnvironmentStartTimeoutError"

    @property
    def is_out_of_memory(self) -> bool:
        """Whether the devbox's kernel ended the agent."""
        return "out_of_memory" in self.exception_message


def failure_of(run: Run, course: Course) -> Failure | None:
    """Say why a scenario run ends as it does; None if it neither fails nor times out."""
    seconds = (course.ended_ms - course.started_ms) // 1000
    roll = dice("failure", *run.key, course.position).random()
    if course.end == "timeout":
        is_too_early = course.ended_ms - course.started_ms < run.agent_timeout_ms
        if (roll < 0.3 or is_too_early) and course.position not in run.plan.hung:
            return Failure(
                "VerifierTimeoutError",
                f"tests gave no result; given up {seconds} s after the start",
            )
        return Failure("AgentTimeoutError", f"{run.plan.agent} was not done after {seconds} s")
    if course.end != "failed":
        return None
    if run.plan.fate == "failed" or roll < 0.2:
        return Failure("EnvironmentStartTimeoutError", f"devbox was not running after {seconds} s")
    if roll < 0.5:
        return Failure("ApiRateLimitError", "429 from the model provider, 6 attempts")
    end = "status 137 (devbox: out_of_memory)" if roll < 0.8 else "status 1 (devbox: out_of_disk)"
    return Failure("NonZeroAgentExitCodeError", f"{run.plan.agent} exited with {end}")


def failure_before_start(run: Run) -> Failure:
    """Say why a scenario of a run that failed in set-up never got a scenario run."""
    seconds = (run.ended_ms - run.start_ms) // 1000
    return Failure(
        "EnvironmentStartTimeoutError",
        f"no devbox for {run.plan.agent}: blueprint was not built after {seconds} s",
    )
