"""Downloads of log archives: each to a `.part` file, checked, then renamed; all of a session side by side."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from runloop_tui.api.errors import RunloopError
from runloop_tui.logs.archive import ArchiveError, TooLarge, WrongLength, check_archive
from runloop_tui.logs.limits import Limits
from runloop_tui.logs.storage import (
    create_part,
    move_to_final,
    part_path,
    remove_if_empty,
    remove_part,
)

if TYPE_CHECKING:
    from runloop_tui.api.calls import LogStream

Phase = Literal["waiting", "receiving", "checking", "done", "failed", "canceled"]
OpenStream = Callable[[], AbstractAsyncContextManager["LogStream"]]

_WINDOW_MS = 5_000
_STEP_MS = 250  # samples closer together than this are merged, to bound the memory of a fast stream


class RateMeter:
    """The download rate over the last five seconds, computed from samples."""

    def __init__(self) -> None:
        self._samples: deque[tuple[int, int]] = deque()

    def note(self, now_ms: int, received: int) -> None:
        """Add a sample: `received` bytes in total by `now_ms` (Unix ms)."""
        samples = self._samples
        if samples and now_ms < samples[-1][0]:  # the clock was set back: start again
            samples.clear()
        if len(samples) > 1 and now_ms - samples[-2][0] < _STEP_MS:
            samples.pop()
        samples.append((now_ms, received))
        # One sample from before the window stays: the rate is measured from there.
        while len(samples) > 1 and samples[1][0] <= now_ms - _WINDOW_MS:
            samples.popleft()

    def rate(self, now_ms: int, received: int) -> float | None:
        """Return the bytes per second up to `now_ms`, or None before 250 ms have passed.

        The rate falls while no bytes arrive.
        """
        start = self._start(now_ms)
        if start is None or now_ms - start[0] < _STEP_MS:
            return None
        return (received - start[1]) * 1000 / (now_ms - start[0])

    def _start(self, now_ms: int) -> tuple[int, int] | None:
        """Return the last sample at or before the start of the window, else the first sample."""
        before = [sample for sample in self._samples if sample[0] <= now_ms - _WINDOW_MS]
        if before:
            return before[-1]
        return self._samples[0] if self._samples else None


@dataclass(frozen=True, slots=True)
class DownloadState:
    """The progress of a download."""

    phase: Phase = "waiting"
    received: int = 0
    """Bytes written so far."""
    size: int | None = None
    """Content-Length in bytes; None if the server sent none."""
    rate: float | None = None
    """Bytes per second over the last five seconds; None unless receiving for 250 ms or longer."""
    path: Path | None = None
    """The archive once done, the `.part` file before; None if there is no file.

    The `.part` file of a failed download has the bytes that it received.
    """
    error: Exception | None = None
    """Why it failed: a RunloopError, an OSError or an ArchiveError."""

    @property
    def fraction(self) -> float | None:
        """The received share of the size, from 0 to 1; None if the size is unknown."""
        if self.size is None or self.size <= 0:
            return None
        return min(1.0, self.received / self.size)

    @property
    def is_over(self) -> bool:
        """True in a terminal phase: done, failed or canceled."""
        return self.phase in {"done", "failed", "canceled"}


class Download:
    """The download of one archive into a `.part` file, which is checked and renamed.

    Args:
        target_id: the benchmark run or scenario run whose logs these are.
        title: the name of the run as the API returned it: callers escape it for display.
        open_stream: sends the request for the logs; called once.
        folder: the folder of the archive; created if it does not exist.
        file_name: the wanted file name, from `archive_name`.
        now: returns the time in Unix ms, for the rate.
        on_change: called at every change of phase.
        is_final: the target was terminal at the time of the request: its logs grow no more.
        is_private: the archive is only read in place, and is removed when the app exits.
        limits: the largest size of the archive.

    Raises:
        ValueError: `file_name` is a path.
    """

    def __init__(
        self,
        target_id: str,
        title: str,
        open_stream: OpenStream,
        folder: Path,
        file_name: str,
        *,
        now: Callable[[], int],
        on_change: Callable[["Download"], None] | None = None,
        is_final: bool = False,
        is_private: bool = False,
        limits: Limits = Limits(),  # noqa: B008 - it is frozen
    ) -> None:
        if Path(file_name).name != file_name:
            raise ValueError("a download's file name names a file, not a path")
        self.target_id = target_id
        self.title = title
        self.is_final = is_final
        self.is_private = is_private
        self._open_stream = open_stream
        self._folder = folder
        self._file_name = file_name
        self._now = now
        self._on_change = on_change
        self._limits = limits
        self._state = DownloadState()
        self._meter = RateMeter()
        self._task: asyncio.Task[Any] | None = None
        self._asked_to_stop = False

    @property
    def state(self) -> DownloadState:
        """The progress at this moment, with the rate up to now."""
        if self._state.phase != "receiving":
            return self._state
        return replace(self._state, rate=self._meter.rate(self._now(), self._state.received))

    async def run(self) -> DownloadState:
        """Download, check and rename the archive; call it once, in a task of its own.

        A RunloopError, an OSError or an ArchiveError is not raised, but leads to the phase "failed".
        `cancel` leads to the phase "canceled" and removes the `.part` file.

        Raises:
            asyncio.CancelledError: the task was canceled, but not by `cancel`.
        """
        if self._state.phase != "waiting":
            return self._state
        self._task = asyncio.current_task()
        try:
            await self._fetch()
        except asyncio.CancelledError:
            self._end_canceled()
            if not self._was_asked_to_stop():
                raise
        except (RunloopError, OSError, ArchiveError) as error:
            if self._was_asked_to_stop():  # an error after `cancel` is not a failure
                self._end_canceled()
            else:
                self._end_failed(error)
        finally:
            self._task = None
            if (
                not self._state.is_over
            ):  # an unexpected error propagates; no caller may wait for ever
                self._end_failed(None)
        return self._state

    def cancel(self) -> None:
        """Stop and remove the `.part` file; does nothing in a terminal phase."""
        if self._state.is_over or self._asked_to_stop:
            return
        self._asked_to_stop = True
        if self._task is None:
            self._end_canceled()
        else:
            self._task.cancel()

    async def _fetch(self) -> None:
        # The file first: an error of the disk is found before the server builds an archive.
        final, file = create_part(self._folder, self._file_name)
        part = part_path(final)
        self._state = replace(self._state, path=part)
        with file:
            async with self._open_stream() as stream:
                self._enter("receiving", size=stream.size)
                await self._receive(stream, file)
        self._enter("checking")
        await asyncio.to_thread(check_archive, part)
        self._enter("done", path=move_to_final(part, final))

    async def _receive(self, stream: "LogStream", file: BinaryIO) -> None:
        received, size = 0, stream.size
        self._check_size(size or 0)
        self._meter.note(self._now(), received)
        async for chunk in stream.chunks():
            # Written on the event loop: a write to the page cache takes a tenth of the time that a
            # thread takes to start, and no thread is left writing after a cancel.
            received += len(chunk)
            self._check_size(received)
            file.write(chunk)
            self._meter.note(self._now(), received)
            self._state = replace(self._state, received=received)
            if size is not None and received > size:
                break
            await asyncio.sleep(0)  # a stream that never waits must not block the event loop
        if size is not None and received != size:
            raise WrongLength(size, received)

    def _check_size(self, size: int) -> None:
        if size > self._limits.most_bytes:
            allowed = f"{self._limits.most_bytes // 1024**2:,} MiB"
            raise TooLarge(f"the archive has more than {allowed}; --disk-limit sets how much")

    def _was_asked_to_stop(self) -> bool:
        """Return True if `cancel` alone canceled the task."""
        task = asyncio.current_task()
        return self._asked_to_stop and task is not None and task.uncancel() == 0

    def _end_canceled(self) -> None:
        if self._state.path is not None:
            remove_part(self._state.path)
        self._enter("canceled", path=None)

    def _end_failed(self, error: Exception | None) -> None:
        part = self._state.path
        if part is not None and remove_if_empty(part):
            part = None
        self._enter("failed", path=part, error=error)

    def _enter(self, phase: Phase, **changes: Any) -> None:  # noqa: ANN401  DownloadState's fields
        self._state = replace(self._state, phase=phase, **changes)
        if self._on_change is not None:
            self._on_change(self)


class Downloads:
    """All downloads of a session, run side by side.

    Args:
        now: returns the time in Unix ms.
        on_change: called at every change of phase of a download, not at every chunk: read
            `Download.state` at each refresh of the screen to show progress.
        limits: the largest size of each archive.
    """

    def __init__(
        self,
        *,
        now: Callable[[], int],
        on_change: Callable[[Download], None] | None = None,
        limits: Limits = Limits(),  # noqa: B008 - it is frozen
    ) -> None:
        self._now = now
        self._on_change = on_change
        self._limits = limits
        self._downloads: list[Download] = []
        self._tasks: set[asyncio.Task[DownloadState]] = (
            set()
        )  # the event loop has only weak references

    def start(
        self,
        target_id: str,
        title: str,
        open_stream: OpenStream,
        folder: Path,
        file_name: str,
        *,
        is_final: bool = False,
        is_private: bool = False,
    ) -> Download:
        """Start a download and return it, or return the active one of the same target.

        Needs a running event loop. The arguments are those of `Download`.
        """
        for download in self.active:
            if (download.target_id, download.is_private) == (target_id, is_private):
                return download
        download = Download(
            target_id,
            title,
            open_stream,
            folder,
            file_name,
            now=self._now,
            on_change=self._on_change,
            is_final=is_final,
            is_private=is_private,
            limits=self._limits,
        )
        self._downloads.insert(0, download)
        task = asyncio.create_task(download.run(), name="log download")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return download

    def kept(self, target_id: str) -> Download | None:
        """Return the newest completed download of a target with its final logs, if its file still exists."""
        for download in self._downloads:
            path = download.state.path
            is_done = download.is_final and download.state.phase == "done"
            if download.target_id == target_id and is_done and path is not None and path.is_file():
                return download
        return None

    @property
    def all(self) -> tuple[Download, ...]:
        """All downloads of the session, newest first."""
        return tuple(self._downloads)

    @property
    def active(self) -> tuple[Download, ...]:
        """The downloads in no terminal phase, newest first."""
        return tuple(download for download in self._downloads if not download.state.is_over)

    async def close(self) -> None:
        """Cancel the active downloads and wait until their `.part` files are removed."""
        for download in self.active:
            download.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
