"""Changes between two snapshots."""

import pytest

from runloop_tui.monitor.snapshot import RunAppeared, RunEnded, RunRecord, Snapshot, changes
from tests.monitor.making import run


def snapshot(*states: str) -> Snapshot:
    records = tuple(RunRecord(run(f"bmr_{n}", state)) for n, state in enumerate(states))
    return Snapshot(records=records, loaded=True)


def test_the_first_load_is_no_news() -> None:
    assert list(changes(Snapshot(), snapshot("running", "failed"))) == []


def test_two_equal_snapshots_hold_no_news() -> None:
    assert list(changes(snapshot("running", "failed"), snapshot("running", "failed"))) == []


@pytest.mark.parametrize("state", ["completed", "canceled", "failed"])
def test_a_run_that_was_running_and_is_not_is_reported_as_ended(state: str) -> None:
    new = snapshot("running", state)
    assert list(changes(snapshot("running", "running"), new)) == [RunEnded(new.records[1])]


def test_an_unknown_state_is_not_reported_as_an_end() -> None:
    between = snapshot("completing")
    assert list(changes(snapshot("running"), between)) == []
    after = snapshot("completed")
    assert list(changes(between, after)) == [RunEnded(after.records[0])]


def test_a_run_that_starts_appears() -> None:
    new = snapshot("completed", "running")
    assert list(changes(snapshot("completed"), new)) == [RunAppeared(new.records[1])]


def test_an_older_run_that_was_read_on_is_no_news() -> None:
    assert list(changes(snapshot("running"), snapshot("running", "completed"))) == []
