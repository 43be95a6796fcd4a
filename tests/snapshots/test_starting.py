"""What starting a run looks like: the form, the benchmarks to choose from, the review, a start that failed."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from textual import events

from runloop_tui.demo.account import BILLING, SMOKE, SWE_VERIFIED, TERMINAL_BENCH, TERMINAL_MINI
from runloop_tui.demo.plans import HOUR, MINUTE, RunPlan
from runloop_tui.demo.world import World
from tests.demo.clock import Clock
from tests.snapshots.situations import answer_instead, posts
from tests.ui.stage import Stage

if TYPE_CHECKING:
    from textual.pilot import Pilot

Compare = Callable[..., bool]

NARROW, WIDE = (80, 24), (120, 40)
TWO_SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
FILLED_IN = (
    *("nightly", "tab", "compare agents", "tab", "http://ledger", "tab", "EUR"),
    *("tab", "MY_MODEL_KEY", "tab", "MY_LEDGER_TOKEN", "tab", "owner=me", "enter", "team=evals"),
    *("tab", "TOKEN=hunter2hunter", "tab", "EXTRA=MY_EXTRA"),
)


@pytest.fixture
def stage() -> Stage:
    """One live run, and benchmarks of which the others are made."""
    clock = Clock()
    unborn = (
        RunPlan(None, benchmark, starts_at_ms=100 * HOUR)
        for benchmark in (BILLING, SMOKE, SWE_VERIFIED, TERMINAL_BENCH)
    )
    live = RunPlan("tb2-mini-goose", TERMINAL_MINI, starts_at_ms=-9 * MINUTE, agent="goose")
    return Stage(world=World(clock, plans=[live, *unborn]), clock=clock)


async def open_chooser(stage: Stage, pilot: "Pilot[None]") -> None:
    await stage.settle(pilot)
    await pilot.press("N")
    await stage.settle(pilot)
    await pilot.press("enter")
    await stage.settle(pilot)


async def fill_in(stage: Stage, pilot: "Pilot[None]") -> None:
    await open_chooser(stage, pilot)
    await pilot.press(*"billing", "enter")
    await stage.settle(pilot)
    for text in FILLED_IN:
        if text in {"tab", "enter"}:
            await pilot.press(text)
        else:
            pilot.app.screen.post_message(events.Paste(text))
            await pilot.pause()


async def review(stage: Stage, pilot: "Pilot[None]") -> None:
    await pilot.click("#review")
    await stage.settle(pilot)


def test_the_benchmarks_to_choose_from(snap_compare: Compare, stage: Stage) -> None:
    async def before(pilot: "Pilot[None]") -> None:
        await open_chooser(stage, pilot)
        await pilot.press("down")

    assert snap_compare(stage.app, terminal_size=WIDE, run_before=before)


@TWO_SIZES
def test_the_review_with_values_masked(
    snap_compare: Compare, stage: Stage, size: tuple[int, int]
) -> None:
    async def before(pilot: "Pilot[None]") -> None:
        await fill_in(stage, pilot)
        await review(stage, pilot)

    assert snap_compare(stage.app, terminal_size=size, run_before=before)


@TWO_SIZES
def test_a_start_that_failed_keeps_what_was_typed(
    snap_compare: Compare, stage: Stage, size: tuple[int, int]
) -> None:
    async def before(pilot: "Pilot[None]") -> None:
        await fill_in(stage, pilot)
        await review(stage, pilot)
        words = json.dumps({"message": "the quota of this account is used up"})
        answer_instead(stage, 400, words, to=posts)
        await pilot.press("tab", "enter")
        await stage.settle(pilot)

    assert snap_compare(stage.app, terminal_size=size, run_before=before)
