"""What the screens look like, at the three sizes, in every situation a person meets.

After a wanted change: `pytest tests/snapshots --snapshot-update`, then look at each picture that changed.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Button, Input, OptionList

from runloop_tui.demo.account import TERMINAL_MINI
from runloop_tui.demo.plans import MINUTE, RunPlan
from runloop_tui.demo.world import World
from tests.demo.clock import Clock
from tests.snapshots.situations import answer_instead, never_answer, posts, rewrite_runs
from tests.ui.stage import Stage

if TYPE_CHECKING:
    from textual.pilot import Pilot

Compare = Callable[..., bool]

NARROW, WIDE, LARGE = (80, 24), (120, 40), (200, 60)
SIZES = pytest.mark.parametrize("size", [NARROW, WIDE, LARGE], ids=["80x24", "120x40", "200x60"])
TWO_SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
TO_THE_LARGE_RUN = ("down", "down", "down")


@dataclass
class Snapshots:
    """Takes pictures of a stage at rest after some keys."""

    compare: Compare

    def match(
        self,
        stage: Stage,
        size: tuple[int, int],
        *keys: str,
        then: Callable[[Stage, "Pilot[None]"], Awaitable[None]] | None = None,
        at_rest: bool = True,
    ) -> bool:
        async def before(pilot: "Pilot[None]") -> None:
            if at_rest:
                await stage.settle(pilot)
            for key in keys:
                await pilot.press(key)
                await pilot.pause()
            if then is not None:
                await then(stage, pilot)
            if at_rest:
                await stage.settle(pilot)

        return self.compare(stage.app, terminal_size=size, run_before=before)


@pytest.fixture
def snapshots(snap_compare: Compare) -> Snapshots:
    return Snapshots(snap_compare)


def small_world(*, is_linked: bool = True) -> Stage:
    """One run of 40 scenarios, well along."""
    clock = Clock()
    plans = [
        RunPlan(
            "tb2-mini-goose",
            TERMINAL_MINI,
            starts_at_ms=-9 * MINUTE,
            agent="goose",
            is_linked=is_linked,
        )
    ]
    return Stage(world=World(clock, plans=plans), clock=clock)


@SIZES
def test_live_runs(snapshots: Snapshots, size: tuple[int, int]) -> None:
    assert snapshots.match(Stage(), size, *TO_THE_LARGE_RUN)


@TWO_SIZES
def test_before_anything_was_answered(snapshots: Snapshots, size: tuple[int, int]) -> None:
    async def asked(stage: Stage, pilot: "Pilot[None]") -> None:
        while not stage.requests.requests:
            await pilot.pause(0.01)
        await pilot.pause()

    stage = Stage()
    never_answer(stage)
    assert snapshots.match(stage, size, then=asked, at_rest=False)


@TWO_SIZES
def test_an_empty_account(snapshots: Snapshots, size: tuple[int, int]) -> None:
    clock = Clock()
    assert snapshots.match(Stage(world=World(clock, plans=[]), clock=clock), size)


@TWO_SIZES
def test_an_error_over_data(snapshots: Snapshots, size: tuple[int, int]) -> None:
    async def fail(stage: Stage, pilot: "Pilot[None]") -> None:
        stage.clock.advance(minutes=4)
        answer_instead(stage, 503, json.dumps({"message": "upstream is restarting"}))
        await stage.poll(pilot)

    assert snapshots.match(Stage(), size, then=fail)


def test_a_wrong_key(snapshots: Snapshots) -> None:
    stage = Stage()
    answer_instead(stage, 401, json.dumps({"message": "invalid api key"}))
    assert snapshots.match(stage, WIDE)


def test_an_address_that_is_not_runloop(snapshots: Snapshots) -> None:
    stage = Stage()
    answer_instead(stage, 200, "<html><body>Welcome to nginx!</body></html>", "text/html")
    assert snapshots.match(stage, NARROW)


@SIZES
def test_a_filter_that_holds(snapshots: Snapshots, size: tuple[int, int]) -> None:
    assert snapshots.match(Stage(), size, "slash", *"codex", "enter")


def test_a_filter_while_it_is_typed(snapshots: Snapshots) -> None:
    assert snapshots.match(Stage(), WIDE, *TO_THE_LARGE_RUN, "3", "slash", *"timeout")


@TWO_SIZES
def test_the_scenarios_alone(snapshots: Snapshots, size: tuple[int, int]) -> None:
    assert snapshots.match(Stage(), size, *TO_THE_LARGE_RUN, "enter", "z")


def test_the_runs_alone_have_all_columns(snapshots: Snapshots) -> None:
    assert snapshots.match(Stage(), WIDE, "z")


def test_a_run_in_full(snapshots: Snapshots) -> None:
    assert snapshots.match(Stage(), NARROW, "down", "2", "z")


@TWO_SIZES
def test_a_scenario_in_full(snapshots: Snapshots, size: tuple[int, int]) -> None:
    keys = ("enter", *["down"] * 16, "4", *(["z"] if size == WIDE else []))
    assert snapshots.match(Stage(), size, *TO_THE_LARGE_RUN, *keys)


def test_scenarios_sorted_by_score_and_marked(snapshots: Snapshots) -> None:
    assert snapshots.match(Stage(), WIDE, "3", "s", "s", "s", "space", "space", "p")


def test_local_times(snapshots: Snapshots) -> None:
    assert snapshots.match(Stage(), NARROW, *TO_THE_LARGE_RUN, "t")


@SIZES
def test_the_question_before_a_cancel(snapshots: Snapshots, size: tuple[int, int]) -> None:
    assert snapshots.match(Stage(), size, *TO_THE_LARGE_RUN, "X")


def test_the_question_before_a_complete_of_several(snapshots: Snapshots) -> None:
    assert snapshots.match(Stage(), WIDE, "space", "space", "C")


def test_the_question_before_a_scenario_run_is_canceled(snapshots: Snapshots) -> None:
    assert snapshots.match(Stage(), NARROW, "3", "down", "X")


def test_the_question_before_a_download(snapshots: Snapshots) -> None:
    assert snapshots.match(Stage(), NARROW, "D")


def test_a_run_being_canceled(snapshots: Snapshots) -> None:
    async def cancel(stage: Stage, pilot: "Pilot[None]") -> None:
        never_answer(stage, to=posts)
        await pilot.press("X", "tab", "enter")
        await pilot.pause()

    assert snapshots.match(small_world(), WIDE, then=cancel)


def test_a_run_that_was_canceled(snapshots: Snapshots) -> None:
    assert snapshots.match(small_world(), WIDE, "X", "tab", "enter")


def test_a_cancel_of_unknown_outcome(snapshots: Snapshots) -> None:
    async def cancel(stage: Stage, pilot: "Pilot[None]") -> None:
        answer_instead(stage, 502, "", to=posts)
        await pilot.press("X", "tab", "enter")
        await stage.settle(pilot)

    assert snapshots.match(small_world(), WIDE, then=cancel)


@TWO_SIZES
def test_downloads(snapshots: Snapshots, size: tuple[int, int]) -> None:
    async def refuse(stage: Stage, pilot: "Pilot[None]") -> None:
        answer_instead(stage, 404, json.dumps({"message": "no logs yet"}), to=posts)
        await pilot.press("D", "tab", "enter")
        await stage.settle(pilot)
        await pilot.press("d")

    assert snapshots.match(small_world(), size, then=refuse)


@TWO_SIZES
def test_help(snapshots: Snapshots, size: tuple[int, int]) -> None:
    assert snapshots.match(Stage(), size, "question_mark")


def test_read_only(snapshots: Snapshots) -> None:
    assert snapshots.match(Stage(read_only=True), NARROW)


@TWO_SIZES
def test_light(snapshots: Snapshots, size: tuple[int, int]) -> None:
    assert snapshots.match(Stage(theme="light"), size, *TO_THE_LARGE_RUN)


def test_without_a_key(snapshots: Snapshots) -> None:
    async def asked(stage: Stage, pilot: "Pilot[None]") -> None:
        while not isinstance(stage.app.focused, Button):
            await pilot.pause(0.01)
        await pilot.pause()

    stage = Stage(without_key=True, demo=False)
    assert snapshots.match(stage, NARROW, then=asked, at_rest=False)


def test_a_screen_too_small_for_panes(snapshots: Snapshots) -> None:
    assert snapshots.match(Stage(), (50, 12))


def test_hostile_names_and_unknown_states(snapshots: Snapshots) -> None:
    stage = small_world()
    hostile = "\x1b]0;owned\x07[red]bold[/] \u202eevil\u202c 日本語\n\t🏳️‍🌈 " + "x" * 10_000
    rewrite_runs(stage, {"name": hostile, "state": "hibernating"})
    assert snapshots.match(stage, WIDE)


def test_a_total_that_is_unknown(snapshots: Snapshots) -> None:
    assert snapshots.match(small_world(is_linked=False), NARROW)


def test_the_commands(snapshots: Snapshots) -> None:
    async def found(stage: Stage, pilot: "Pilot[None]") -> None:
        stage.app.screen.query_one(Input).cursor_blink = False
        while not stage.app.screen.query_one(OptionList).option_count:
            await pilot.pause()

    assert snapshots.match(Stage(), WIDE, "colon", then=found)
