"""What a scenario run's devbox logs while the agent works: one story, told as far as time has come.

A line that was logged stays as it is: later looks see the same lines and more of them, whatever
a user does to the scenario run in between.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, takewhile
from random import Random

from runloop_tui.demo.agent_work import SET_UP_AT_MOST_MS, hangs_at, set_up_at_most_ms
from runloop_tui.demo.courses import Course
from runloop_tui.demo.failures import Failure, failure_of
from runloop_tui.demo.ids import dice, make_id
from runloop_tui.demo.run import Run

SHORTEST_MS, LONGEST_MS = 1000, 5000
"""How long a devbox that works is silent at the least and at the most, but in very short scenario runs."""
SCORING_EVERY_MS = 2000
OUTPUT_LINES = 12
"""How many lines of each scorer's output are logged: the last ones."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry of a devbox's log, with the fields of the API.

    Attributes:
        timestamp_ms: When it was logged; several may share a millisecond.
        source: setup_commands, entrypoint, exec, files, stats or kmsg.
        level: debug, info, warn or error.
        message: What was logged, if it is not the start or the end of a command.
        cmd: The command that starts here.
        cmd_id: Which command it belongs to.
        shell_name: The shell the command runs in.
        exit_code: How the command ended, if it ends here.
    """

    timestamp_ms: int
    source: str
    level: str = "info"
    message: str | None = None
    cmd: str | None = None
    cmd_id: str | None = None
    shell_name: str | None = None
    exit_code: int | None = None


def devbox_logs(run: Run, course: Course, moment_ms: int) -> list[LogLine]:
    """Give all lines that the devbox of a scenario run has logged by then, oldest first."""
    worked_until = course.ended_ms if course.scoring_ms is None else course.scoring_ms
    until = min(moment_ms + 1, worked_until)
    lines = list(takewhile(lambda line: line.timestamp_ms < until, _work(run, course.position)))
    if course.scoring_ms is not None:
        lines += _scoring(run, course)
    lines += _end(run, course)
    return [line for line in lines if line.timestamp_ms <= moment_ms]


class _Devbox:
    """Tells what happens on one devbox, with a clock that only goes forward."""

    def __init__(self, run: Run, course: Course) -> None:
        self.key = (*run.key, course.position)
        self.chance = dice("devbox", *self.key)
        self.clock = course.started_ms
        self.haste = set_up_at_most_ms(course) / SET_UP_AT_MOST_MS
        self.commands = count()

    def wait(self) -> int:
        self.clock += round(self.haste * self.chance.randint(SHORTEST_MS, LONGEST_MS))
        return self.clock

    def command(self, cmd: str, output: list[str], exit_code: int) -> Iterator[LogLine]:
        """A command, the lines it prints in one burst, and its end."""
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
    """What is logged before any scoring, in lines without an end unless the scenario hangs."""
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
    until = hangs_at(run, planned)
    if until is None:
        yield from _actions(devbox)
    else:
        yield from _until_it_hangs(devbox, until)


def _until_it_hangs(devbox: _Devbox, until: int) -> Iterator[LogLine]:
    """The agent's work, then a command that never comes back, then nothing."""
    yield from takewhile(lambda line: line.timestamp_ms < until, _actions(devbox))
    cmd_id = make_id("cmd", "hangs", *devbox.key)
    yield LogLine(until, "exec", cmd="tail -f server.log", cmd_id=cmd_id, shell_name="agent")


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


def _scoring(run: Run, course: Course) -> Iterator[LogLine]:
    """The tests at the end, their output in one burst once the score is known."""
    start, end = course.scoring_ms, course.scored_ms
    if start is None:
        return
    cmd_id = make_id("cmd", "scoring", *run.key, course.position)
    yield LogLine(start, "exec", cmd="bash /scorer/run.sh", cmd_id=cmd_id, shell_name="scorer")
    until = course.ended_ms if end is None else end
    for at in range(start + SCORING_EVERY_MS, until, SCORING_EVERY_MS):
        yield LogLine(at, "stats", "debug", "cpu 100 %  memory 1.2 of 4.0 GiB")
    if end is None:
        return
    for result in run.scorer_results(course):
        for text in result.output.splitlines()[-OUTPUT_LINES:]:
            yield LogLine(end, "exec", _level(text), text, cmd_id=cmd_id, shell_name="scorer")
    is_passed = course.score == 1.0
    yield LogLine(
        end,
        "exec",
        "info" if is_passed else "error",
        cmd_id=cmd_id,
        shell_name="scorer",
        exit_code=0 if is_passed else 1,
    )


def _end(run: Run, course: Course) -> Iterator[LogLine]:
    at = course.ended_ms
    failure = failure_of(run, course)
    if failure is not None:
        yield from _failing(at, failure)
    elif course.end == "canceled":
        yield LogLine(at, "entrypoint", "warn", "canceled; devbox is shut down")
    else:
        known = "without a score" if course.score is None else f"with score {course.score}"
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
