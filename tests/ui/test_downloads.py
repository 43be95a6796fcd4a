"""`D` downloads logs: asks first, shows how far it is, says where they are."""

import zipfile
from pathlib import Path

import httpx
import pytest

from runloop_tui.ui.dialogs.confirm import ConfirmDialog
from runloop_tui.ui.dialogs.downloads import DownloadsDialog
from tests.ui.seeing import NARROW, WIDE, no_dialog
from tests.ui.stage import Stage
from tests.ui.test_actions import CONFIRM
from tests.ui.transports import SlowDownloads, until
from tests.ui.worlds import FEW, run_id, scenario_run_id, stage_of


def _slowed(stage: Stage) -> SlowDownloads:
    slow = SlowDownloads(stage.requests.inner)
    stage.requests.inner = slow
    return slow


def _files(folder: Path, ending: str = "") -> list[Path]:
    return [path for path in folder.iterdir() if path.name.endswith(ending)]


def _transfers(stage: Stage) -> str:
    return stage.main.transfers.text if stage.main.transfers.display else ""


async def test_d_asks_first_and_says_the_folder(tmp_path: Path) -> None:
    stage = stage_of(*FEW, downloads=Path("/somewhere/logs"))
    async with stage.running(NARROW) as pilot:
        for out in ("enter", "escape"):
            await pilot.press("D")
            assert isinstance(stage.app.screen, ConfirmDialog)
            assert "the logs of alpha" in stage.text()
            assert "/somewhere/logs" in stage.text()
            await pilot.press(out)
            assert no_dialog(stage)
        assert stage.requests.posts == []


async def test_the_logs_of_a_run_land_whole_under_a_name_of_their_own_and_nothing_is_overwritten(
    tmp_path: Path, notified: list[str]
) -> None:
    stage = stage_of(*FEW, downloads=tmp_path)
    async with stage.running(NARROW) as pilot:
        alpha = run_id(stage, "alpha")
        await pilot.press("D", *CONFIRM)
        await until(pilot, lambda: notified)
        assert stage.requests.posts == [f"/v1/benchmark_runs/{alpha}/download_logs"]
        (archive,) = _files(tmp_path)
        assert archive.name == f"alpha-{alpha}-so-far-logs.zip", "it is running"
        assert zipfile.ZipFile(archive).testzip() is None
        so_far = "(only what there was so far: it was still running)"
        assert notified == [f"The logs of alpha are in {archive} {so_far}"]
        archive.write_bytes(b"mine")
        await pilot.press("D", *CONFIRM)
        await until(pilot, lambda: len(notified) == 2)
        assert archive.read_bytes() == b"mine"
        assert len(_files(tmp_path)) == 2
        assert _transfers(stage) == ""


async def test_the_logs_of_a_scenario_run_are_those_of_the_row_under_the_cursor(
    tmp_path: Path, notified: list[str]
) -> None:
    stage = stage_of(*FEW, downloads=tmp_path)
    async with stage.running(NARROW) as pilot:
        await pilot.press("3", "slash", *"zzz", "enter", "escape", "j", "D", *CONFIRM)
        await until(pilot, lambda: notified)
        second = scenario_run_id(stage, "alpha", "build-pov-ray")
        assert stage.requests.posts == [f"/v1/scenarios/runs/{second}/download_logs"]
        (archive,) = _files(tmp_path)
        assert all(name.startswith(second) for name in zipfile.ZipFile(archive).namelist())


async def test_several_come_at_once_show_how_far_they_are_and_each_can_be_canceled(
    tmp_path: Path, notified: list[str]
) -> None:
    stage = stage_of(*FEW, downloads=tmp_path)
    async with stage.running(WIDE) as pilot:
        slow = _slowed(stage)
        await pilot.press("space", "space", "D")
        assert "2 logs" in stage.text()
        await pilot.press(*CONFIRM)
        assert stage.connection is not None
        downloads = stage.connection.downloads
        await until(
            pilot,
            lambda: len(downloads.active) == 2 and all(d.state.received for d in downloads.active),
        )
        stage.app._tick()
        assert "2 downloads" in _transfers(stage)
        assert "alpha" in _transfers(stage)
        assert "%" in _transfers(stage)
        assert all(path.suffix == ".part" for path in _files(tmp_path))

        await pilot.press("d")
        dialog = stage.app.screen
        assert isinstance(dialog, DownloadsDialog)
        assert "2 under way" in stage.text()
        assert stage.text().count("receiving") == 2
        canceled, kept = downloads.all
        await pilot.press("X")
        await until(pilot, lambda: notified)
        assert len(notified) == 1
        assert f"The download of the logs of {canceled.title} was canceled" in notified[0]
        assert len(_files(tmp_path)) == 1
        slow.let_go.set()
        await until(pilot, lambda: len(notified) == 2)
        assert notified[1].startswith(f"The logs of {kept.title} are in {kept.state.path}")

        dialog.show()
        await pilot.press("j", "y")
        assert stage.app.clipboard == str(kept.state.path)
        await pilot.press("escape")
        assert no_dialog(stage)
        stage.app._tick()
        assert _transfers(stage) == ""


async def test_the_same_logs_are_not_fetched_twice_at_once(tmp_path: Path) -> None:
    stage = stage_of(*FEW, downloads=tmp_path)
    async with stage.running(NARROW) as pilot:
        slow = _slowed(stage)
        await pilot.press("D", *CONFIRM)
        await until(pilot, lambda: stage.requests.posts)
        await pilot.press("D", *CONFIRM)
        slow.let_go.set()
        await stage.settle(pilot)
        assert len(stage.requests.posts) == 1
        assert len(_files(tmp_path)) == 1


class _Breaking(httpx.AsyncByteStream):
    async def __aiter__(self):  # type: ignore[no-untyped-def]  # noqa: ANN204 - an async generator
        yield b"PK\x03\x04 and then"
        raise httpx.ReadError("the line broke")


def _gone(_: httpx.Request) -> httpx.Response:
    return httpx.Response(404, json={"message": "no logs are kept"})


def _broken(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, headers={"Content-Type": "application/zip"}, stream=_Breaking())


def _no_zip(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, headers={"Content-Type": "application/zip"}, content=b"not a zip")


def _cut(_: httpx.Request) -> httpx.Response:
    """Announces more than it sends."""
    headers = {"Content-Type": "application/zip", "Content-Length": "9999"}
    return httpx.Response(200, headers=headers, content=b"PK\x03\x04 and then")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (_gone, "no logs are kept"),
        (_broken, "connection broke off"),
        (_cut, "connection broke off"),
        (_no_zip, "zip"),
    ],
)
async def test_a_download_that_fails_says_why_and_leaves_nothing_that_looks_whole(
    answer: "object", words: str, tmp_path: Path, notified: list[str]
) -> None:
    stage = stage_of(*FEW, downloads=tmp_path)
    async with stage.running(NARROW) as pilot:
        stage.requests.instead = lambda request: (
            answer(request) if request.method == "POST" else None  # type: ignore[operator]
        )
        await pilot.press("D", *CONFIRM)
        await until(pilot, lambda: notified)
        assert "The logs of alpha were not downloaded" in notified[0]
        assert words in notified[0]
        assert "address" not in notified[0]
        assert _files(tmp_path, ".zip") == []
        await pilot.press("d")
        assert "failed" in stage.text()


async def test_a_folder_that_cannot_be_written_to_is_reported_and_nothing_is_requested(
    tmp_path: Path, notified: list[str]
) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    stage = stage_of(*FEW, downloads=tmp_path / "taken")
    async with stage.running(NARROW) as pilot:
        await pilot.press("D", *CONFIRM)
        await until(pilot, lambda: notified)
        assert "The logs of alpha were not downloaded" in notified[0]
        assert stage.requests.posts == []


async def test_q_asks_while_a_download_is_under_way(tmp_path: Path) -> None:
    stage = stage_of(*FEW, downloads=tmp_path)
    async with stage.running(NARROW) as pilot:
        _slowed(stage)
        await pilot.press("D", *CONFIRM)
        await until(pilot, lambda: _files(tmp_path))
        await pilot.press("q")
        assert "1 download under way" in stage.text()
        await pilot.press("enter")
        assert no_dialog(stage)
        assert stage.app._exit is False
        await pilot.press("q", *CONFIRM)
    assert stage.app.return_code == 0
    assert _files(tmp_path, ".zip") == []


async def test_ctrl_c_asks_as_q_does_and_only_once(tmp_path: Path) -> None:
    stage = stage_of(*FEW, downloads=tmp_path)
    async with stage.running(NARROW) as pilot:
        _slowed(stage)
        await pilot.press("D", *CONFIRM)
        await until(pilot, lambda: _files(tmp_path))
        await pilot.press("ctrl+c", "ctrl+c")
        assert "1 download under way" in stage.text()
        await pilot.press("enter")
        assert no_dialog(stage)
        assert stage.app._exit is False
        await pilot.press("ctrl+c", *CONFIRM)
    assert stage.app.return_code == 0
