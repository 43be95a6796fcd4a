"""The devbox logs of a scenario run, generated up to the present moment.

A logged line never changes: a later request returns the same lines and more, whatever actions the
user takes in between.
"""

from collections.abc import Iterator
from itertools import count, pairwise, takewhile
from random import Random
from typing import NamedTuple

from runloop_tui.demo.agent import (
    ATTEMPTS,
    SET_UP_AT_MOST_MS,
    Failure,
    failure_of,
    last_command_at,
    refused_from,
    set_up_at_most_ms,
)
from runloop_tui.demo.names import make_id, seeded_random
from runloop_tui.demo.run import Run
from runloop_tui.demo.timeline import Timeline

SHORTEST_MS, LONGEST_MS = 1000, 5000
"""Shortest and longest gap between two lines of a working devbox, in ms; shorter in very short scenario runs."""
SCORING_EVERY_MS = 2000
OUTPUT_LINES = 12
"""Number of lines of each scorer's output that are logged, from its end."""


class LogLine(NamedTuple):
    """One line of a devbox log, with the fields of the API.

    Attributes:
        timestamp_ms: Unix ms; several lines may have the same.
        source: setup_commands, entrypoint, exec, files, stats or kmsg.
        level: debug, info, warn or error.
        message: The text; None for the start or the end of a command.
        cmd: The command, at its start.
        cmd_id: The id of the command that the line belongs to.
        shell_name: The shell of the command.
        exit_code: The exit code of the command, at its end.
    """

    timestamp_ms: int
    source: str
    level: str = "info"
    message: str | None = None
    cmd: str | None = None
    cmd_id: str | None = None
    shell_name: str | None = None
    exit_code: int | None = None


def devbox_logs(run: Run, timeline: Timeline, moment_ms: int) -> list[LogLine]:
    """Return all lines that the devbox of a scenario run has logged by `moment_ms`, oldest first."""
    until = min(moment_ms + 1, timeline.worked_until_ms)
    lines = list(takewhile(lambda line: line.timestamp_ms < until, _work(run, timeline.position)))
    if timeline.scoring_ms is not None:
        lines += _scoring(run, timeline)
    lines += _end(run, timeline)
    return [line for line in lines if line.timestamp_ms <= moment_ms]


class _Devbox:
    """Generates the lines of one devbox, with a clock that only moves forward."""

    def __init__(self, run: Run, timeline: Timeline) -> None:
        self.key = (*run.key, timeline.position)
        self.chance = seeded_random("devbox", *self.key)
        self.clock = timeline.started_ms
        self.haste = set_up_at_most_ms(timeline) / SET_UP_AT_MOST_MS
        self.commands = count()

    def wait(self) -> int:
        self.clock += round(self.haste * self.chance.randint(SHORTEST_MS, LONGEST_MS))
        return self.clock

    def command(self, cmd: str, output: list[str], exit_code: int) -> Iterator[LogLine]:
        """Yield the start of a command, the lines that it prints in one burst, and its end."""
        cmd_id = make_id("cmd", next(self.commands), *self.key)
        yield LogLine(self.wait(), "exec", cmd=cmd, cmd_id=cmd_id, shell_name="agent")
        began = self.clock
        took = 0.9 * (self.wait() - began) / 1000
        for line in output:
            text = line.format(took=took)
            self.clock += self.chance.choice((0, 0, 0, 1, 3))
            yield LogLine(self.clock, "exec", _level(text), text, cmd_id=cmd_id, shell_name="agent")
        level = "error" if exit_code else "info"
        yield LogLine(
            self.clock, "exec", level, cmd_id=cmd_id, shell_name="agent", exit_code=exit_code
        )

    def say(self, source: str, level: str, text: str) -> LogLine:
        return LogLine(self.wait(), source, level, text)


def _work(run: Run, position: int) -> Iterator[LogLine]:
    """Yield the lines before scoring: endless, unless the agent waits for a last command or is refused."""
    planned = run.planned[position]
    devbox = _Devbox(run, planned)
    for text in ("devbox is starting", "image is pulled: 1.9 GiB", "mounting the repository"):
        yield devbox.say("setup_commands", "info", text)
    failure = failure_of(run, planned)
    if failure is not None and failure.is_in_set_up:
        for number in count(1):
            text = f"waiting for the environment, look {number}"
            yield devbox.say("setup_commands", "warn" if number > 20 else "debug", text)
    yield from devbox.command("pip install -e .", ["Successfully installed 14 packages"], 0)
    yield devbox.say("entrypoint", "info", f"{run.plan.agent} starts with {run.plan.model}")
    waits_at, refused_at = last_command_at(run, planned), refused_from(run, planned)
    until = waits_at or refused_at
    for line in _actions(devbox):
        if until is not None and line.timestamp_ms >= until:
            break
        yield line
    if waits_at is not None:
        yield from _last_command(devbox, waits_at, run, planned)
    elif refused_at is not None:
        yield from _refused(devbox, refused_at, planned.ended_ms)


def _last_command(devbox: _Devbox, begin: int, run: Run, planned: Timeline) -> Iterator[LogLine]:
    """Yield a command that never returns and prints nothing, or one that prints slowly until scoring."""
    is_stuck = planned.position in run.plan.hung
    cmd = "tail -f server.log" if is_stuck else "python -m pytest -v --runslow"
    cmd_id = make_id("cmd", "hangs", *devbox.key)
    yield LogLine(begin, "exec", cmd=cmd, cmd_id=cmd_id, shell_name="agent")
    if is_stuck:
        return
    longest = run.typical_ms // 20
    clock = begin
    for number in count(1):
        clock += devbox.chance.randint(longest // 3, longest)
        if clock >= planned.worked_until_ms:
            break
        text = f"tests/test_slow.py::test_case[{number}] PASSED"
        yield LogLine(clock, "exec", "info", text, cmd_id=cmd_id, shell_name="agent")
    clock = planned.worked_until_ms - 1
    yield LogLine(clock, "exec", cmd_id=cmd_id, shell_name="agent", exit_code=0)


def _refused(devbox: _Devbox, begin: int, end: int) -> Iterator[LogLine]:
    """Yield the refused requests to the model provider, each after twice the wait of the one before."""
    at = [begin + (end - begin) * (2**number - 1) // 2**ATTEMPTS for number in range(ATTEMPTS)]
    for number, (attempt_at, next_at) in enumerate(pairwise([*at, end]), 1):
        text = f"429 from the model provider, attempt {number} of {ATTEMPTS}"
        yield LogLine(attempt_at, "entrypoint", "warn", text)
        devbox.clock = attempt_at
        while devbox.wait() < next_at:
            yield LogLine(devbox.clock, "stats", "debug", "cpu 2 %  memory 0.6 of 4.0 GiB")


def _actions(devbox: _Devbox) -> Iterator[LogLine]:
    chance = devbox.chance
    turns = count(1)
    while True:
        roll = chance.random()
        if roll < 0.3:
            yield from devbox.command(*_draw_command(chance))
        elif roll < 0.5:
            verb = chance.choice(("read", "read", "wrote"))
            yield devbox.say("files", "debug", f"{verb} {chance.choice(_FILES)}")
        elif roll < 0.62:
            cpu, memory = chance.randint(3, 98), chance.uniform(0.4, 3.6)
            yield devbox.say("stats", "debug", f"cpu {cpu} %  memory {memory:.1f} of 4.0 GiB")
        elif roll < 0.66:
            yield devbox.say("entrypoint", "warn", "429 from the model provider, trying again")
        elif roll < 0.67:
            yield devbox.say("kmsg", "warn", "TCP: request_sock_TCP: Possible SYN flooding")
        else:
            yield devbox.say(
                "entrypoint", "info", f"turn {next(turns)}: {chance.choice(_THOUGHTS)}"
            )


def _scoring(run: Run, timeline: Timeline) -> Iterator[LogLine]:
    """Yield the lines of scoring; the tests' output comes in one burst once the score is known."""
    start, end = timeline.scoring_ms, timeline.scored_ms
    if start is None:
        return
    cmd_id = make_id("cmd", "scoring", *run.key, timeline.position)
    yield LogLine(start, "exec", cmd="bash /scorer/run.sh", cmd_id=cmd_id, shell_name="scorer")
    until = timeline.ended_ms if end is None else end
    for at in range(start + SCORING_EVERY_MS, until, SCORING_EVERY_MS):
        yield LogLine(at, "stats", "debug", "cpu 100 %  memory 1.2 of 4.0 GiB")
    if end is None:
        return
    for result in run.scorer_results(timeline):
        for text in result.output.splitlines()[-OUTPUT_LINES:]:
            yield LogLine(end, "exec", _level(text), text, cmd_id=cmd_id, shell_name="scorer")
    is_passed = timeline.score == 1.0
    yield LogLine(
        end,
        "exec",
        "info" if is_passed else "error",
        cmd_id=cmd_id,
        shell_name="scorer",
        exit_code=0 if is_passed else 1,
    )


def _end(run: Run, timeline: Timeline) -> Iterator[LogLine]:
    at = timeline.ended_ms
    failure = failure_of(run, timeline)
    if failure is not None:
        yield from _failing(at, failure)
    elif timeline.end == "canceled":
        yield LogLine(at, "entrypoint", "warn", "canceled; devbox is shut down")
    else:
        known = "without a score" if timeline.score is None else f"with score {timeline.score}"
        yield LogLine(at, "entrypoint", "info", f"completed {known}; devbox is shut down")


def _failing(at: int, failure: Failure) -> Iterator[LogLine]:
    if failure.is_out_of_memory:
        yield LogLine(at, "kmsg", "error", "Out of memory: Killed process 2143 (node)")
    yield LogLine(at, "entrypoint", "error", str(failure))


def _level(text: str) -> str:
    return "error" if text.startswith(("E  ", "FAILED", ">>>>>", "error")) else "info"


def _draw_command(chance: Random) -> tuple[str, list[str], int]:
    cmd, output, exit_code = chance.choice(_COMMANDS)
    return cmd, list(output), exit_code


_FILES = (
    "README.md", "pyproject.toml", "src/core.py", "src/parser.py", "src/cache.py", "src/cli.py",
    "tests/test_core.py", "tests/test_parser.py", "tests/conftest.py", "notes.md",
)  # fmt: skip
_THOUGHTS = (
    "the failure comes from the cached value, not from the parser",
    "a smaller change will do; the signature should stay as it is",
    "the test expects the keys in the order in which they were added",
    "this is handled already when the input is empty; looking one level up",
    "reproduced it with three lines; now the fix",
    "two callers rely on the old behaviour and must keep it",
    "running the whole test suite before going on",
    "the documentation says otherwise; checking the history",
)
_COMMANDS: tuple[tuple[str, tuple[str, ...], int], ...] = (
    ("git status --short", (" M src/core.py", "?? notes.md"), 0),
    (
        "git diff --stat",
        (
            " src/core.py | 17 ++++++++++++++---",
            " 1 file changed, 14 insertions(+), 3 deletions(-)",
        ),
        0,
    ),
    ("ls src", ("cache.py", "cli.py", "core.py", "parser.py"), 0),
    ("grep -rn 'def resolve' src", ("src/core.py:118:def resolve(name):",), 0),
    ("grep -rn 'TODO' src", (), 1),
    ("python reproduce.py", ("before: ['a', 'b']", "after:  ['b', 'a']"), 0),
    (
        "python -m pytest -x -q tests/test_core.py",
        (
            "....F",
            "E   AssertionError: assert ['b', 'a'] == ['a', 'b']",
            "FAILED tests/test_core.py::test_order",
            "1 failed, 4 passed in {took:.2f}s",
        ),
        1,
    ),
    ("python -m pytest -q", ("." * 48, "48 passed in {took:.2f}s"), 0),
    ("python -m mypy src", ("Success: no issues found in 4 source files",), 0),
    ("make build", ("cc -O2 -c main.c", "cc -O2 -c scan.c", "cc -o tool main.o scan.o"), 0),
    ("cat missing.txt", ("cat: missing.txt: No such file or directory",), 1),
)
