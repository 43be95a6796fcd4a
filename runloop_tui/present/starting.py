"""Starting a run: the benchmarks to choose from, the request to confirm, and the outcome."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from runloop_tui.monitor.arrange import has_words
from runloop_tui.present.errors import error_words
from runloop_tui.present.layout import (
    Cells,
    Column,
    Line,
    Piece,
    labelled,
    labelled_environment,
    labelled_pairs,
)
from runloop_tui.present.questions import Question
from runloop_tui.present.runs import run_name
from runloop_tui.present.text import cut, safe, safe_name
from runloop_tui.present.units import count, plural, shown_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from runloop_tui.api.models import Benchmark
    from runloop_tui.monitor.fetch_benchmarks import Benchmarks
    from runloop_tui.monitor.start_run import StartOutcome, StartRequest

_LONGEST_NAME = 60

BENCHMARK_COLUMNS = (
    Column("", "benchmark", 24, stretch=2),
    Column("", "scenarios", 9, right=True),
    Column("", "whose", 6),
    Column("", "description", 20, stretch=3, optional=1),
)
"""The columns of the list of benchmarks."""


def benchmark_name(benchmark: "Benchmark") -> str:
    """Return the name of a benchmark, or its id where the name is empty or invisible."""
    return safe_name(benchmark.name, benchmark.id)


def benchmark_cells(benchmark: "Benchmark") -> Cells:
    """Return the row of a benchmark, a piece for each of BENCHMARK_COLUMNS."""
    number = len(benchmark.scenario_ids)
    return (
        Piece(benchmark_name(benchmark), "strong"),
        Piece(count(number) if number else "?"),
        Piece("public" if benchmark.is_public else "yours", "muted"),
        Piece(safe(benchmark.description), "muted"),
    )


def benchmark_words(benchmark: "Benchmark", width: int) -> str:
    """Return the name and the number of scenarios in `width` cells; the name is cut first."""
    number = len(benchmark.scenario_ids)
    rest = f"  {plural(number, 'scenario')}" if number else ""
    return cut(benchmark_name(benchmark), max(1, width - len(rest))) + rest


def arrange_benchmarks(benchmarks: "Iterable[Benchmark]", query: str) -> "list[Benchmark]":
    """Filter benchmarks by words in name, id, description or attribution; the account's own come first, by name."""
    found = [
        each
        for each in benchmarks
        if has_words(query, each.name, each.id, each.description, each.attribution)
    ]
    return sorted(found, key=lambda each: (each.is_public, each.name.casefold(), each.id))


def benchmarks_title(shown: int, benchmarks: "Benchmarks") -> Line:
    """Return the title of the list: how many are shown, whether more are being read, and warnings."""
    held = len(benchmarks.items)
    line = [Piece("benchmarks ", "title"), Piece(shown_of(shown, held), "muted")]
    if not benchmarks.whole:
        line.append(Piece("  reading…", "muted"))
    elif not held and not benchmarks.failures:
        line.append(Piece("  there are none", "muted"))
    if benchmarks.warnings:
        line.append(
            Piece(f"  {plural(len(benchmarks.warnings), 'problem')} in what was read", "warn")
        )
    return tuple(line)


def benchmarks_errors(benchmarks: "Benchmarks") -> str:
    """Return what could not be read and why, a line each; "" where all was read."""
    return "\n".join(
        f"! {failure.what} could not be read: {error_words(failure.error)}"
        for failure in benchmarks.failures
    )


def request_lines(request: "StartRequest", benchmark: "Benchmark", width: int) -> list[Line]:
    """Return the lines of the request that will be sent, with the environment masked, none wider than `width`."""
    return list(_request_lines(request, benchmark, width))


def _request_lines(request: "StartRequest", benchmark: "Benchmark", width: int) -> Iterator[Line]:
    yield from labelled("benchmark", benchmark_name(benchmark), width, "strong")
    yield from labelled("", safe(request.benchmark_id), width, "muted")
    if request.run_name:
        yield from labelled("run name", safe(request.run_name), width)
    else:
        yield from labelled("run name", "none", width, "muted")
    if request.purpose:
        yield from labelled("purpose", safe(request.purpose), width)
    yield from labelled_pairs("metadata", request.metadata, width)
    yield from labelled_environment(
        request.environment_variables, request.secrets, width, empty="(empty)"
    )


def consequences(benchmark: "Benchmark") -> str:
    """Return what starting a run of the benchmark does and costs."""
    number = len(benchmark.scenario_ids)
    scenarios = plural(number, "scenario") if number else "its scenarios"
    return f"A run of {scenarios} begins. Devboxes cost money while they run. This is sent once."


def wait_words(request: "StartRequest | None") -> str:
    """Return what the app waits for; without a request, it only reads the list of runs again."""
    if request is None:
        return "Looking whether the run of the last attempt has appeared…"
    return (
        f"Starting {_named(request)}: sent once, after a look at the runs; waiting for the answer…"
    )


def start_words(outcome: "StartOutcome") -> str:
    """Return the outcome of a start in a few sentences."""
    if outcome.result == "started" and outcome.run is not None:
        return f"{_run(outcome)} was started."
    if outcome.result == "found":
        return _found(outcome)
    why = error_words(outcome.error) if outcome.error else "no answer"
    if outcome.result == "refused":
        advice = f" {outcome.error.advice}" if outcome.error else ""
        if not outcome.sent:
            why = f"nothing was sent, for the runs that are there already could not be read first ({why})"
        return f"{_named(outcome.request)} was not started: {why}.{advice}"
    text = f"It is unknown whether {_named(outcome.request)} was started ({why})."
    if outcome.blind is not None:
        return f"{text} The runs could not be looked at either: {error_words(outcome.blind)}."
    return (
        f"{text} A look at the runs found none like it that has started since. "
        "Before it is sent again, this will be looked at once more."
    )


def look_again_question(outcome: "StartOutcome") -> Question:
    """Return the question after a start of unknown outcome whose check of the list of runs failed as well."""
    return Question(
        title="Was it started?",
        lines=(start_words(outcome), "It is not sent again before the runs were looked at."),
        yes="Look again",
        no="Leave it for now",
    )


def _found(outcome: "StartOutcome") -> str:
    if outcome.found > 1:
        return (
            f"The answer was lost, but {outcome.found} runs like {_named(outcome.request)} have started since: "
            "nothing was sent again. The first of them is selected."
        )
    return (
        f"The answer was lost, but a run like it has started since: {_run(outcome)} is selected, "
        "and nothing was sent again."
    )


def _run(outcome: "StartOutcome") -> str:
    return cut(run_name(outcome.run), _LONGEST_NAME) if outcome.run else _named(outcome.request)


def _named(request: "StartRequest") -> str:
    return cut(safe(request.run_name), _LONGEST_NAME) if request.run_name else "the run"
