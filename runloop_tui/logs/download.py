"""One archive on its way from Runloop to the disk."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from runloop_tui.api.errors import RunloopError
from runloop_tui.logs.archive import ArchiveError, TooLarge, WrongLength, check_archive
from runloop_tui.logs.limits import Limits
from runloop_tui.logs.names import part_path
from runloop_tui.logs.part_file import create_part, drop, drop_if_empty, settle
from runloop_tui.logs.rate import RateMeter

if TYPE_CHECKING:
    from runloop_tui.api.calls import LogStream

Phase = Literal["waiting", "receiving", "checking", "done", "failed", "canceled"]
OpenStream = Callable[[], AbstractAsyncContextManager["LogStream"]]


@dataclass(frozen=True, slots=True)
class DownloadState:
    """How far a download has come."""

    phase: Phase = "waiting"
    received: int = 0
    """Bytes written so far."""
    size: int | None = None
    """Bytes that the server announced, if it did."""
    rate: float | None = None
    """Bytes per second over the last few seconds; None unless receiving for a while."""
    path: Path | None = None
    """The archive once done; before, the `.part` file; None if there is nothing on the disk.

    A failed download that has a path has left there what it received.
    """
    error: Exception | None = None
    """Why it failed: a RunloopError, an OSError or an ArchiveError."""

    @property
    def fraction(self) -> float | None:
        """How much of it is here, from 0 to 1; None if the size is not known."""
        if self.size is None or self.size <= 0:
            return None
        return min(1.0, self.received / self.size)

    @property
    def is_over(self) -> bool:
        """Nothing more will happen."""
        return self.phase in {"done", "failed", "canceled"}


class Download:
    """Fetches one archive into a `.part` file, checks it, and gives it its name.

    Args:
        target_id: the benchmark run or scenario run whose logs these are.
        title: what a person calls it; raw, callers make it safe.
        open_stream: asks Runloop for the logs; called once.
        folder: where the archive goes; made if it is not there.
        file_name: the name it should have, as `archive_name` makes it.
        now: the moment in Unix ms, for the rate.
        on_change: told of every new phase.
        is_final: the target had ended when it was asked for, so that its logs grow no more.
        is_private: the archive is only read in place, and goes with the app.
        limits: how much of the disk it may take.
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
        """How far it has come at this moment; the rate falls while nothing comes in."""
        if self._state.phase != "receiving":
            return self._state
        return replace(self._state, rate=self._meter.rate(self._now(), self._state.received))

    async def run(self) -> DownloadState:
        """Download to the end, whichever it is; call it once, and let a task be its own.

        Failures do not raise: they end in the phase "failed". Once canceled, the `.part` file is
        gone.

        Raises:
            asyncio.CancelledError: the task was canceled by somebody other than `cancel`.
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
            if self._was_asked_to_stop():  # what breaks while stopping is no failure
                self._end_canceled()
            else:
                self._end_failed(error)
        finally:
            self._task = None
            if not self._state.is_over:  # a defect of ours goes up; still nobody waits for ever
                self._end_failed(None)
        return self._state

    def cancel(self) -> None:
        """Ask it to stop and to leave nothing behind; harmless when it is over."""
        if self._state.is_over or self._asked_to_stop:
            return
        self._asked_to_stop = True
        if self._task is None:
            self._end_canceled()
        else:
            self._task.cancel()

    async def _fetch(self) -> None:
        # The file first: a disk that refuses is found out before Runloop packs an archive.
        final, file = create_part(self._folder, self._file_name)
        part = part_path(final)
        self._state = replace(self._state, path=part)
        with file:
            async with self._open_stream() as stream:
                self._enter("receiving", size=stream.size)
                await self._receive(stream, file)
        self._enter("checking")
        await asyncio.to_thread(check_archive, part)
        self._enter("done", path=settle(part, final))

    async def _receive(self, stream: "LogStream", file: BinaryIO) -> None:
        received, size = 0, stream.size
        self._check_size(size or 0)
        self._meter.note(self._now(), received)
        async for chunk in stream.chunks():
            # Written on the loop: a chunk goes to the page cache in a tenth of the time that a
            # thread takes to start on it, and no thread is left writing when we are canceled.
            received += len(chunk)
            self._check_size(received)
            file.write(chunk)
            self._meter.note(self._now(), received)
            self._state = replace(self._state, received=received)
            if size is not None and received > size:
                break
            await asyncio.sleep(0)  # a stream that never has to wait must not hold the screen up
        if size is not None and received != size:
            raise WrongLength(size, received)

    def _check_size(self, size: int) -> None:
        if size > self._limits.most_bytes:
            allowed = f"{self._limits.most_bytes // 1024**2:,} MiB"
            raise TooLarge(f"the archive has more than {allowed}; --disk-limit sets how much")

    def _was_asked_to_stop(self) -> bool:
        """Whether this ends because of `cancel`, and of nobody else who canceled the task."""
        task = asyncio.current_task()
        return self._asked_to_stop and task is not None and task.uncancel() == 0

    def _end_canceled(self) -> None:
        if self._state.path is not None:
            drop(self._state.path)
        self._enter("canceled", path=None)

    def _end_failed(self, error: Exception | None) -> None:
        part = self._state.path
        if part is not None and drop_if_empty(part):
            part = None
        self._enter("failed", path=part, error=error)

    def _enter(self, phase: Phase, **changes: Any) -> None:  # noqa: ANN401  DownloadState's fields
        self._state = replace(self._state, phase=phase, **changes)
        if self._on_change is not None:
            self._on_change(self)
