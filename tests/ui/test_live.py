"""What changes at Runloop changes on the screen; moments are written in the format chosen with `t`."""

import time

import pytest

from runloop_tui.ui.app import RunloopApp
from runloop_tui.ui.runtime.terminal import Terminal
from runloop_tui.ui.widgets.table_pane import TablePane
from tests.ui.job_stage import job_stage, jobs_screen
from tests.ui.seeing import NARROW, WIDE, detail, row_on_screen, run_names, scenario_names
from tests.ui.worlds import ALPHA, FEW, RUNNING_IN_ALPHA, run_id, scenario_run_id, stage_of


async def test_runs_appear_and_states_counts_and_scores_go_on(notified: list[str]) -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        runs, scenarios = stage.main.runs.table, stage.main.scenarios.table
        alpha = run_id(stage, "alpha")
        cython = scenario_run_id(stage, "alpha", "build-cython-ext")
        assert "5/12" in row_on_screen(stage, runs, alpha)
        assert "40.0%" in row_on_screen(stage, runs, alpha)
        assert "running" in row_on_screen(stage, scenarios, cython)
        stage.clock.advance(s=125)
        await stage.poll(pilot)
        assert run_names(stage) == ["later", "alpha", "beta", "gamma"]
        assert "2 running" in stage.text()
        assert "6/12" in row_on_screen(stage, runs, alpha)
        assert "50.0%" in row_on_screen(stage, runs, alpha)
        assert scenarios.scenario_runs[cython].score == 1.0
        assert "circuit-fibsqrt" in scenario_names(stage), "a scenario that has started since"
        assert "6 of 12 done" in detail(stage)
        assert notified == [], "a run that starts is seen, not announced"


async def test_a_tick_neither_filters_nor_sorts(monkeypatch: pytest.MonkeyPatch) -> None:
    arranged: list[TablePane] = []
    rearrange = TablePane.rearrange

    def counted(pane: TablePane) -> None:
        arranged.append(pane)
        rearrange(pane)

    stage = job_stage()
    async with stage.running(WIDE) as pilot:
        await pilot.press("b")
        await stage.settle(pilot)
        monkeypatch.setattr(TablePane, "rearrange", counted)
        stage.clock.advance(s=1)
        stage.app._tick()
        await pilot.pause()
        assert arranged == []
        await stage.poll(pilot)
        screen = jobs_screen(stage)
        assert set(arranged) == {
            stage.main.runs,
            stage.main.scenarios,
            screen.jobs,
            screen.runs,
        }


async def test_a_run_that_ends_is_announced_once(
    notified: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    titles: list[str] = []
    monkeypatch.setattr(RunloopApp, "bell", lambda _: rung.append("bell"))
    monkeypatch.setattr(Terminal, "_write", lambda _, sequence: titles.append(sequence))
    stage = stage_of(ALPHA, bell=True, title=True)
    async with stage.running(NARROW) as pilot:
        assert notified == []
        assert titles[-1] == "\x1b]2;runloop: 1 running\x07"
        stage.clock.advance(s=711)
        await stage.poll(pilot)
        await stage.poll(pilot)
        row = row_on_screen(stage, stage.main.runs.table, run_id(stage, "alpha"))
        assert "completed" in row
        assert "33.3%" in row
        assert titles[-1] == "\x1b]2;runloop: nothing running\x07"
    assert [text for text in notified if "alpha" in text] == [
        "alpha has ended: completed, 33.3% (36.4% of the 11 that ran), 1 error"
    ]
    assert rung == ["bell"]


async def test_what_was_terminal_at_the_start_is_not_notified(notified: list[str]) -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await stage.poll(pilot)
        assert notified == []


async def test_terminal_runs_that_were_read_are_not_fetched_again() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("j")
        await stage.settle(pilot)
        await pilot.press("k")
        assert any(run_id(stage, "beta") in line for line in stage.requests.requests)
        stage.requests.requests.clear()
        for _ in range(3):
            stage.clock.advance(s=5)
            await stage.poll(pilot)
        sent = "\n".join(stage.requests.requests)
        assert run_id(stage, "alpha") in sent
        assert run_id(stage, "beta") not in sent
        assert run_id(stage, "gamma") not in sent


async def test_durations_tick_with_the_clock_and_send_no_request() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        runs, scenarios = stage.main.runs.table, stage.main.scenarios.table
        alpha = run_id(stage, "alpha")
        chess = scenario_run_id(stage, "alpha", RUNNING_IN_ALPHA[1])
        sent = len(stage.requests.requests)
        assert "11m" in row_on_screen(stage, runs, alpha)
        assert "3m" in row_on_screen(stage, scenarios, chess)
        assert "elapsed     11m 42s" in detail(stage)
        stage.clock.advance(s=47)
        stage.app._tick()
        await pilot.pause()
        assert "12m" in row_on_screen(stage, runs, alpha)
        assert "4m" in row_on_screen(stage, scenarios, chess)
        assert "elapsed     12m 29s" in detail(stage)
        assert len(stage.requests.requests) == sent


@pytest.fixture
def _in_tokyo(monkeypatch: pytest.MonkeyPatch) -> object:
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("_in_tokyo")
async def test_t_goes_from_ago_to_local_to_utc_and_back(notified: list[str]) -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        table, beta = stage.main.runs.table, run_id(stage, "beta")
        for started, full in (
            ("2h ago", "JST"),
            ("21:13", "2026-09-21 23:01:37 JST"),
            ("12:13", "2026-09-21 14:01:37 UTC"),
            ("2h ago", "JST"),
        ):
            assert started in row_on_screen(stage, table, beta)
            assert full in detail(stage)
            await pilot.press("t")
        assert notified == ["Times: local", "Times: UTC", "Times: ago", "Times: local"]
