"""What comparisons look like: of tonight's run with the one before, of two ended runs, of the agents of a job."""

import pytest

from tests.snapshots.test_screens import SIZES, WIDE, Compare, Snapshots
from tests.ui.stage import Stage


@pytest.fixture
def snapshots(snap_compare: Compare) -> Snapshots:
    return Snapshots(snap_compare)


@SIZES
def test_a_run_and_the_run_before(snapshots: Snapshots, size: tuple[int, int]) -> None:
    assert snapshots.match(Stage(), size, "down", "equals_sign")


@SIZES
def test_the_agents_of_a_job(snapshots: Snapshots, size: tuple[int, int]) -> None:
    assert snapshots.match(Stage(), size, "b", "G", "equals_sign")


def test_two_runs_that_ended(snapshots: Snapshots) -> None:
    keys = ("slash", *"tb2-nightly-", "enter", "g", "down", "space", "space")
    assert snapshots.match(Stage(), WIDE, *keys, "equals_sign")
