"""Scenario runs as table rows, and the reason why one did not pass."""

from typing import TYPE_CHECKING

from runloop_tui.monitor.arrange import scenario_elapsed_ms
from runloop_tui.monitor.counts import outcome, times_usual
from runloop_tui.present.layout import Cells, Column, Piece
from runloop_tui.present.states import scenario_sign
from runloop_tui.present.text import last_lines, safe, safe_name
from runloop_tui.present.units import brief, score, shown_of

if TYPE_CHECKING:
    from runloop_tui.api.models import FailureReason, ScenarioRun, ScoringFunctionResult
    from runloop_tui.monitor.snapshot import RunRecord

SCENARIO_COLUMNS = (
    Column("state", "state", 13),
    Column("name", "name", 14, stretch=3),
    Column("score", "score", 6, right=True),
    Column("elapsed", "time", 7, right=True),
    Column("reason", "reason", 8, stretch=4, optional=1),
)
"""The columns of the scenario table."""

_LINES_LOOKED_AT = 4
_RULE = "=-_*# >"
"""The characters that test runners draw around their last line."""


def scenario_name(scenario_run: "ScenarioRun") -> str:
    """Return the name of a scenario run, else its scenario's id, else its own id."""
    return safe_name(scenario_run.name, scenario_run.scenario_id, scenario_run.id)


def scenario_cells(
    scenario_run: "ScenarioRun",
    now_ms: int,
    usual_ms: int | None,
    under_way: str,
    failure: "FailureReason | None" = None,
) -> Cells:
    """Return the row of a scenario run, a piece for each of SCENARIO_COLUMNS.

    `failure` is the failure that its job reports, `under_way` the action under way on it.
    """
    factor = times_usual(scenario_run, usual_ms, now_ms)
    sign = scenario_sign(scenario_run, stuck=factor is not None, under_way=under_way)
    why = shown_reason(factor, reason(scenario_run, failure))
    return (
        Piece(f"{sign.glyph} {sign.word}", sign.tone),
        Piece(scenario_name(scenario_run)),
        Piece(score(scenario_run.score)),
        Piece(brief(scenario_elapsed_ms(scenario_run, now_ms)), "muted"),
        Piece(why, "muted"),
    )


def shown_reason(factor: float | None, why: str) -> str:
    """Return the text of the reason column: how long it is stuck (`factor` times the usual), else `why`."""
    return why if factor is None else f"{factor:.0f}× its usual time"


def reason(scenario_run: "ScenarioRun", failure: "FailureReason | None" = None) -> str:
    """Return why a scenario run did not pass; "" where that is not known.

    The failure that its job reports, else the last line of the worst scorer's output, else that scorer's name.
    """
    kind = outcome(scenario_run)
    if kind in {"passed", "running", "scoring", "canceled"}:
        return ""
    if kind == "error" and failure is not None and (words := failure_words(failure)):
        return words
    worst = worst_result(scenario_run)
    return _last_line(worst.output) or safe(worst.scoring_function_name) if worst else ""


def failure_words(failure: "FailureReason") -> str:
    """Return a failure that a job reports as one line."""
    parts = (safe(failure.exception_type).strip(), safe(failure.exception_message).strip())
    return ": ".join(each for each in parts if each)


def worst_result(scenario_run: "ScenarioRun") -> "ScoringFunctionResult | None":
    """Return the result of the scorer that failed, else of the one with the least score; None before any."""
    result = scenario_run.scoring_contract_result
    if result is None or not result.scoring_function_results:
        return None
    return min(result.scoring_function_results, key=_badness)


def _badness(scored: "ScoringFunctionResult") -> tuple[bool, float]:
    return (scored.state != "error", scored.score if scored.score is not None else 0.0)


def _last_line(output: str) -> str:
    """Return the last line of a scorer's output that is not the score, which has its own column."""
    for line in last_lines(output, _LINES_LOOKED_AT):
        text = safe(line.strip(_RULE))  # again: a combining mark may have lost its base character
        if text and not text.startswith("score="):
            return text
    return ""


def scenarios_title(shown: int, record: "RunRecord") -> str:
    """Return the title of the scenario table: how many are shown, have started, and are in all."""
    if record.scenario_runs is None:
        return "scenarios, not read yet"
    held = len(record.scenario_runs)
    if not record.all_read:
        return f"scenarios, {held:,} read so far"
    if waiting := len(record.not_started):
        return f"scenarios {shown_of(shown, held + waiting)}, {waiting:,} not started"
    text = f"scenarios {shown_of(shown, held)}"
    if record.planned is None:
        return f"{text} started, total unknown"
    return text if record.planned == held else f"{text} started of {record.planned:,}"
