"""A scenario run in full (the inspector) and in a few lines (the preview); a scenario that has not started."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.cells import cell_len

from runloop_tui.analysis.reasons import worst_result
from runloop_tui.monitor.arrange import scenario_elapsed_ms
from runloop_tui.monitor.counts import NOT_STARTED
from runloop_tui.monitor.states import STUCK
from runloop_tui.present.layout import (
    Cells,
    Line,
    Piece,
    Tone,
    cut_line,
    labelled,
    labelled_environment,
    labelled_fields,
    labelled_pairs,
    wrap,
)
from runloop_tui.present.report import late_words
from runloop_tui.present.scenarios import failure_words, late_word, scenario_name
from runloop_tui.present.states import TO_START, Sign, heading, scenario_sign
from runloop_tui.present.text import cut, safe, safe_lines, safe_name
from runloop_tui.present.units import Times, duration, full_moment, plural, score, since_start

if TYPE_CHECKING:
    from runloop_tui.analysis.slow import Slow, Stuck
    from runloop_tui.api.models import (
        FailureReason,
        ScenarioDefinition,
        ScenarioRun,
        ScoringFunctionResult,
    )

_OUTPUT_LOOKED_AT = 16_000
"""Characters of a message or of a scorer's output that are read; outputs run to megabytes."""
_PREVIEW_LOOKED_AT = 8_000
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
    late: "Slow | Stuck | None",
    under_way: str,
    failure: "FailureReason | None" = None,
) -> list[Line]:
    """Return the lines of the inspector, none wider than `width`.

    Args:
        scenario_run: the scenario run.
        now_ms: now on the server's clock.
        times: how moments are written.
        width: the width of the pane, in cells.
        late: why it is slow or stuck; None where it is neither.
        under_way: the action under way on it; "" without one.
        failure: why it failed, as its job reports it.
    """
    sign = scenario_sign(scenario_run, late=late_word(late), under_way=under_way)
    return [
        heading(scenario_name(scenario_run), sign, width),
        *_state(scenario_run, sign, width),
        *_progress(scenario_run, now_ms, times, width, late),
        *_failure(failure, width),
        *_scorers(scenario_run, width),
        (),
        *_fields(scenario_run, width),
    ]


def _state(scenario_run: "ScenarioRun", sign: Sign, width: int) -> Iterator[Line]:
    """Yield the state in the server's last answer, where the heading shows another."""
    if sign.word != scenario_run.state:
        yield from labelled("state", safe(scenario_run.state) or "not said", width)


def _progress(
    scenario_run: "ScenarioRun",
    now_ms: int,
    times: Times,
    width: int,
    late: "Slow | Stuck | None",
) -> Iterator[Line]:
    if scenario_run.score is not None:
        yield from labelled("score", score(scenario_run.score), width, tone="strong")
    elapsed = duration(scenario_elapsed_ms(scenario_run, now_ms))
    yield from labelled("elapsed", elapsed, width)
    if late is not None:
        word = late_word(late)
        yield from labelled(word, late_words(late), width, "bad" if word == STUCK else "warn")
    yield from labelled("started", full_moment(scenario_run.start_time_ms, times.zone), width)


def _failure(failure: "FailureReason | None", width: int) -> Iterator[Line]:
    """Yield why it failed, with the whole message."""
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
    """Return a scorer's name, score and state; the name is cut first."""
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
    fields = (
        ("name", scenario_run.name),
        ("id", scenario_run.id),
        ("scenario", scenario_run.scenario_id),
        ("run", scenario_run.benchmark_run_id),
        ("devbox", scenario_run.devbox_id),
        ("purpose", scenario_run.purpose),
    )
    yield from labelled_fields(fields, width)
    yield from labelled_pairs("metadata", scenario_run.metadata, width)
    variables, secrets = scenario_run.environment_variables, scenario_run.secrets_provided
    yield from labelled_environment(variables, secrets, width)


def scenario_preview(
    scenario_run: "ScenarioRun",
    now_ms: int,
    times: Times,
    width: int,
    height: int,
    *,
    late: "Slow | Stuck | None",
    under_way: str,
    failure: "FailureReason | None" = None,
) -> list[Line]:
    """Return at most `height` lines, none wider than `width`: state, failure, the end of the worst scorer's output.

    The keywords are those of `scenario_detail`.
    """
    sign = scenario_sign(scenario_run, late=late_word(late), under_way=under_way)
    elapsed = scenario_elapsed_ms(scenario_run, now_ms)
    since = since_start(elapsed, scenario_run.start_time_ms, times)
    lines = [
        heading(scenario_name(scenario_run), sign, width),
        cut_line(
            (Piece(f"{since}, devbox {safe(scenario_run.devbox_id) or 'none'}", "muted"),), width
        ),
    ]
    if late is not None:
        lines.append(cut_line((Piece(late_words(late), "warn"),), width))
    if failure is not None:
        lines.append(cut_line((Piece(failure_words(failure), "bad"),), width))
    worst = worst_result(scenario_run)
    if worst is not None:
        lines.append(scorer_line(worst, width))
        room = max(0, height - len(lines))
        output = safe_lines(worst.output[-_PREVIEW_LOOKED_AT:].rstrip())
        end = output[max(0, len(output) - room) :]
        lines.extend((Piece(cut(line, width)),) for line in end)
    return lines[:height]


def not_started_cells(definition: "ScenarioDefinition") -> Cells:
    """Return the row of a scenario that has not started, a piece for each of SCENARIO_COLUMNS."""
    sign = TO_START
    name = Piece(safe_name(definition.name, definition.id), "muted")
    nothing = Piece("–", "muted")
    return Piece(f"{sign.glyph} {NOT_STARTED}", sign.tone), name, nothing, nothing, Piece("")


def not_started_lines(definition: "ScenarioDefinition", width: int) -> list[Line]:
    """Return the lines of the inspector for a scenario that has not started."""
    name = safe_name(definition.name, definition.id)
    sign = TO_START._replace(word=NOT_STARTED)
    return [heading(name, sign, width), *labelled("scenario", safe(definition.id), width)]
