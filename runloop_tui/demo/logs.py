"""What agents and tests wrote while a scenario ran: the files inside a log archive."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from random import Random

from runloop_tui.demo.courses import Course
from runloop_tui.demo.ids import dice
from runloop_tui.demo.run import Run

BLOCK_BYTES = 8 * 1024
"""About how long the piece is that large logs are made of."""


@dataclass(frozen=True, slots=True)
class LogFile:
    """One file, whose size is known before its bytes are made.

    Attributes:
        name: Its name in the archive.
        size: Its length in bytes.
        written_ms: When it was last written to.
        pieces: Makes its bytes, piece by piece, the same every time.
    """

    name: str
    size: int
    written_ms: int
    pieces: Callable[[], Iterator[bytes]]


def run_logs(run: Run, moment_ms: int) -> Iterator[LogFile]:
    """Go through the logs of all scenario runs that have started by then, oldest first."""
    started = run.courses[: run.started_by(moment_ms)]
    share = (run.plan.log_bytes or 0) // max(1, len(started))
    for course in started:
        yield from scenario_run_logs(run, course, moment_ms, at_least=share)


def scenario_run_logs(
    run: Run, course: Course, moment_ms: int, *, at_least: int = 0
) -> Iterator[LogFile]:
    """Give the agent's log and, once it is scored, the tests' log of a scenario run.

    Args:
        run: The benchmark run it belongs to.
        course: The scenario run.
        moment_ms: What has been written by this moment is in.
        at_least: Make the agent's log this many bytes long or a little more, if it is shorter.
    """
    scenario_run_id = run.scenario_run_id(course.position)
    until = min(moment_ms, course.ended_ms)
    chance = dice("log", scenario_run_id)
    head = "".join(_agent_head(run, course)).encode()
    work = "".join(_agent_work(course, until, chance)).encode()
    block = _trace_block()
    repeats = -(-max(0, at_least - len(head) - len(work)) // len(block))

    def pieces() -> Iterator[bytes]:
        yield head
        for _ in range(repeats):
            yield block
        yield work

    size = len(head) + repeats * len(block) + len(work)
    yield LogFile(f"{scenario_run_id}_agent.log", size, until, pieces)
    if course.scored_ms is not None and course.scored_ms <= moment_ms:
        outputs = [f"# {result.name}\n{result.output}" for result in run.scorer_results(course)]
        test_log = "\n".join(outputs).encode()
        name = f"{scenario_run_id}_test_output.log"
        yield LogFile(name, len(test_log), course.scored_ms, lambda: iter((test_log,)))


_FAILURES = (
    "EnvironmentStartTimeoutError: devbox was not running after 600 s",
    "NonZeroAgentExitCodeError: agent exited with status 137 (devbox: out_of_memory)",
    "NonZeroAgentExitCodeError: agent exited with status 1 (devbox: out_of_disk)",
    "ApiRateLimitError: 429 from the model provider, 6 attempts",
    "VerifierTimeoutError: no result from the tests after 1800 s",
)
_ACTIONS = (
    "read   README.md",
    "read   src/core.py (lines 120-260)",
    "search 'def resolve' in src/",
    "edit   src/core.py (+14 -3)",
    "edit   tests/test_core.py (+22 -0)",
    "shell  python -m pytest -x tests/test_core.py",
    "shell  git diff --stat",
    "shell  git log --oneline -5",
    "shell  make build",
    "think  the failure comes from the cached value, not from the parser",
    "think  a smaller change will do; the signature should stay as it is",
    "write  notes.md",
)


def _agent_head(run: Run, course: Course) -> Iterator[str]:
    plan = run.plan
    yield f"scenario  {run.scenario_name(course)}\n"
    yield f"devbox    {run.devbox_id(course.position)}\n"
    yield f"agent     {plan.agent} ({plan.model})\n"
    started = datetime.fromtimestamp(course.started_ms / 1000, UTC)
    yield f"started   {started:%Y-%m-%d %H:%M:%S} UTC\n\n"


def _agent_work(course: Course, until_ms: int, chance: Random) -> Iterator[str]:
    length = (course.scoring_ms or course.ended_ms) - course.started_ms
    steps = chance.randint(12, 40)
    for number in range(1, steps + 1):
        at = course.started_ms + length * number // (steps + 1)
        action = chance.choice(_ACTIONS)
        if at <= until_ms:
            yield f"{_clock(at)}  step {number:>3}  {action}\n"
    failure = chance.choice(_FAILURES)
    if until_ms < course.ended_ms:
        return
    if course.end == "failed":
        yield f"{_clock(until_ms)}  error     {failure}\n"
    elif course.end == "timeout":
        minutes = max(1, length // 60_000)
        yield f"{_clock(until_ms)}  error     AgentTimeoutError: stopped after {minutes} min\n"
    elif course.end == "canceled":
        yield f"{_clock(until_ms)}  canceled  devbox is shut down\n"
    elif course.score is None:
        yield f"{_clock(until_ms)}  done      completed without a score\n"
    else:
        yield f"{_clock(until_ms)}  done      score {course.score}\n"


@cache
def _trace_block() -> bytes:
    """A piece of a long trace; large logs repeat it, for nobody reads 200 MB line by line."""
    chance = dice("trace")
    lines = []
    size = 0
    while size < BLOCK_BYTES:
        line = f"trace  {chance.getrandbits(64):016x}  {chance.choice(_ACTIONS)}\n".encode()
        lines.append(line)
        size += len(line)
    return b"".join(lines)


def _clock(moment_ms: int) -> str:
    """The time of day in UTC; by hand, because an archive holds tens of thousands of them."""
    minutes, seconds = divmod(moment_ms // 1000, 60)
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}:{seconds:02}Z"
