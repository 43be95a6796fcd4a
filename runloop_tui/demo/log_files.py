"""The files of a log archive: what the agent and the tests of a scenario run wrote."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from random import Random

from runloop_tui.demo.agent import agent_works, failure_of
from runloop_tui.demo.names import seeded_random
from runloop_tui.demo.run import Run
from runloop_tui.demo.timeline import Timeline

TRACE_LINES = 100
"""Number of lines in each piece of a large log: a power of ten, see `trace`."""


@dataclass(frozen=True, slots=True)
class LogFile:
    """One file, whose size is known before its bytes are generated.

    Attributes:
        name: Its name in the archive.
        size: Its size in bytes.
        written_ms: Its modification time, in Unix ms.
        pieces: Generates its bytes, the same at every call.
    """

    name: str
    size: int
    written_ms: int
    pieces: Callable[[], Iterator[bytes]]


def run_logs(run: Run, moment_ms: int) -> Iterator[LogFile]:
    """Yield the logs of all scenario runs that have started by `moment_ms`, oldest first."""
    started = run.timelines[: run.started_by(moment_ms)]
    share = (run.plan.log_bytes or 0) // max(1, len(started))
    for timeline in started:
        yield from scenario_run_logs(run, timeline, moment_ms, at_least=share)


def scenario_run_logs(
    run: Run, timeline: Timeline, moment_ms: int, *, at_least: int = 0
) -> Iterator[LogFile]:
    """Yield the agent's log and, once it is scored, the tests' log of a scenario run.

    Args:
        run: The benchmark run it belongs to.
        timeline: The scenario run.
        moment_ms: The time up to which the logs are written, in Unix ms.
        at_least: The smallest size of the agent's log in bytes; it may be a little larger.
    """
    scenario_run_id = run.scenario_run_id(timeline.position)
    until = min(moment_ms, timeline.ended_ms)
    chance = seeded_random("log", scenario_run_id)
    head = "".join(_agent_head(run, timeline)).encode()
    steps = "".join(_agent_steps(run, timeline, until, chance))
    end = _agent_end(run, timeline) if moment_ms >= timeline.ended_ms else ""
    work = (steps + end).encode()
    wanted = max(at_least, run.plan.agent_log_bytes.get(timeline.position, 0))
    traces = -(-max(0, wanted - len(head) - len(work)) // len(trace(0)))

    def pieces() -> Iterator[bytes]:
        yield head
        yield from map(trace, range(traces))
        yield work

    size = len(head) + traces * len(trace(0)) + len(work)
    yield LogFile(f"{scenario_run_id}_agent.log", size, until, pieces)
    if timeline.scored_ms is not None and timeline.scored_ms <= moment_ms:
        outputs = [f"# {result.name}\n{result.output}" for result in run.scorer_results(timeline)]
        test_log = "\n".join(outputs).encode()
        name = f"{scenario_run_id}_test_output.log"
        yield LogFile(name, len(test_log), timeline.scored_ms, lambda: iter((test_log,)))


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


def _indented(*lines: str) -> str:
    return "".join(f"           | {line}\n" for line in lines)


_EXCERPTS = (
    _indented(
        "diff --git a/src/core.py b/src/core.py",
        "@@ -118,7 +118,9 @@ def resolve(name):",
        "     found = self._cache.get(name)",
        "-    if found:",
        "+    if found is not None:",
        "+        self.hits += 1",
        "         return found",
    ),
    _indented(
        "Traceback (most recent call last):",
        '  File "/testbed/reproduce.py", line 9, in <module>',
        "    print(resolve('b'))",
        '  File "/testbed/src/core.py", line 121, in resolve',
        "    return self._parent.resolve(name)",
        "AttributeError: 'NoneType' object has no attribute 'resolve'",
    ),
    _indented(
        *(f"tests/test_core.py::test_order[{case}] PASSED" for case in range(40)),
        "40 passed in {took:.2f}s",
    ),
    _indented(
        *(f"cc -O2 -Wall -c src/part_{part:02}.c -o build/part_{part:02}.o" for part in range(60))
    ),
    _indented(
        "On branch main", "Changes not staged for commit:", "        modified:   src/core.py"
    ),
)


def _agent_head(run: Run, timeline: Timeline) -> Iterator[str]:
    plan = run.plan
    yield f"scenario  {run.scenario_name(timeline)}\n"
    yield f"devbox    {run.devbox_id(timeline.position)}\n"
    yield f"agent     {plan.agent} ({plan.model})\n"
    started = datetime.fromtimestamp(timeline.started_ms / 1000, UTC)
    yield f"started   {started:%Y-%m-%d %H:%M:%S} UTC\n\n"


def _agent_steps(run: Run, timeline: Timeline, until_ms: int, chance: Random) -> Iterator[str]:
    """Yield the agent's steps, spread over its planned time of work and cut off at `until_ms`."""
    works = agent_works(run, run.planned[timeline.position])
    if works is None:
        return
    begin, end = works
    steps = chance.randint(12, 40)
    talkative = chance.choice((0.0, 0.2, 0.2, 0.8))
    took = 0.9 * (end - begin) / (steps + 1) / 1000
    worked_until = min(until_ms, timeline.worked_until_ms)
    for number in range(1, steps + 1):
        at = begin + (end - begin) * number // (steps + 1)
        action = chance.choice(_ACTIONS)
        excerpt = chance.choice(_EXCERPTS) if chance.random() < talkative else ""
        if at <= worked_until:
            yield f"{_clock(at)}  step {number:>3}  {action}\n{excerpt.format(took=took)}"


def _agent_end(run: Run, timeline: Timeline) -> str:
    clock = _clock(timeline.ended_ms)
    if failure := failure_of(run, timeline):
        return f"{clock}  error     {failure}\n"
    if timeline.end == "canceled":
        return f"{clock}  canceled  devbox is shut down\n"
    if timeline.score is None:
        return f"{clock}  done      completed without a score\n"
    return f"{clock}  done      score {timeline.score}\n"


def trace(number: int) -> bytes:
    """Return one piece of a long trace: numbered lines, the same number of bytes in every piece.

    A line's number is that of the piece followed by two digits, so that only the former is filled
    in: an archive may have millions of lines.
    """
    return _trace_lines().replace(b"#######", b"%07d" % number)


@cache
def _trace_lines() -> bytes:
    chance = seeded_random("trace")
    lines = []
    for last_digits in range(TRACE_LINES):
        noise, action = chance.getrandbits(128), chance.choice(_ACTIONS)
        lines.append(f"trace #######{last_digits:02}  {noise:032x}  {action}\n")
    return "".join(lines).encode()


def _clock(moment_ms: int) -> str:
    """Return the time of day in UTC; without strftime, because an archive has tens of thousands of them."""
    minutes, seconds = divmod(moment_ms // 1000, 60)
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}:{seconds:02}Z"
