"""A scenario run in full: where it stands, what its scorers said."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.cells import cell_len

from runloop_tui.monitor.arrange import scenario_elapsed_ms
from runloop_tui.monitor.counts import times_usual
from runloop_tui.present.cells import Line, Piece, Tone
from runloop_tui.present.detail import heading, secret_fields
from runloop_tui.present.flow import cut_line, labelled, labelled_pairs, wrap
from runloop_tui.present.numbers import plural, score
from runloop_tui.present.scenarios import scenario_name
from runloop_tui.present.states import Sign, scenario_sign
from runloop_tui.present.text import cut, safe, safe_lines
from runloop_tui.present.times import Times, duration, full_moment

if TYPE_CHECKING:
    from runloop_tui.api.models import FailureReason, ScenarioRun, ScoringFunctionResult

_OUTPUT_LOOKED_AT = 16_000
_OUTPUT_LINES = 60
_MOST_SCORERS = 30
_LONGEST_STATE = 14
_NARROWEST_NAME = 8
_SCORER_TONES: dict[str, Tone] = {"complete": "muted", "error": "bad"}


def scenario_detail(
    scenario_run: "ScenarioRun",
    now_ms: int,
    times: Times,
    width: int,
    *,
    usual_ms: int | None,
    under_way: str,
    failure: "FailureReason | None" = None,
) -> list[Line]:
    """The lines of the inspector, none wider than `width`; `failure` is what the job says of it."""
    factor = times_usual(scenario_run, usual_ms, now_ms)
    sign = scenario_sign(scenario_run, stuck=factor is not None, under_way=under_way)
    return [
        heading(scenario_name(scenario_run), sign, width),
        *_state(scenario_run, sign, width),
        *_standing(scenario_run, now_ms, times, width, factor),
        *_failure(failure, width),
        *_scorers(scenario_run, width),
        (),
        *_fields(scenario_run, width),
    ]


def _state(scenario_run: "ScenarioRun", sign: Sign, width: int) -> Iterator[Line]:
    """The state that the server gave last, where the heading says something else."""
    if sign.word != scenario_run.state:
        yield from labelled("state", safe(scenario_run.state) or "not said", width)


def _standing(
    scenario_run: "ScenarioRun", now_ms: int, times: Times, width: int, factor: float | None
) -> Iterator[Line]:
    if scenario_run.score is not None:
        yield from labelled("score", score(scenario_run.score), width, tone="strong")
    elapsed = duration(scenario_elapsed_ms(scenario_run, now_ms))
    yield from labelled("elapsed", elapsed, width)
    if factor is not None:
        yield from labelled(
            "stuck", f"running {factor:.1f} times as long as is usual in this run", width, "bad"
        )
    yield from labelled("started", full_moment(scenario_run.start_time_ms, times.zone), width)


def _failure(failure: "FailureReason | None", width: int) -> Iterator[Line]:
    """Why it failed, with all that the message says."""
    if failure is None:
        return
    yield ()
    name = safe(failure.exception_type).strip() or "failure without a name"
    yield cut_line((Piece(f"{name} ", "bad"), Piece("as its job says", "muted")), width)
    lines = safe_lines(failure.exception_message[:_OUTPUT_LOOKED_AT].strip())
    for line in lines[:_OUTPUT_LINES]:
        yield from ((Piece(part),) for part in wrap(line, max(_NARROWEST_NAME, width)))
    if len(lines) > _OUTPUT_LINES or len(failure.exception_message) > _OUTPUT_LOOKED_AT:
        yield cut_line((Piece("… the rest of a longer message is left out", "muted"),), width)


def _scorers(scenario_run: "ScenarioRun", width: int) -> Iterator[Line]:
    result = scenario_run.scoring_contract_result
    results = result.scoring_function_results if result else ()
    for scored in results[:_MOST_SCORERS]:
        yield ()
        yield from _scorer(scored, width)
    if len(results) > _MOST_SCORERS:
        yield ()
        more = plural(len(results) - _MOST_SCORERS, "more scorer")
        yield cut_line((Piece(f"… and {more}", "muted"),), width)


def scorer_line(scored: "ScoringFunctionResult", width: int) -> Line:
    """A scorer's name, its score, and whether it came to an end."""
    state = cut(safe(scored.state), _LONGEST_STATE) or "state not said"
    value = score(scored.score)
    name = safe(scored.scoring_function_name).strip() or "scorer without a name"
    name = cut(name, max(_NARROWEST_NAME, width - cell_len(state) - len(value) - 2))
    tone = _SCORER_TONES.get(scored.state, "warn")
    pieces = (Piece(f"{name} ", "accent"), Piece(f"{value} ", "strong"), Piece(state, tone))
    return cut_line(pieces, width)


def _scorer(scored: "ScoringFunctionResult", width: int) -> Iterator[Line]:
    yield scorer_line(scored, width)
    lines = safe_lines(scored.output[-_OUTPUT_LOOKED_AT:].rstrip())
    if len(lines) > _OUTPUT_LINES or len(scored.output) > _OUTPUT_LOOKED_AT:
        yield cut_line((Piece("… the end of a longer output:", "muted"),), width)
    for line in lines[-_OUTPUT_LINES:]:
        yield (Piece(cut(line, width)),)


def _fields(scenario_run: "ScenarioRun", width: int) -> Iterator[Line]:
    for label, value in (
        ("name", scenario_run.name),
        ("id", scenario_run.id),
        ("scenario", scenario_run.scenario_id),
        ("run", scenario_run.benchmark_run_id),
        ("devbox", scenario_run.devbox_id),
        ("purpose", scenario_run.purpose),
    ):
        if value:
            yield from labelled(label, safe(value), width)
    yield from labelled_pairs("metadata", scenario_run.metadata, width)
    yield from secret_fields(scenario_run, width)
