"""What is computed about runs: the same in rows, title, detail, table, filter, dialogs and events."""

import re
from pathlib import Path

import pytest

from runloop_tui.analysis import report
from runloop_tui.analysis.collapse import Standstill
from runloop_tui.demo.world import World
from runloop_tui.ui.dialogs.compare import CompareDialog
from runloop_tui.ui.dialogs.confirm import ConfirmDialog
from tests.api.scripted import NOW_MS
from tests.demo.clock import Clock
from tests.ui.seeing import WIDE, detail, scenario_row_names
from tests.ui.stage import Stage
from tests.ui.worlds import ALPHA, FEW, run_id, stage_of

BIG, STORM, NIGHTLY = "swe-verified-claude-code", "swe-lite-codex", "tb2-nightly-codex"


def demo_stage() -> Stage:
    clock = Clock()
    return Stage(clock=clock, world=World(clock))


async def look_at(stage: Stage, pilot: object, name: str) -> None:
    """Move the cursor to a run, and wait until the logs of what is slow there were read."""
    stage.main.runs.table.move_to(run_id(stage, name))
    await stage.settle(pilot)  # type: ignore[arg-type]
    for _ in range(3):
        stage.clock.advance(s=5)
        await stage.poll(pilot)  # type: ignore[arg-type]


def row_of(stage: Stage, name: str, width: int = 58) -> str:
    lines = stage.main.runs.table.row_lines(run_id(stage, name), width)
    return "\n".join("".join(piece.text for piece in line) for line in lines)


async def test_where_nothing_is_wrong_next_problem_says_so(notified: list[str]) -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        await pilot.press("exclamation_mark")
        await stage.settle(pilot)
        assert notified == ["No scenario is stuck, slow or an error."]


async def test_the_stuck_are_the_same_in_title_row_detail_table_filter_and_next_problem() -> None:
    stage = demo_stage()
    async with stage.running(WIDE) as pilot:
        await look_at(stage, pilot, BIG)
        assert "? 2 stuck" in stage.text().splitlines()[0]
        assert "2 stuck" in row_of(stage, BIG)
        [named] = re.findall(r"^stuck +2: (.+(?:\n {12}.+)*)$", detail(stage), re.MULTILINE)
        assert named.count("silent ") == 2
        assert re.search(r"^slow +1: .+× the median of this run", detail(stage), re.MULTILINE)
        rows = scenario_row_names(stage)
        stuck = rows[:2]  # problems first
        assert all(name in named.replace("\n" + " " * 12, " ") for name in stuck)
        await pilot.press("3", "slash", *"state:stuck", "enter")
        await stage.settle(pilot)
        assert scenario_row_names(stage) == stuck
        await pilot.press("escape", "G", "exclamation_mark")
        assert stage.main.scenarios.highlighted is not None
        assert stage.main.scenarios.highlighted.name == stuck[0]


async def test_the_end_in_a_row_is_the_middle_of_the_range_in_the_detail_and_in_the_question() -> (
    None
):
    stage = demo_stage()
    async with stage.running(WIDE) as pilot:
        await look_at(stage, pilot, STORM)
        analysis = stage.app._analysis
        assert analysis is not None
        end = analysis.ends[run_id(stage, STORM)]
        assert end.high_ms is not None
        assert end.low_ms <= end.middle_ms <= end.high_ms
        await pilot.press("t", "t")  # as UTC
        await stage.settle(pilot)
        [(low, high)] = re.findall(r"^ends +(\d\d:\d\d)–(\d\d:\d\d)", detail(stage), re.MULTILINE)
        [middle] = re.findall(r"~(\d\d:\d\d)", row_of(stage, STORM))
        assert low <= middle <= high
        sent = len(stage.requests.posts)
        await pilot.press("1", "X")
        await stage.settle(pilot)
        question = stage.app.screen
        assert isinstance(question, ConfirmDialog)
        text = stage.text()
        assert f"By itself it would end {low}–{high}." in text
        assert re.search(r"24 sandboxes end without a score, and \d+h \d+m of work is lost", text)
        assert "The score would be reported as" in text
        assert len(stage.requests.posts) == sent


async def test_the_run_before_is_the_same_in_the_detail_and_in_the_comparison(
    tmp_path: Path,
) -> None:
    clock = Clock()
    stage = Stage(clock=clock, world=World(clock), history=tmp_path / "history.db")
    live = next(run for run in stage.world.runs() if run.plan.name == NIGHTLY)
    async with stage.running((200, 60)) as pilot:
        stage.main.runs.table.move_to(live.id)
        for _ in range(14):  # what is on the screen is read, then kept, then asked for
            clock.advance(s=5)
            await stage.poll(pilot)
        [of_detail] = re.findall(
            r"^compared +([▲▼][\d.]+) vs the run before", detail(stage), re.MULTILINE
        )
        await pilot.press("equals_sign")
        await stage.settle(pilot)
        assert isinstance(stage.app.screen, CompareDialog)
        [of_dialog] = re.findall(r"against [\d.]+%  ([▲▼][\d.]+) \(", stage.text())
        assert of_detail == of_dialog


async def test_a_collapse_is_announced_once_and_its_recovery_once(notified: list[str]) -> None:
    stage = demo_stage()
    async with stage.running(WIDE) as pilot:
        await look_at(stage, pilot, STORM)
        seen_in_title = False
        for _ in range(100):  # 25 minutes
            stage.clock.advance(s=15)
            await stage.poll(pilot)
            seen_in_title |= "! 1 collapsing" in stage.text().splitlines()[0]
            if seen_in_title and "! 1 collapsing" not in stage.text().splitlines()[0]:
                break
        begun = [text for text in notified if "is collapsing: since" in text]
        over = [text for text in notified if "has recovered from its collapse" in text]
        assert (len(begun), len(over)) == (1, 1)
        assert STORM in begun[0]
        assert STORM in over[0]
        await pilot.press("e")
        await stage.settle(pilot)
        assert "is collapsing: since" in stage.text()


async def test_a_standstill_is_announced_once_and_its_end_once(
    notified: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stands = {"still": True}
    monkeypatch.setattr(
        report,
        "standstill",
        lambda *_: Standstill(NOW_MS, 60_000) if stands["still"] else None,
    )
    stage = stage_of(ALPHA)
    async with stage.running(WIDE) as pilot:
        await stage.poll(pilot)
        assert "! 1 standing still" in stage.text().splitlines()[0]
        assert "standstill  nothing finished for" in detail(stage)
        stands["still"] = False
        for _ in range(2):
            stage.clock.advance(s=31)
            await stage.poll(pilot)
        assert [text.partition(":")[0] for text in notified] == [
            "alpha stands still",
            "alpha goes on",
        ]
