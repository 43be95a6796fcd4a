"""Scenario runs as rows of a table, and why one came out as it did."""

from typing import TYPE_CHECKING

from runloop_tui.monitor.arrange import scenario_elapsed_ms
from runloop_tui.monitor.counts import outcome, times_usual
from runloop_tui.present.cells import Cells, Column, Piece
from runloop_tui.present.numbers import score
from runloop_tui.present.states import scenario_sign
from runloop_tui.present.text import last_lines, safe, safe_name
from runloop_tui.present.times import brief

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
"""What test runners draw around their last line."""


def scenario_name(scenario_run: "ScenarioRun") -> str:
    """The name of a scenario run, or the id of its scenario, or its own."""
    return safe_name(scenario_run.name, scenario_run.scenario_id, scenario_run.id)


def scenario_cells(
    scenario_run: "ScenarioRun",
    now_ms: int,
    usual_ms: int | None,
    under_way: str,
    failure: "FailureReason | None" = None,
) -> Cells:
    """The row of a scenario run, a piece for each of SCENARIO_COLUMNS; `failure` is what its job says."""
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
    """What stands in the column of reasons: how long one is stuck, else why it did not pass."""
    return why if factor is None else f"{factor:.0f}× its usual time"


def reason(scenario_run: "ScenarioRun", failure: "FailureReason | None" = None) -> str:
    """Why a scenario run did not pass; "" where that is not known.

    What the job says of its failure, else the last thing the worst scorer said, else that scorer's name.
    """
    kind = outcome(scenario_run)
    if kind in {"passed", "running", "scoring", "canceled"}:
        return ""
    if kind == "error" and failure is not None and (words := failure_words(failure)):
        return words
    worst = worst_result(scenario_run)
    return _last_said(worst.output) or safe(worst.scoring_function_name) if worst else ""


def failure_words(failure: "FailureReason") -> str:
    """What a job says of a failure, in a line."""
    said = (safe(failure.exception_type).strip(), safe(failure.exception_message).strip())
    return ": ".join(each for each in said if each)


def worst_result(scenario_run: "ScenarioRun") -> "ScoringFunctionResult | None":
    """What the scorer said that broke, or gave the least; None before any has."""
    result = scenario_run.scoring_contract_result
    if result is None or not result.scoring_function_results:
        return None
    return min(result.scoring_function_results, key=_badness)


def _badness(scored: "ScoringFunctionResult") -> tuple[bool, float]:
    return (scored.state != "error", scored.score if scored.score is not None else 0.0)


def _last_said(output: str) -> str:
    """The last line that says more than the score, which has a column of its own."""
    for line in last_lines(output, _LINES_LOOKED_AT):
        said = safe(line.strip(_RULE))  # what stood on the rule has nothing to stand on now
        if said and not said.startswith("score="):
            return said
    return ""


def scenarios_title(shown: int, record: "RunRecord") -> str:
    """The title of the scenario table: how many of how many are shown, and of which in all."""
    if record.scenario_runs is None:
        return "scenarios, not read yet"
    held = len(record.scenario_runs)
    if not record.all_read:
        return f"scenarios, {held:,} read so far"
    if waiting := len(record.not_started):
        held += waiting
        text = f"scenarios {shown:,}" if shown == held else f"scenarios {shown:,} of {held:,}"
        return f"{text}, {waiting:,} not started"
    text = f"scenarios {shown:,}" if shown == held else f"scenarios {shown:,} of {held:,}"
    if record.planned is None:
        return f"{text} started, total unknown"
    return text if record.planned == held else f"{text} started of {record.planned:,}"
