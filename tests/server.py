"""A small HTTP/1.1 server on loopback in front of any httpx transport, for tests over a real socket.

A person can use it as well: `python -m tests.server --port 8899` serves the demo's account, and
`RUNLOOP_API_KEY=anything runloop-tui --base-url http://127.0.0.1:8899` watches it.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

import httpx

from runloop_tui.clock import system_clock
from runloop_tui.demo import names
from runloop_tui.demo.plans import HOUR, BenchmarkPlan, RunPlan
from runloop_tui.demo.transport import DemoTransport
from runloop_tui.demo.world import World
from tests.demo.instances import many_instances

CONNECTION_HEADERS = {"connection", "transfer-encoding", "keep-alive"}


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """One request as it came in.

    Attributes:
        method: GET or POST.
        path: the part before the question mark.
        query: the raw text after it.
        at_s: when it came, by `time.monotonic`.
    """

    method: str
    path: str
    query: str
    at_s: float = field(compare=False, default_factory=time.monotonic)


@dataclass(slots=True)
class Record:
    """The requests that a server received, and how much it sent."""

    requests: list[ReceivedRequest] = field(default_factory=list)
    connections: int = 0
    bytes_sent: int = 0
    """Bytes of bodies, without heads and the framing of chunks."""

    def count(self, method: str, path: str) -> int:
        """Return the number of these requests, whatever the query."""
        return sum(each.method == method and each.path == path for each in self.requests)


@asynccontextmanager
async def serve(
    transport: httpx.AsyncBaseTransport, *, port: int = 0, record: Record | None = None
) -> AsyncIterator[str]:
    """Serve a transport on 127.0.0.1 and give the base address.

    A request without a bearer token gets 401. When the transport raises an `httpx.TransportError`,
    the connection is dropped, so a test can say what breaks and when.
    """
    server = _Server(transport, record or Record())
    listener = await asyncio.start_server(server.talk, "127.0.0.1", port)
    try:
        yield f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    finally:
        listener.close()
        await server.hang_up()
        await listener.wait_closed()


class _Server:
    def __init__(self, transport: httpx.AsyncBaseTransport, record: Record) -> None:
        self._transport = transport
        self._record = record
        self._talks: set[asyncio.Task[None]] = set()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection, one after the other."""
        task = asyncio.current_task()
        assert task is not None
        self._talks.add(task)
        self._record.connections += 1
        try:
            while request := await _read_request(reader):
                await self._answer(request, writer)
        except (ConnectionError, asyncio.IncompleteReadError, httpx.TransportError):
            writer.transport.abort()
        except asyncio.CancelledError:
            writer.transport.abort()  # the server ends; no more is sent
        finally:
            self._talks.discard(task)
            writer.close()

    async def hang_up(self) -> None:
        """Drop all connections."""
        for task in self._talks:
            task.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _answer(self, request: httpx.Request, writer: asyncio.StreamWriter) -> None:
        url = request.url
        self._record.requests.append(ReceivedRequest(request.method, url.path, url.query.decode()))
        if request.headers.get("Authorization", "").startswith("Bearer "):
            response = await self._transport.handle_async_request(request)
        else:
            response = httpx.Response(401, json={"message": "a bearer token is needed"})
        try:
            await self._send(response, writer)
        finally:
            await response.aclose()

    async def _send(self, response: httpx.Response, writer: asyncio.StreamWriter) -> None:
        is_chunked = "Content-Length" not in response.headers
        headers = [
            (name, value)
            for name, value in response.headers.items()
            if name.lower() not in CONNECTION_HEADERS
        ]
        if is_chunked:
            headers.append(("Transfer-Encoding", "chunked"))
        writer.write(_head(response.status_code, headers))
        assert isinstance(response.stream, httpx.AsyncByteStream)
        async for chunk in response.stream:
            if chunk:
                writer.write(b"%x\r\n%b\r\n" % (len(chunk), chunk) if is_chunked else chunk)
                self._record.bytes_sent += len(chunk)
                await writer.drain()
        if is_chunked:
            writer.write(b"0\r\n\r\n")
        await writer.drain()


async def _read_request(reader: asyncio.StreamReader) -> httpx.Request | None:
    """Read the next request; None on EOF."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as broken:
        if broken.partial:
            raise
        return None
    first, *rest = head.decode("latin-1").strip().split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = [tuple(line.split(": ", 1)) for line in rest]
    fields = httpx.Headers([(name, value) for name, value in headers])
    body = await reader.readexactly(int(fields.get("Content-Length", "0")))
    host = fields.get("Host", "127.0.0.1")
    return httpx.Request(method, f"http://{host}{target}", headers=fields, content=body)


def _head(status: int, headers: Iterable[tuple[str, str]]) -> bytes:
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def big_plan() -> RunPlan:
    """Plan a run of 5,000 scenarios, 2,000 of them finished, whose logs come to 200 MiB."""
    return RunPlan(
        "swe-smith-5000",
        BenchmarkPlan("SWE-smith 5000", many_instances(5000)),
        done_initially=2000,
        concurrency=30,
        log_bytes=200 * 2**20,
    )


def long_log_plan() -> RunPlan:
    """Plan a completed run of eight scenarios; the first to start has an agent's log of 200 MiB."""
    return RunPlan(
        "one-long-log",
        BenchmarkPlan("tasks", names.TERMINAL_BENCH_2[:8]),
        starts_at_ms=-2 * HOUR,
        agent_log_bytes={0: 200 * 2**20},
    )


async def _main() -> None:
    parser = argparse.ArgumentParser(description="Serve the demo's account over HTTP.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--big", action="store_true", help="one run of 5,000 scenarios")
    parser.add_argument("--long-log", action="store_true", help="one run with a log of 200 MiB")
    parser.add_argument("--older", action="store_true", help="be an older server")
    parser.add_argument("--without-runs", action="store_true", help="offer no benchmark runs")
    flags = parser.parse_args()
    plans = [big_plan()] * flags.big + [long_log_plan()] * flags.long_log
    world = World(system_clock, plans=plans or None)
    transport = DemoTransport(world, older=flags.older, offers_runs=not flags.without_runs)
    async with serve(transport, port=flags.port) as base_url:
        sys.stdout.write(f"{base_url}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    try:
        asyncio.run(_main())
    except KeyboardInterrupt:
        sys.exit(0)
