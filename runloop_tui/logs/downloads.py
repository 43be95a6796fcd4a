"""All downloads of this session."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from runloop_tui.logs.download import Download, DownloadState, OpenStream
from runloop_tui.logs.limits import Limits


class Downloads:
    """Starts downloads, runs them side by side, and remembers them.

    Args:
        now: the moment in Unix ms.
        on_change: told of every new phase of a download. Not of every chunk: who shows progress
            reads `Download.state` when it paints.
        limits: how much of the disk each may take.
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
        self._tasks: set[asyncio.Task[DownloadState]] = set()  # the loop itself holds them weakly

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
        """Start a download and return it, or the one of the same target that is under way.

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
        """The newest download that holds all logs of a target for good and is still on the disk."""
        for download in self._downloads:
            path = download.state.path
            is_done = download.is_final and download.state.phase == "done"
            if download.target_id == target_id and is_done and path is not None and path.is_file():
                return download
        return None

    @property
    def all(self) -> tuple[Download, ...]:
        """Every download of this session, the newest first."""
        return tuple(self._downloads)

    @property
    def active(self) -> tuple[Download, ...]:
        """Those that are not over, the newest first."""
        return tuple(download for download in self._downloads if not download.state.is_over)

    async def close(self) -> None:
        """Cancel what is under way and wait until it has left nothing behind."""
        for download in self.active:
            download.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
