"""What is going on in all runs together, in a line."""

from typing import TYPE_CHECKING

from runloop_tui.present.accounting import other_reading
from runloop_tui.present.cells import Line, Piece
from runloop_tui.present.flow import cut_line, line_width
from runloop_tui.present.numbers import percent, plural, share
from runloop_tui.present.runs import run_name, stuck_count
from runloop_tui.present.scenarios import scenario_name
from runloop_tui.present.states import run_state_sign, scenario_state_sign
from runloop_tui.present.text import cut, safe
from runloop_tui.present.times import clock_time

if TYPE_CHECKING:
    from runloop_tui.api.models import ScenarioRun
    from runloop_tui.monitor.snapshot import RunRecord, Snapshot

_LONGEST_SERVER = 40
_NARROWEST_SERVER = 4
_LONGEST_NAME = 60


def title_line(
    snapshot: "Snapshot",
    now_ms: int,
    width: int,
    *,
    server: str,
    demo: bool,
    read_only: bool,
    failed: bool = False,
) -> Line:
    """The top line: what is watched, what is going on, what time it is. The server's name makes room first.

    `failed` says that a try to read the runs has failed, should there be no data yet.
    """
    left = [Piece(" runloop ", "title")]
    if demo:
        left.append(Piece("DEMO ", "warn"))
    if read_only:
        left.append(Piece("READ-ONLY ", "warn"))
    going_on = [Piece(summary(snapshot, failed=failed), "plain" if snapshot.live else "muted")]
    if stuck := sum(stuck_count(record, now_ms) for record in snapshot.live):
        going_on.append(Piece(f" · {stuck} stuck", "bad"))
    clock = Piece(f" {clock_time(now_ms, now_ms)} ", "muted")
    room = width - line_width((*left, *going_on, clock)) - 3
    if room >= _NARROWEST_SERVER:
        left.append(Piece(f"{cut(safe(server), min(_LONGEST_SERVER, room))}  ", "muted"))
    line = (*left, *going_on)
    gap = Piece(" " * max(1, width - line_width((*line, clock))))
    return cut_line((*line, gap, clock), width)


def summary(snapshot: "Snapshot", *, failed: bool = False) -> str:
    """How many runs are running, as the terminal's title says it; `failed` where a try to read them has."""
    if not snapshot.loaded:
        return "no data yet" if failed else "connecting…"
    live = len(snapshot.live)
    return f"{live} running" if live else "nothing running"


def essentials(snapshot: "Snapshot", width: int) -> list[Line]:
    """What a screen too small for panes shows: a line for all, then one for each live run."""
    return [
        (Piece(cut(f"{summary(snapshot)}, q quits", width), "strong"),),
        *((Piece(cut(_in_short(record), width)),) for record in snapshot.live),
    ]


def _in_short(record: "RunRecord") -> str:
    counts = record.counts
    done = share(counts.finished, record.planned) if counts else "·"
    return f"{done} {percent(record.score)} {run_name(record.run)}"


def ended_news(record: "RunRecord") -> str:
    """What to tell when a run has ended."""
    name, state = cut(run_name(record.run), _LONGEST_NAME), run_state_sign(record.run).word
    text = f"{name} has ended: {state}"
    if record.score is not None:
        reading = other_reading(record)
        text += f", {percent(record.score)}" + (f" ({reading})" if reading else "")
    counts = record.counts
    if counts and counts.error:
        text += f", {plural(counts.error, 'error')}"
    return text


def scenario_ended_news(record: "RunRecord", scenario_run: "ScenarioRun") -> str:
    """What to tell when a scenario run that was acted upon has ended, or has the score that was asked for."""
    run = cut(run_name(record.run), _LONGEST_NAME)
    name = f"{cut(scenario_name(scenario_run), _LONGEST_NAME)} ({run})"
    word, score = scenario_state_sign(scenario_run).word, scenario_run.score
    text = f"{name} has ended: {word}" if scenario_run.is_terminal else f"{name} has its score"
    return text if score is None else f"{text}, {percent(score)}"


def farewell(snapshot: "Snapshot") -> str:
    """What is said once when the app is left: as far as was seen."""
    live = len(snapshot.live)
    if not live:
        return "No run was going on when last seen."
    runs = "1 run goes" if live == 1 else f"{live} runs go"
    return f"{runs} on without runloop-tui; start it again to see how far."
