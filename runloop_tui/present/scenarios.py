"""Scenario runs as table rows, and the reason why one did not pass."""

from typing import TYPE_CHECKING

from runloop_tui.monitor.arrange import scenario_elapsed_ms
from runloop_tui.monitor.counts import outcome
from runloop_tui.monitor.states import SLOW, STUCK
from runloop_tui.present.layout import Cells, Column, Piece
from runloop_tui.present.states import scenario_sign
from runloop_tui.present.text import safe, safe_name
from runloop_tui.present.units import brief, score, shown_of

if TYPE_CHECKING:
    from runloop_tui.analysis.slow import Slow, Stuck
    from runloop_tui.api.models import FailureReason, ScenarioRun
    from runloop_tui.monitor.snapshot import RunRecord

SCENARIO_COLUMNS = (
    Column("state", "state", 13),
    Column("name", "name", 14, stretch=3),
    Column("score", "score", 6, right=True),
    Column("elapsed", "time", 7, right=True),
    Column("reason", "reason", 8, stretch=4, optional=1),
)
"""The columns of the scenario table."""


def scenario_name(scenario_run: "ScenarioRun") -> str:
    """Return the name of a scenario run, else its scenario's id, else its own id."""
    return safe_name(scenario_run.name, scenario_run.scenario_id, scenario_run.id)


def scenario_cells(
    scenario_run: "ScenarioRun",
    now_ms: int,
    late: "Slow | Stuck | None",
    under_way: str,
    failure: "FailureReason | None" = None,
) -> Cells:
    """Return the row of a scenario run, a piece for each of SCENARIO_COLUMNS.

    `late` says why it is slow or stuck, `failure` is the failure that its job reports, `under_way` the action under
    way on it.
    """
    sign = scenario_sign(scenario_run, late=late_word(late), under_way=under_way)
    why = shown_reason(late, reason(scenario_run, failure))
    return (
        Piece(f"{sign.glyph} {sign.word}", sign.tone),
        Piece(scenario_name(scenario_run)),
        Piece(score(scenario_run.score)),
        Piece(brief(scenario_elapsed_ms(scenario_run, now_ms)), "muted"),
        Piece(why, "muted"),
    )


def late_word(late: "Slow | Stuck | None") -> str:
    """Return "stuck" or "slow"; "" for neither."""
    return "" if late is None else STUCK if hasattr(late, "slow") else SLOW


def shown_reason(late: "Slow | Stuck | None", why: str) -> str:
    """Return the text of the reason column: why it is slow or stuck, else `why`."""
    if late is None:
        return why
    from runloop_tui.present.report import late_words  # not before the first frame

    return late_words(late)


def reason(scenario_run: "ScenarioRun", failure: "FailureReason | None" = None) -> str:
    """Return why a scenario run did not pass (`reason_of_run`); "" where no more than its state is known."""
    if outcome(scenario_run) in {"passed", "running", "scoring", "canceled"}:
        return ""
    from runloop_tui.analysis.reasons import Reason, reason_of_run  # not before the first frame

    why = reason_of_run(scenario_run, failure)
    return "" if why == Reason(text=scenario_run.state) else safe(why.sample)


def failure_words(failure: "FailureReason") -> str:
    """Return a failure that a job reports as one line."""
    parts = (safe(failure.exception_type).strip(), safe(failure.exception_message).strip())
    return ": ".join(each for each in parts if each)


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
