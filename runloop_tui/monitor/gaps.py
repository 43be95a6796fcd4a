"""What on the screen was not read yet, and should not wait for the next poll."""

from typing import TYPE_CHECKING

from runloop_tui.monitor.health import What

if TYPE_CHECKING:
    from runloop_tui.monitor.attention import Attention
    from runloop_tui.monitor.ledger import Ledger
    from runloop_tui.monitor.postponing import Postponed


def run_to_count(
    attention: "Attention", ledger: "Ledger", postponed: "Postponed", poll: int
) -> str | None:
    """The watched run, if its scenario runs are not held; else one on screen whose counts are unknown."""

    def can_be_read(run_id: str) -> bool:
        is_there = ledger.knows_run(run_id) and not ledger.is_gone(run_id)
        return is_there and postponed.is_due((What.SCENARIO_RUNS, run_id), poll)

    watched = attention.watched
    if watched and can_be_read(watched) and not ledger.has_swept(watched):
        return watched
    uncounted = (run_id for run_id in attention.visible if not ledger.has_tally(run_id))
    return next(filter(can_be_read, uncounted), None)


def benchmark_to_read(
    attention: "Attention", ledger: "Ledger", postponed: "Postponed", poll: int
) -> str | None:
    """The benchmark of a run on screen that could not be read along with the run's scenario runs."""
    lacking = (ledger.benchmark_to_ask(run_id) for run_id in attention.visible)
    return next(
        (id_ for id_ in lacking if id_ and postponed.is_due((What.BENCHMARK, id_), poll)), None
    )


def definitions_to_read(
    attention: "Attention", ledger: "Ledger", postponed: "Postponed", poll: int
) -> str | None:
    """The benchmark that tells the names of what has not started in the watched run, where they are not known."""
    id_ = ledger.definitions_to_ask(attention.watched) if attention.watched else None
    return id_ if id_ and postponed.is_due((What.NAMES, id_), poll) else None
