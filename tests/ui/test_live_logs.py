"""The log of a running scenario's devbox, followed while it is read."""

from pathlib import Path

from runloop_tui.ui.screens.archive import ArchiveScreen
from runloop_tui.ui.screens.live_log import LiveLogScreen
from runloop_tui.ui.screens.runs import RunsScreen
from tests.ui.log_scenes import (
    DevboxLog,
    lines_on_screen,
    live_opened,
    looked_again,
    looks,
    notice,
    status,
    until,
)
from tests.ui.seeing import NARROW, WIDE
from tests.ui.stage import Stage
from tests.ui.worlds import ALPHA, RUNNING_IN_ALPHA, stage_of


def scene() -> tuple[Stage, DevboxLog]:
    stage = stage_of(ALPHA)
    return stage, DevboxLog(stage)


def said(screen: LiveLogScreen) -> list[str]:
    """What the rows say behind time, source and level."""
    return [line[30:] for line in lines_on_screen(screen)]


async def test_l_on_a_running_scenario_follows_what_its_devbox_logs() -> None:
    stage, log = scene()
    log.write("one", "two", "two")
    async with stage.running(NARROW) as pilot:
        screen = await live_opened(stage, pilot)
        assert RUNNING_IN_ALPHA[0] in stage.text()
        assert said(screen) == ["one", "two", "two"]
        assert "follows" in status(screen)

        log.write("two", *(f"line {number}" for number in range(50)))
        await looked_again(stage, pilot)
        assert screen.view.place.lines == 54
        assert said(screen)[-1] == "line 49"
        assert stage.requests.posts == []


async def test_the_demos_own_log_grows_with_the_time() -> None:
    stage = stage_of(ALPHA)
    async with stage.running(WIDE) as pilot:
        screen = await live_opened(stage, pilot)
        before = [row.text for row in screen.rows]
        assert before
        stage.clock.advance(s=20)
        await looked_again(stage, pilot)
        after = [row.text for row in screen.rows]
        assert len(after) > len(before)
        assert after[: len(before)] == before


async def test_who_reads_further_up_is_left_where_he_is_when_lines_come() -> None:
    stage, log = scene()
    log.write(*(f"line {number}" for number in range(100)))
    async with stage.running(NARROW) as pilot:
        screen = await live_opened(stage, pilot)
        await pilot.press("g")
        log.write("more")
        await looked_again(stage, pilot)
        assert said(screen)[0] == "line 0"
        assert "of 101" in status(screen)
        await pilot.press("f")
        assert said(screen)[-1] == "more"


async def test_s_and_v_narrow_by_source_and_level_and_it_is_said() -> None:
    stage, log = scene()
    log.write("a", source="exec")
    log.write("b", source="stats", level="debug")
    log.write("c", source="exec", level="error")
    async with stage.running(NARROW) as pilot:
        screen = await live_opened(stage, pilot)
        await pilot.press("s")
        assert said(screen) == ["a", "c"]
        assert "only source exec" in status(screen)
        await pilot.press("s")
        assert said(screen) == ["b"]
        await pilot.press("s", "v")
        assert said(screen) == ["a", "c"]
        await pilot.press("v", "v")
        assert said(screen) == ["c"]
        log.write("d", level="error")
        log.write("e")
        await looked_again(stage, pilot)
        assert said(screen) == ["c", "d"], "the filter holds for what comes"
        await pilot.press("v")
        assert said(screen) == ["a", "b", "c", "d", "e"]


async def test_the_age_of_the_last_line_goes_on() -> None:
    stage, log = scene()
    log.write("a")
    async with stage.running(NARROW) as pilot:
        screen = await live_opened(stage, pilot)
        stage.clock.advance(s=42)
        screen.show_bars()
        assert "last line 42s ago" in screen._title_bar.text


async def test_what_is_found_goes_on_to_be_counted_as_lines_come() -> None:
    stage, log = scene()
    log.write("an error", "no", "an Error")
    async with stage.running(NARROW) as pilot:
        screen = await live_opened(stage, pilot)
        await pilot.press("slash", *"error", "enter")
        assert "match 1 of 2" in status(screen)
        log.write("error again")
        await looked_again(stage, pilot)
        assert "match 1 of 3" in status(screen)
        await pilot.press("N")
        assert screen.view.here == 3


async def test_a_log_that_cannot_be_read_keeps_its_lines_and_says_why() -> None:
    stage, log = scene()
    log.write("a")
    async with stage.running(WIDE) as pilot:
        screen = await live_opened(stage, pilot)
        log.status = 400
        await looked_again(stage, pilot)
        assert "the devbox is away" in notice(screen)
        assert said(screen) == ["a"]
        log.status = 200
        await looked_again(stage, pilot)
        assert notice(screen) == ""


async def test_when_the_scenario_ends_it_is_said_and_l_opens_the_archive(tmp_path: Path) -> None:
    stage = stage_of(ALPHA, downloads=tmp_path)
    log = DevboxLog(stage)
    log.write("a")
    async with stage.running(WIDE) as pilot:
        screen = await live_opened(stage, pilot)
        await pilot.press("l")
        await until(pilot, lambda: isinstance(stage.app.screen, ArchiveScreen), "what there is")
        so_far = stage.app.screen
        assert isinstance(so_far, ArchiveScreen)
        await until(pilot, lambda: so_far.entries, "its files")
        assert "only what there was so far" in so_far._status.text
        await pilot.press("escape")
        assert stage.app.screen is screen
        log.write("the end")
        stage.clock.advance(minutes=12)
        await stage.poll(pilot)
        await until(pilot, lambda: notice(screen), "the notice of its end")
        assert "has ended" in notice(screen)
        await until(pilot, lambda: "the end" in said(screen), "one more look")
        before = looks(stage)
        await pilot.press("r")
        await stage.settle(pilot)
        assert looks(stage) == before, "the log of a terminal scenario run is not fetched again"

        await pilot.press("l")
        await until(pilot, lambda: isinstance(stage.app.screen, ArchiveScreen), "its archive")
        assert len(stage.requests.posts) == 2, "the archive is requested anew, as it is whole now"
        await pilot.press("escape")
        assert len(stage.app.screen_stack) == 2, "back in the log"
        await pilot.press("escape")
        assert len(stage.app.screen_stack) == 1


async def test_a_log_that_was_left_is_not_fetched_again() -> None:
    stage, log = scene()
    log.write("a")
    async with stage.running(NARROW) as pilot:
        screen = await live_opened(stage, pilot)
        await pilot.press("escape")
        assert isinstance(stage.app.screen, RunsScreen)
        before = looks(stage)
        screen.live.refresh()
        await stage.poll(pilot)
        assert looks(stage) == before
