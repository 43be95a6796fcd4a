"""What on the screen was not read yet, and should not wait for the next poll."""

from typing import TYPE_CHECKING

from runloop_tui.monitor.health import What

if TYPE_CHECKING:
    from runloop_tui.monitor.attention import Attention
    from runloop_tui.monitor.definition_names import DefinitionNames
    from runloop_tui.monitor.ledger import Ledger
    from runloop_tui.monitor.postponing import Backoff, Postponed
    from runloop_tui.monitor.totals import Totals


def run_to_count(
    attention: "Attention", ledger: "Ledger", postponed: "Postponed", poll: int, rereads: "Backoff"
) -> str | None:
    """The watched run, if its scenario runs are not held; else one on screen whose counts are unknown.

    Of an ended run, scenario runs that could not be read are read again, put off by `rereads`, the one first that
    is due the longest.
    """

    def can_be_read(run_id: str) -> bool:
        is_there = ledger.knows_run(run_id) and not ledger.is_gone(run_id)
        return is_there and postponed.is_due((What.SCENARIO_RUNS, run_id), poll)

    def is_reread_due(run_id: str) -> bool:
        is_unread = ledger.has_unread(run_id) and not ledger.is_live(run_id)
        return is_unread and rereads.is_due(run_id, poll)

    watched = attention.watched
    is_lacking = watched and (not ledger.has_swept(watched) or is_reread_due(watched))
    if watched and is_lacking and can_be_read(watched):
        return watched
    uncounted = (run_id for run_id in attention.visible if not ledger.has_tally(run_id))
    lacking = next(filter(can_be_read, uncounted), None)
    if lacking is not None:
        return lacking
    unread = [id_ for id_ in attention.visible if is_reread_due(id_) and can_be_read(id_)]
    return min(unread, key=rereads.next_poll, default=None)


def benchmark_to_read(
    attention: "Attention", ledger: "Ledger", postponed: "Postponed", poll: int, totals: "Totals"
) -> str | None:
    """The benchmark of a run on screen that could not be read along with the run's scenario runs."""
    lacking = (ledger.benchmark_to_ask(run_id) for run_id in attention.visible)
    due = (id_ for id_ in lacking if id_ and totals.is_due(id_))
    return next((id_ for id_ in due if postponed.is_due((What.BENCHMARK, id_), poll)), None)


def definitions_to_read(
    attention: "Attention",
    ledger: "Ledger",
    postponed: "Postponed",
    poll: int,
    names: "DefinitionNames",
) -> str | None:
    """The benchmark that tells the names of what has not started in the watched run, where they are not known."""
    id_ = ledger.definitions_to_ask(attention.watched) if attention.watched else None
    is_due = id_ and names.is_due(id_) and postponed.is_due((What.NAMES, id_), poll)
    return id_ if is_due else None
