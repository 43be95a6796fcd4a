"""What is going on in all runs together, in a line."""

from typing import TYPE_CHECKING

from rich.cells import cell_len

from runloop_tui.present.cells import Line, Piece
from runloop_tui.present.numbers import percent, plural
from runloop_tui.present.runs import run_name, score_now, stuck_count
from runloop_tui.present.states import run_sign
from runloop_tui.present.text import cut, safe
from runloop_tui.present.times import clock_time

if TYPE_CHECKING:
    from runloop_tui.monitor.snapshot import RunRecord, Snapshot

_LONGEST_SERVER = 40


def title_line(
    snapshot: "Snapshot", now_ms: int, width: int, *, server: str, demo: bool, read_only: bool
) -> Line:
    """The top line: what is watched, what is going on, what time it is."""
    left = [Piece(" runloop ", "title")]
    if demo:
        left.append(Piece("DEMO ", "warn"))
    if read_only:
        left.append(Piece("READ-ONLY ", "warn"))
    left.append(Piece(f"{cut(safe(server), _LONGEST_SERVER)}  ", "muted"))
    middle = (
        [Piece(summary(snapshot), "plain" if snapshot.live else "muted")] if snapshot.loaded else []
    )
    if stuck := sum(stuck_count(record, now_ms) for record in snapshot.live):
        middle.append(Piece(f" · {stuck} stuck", "bad"))
    clock = f" {clock_time(now_ms, now_ms)} "
    used = sum(cell_len(piece.text) for piece in (*left, *middle)) + len(clock)
    return (*left, *middle, Piece(" " * max(1, width - used)), Piece(clock, "muted"))


def summary(snapshot: "Snapshot") -> str:
    """How many runs are running, as the terminal's title says it."""
    live = len(snapshot.live)
    return f"{live} running" if live else "nothing running"


def essentials(snapshot: "Snapshot", width: int) -> list[Line]:
    """What a screen too small for panes shows: a line for all, then one for each live run."""
    return [
        (Piece(cut(f"{summary(snapshot)}, q quits", width), "strong"),),
        *((Piece(cut(_in_short(record), width)),) for record in snapshot.live),
    ]


def _in_short(record: "RunRecord") -> str:
    done = f"{record.tally.done}/{record.planned or '?'}" if record.tally else "·"
    return f"{done} {percent(score_now(record))} {run_name(record.run)}"


def ended_news(record: "RunRecord") -> str:
    """What to tell when a run has ended."""
    text = f"{cut(run_name(record.run), 60)} has ended: {run_sign(record).word}"
    if record.run.score is not None:
        text += f", {percent(record.run.score)}"
    if record.tally and record.tally.error:
        text += f", {plural(record.tally.error, 'error')}"
    return text


def farewell(snapshot: "Snapshot") -> str:
    """What is said once when the app is left."""
    live = len(snapshot.live)
    if not live:
        return "Nothing is running at Runloop."
    runs = "1 run goes" if live == 1 else f"{live} runs go"
    return f"{runs} on at Runloop; start runloop-tui again to see how far."
