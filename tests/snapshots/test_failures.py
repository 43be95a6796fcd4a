"""What failures in groups look like: of a run that collapses, of a job, of a run without any; the scenarios of one."""

from typing import TYPE_CHECKING

import pytest

from tests.snapshots.test_screens import (
    NARROW,
    SIZES,
    TO_THE_LARGE_RUN,
    TWO_SIZES,
    Compare,
    Snapshots,
    small_world,
)
from tests.ui.stage import Stage

if TYPE_CHECKING:
    from textual.pilot import Pilot


@pytest.fixture
def snapshots(snap_compare: Compare) -> Snapshots:
    return Snapshots(snap_compare)


async def collapsed(stage: Stage, pilot: "Pilot[None]") -> None:
    stage.clock.advance(minutes=5)
    await stage.poll(pilot)
    await pilot.press("f")


@SIZES
def test_a_group_that_grows(snapshots: Snapshots, size: tuple[int, int]) -> None:
    assert snapshots.match(Stage(), size, *TO_THE_LARGE_RUN, then=collapsed)


@SIZES
def test_the_groups_of_a_job(snapshots: Snapshots, size: tuple[int, int]) -> None:
    assert snapshots.match(Stage(), size, "b", "down", "down", "down", "f")


@TWO_SIZES
def test_the_scenarios_of_a_group(snapshots: Snapshots, size: tuple[int, int]) -> None:
    async def filtered(stage: Stage, pilot: "Pilot[None]") -> None:
        await collapsed(stage, pilot)
        await stage.settle(pilot)
        await pilot.press("enter")

    assert snapshots.match(Stage(), size, *TO_THE_LARGE_RUN, then=filtered)


def test_a_run_without_failures(snapshots: Snapshots) -> None:
    assert snapshots.match(small_world(), NARROW, "f")
