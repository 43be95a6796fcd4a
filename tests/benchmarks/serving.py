"""A server in a process of its own, so that its work is not counted as the program's.

`python -m tests.benchmarks.serving WORLD [ARCHIVE]` writes its address, then for each line that it reads how much it
was requested so far. An ARCHIVE is what it sends where logs are wanted.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from runloop_tui.demo.transport import DemoTransport
from tests.benchmarks.worlds import world
from tests.server import Record, serve
from tests.terminal import environment

_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Traffic:
    """The requests to a server so far.

    Attributes:
        requests: How many requests it received.
        bytes_sent: How much it sent, in bytes of bodies.
        read_at_s: Run id → when its scenario runs were requested, as `time.monotonic` says it.
    """

    requests: int
    bytes_sent: int
    read_at_s: Mapping[str, Sequence[float]]


class Served:
    """A server process; its address is `url`."""

    def __init__(self, name: str, *, archive: Path | None = None) -> None:
        command = [sys.executable, "-m", "tests.benchmarks.serving", name]
        self._process = subprocess.Popen(
            [*command, str(archive)] if archive else command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        self.url = self._line()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the server."""
        self._process.kill()
        self._process.communicate()

    @property
    def traffic(self) -> Traffic:
        """The requests to it so far."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return Traffic(**json.loads(self._line()))

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


class _File(httpx.AsyncByteStream):
    def __init__(self, path: Path) -> None:
        self._path = path

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with self._path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk


@dataclass
class _WithArchive(httpx.AsyncBaseTransport):
    """Sends one archive for all logs, and leaves the rest to another transport."""

    inner: httpx.AsyncBaseTransport
    archive: Path

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("/download_logs"):
            return await self.inner.handle_async_request(request)
        headers = {
            "Content-Type": "application/zip",
            "Content-Length": str(self.archive.stat().st_size),
        }
        return httpx.Response(200, headers=headers, stream=_File(self.archive))


async def _main(name: str, archive: Path | None) -> None:
    transport: httpx.AsyncBaseTransport = DemoTransport(world(name))
    if archive is not None:
        transport = _WithArchive(transport, archive)
    record = Record()
    async with serve(transport, record=record) as url:
        print(url, flush=True)  # noqa: T201
        while await asyncio.to_thread(sys.stdin.readline):
            print(json.dumps(asdict(_traffic(record))), flush=True)  # noqa: T201


def _traffic(record: Record) -> Traffic:
    read_at_s: dict[str, list[float]] = {}
    for request in record.requests:
        parts = request.path.split("/")
        if parts[-1] == "scenario_runs":
            read_at_s.setdefault(parts[-2], []).append(request.at_s)
    return Traffic(len(record.requests), record.bytes_sent, read_at_s)


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) > 2 else None))
