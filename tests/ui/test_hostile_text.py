"""Text of the server, wherever it is shown: no control character reaches the terminal, and no markup is parsed."""

from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from runloop_tui.demo.account import BENCHMARKS
from runloop_tui.demo.plans import HOUR, RunPlan
from runloop_tui.ui.dialogs.downloads import DownloadsDialog
from runloop_tui.ui.dialogs.start_run import ChooseBenchmarkDialog
from runloop_tui.ui.runtime.terminal import Terminal
from runloop_tui.ui.screens.archive import ArchiveScreen
from runloop_tui.ui.screens.entry import EntryScreen
from runloop_tui.ui.screens.jobs import JobsScreen
from runloop_tui.ui.screens.live_log import LiveLogScreen
from tests.ui.hostile_wire import HOSTILE, assert_harmless, drives_a_terminal, hostile_rewrite
from tests.ui.job_stage import job_stage
from tests.ui.log_scenes import archive_opened, entry_opened, live_opened, zipped
from tests.ui.seeing import NARROW, ULTRA, WIDE, status
from tests.ui.transports import Wire, rewrite_answers, until
from tests.ui.worlds import FEW, stage_of

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from tests.ui.stage import Stage


def hostile_name(text: str) -> str:
    """As the zip library can write it: it stops at a NUL."""
    return text.replace("\x00", "\x01")


ARCHIVE = zipped(
    *((hostile_name(text), "\n".join(HOSTILE).encode()) for text in HOSTILE),
    ("../../climbs out", b"x"),
    ("CON", b""),
)


def stage_with_hostile_archive(folder: Path) -> "Stage":
    """An app whose downloads hold hostile files, and propose hostile names."""
    stage = stage_of(*FEW, downloads=folder)
    rewrite_answers(stage, hostile_rewrite())

    def answer(request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.endswith("/download_logs"):
            return None
        proposed = 'attachment; filename="../../\x1b]0;x\x07\\"[/x].zip"'.encode("latin-1")
        headers = [(b"content-type", b"application/zip"), (b"content-disposition", proposed)]
        return httpx.Response(200, headers=headers, content=ARCHIVE)

    stage.requests.instead = answer
    return stage


async def walk(stage: "Stage", pilot: "Pilot[None]", notified: list[str], *keys: str) -> str:
    """Press keys, and look at the screen after each; gives all that was on it."""
    seen = []
    for key in keys:
        await pilot.press(key)
        await stage.settle(pilot)
        assert_harmless(stage, notified)
        seen.append(stage.text())
    return "\n".join(seen)


def assert_letter_by_letter(seen: str) -> None:
    """Fail unless markup was shown as the text that it is."""
    assert any(text in seen for text in ("[bold]not bold", "[/x] unmatched", "[@click=app.quit]"))


async def test_jobs_with_their_agents_outcomes_and_reasons(notified: list[str]) -> None:
    stage = job_stage()
    rewrite_answers(stage, hostile_rewrite())
    async with stage.running(ULTRA, toasts=True) as pilot:
        seen = await walk(stage, pilot, notified, "b", "2", "j", "j", "y", "1", "j", "y", "s", "s")
        assert_letter_by_letter(seen)
        assert isinstance(stage.app.screen, JobsScreen)
        await walk(stage, pilot, notified, "z", "slash", "[", "enter", "escape", "escape")


async def test_failures_in_groups(notified: list[str]) -> None:
    stage = job_stage()
    rewrite_answers(stage, hostile_rewrite())
    async with stage.running(NARROW, toasts=True) as pilot:
        await walk(stage, pilot, notified, "b", "f", "j", "G", "y", "escape", "escape")
        seen = await walk(stage, pilot, notified, "j", "f", "j", "y", "D", "escape", "enter")
        assert "group: " in seen


async def test_a_scenario_in_full_its_search_and_what_is_copied(notified: list[str]) -> None:
    stage = stage_of(*FEW, demo=False, platform="https://platform.runloop.ai")
    rewrite_answers(stage, hostile_rewrite())
    async with stage.running(NARROW, toasts=True) as pilot:
        keys = ("enter", "y", "Y", "o", "escape", "3", "enter", "y", "Y")
        assert_letter_by_letter(await walk(stage, pilot, notified, *keys))
        await walk(stage, pilot, notified, "slash", "[", "enter", "n", "G", "escape", "escape")


async def test_the_files_of_an_archive_one_of_them_and_the_downloads(
    tmp_path: Path, notified: list[str]
) -> None:
    stage = stage_with_hostile_archive(tmp_path / "chosen")
    async with stage.running(WIDE, toasts=True) as pilot:
        screen = await archive_opened(stage, pilot)
        assert screen.entries is not None
        assert len(screen.entries.files) == len(HOSTILE) + 2
        assert_letter_by_letter(await walk(stage, pilot, notified, "y", "s", "s"))
        await walk(stage, pilot, notified, "slash", "[", "enter", "escape", "D", "tab", "enter")
        await stage.settle(pilot)
        await walk(stage, pilot, notified, "escape", "d")
        assert isinstance(stage.app.screen, DownloadsDialog)
        await walk(stage, pilot, notified, "y")
    (folder,) = tmp_path.iterdir()  # noqa: ASYNC240 - a small folder of ours
    (archive,) = folder.iterdir()
    assert archive.name.isascii()
    assert archive.name.endswith("-logs.zip")


async def test_a_file_of_an_archive_with_its_search(tmp_path: Path, notified: list[str]) -> None:
    stage = stage_with_hostile_archive(tmp_path)
    async with stage.running(NARROW, toasts=True) as pilot:
        await entry_opened(stage, pilot)
        assert isinstance(stage.app.screen, EntryScreen)
        assert_letter_by_letter(await walk(stage, pilot, notified, "w", "w", "right", "G"))
        await walk(stage, pilot, notified, "slash", "[", "enter", "n", "N")
        await walk(stage, pilot, notified, "escape", "escape", "escape")
        assert isinstance(stage.app.screen, ArchiveScreen | type(stage.main))


async def test_the_log_of_a_devbox_with_its_filters(notified: list[str]) -> None:
    stage = stage_of(*FEW)
    rewrite_answers(stage, hostile_rewrite())
    async with stage.running(NARROW, toasts=True) as pilot:
        await live_opened(stage, pilot)
        assert_letter_by_letter(await walk(stage, pilot, notified, "g", "w", "G"))
        await walk(stage, pilot, notified, "s", "s", "v", "v", "slash", "e", "enter")
        assert isinstance(stage.app.screen, LiveLogScreen)


async def test_the_form_and_the_benchmarks_it_offers(notified: list[str]) -> None:
    not_yet = (RunPlan(None, each, starts_at_ms=100 * HOUR) for each in BENCHMARKS)
    stage = stage_of(*FEW, *not_yet)
    rewrite_answers(stage, hostile_rewrite())
    async with stage.running(WIDE, toasts=True) as pilot:
        assert_letter_by_letter(await walk(stage, pilot, notified, "N", "enter"))
        assert isinstance(stage.app.screen, ChooseBenchmarkDialog)
        await walk(stage, pilot, notified, "down", "[", "backspace", "enter")
        await walk(stage, pilot, notified, "\u202e", "[", "\x9d", "tab", "[")


async def test_unknown_states_names_that_are_missing_and_ids_that_are_hostile(
    notified: list[str],
) -> None:
    stage = stage_of(*FEW)
    texts = iter(HOSTILE * 100)

    def rewrite(view: Wire) -> None:
        if "state" in view:
            view |= {"state": next(texts), "name": None, "benchmark_id": next(texts)}
        if "devbox_id" in view:
            view |= {"id": next(texts)[:900], "name": "", "devbox_id": next(texts)}

    rewrite_answers(stage, rewrite)
    async with stage.running(WIDE, toasts=True) as pilot:
        for key in ("1", "j", "y", "3", "j", "y", "Y", "space", "enter", "escape", "X", "escape"):
            await pilot.press(key)
            await pilot.pause()
            assert_harmless(stage, notified)


@pytest.mark.parametrize("status", [400, 409, 500])
async def test_a_refusal_in_hostile_words(notified: list[str], status: int) -> None:
    stage = stage_of(*FEW)
    texts = iter(HOSTILE * 100)

    def refuse(request: httpx.Request) -> httpx.Response | None:
        if request.method != "POST":
            return None
        return httpx.Response(status, json={"message": next(texts)})

    async with stage.running(NARROW, toasts=True) as pilot:
        stage.requests.instead = refuse
        for keys in (("X", "right", "enter"), ("C", "right", "enter"), ("3", "j", "j", "j", "E")):
            await walk(stage, pilot, notified, *keys)
    assert notified


async def test_the_title_of_the_terminal(
    monkeypatch: pytest.MonkeyPatch, notified: list[str]
) -> None:
    titles: list[str] = []
    monkeypatch.setattr(Terminal, "set_title", lambda _, title: titles.append(title))
    stage = stage_of(*FEW, title=True)
    rewrite_answers(stage, hostile_rewrite())
    async with stage.running(NARROW) as pilot:
        await stage.poll(pilot)
    assert titles
    assert not any(map(drives_a_terminal, titles))


async def test_values_of_variables_are_neither_shown_nor_copied_nor_in_a_picture(
    notified: list[str],
) -> None:
    stage = stage_of(*FEW, demo=False, platform="https://platform.runloop.ai")

    def rewrite(view: Wire) -> None:
        if "start_time_ms" in view:
            view["environment_variables"] = {"TOKEN": "hunter2hunter"}

    rewrite_answers(stage, rewrite)
    async with stage.running(ULTRA, toasts=True) as pilot:
        for key in ("y", "enter", "y", "Y", "escape", "3", "y", "enter", "G", "y", "Y"):
            await pilot.press(key)
            seen = (stage.text(), stage.app.clipboard, stage.app.export_screenshot(), *notified)
            assert not any("hunter2" in text for text in seen)
            picked = stage.app.screen.get_selected_text() or ""
            assert "hunter2" not in picked
        assert "TOKEN" in stage.text()


async def test_hostile_names_and_outputs_are_shown_as_text_in_every_pane_and_dialog(
    notified: list[str],
) -> None:
    stage = stage_of(*FEW)
    rewrite_answers(stage, hostile_rewrite())
    async with stage.running(WIDE, toasts=True) as pilot:
        for key in ("1", "2", "3", "4"):
            await pilot.press(key)
            assert_harmless(stage, notified)
        for run in ("j", "j", "k"):
            await pilot.press("1", run, "3", "G")
            await stage.settle(pilot)
            assert_harmless(stage, notified)
        await pilot.press("1", "g")
        for keys in (("X",), ("C",), ("D",), ("3", "D"), ("1", "space", "space", "X")):
            await pilot.press(*keys)
            assert len(stage.app.screen_stack) == 2
            assert_harmless(stage, notified)
            await pilot.press("escape")
        stage.clock.advance(s=800)
        await stage.poll(pilot)  # a run with a hostile name has ended: a toast
        assert any("has ended" in message for message in notified)
        assert_harmless(stage, notified)
        await pilot.press("e")
        assert len(stage.app.screen_stack) == 2
        assert "has ended" in stage.text()
        assert_harmless(stage, notified)


async def test_markup_in_names_is_shown_letter_by_letter(notified: list[str]) -> None:
    stage = stage_of(*FEW)

    def rewrite(view: Wire) -> None:
        if view.get("name") == "alpha":
            view["name"] = "[bold]a[/x]"

    rewrite_answers(stage, rewrite)
    async with stage.running(NARROW, toasts=True) as pilot:
        assert "[bold]a[/x]" in stage.text()
        await pilot.press("X")
        assert "Cancel the run [bold]a[/x]?" in stage.text()
        await pilot.press("right", "enter")
        await until(pilot, lambda: "[bold]a[/x] is canceled." in stage.text())
        assert "[bold]a[/x] is canceled." in notified[0]


async def test_a_hostile_error_is_shown_as_text(notified: list[str]) -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        for text in HOSTILE:
            stage.requests.instead = lambda _, text=text: httpx.Response(
                500, json={"message": text}
            )
            await stage.poll(pilot)
            assert "server error (500)" in status(stage)
            assert_harmless(stage, notified)


async def test_a_hostile_filter_is_only_a_filter() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("slash")
        stage.main.runs._filter.value = "[/x]\x1b[2J\n漢"
        await pilot.press("enter")
        assert_harmless(stage, [])
        assert "filter: [/x]" in stage.text()
