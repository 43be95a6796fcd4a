"""A scenario run in a few lines: where it stands, and the end of what its worst scorer said."""

from typing import TYPE_CHECKING

from runloop_tui.monitor.arrange import scenario_elapsed_ms
from runloop_tui.monitor.counts import times_usual
from runloop_tui.present.cells import Line, Piece
from runloop_tui.present.detail import heading
from runloop_tui.present.flow import cut_line
from runloop_tui.present.inspector import scorer_line
from runloop_tui.present.scenarios import (
    failure_words,
    scenario_name,
    worst_result,
)
from runloop_tui.present.states import scenario_sign
from runloop_tui.present.text import cut, safe, safe_lines
from runloop_tui.present.times import Times, duration, full_moment

if TYPE_CHECKING:
    from runloop_tui.api.models import FailureReason, ScenarioRun

_OUTPUT_LOOKED_AT = 8_000


def scenario_preview(
    scenario_run: "ScenarioRun",
    now_ms: int,
    times: Times,
    width: int,
    height: int,
    *,
    usual_ms: int | None,
    under_way: str,
    failure: "FailureReason | None" = None,
) -> list[Line]:
    """At most `height` lines, none wider than `width`; the end of the output, where tests say how they ended."""
    stuck = times_usual(scenario_run, usual_ms, now_ms) is not None
    sign = scenario_sign(scenario_run, stuck=stuck, under_way=under_way)
    elapsed = duration(scenario_elapsed_ms(scenario_run, now_ms))
    standing = f"{elapsed}, started {full_moment(scenario_run.start_time_ms, times.zone)}"
    lines = [
        heading(scenario_name(scenario_run), sign, width),
        cut_line(
            (Piece(f"{standing}, devbox {safe(scenario_run.devbox_id) or 'none'}", "muted"),), width
        ),
    ]
    if failure is not None:
        lines.append(cut_line((Piece(failure_words(failure), "bad"),), width))
    worst = worst_result(scenario_run)
    if worst is not None:
        lines.append(scorer_line(worst, width))
        room = max(0, height - len(lines))
        said = safe_lines(worst.output[-_OUTPUT_LOOKED_AT:].rstrip())
        lines.extend(
            (Piece(cut(line, width)),) for line in said[len(said) - min(room, len(said)) :]
        )
    return lines[:height]
