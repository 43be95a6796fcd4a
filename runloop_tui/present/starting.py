"""Starting a run in words: what will be sent, and what became of it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from runloop_tui.present.benchmarks import benchmark_name
from runloop_tui.present.cells import Line
from runloop_tui.present.detail import MASK
from runloop_tui.present.flow import labelled, labelled_pairs
from runloop_tui.present.numbers import plural
from runloop_tui.present.questions import Question
from runloop_tui.present.runs import run_name
from runloop_tui.present.text import cut, safe
from runloop_tui.present.troubles import error_words

if TYPE_CHECKING:
    from runloop_tui.api.models import Benchmark
    from runloop_tui.monitor.start_run import StartOutcome, StartRequest

_LONGEST_NAME = 60


def request_lines(request: "StartRequest", benchmark: "Benchmark", width: int) -> list[Line]:
    """All that will be sent, the values of environment variables masked; none wider than `width`."""
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
    masked = {
        name: MASK if value else "(empty)" for name, value in request.environment_variables.items()
    }
    yield from labelled_pairs("environment", masked, width)
    secrets = {name: f"← {secret}" for name, secret in request.secrets.items()}
    yield from labelled_pairs("secrets", secrets, width)


def consequences(benchmark: "Benchmark") -> str:
    """What a start will bring about."""
    number = len(benchmark.scenario_ids)
    scenarios = plural(number, "scenario") if number else "its scenarios"
    return f"A run of {scenarios} begins. Devboxes cost money while they run. This is sent once."


def wait_words(request: "StartRequest | None") -> str:
    """What is waited for; without a request, only the list is looked at."""
    if request is None:
        return "Looking whether the run of the last attempt has appeared…"
    return (
        f"Starting {_named(request)}: sent once, after a look at the runs; waiting for the answer…"
    )


def start_words(outcome: "StartOutcome") -> str:
    """What became of a start, in a few sentences."""
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
    """The question where it is unknown whether a run was started, and the runs could not be looked at."""
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
