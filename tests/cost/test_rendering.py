"""What is rendered anew for a poll and for a tick: the rows on the screen that changed, and no others."""

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from runloop_tui.demo.plans import RunPlan
from runloop_tui.demo.world import World
from runloop_tui.ui.widgets.bars import LineBar
from runloop_tui.ui.widgets.lines_view import LinesView
from runloop_tui.ui.widgets.runs_panes import ScenariosTable
from runloop_tui.ui.widgets.virtual_table import VirtualTable
from tests.benchmarks.worlds import LIVE_500, LIVE_5000, plans
from tests.demo.clock import Clock
from tests.ui.stage import NEVER_S, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.frames


class Calls:
    """Counts the calls of methods."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self.numbers: Counter[str] = Counter()

    def count(self, kind: type, name: str) -> None:
        """Count the calls of this method from now on."""
        inner: Callable[..., object] = getattr(kind, name)

        def counted(*arguments: object) -> object:
            self.numbers[name] += 1
            return inner(*arguments)

        self._monkeypatch.setattr(kind, name, counted)


@pytest.fixture(autouse=True)
def _ticks_only_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a slow machine counts the renderings of a tick, once in a real second, with those of a poll."""
    monkeypatch.setattr("runloop_tui.ui.runtime.base_app._TICK_S", NEVER_S)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    return Calls(monkeypatch)


@pytest.mark.parametrize("plan", [LIVE_500, LIVE_5000], ids=["500", "5000"])
async def test_a_poll_formats_rows_on_the_screen_only(calls: Calls, plan: RunPlan) -> None:
    clock = Clock()
    stage = Stage(clock=clock, world=World(clock, plans=[plan]))
    async with stage.running() as pilot:
        calls.count(ScenariosTable, "row_lines")
        clock.advance(s=5)
        await stage.poll(pilot)
        on_screen = stage.main.scenarios.table.size.height
        # each is compared with the row there, and rendered where it differs: with the data, then with its figures
        assert 0 < calls.numbers["row_lines"] <= 4 * on_screen


async def test_a_minute_in_which_only_the_clock_changes_renders_little(calls: Calls) -> None:
    clock = Clock()
    stage = Stage(clock=clock, world=World(clock, plans=plans("frozen")))
    async with stage.running() as pilot:
        for kind in (VirtualTable, LinesView, LineBar):
            calls.count(kind, "render_line")
        for second in range(60):
            clock.advance(s=1)
            stage.app._tick()
            if second % 5 == 0:
                await stage.poll(pilot)
        await pilot.pause()
        # each line of a run or scenario run on the screen once, and the age of the data
        main = stage.main
        on_screen = main.runs.table.size.height + main.scenarios.table.size.height
        assert 0 < calls.numbers["render_line"] <= on_screen + 5, on_screen


async def test_the_table_of_scenarios_is_sorted_once_for_a_poll_in_which_much_has_changed(
    calls: Calls,
) -> None:
    clock = Clock()
    stage = Stage(clock=clock, world=World(clock, plans=[replace(LIVE_500, concurrency=60)]))
    async with stage.running() as pilot:
        calls.count(type(stage.main.scenarios), "found_ids")
        clock.advance(s=60)
        await stage.poll(pilot)
        assert 0 < calls.numbers["found_ids"] <= 2
