"""A scenario run in full: where it stands, what its scorers said."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from runloop_tui.monitor.progress import times_usual
from runloop_tui.present.cells import Line, Piece, Tone
from runloop_tui.present.detail import MASK
from runloop_tui.present.flow import labelled
from runloop_tui.present.numbers import score
from runloop_tui.present.scenarios import scenario_elapsed_ms, scenario_name
from runloop_tui.present.states import scenario_sign
from runloop_tui.present.text import cut, safe, safe_lines
from runloop_tui.present.times import Times, duration, full_moment

if TYPE_CHECKING:
    from runloop_tui.api.models import ScenarioRun, ScoringFunctionResult

_OUTPUT_LOOKED_AT = 16_000
_OUTPUT_LINES = 60
_SCORER_TONES: dict[str, Tone] = {"complete": "muted", "error": "bad"}


def scenario_detail(
    scenario_run: "ScenarioRun",
    now_ms: int,
    times: Times,
    width: int,
    *,
    usual_ms: int | None,
    under_way: str,
) -> list[Line]:
    """The lines of the inspector, cut to `width`."""
    factor = times_usual(scenario_run, usual_ms, now_ms)
    sign = scenario_sign(scenario_run, stuck=factor is not None, under_way=under_way)
    word = f"{sign.glyph} {sign.word}"
    name = cut(scenario_name(scenario_run), max(8, width - len(word) - 2))
    return [
        (Piece(name, "title"), Piece("  "), Piece(word, sign.tone)),
        *_standing(scenario_run, now_ms, times, width, factor),
        *_scorers(scenario_run, width),
        *_fields(scenario_run, width),
    ]


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


def _scorers(scenario_run: "ScenarioRun", width: int) -> Iterator[Line]:
    result = scenario_run.scoring_contract_result
    for scored in result.scoring_function_results if result else ():
        yield ()
        yield from _scorer(scored, width)


def _scorer(scored: "ScoringFunctionResult", width: int) -> Iterator[Line]:
    state = safe(scored.state) or "state not said"
    name = cut(safe(scored.scoring_function_name) or "scorer without a name", max(8, width - 20))
    yield (
        Piece(f"{name} ", "accent"),
        Piece(f"{score(scored.score)} ", "strong"),
        Piece(cut(state, 14), _SCORER_TONES.get(scored.state, "warn")),
    )
    lines = safe_lines(scored.output[-_OUTPUT_LOOKED_AT:].rstrip())
    left_out = len(lines) > _OUTPUT_LINES or len(scored.output) > _OUTPUT_LOOKED_AT
    if left_out:
        yield (Piece("… the end of a longer output:", "muted"),)
    for line in lines[-_OUTPUT_LINES:]:
        yield (Piece(cut(line, width)),)


def _fields(scenario_run: "ScenarioRun", width: int) -> Iterator[Line]:
    yield ()
    yield from labelled("id", safe(scenario_run.id), width)
    for label, value in (
        ("scenario", scenario_run.scenario_id),
        ("devbox", scenario_run.devbox_id),
        ("purpose", scenario_run.purpose),
    ):
        if value:
            yield from labelled(label, safe(value), width)
    for name, value in scenario_run.metadata.items():
        yield from labelled("metadata", f"{safe(name)}  {safe(value)}", width)
    for name in scenario_run.environment_variables:
        yield from labelled("environment", f"{safe(name)}  {MASK}", width)
    for name, secret in scenario_run.secrets_provided.items():
        yield from labelled("secrets", f"{safe(name)}  ← {safe(secret)}", width)
