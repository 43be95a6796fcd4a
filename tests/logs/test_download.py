import asyncio
import errno
import io
import os
import stat
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import pytest

from runloop_tui.api.errors import NoConnection, NotFound
from runloop_tui.logs import downloads as downloads_module
from runloop_tui.logs.archive import NotAnArchive, TooLarge, WrongLength
from runloop_tui.logs.downloads import Download, DownloadState, OpenStream, Phase
from runloop_tui.logs.limits import Limits
from runloop_tui.logs.storage import part_path
from runloop_tui.present.archives import failure_words
from tests.logs.scripted_stream import Pause, ScriptedStream, a_zip, in_pieces

if TYPE_CHECKING:
    from runloop_tui.api.calls import LogStream

ARCHIVE = a_zip(agent_log="hello " * 500, test_log="world")


class HandClock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.ms = 1_000_000

    def __call__(self) -> int:
        return self.ms


class Watched:
    """A download of a scripted stream into `folder`, with the phases it went through."""

    def __init__(
        self,
        folder: Path,
        stream: ScriptedStream,
        *,
        clock: HandClock | None = None,
        open_stream: OpenStream | None = None,
        limits: Limits = Limits(),  # noqa: B008 - it is frozen
    ) -> None:
        self.phases: list[Phase] = []
        self.stream = stream
        self.download = Download(
            "bmr_1",
            "nightly",
            open_stream or stream.open,
            folder,
            "nightly-logs.zip",
            now=clock or HandClock(),
            on_change=lambda download: self.phases.append(download.state.phase),
            limits=limits,
        )


def refusing(code: int) -> Callable[..., None]:
    """Return a function that raises OSError with an errno."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    return refuse


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_a_whole_archive_is_received_checked_and_named(tmp_path: Path) -> None:
    stream = ScriptedStream(in_pieces(ARCHIVE), size=len(ARCHIVE))
    watched = Watched(tmp_path / "logs", stream)

    state = await watched.download.run()

    final = tmp_path / "logs" / "nightly-logs.zip"
    assert state == DownloadState("done", len(ARCHIVE), len(ARCHIVE), path=final)
    assert state.fraction == 1.0
    assert watched.phases == ["receiving", "checking", "done"]
    assert final.read_bytes() == ARCHIVE
    assert stat.S_IMODE(final.stat().st_mode) == 0o600
    assert names_in(final.parent) == ["nightly-logs.zip"]
    assert (stream.opened, stream.closed) == (1, 1)


async def test_an_archive_of_unknown_size_is_received_as_well(tmp_path: Path) -> None:
    watched = Watched(tmp_path, ScriptedStream(in_pieces(ARCHIVE)))

    state = await watched.download.run()

    assert state.phase == "done"
    assert state.size is None
    assert state.fraction is None


async def test_while_receiving_the_state_has_bytes_rate_and_the_part_file(tmp_path: Path) -> None:
    clock, pause = HandClock(), Pause()
    half = len(ARCHIVE) // 2
    stream = ScriptedStream([ARCHIVE[:half], pause, ARCHIVE[half:]], size=len(ARCHIVE))
    watched = Watched(tmp_path, stream, clock=clock)
    assert watched.download.state == DownloadState("waiting")

    running = asyncio.create_task(watched.download.run())
    await pause.reached.wait()
    clock.ms += 2_000

    state = watched.download.state
    assert (state.phase, state.received, state.size) == ("receiving", half, len(ARCHIVE))
    assert state.rate == half / 2
    assert state.fraction == half / len(ARCHIVE)
    assert state.path == tmp_path / "nightly-logs.zip.part"
    assert state.path.exists()
    clock.ms += 60_000
    assert watched.download.state.rate == 0.0, "a stalled download must not look fast"

    pause.resumed.set()
    assert (await running).phase == "done"


async def test_an_archive_of_that_name_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "nightly-logs.zip").write_text("yesterday's")

    state = await Watched(tmp_path, ScriptedStream([ARCHIVE])).download.run()

    assert state.path == tmp_path / "nightly-logs (2).zip"
    assert (tmp_path / "nightly-logs.zip").read_text() == "yesterday's"


async def test_a_name_that_is_taken_during_the_download_is_not_overwritten(tmp_path: Path) -> None:
    pause = Pause()
    watched = Watched(tmp_path, ScriptedStream([ARCHIVE, pause]))
    running = asyncio.create_task(watched.download.run())
    await pause.reached.wait()
    (tmp_path / "nightly-logs.zip").write_text("another file")
    pause.resumed.set()

    state = await running

    assert state.path == tmp_path / "nightly-logs (2).zip"
    assert names_in(tmp_path) == ["nightly-logs (2).zip", "nightly-logs.zip"]
    assert (tmp_path / "nightly-logs.zip").read_text() == "another file"


async def test_what_runloop_refuses_fails_and_leaves_nothing(tmp_path: Path) -> None:
    class Refused:
        async def __aenter__(self) -> "LogStream":
            raise NotFound(status=404)

        async def __aexit__(self, *error: object) -> None:
            raise AssertionError("was never open")

    watched = Watched(tmp_path, ScriptedStream([]), open_stream=Refused)

    state = await watched.download.run()

    assert state.phase == "failed"
    assert isinstance(state.error, NotFound)
    assert state.path is None
    assert names_in(tmp_path) == []
    assert watched.phases == ["failed"]


async def test_a_line_that_breaks_fails_and_keeps_what_arrived(tmp_path: Path) -> None:
    broken = NoConnection("the line broke")
    stream = ScriptedStream([ARCHIVE[:100], broken], size=len(ARCHIVE))

    state = await Watched(tmp_path, stream).download.run()

    part = tmp_path / "nightly-logs.zip.part"
    assert (state.phase, state.error, state.path) == ("failed", broken, part)
    assert part.read_bytes() == ARCHIVE[:100]
    assert stream.closed == 1


async def test_a_line_that_breaks_before_the_first_byte_leaves_nothing(tmp_path: Path) -> None:
    state = await Watched(tmp_path, ScriptedStream([NoConnection()])).download.run()

    assert (state.phase, state.path) == ("failed", None)
    assert names_in(tmp_path) == []


async def test_a_body_shorter_than_announced_is_a_failure(tmp_path: Path) -> None:
    stream = ScriptedStream([ARCHIVE], size=len(ARCHIVE) + 1)

    state = await Watched(tmp_path, stream).download.run()

    assert state.phase == "failed"
    assert isinstance(state.error, WrongLength)
    assert names_in(tmp_path) == ["nightly-logs.zip.part"]


async def test_a_body_longer_than_announced_is_not_read_to_its_end(tmp_path: Path) -> None:
    stream = ScriptedStream([b"x" * 60] * 1000, size=100)

    state = await Watched(tmp_path, stream).download.run()

    assert isinstance(state.error, WrongLength)
    assert stream.yielded == 2


async def test_an_archive_announced_beyond_the_disk_limit_is_not_even_begun(
    tmp_path: Path,
) -> None:
    stream = ScriptedStream([b"x" * 60] * 1000, size=60_000)

    state = await Watched(tmp_path, stream, limits=Limits(most_bytes=59_999)).download.run()

    assert isinstance(state.error, TooLarge)
    assert "--disk-limit" in str(state.error)
    assert (state.path, stream.yielded, names_in(tmp_path)) == (None, 0, [])


async def test_a_stream_without_an_end_stops_at_the_disk_limit_and_stays_a_part(
    tmp_path: Path,
) -> None:
    stream = ScriptedStream([b"x" * 60] * 1000)

    state = await Watched(tmp_path, stream, limits=Limits(most_bytes=150)).download.run()

    assert isinstance(state.error, TooLarge)
    assert stream.yielded == 3
    assert (tmp_path / "nightly-logs.zip.part").stat().st_size == 120


async def test_what_is_no_archive_does_not_get_an_archives_name(tmp_path: Path) -> None:
    state = await Watched(tmp_path, ScriptedStream([b"<html>sign in</html>"])).download.run()

    assert state.phase == "failed"
    assert isinstance(state.error, NotAnArchive)
    assert names_in(tmp_path) == ["nightly-logs.zip.part"]


async def test_an_archive_is_checked_away_from_the_event_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(path: Path) -> None:
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()
        checked.append(path)

    checked: list[Path] = []
    monkeypatch.setattr(downloads_module, "check_archive", check)

    await Watched(tmp_path, ScriptedStream([ARCHIVE])).download.run()

    assert checked == [tmp_path / "nightly-logs.zip.part"]


async def test_a_full_disk_fails_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class FullDisk(io.BytesIO):
        def write(self, data: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    def create_part(folder: Path, name: str) -> tuple[Path, BinaryIO]:
        part_path(folder / name).touch()
        return folder / name, FullDisk()

    monkeypatch.setattr(downloads_module, "create_part", create_part)
    stream = ScriptedStream([ARCHIVE])

    state = await Watched(tmp_path, stream).download.run()

    assert state.phase == "failed"
    assert isinstance(state.error, OSError)
    assert state.error.errno == errno.ENOSPC
    assert names_in(tmp_path) == []
    assert stream.closed == 1


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT])
async def test_a_folder_that_the_disk_refuses_fails_before_the_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    monkeypatch.setattr(Path, "mkdir", refusing(code))
    stream = ScriptedStream([ARCHIVE])

    state = await Watched(tmp_path / "logs", stream).download.run()

    assert isinstance(state.error, OSError)
    assert failure_words(state) == os.strerror(code)
    assert (state.path, stream.opened, names_in(tmp_path)) == (None, 0, [])


async def test_a_disk_that_has_no_room_for_the_name_leaves_the_whole_archive_as_a_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "hardlink_to", refusing(errno.EPERM))
    monkeypatch.setattr(Path, "replace", refusing(errno.ENOSPC))

    state = await Watched(tmp_path, ScriptedStream([ARCHIVE])).download.run()

    assert failure_words(state) == "No space left on device"
    assert state.path == tmp_path / "nightly-logs.zip.part"
    assert state.path.read_bytes() == ARCHIVE
    assert names_in(tmp_path) == ["nightly-logs.zip.part"]


async def test_a_disk_that_is_full_when_the_last_bytes_are_written_leaves_a_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FullAtTheEnd(io.FileIO):
        def close(self) -> None:
            super().close()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def create_part(folder: Path, name: str) -> tuple[Path, BinaryIO]:
        return folder / name, cast("BinaryIO", FullAtTheEnd(part_path(folder / name), "w"))

    monkeypatch.setattr(downloads_module, "create_part", create_part)

    state = await Watched(tmp_path, ScriptedStream([ARCHIVE])).download.run()

    assert failure_words(state) == "No space left on device"
    assert names_in(tmp_path) == ["nightly-logs.zip.part"]


async def test_a_folder_that_cannot_be_created_fails_before_the_request(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file")
    stream = ScriptedStream([ARCHIVE])

    state = await Watched(tmp_path / "logs", stream).download.run()

    assert state.phase == "failed"
    assert isinstance(state.error, FileExistsError)
    assert stream.opened == 0


async def test_cancel_stops_it_and_leaves_nothing(tmp_path: Path) -> None:
    pause = Pause()
    watched = Watched(tmp_path, ScriptedStream([ARCHIVE[:100], pause]))
    running = asyncio.create_task(watched.download.run())
    await pause.reached.wait()

    watched.download.cancel()
    watched.download.cancel()
    state = await running

    assert (state.phase, state.path, state.error) == ("canceled", None, None)
    assert names_in(tmp_path) == []
    assert watched.stream.closed == 1
    assert watched.phases == ["receiving", "canceled"]
    assert running.cancelling() == 0


async def test_cancel_while_the_archive_is_checked_leaves_nothing(tmp_path: Path) -> None:
    watched = Watched(tmp_path, ScriptedStream([ARCHIVE]))

    def cancel_when_checking(download: Download) -> None:
        if download.state.phase == "checking":
            download.cancel()

    watched.download._on_change = cancel_when_checking

    assert (await watched.download.run()).phase == "canceled"
    assert names_in(tmp_path) == []


async def test_a_stream_that_never_waits_can_be_canceled(tmp_path: Path) -> None:
    stream = ScriptedStream([b"x"] * 1_000)
    watched = Watched(tmp_path, stream)
    running = asyncio.create_task(watched.download.run())
    asyncio.get_running_loop().call_soon(watched.download.cancel)

    assert (await running).phase == "canceled"
    assert 0 < stream.yielded < 10


async def test_canceled_before_it_began_it_sends_no_request(tmp_path: Path) -> None:
    watched = Watched(tmp_path / "logs", ScriptedStream([ARCHIVE]))

    watched.download.cancel()
    state = await watched.download.run()

    assert state.phase == "canceled"
    assert watched.stream.opened == 0
    assert names_in(tmp_path) == []


async def test_cancel_does_nothing_in_a_terminal_phase(tmp_path: Path) -> None:
    watched = Watched(tmp_path, ScriptedStream([ARCHIVE]))
    await watched.download.run()

    watched.download.cancel()

    assert watched.download.state.phase == "done"
    assert names_in(tmp_path) == ["nightly-logs.zip"]


async def test_a_line_that_breaks_while_stopping_is_no_failure(tmp_path: Path) -> None:
    @asynccontextmanager
    async def breaks_on_closing() -> AsyncIterator["LogStream"]:
        async with stream.open() as opened:
            try:
                yield opened
            finally:
                raise NoConnection

    pause = Pause()
    stream = ScriptedStream([ARCHIVE[:100], pause])
    watched = Watched(tmp_path, stream, open_stream=breaks_on_closing)
    running = asyncio.create_task(watched.download.run())
    await pause.reached.wait()

    watched.download.cancel()

    assert (await running).phase == "canceled"
    assert names_in(tmp_path) == []


async def test_a_task_canceled_by_others_cleans_up_and_stays_canceled(tmp_path: Path) -> None:
    pause = Pause()
    watched = Watched(tmp_path, ScriptedStream([ARCHIVE[:100], pause]))
    running = asyncio.create_task(watched.download.run())
    await pause.reached.wait()

    running.cancel()

    with pytest.raises(asyncio.CancelledError):
        await running
    assert watched.download.state.phase == "canceled"
    assert names_in(tmp_path) == []


async def test_an_unexpected_error_is_raised_and_the_download_has_failed(tmp_path: Path) -> None:
    watched = Watched(tmp_path, ScriptedStream([ARCHIVE[:100], ZeroDivisionError()]))

    with pytest.raises(ZeroDivisionError):
        await watched.download.run()

    assert watched.download.state.phase == "failed"


def test_a_file_name_that_is_a_path_is_refused(tmp_path: Path) -> None:
    stream = ScriptedStream([])

    with pytest.raises(ValueError, match="not a path"):
        Download("bmr_1", "", stream.open, tmp_path, "../x-logs.zip", now=HandClock())


@pytest.mark.parametrize(
    ("received", "size", "fraction"),
    [(0, 200, 0.0), (50, 200, 0.25), (300, 200, 1.0), (5, None, None), (0, 0, None), (1, -5, None)],
)
def test_the_fraction_is_between_nothing_and_all(
    received: int, size: int | None, fraction: float | None
) -> None:
    assert DownloadState("receiving", received, size).fraction == fraction
