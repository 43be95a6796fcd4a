"""A Runloop on loopback that serves an account well, or with one failure, as instructed."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

import httpx

from tests.server import CONNECTION_HEADERS, _head, _read_request

if TYPE_CHECKING:
    from collections.abc import Iterator

Good = Callable[[], Awaitable[httpx.Response]]
"""Gives the answer that a server without a failure would give."""

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Line:
    """The server's end of a connection."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, server: "Server"
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._server = server

    async def send(self, response: httpx.Response) -> None:
        """Send a whole answer."""
        body = await response.aread()
        kept = [
            (name, value)
            for name, value in response.headers.items()
            if name.lower() not in {*CONNECTION_HEADERS, "content-length"}
        ]
        head = _head(response.status_code, [*kept, ("Content-Length", str(len(body)))])
        await self.say(head + body)

    async def say(self, words: bytes) -> None:
        """Send these bytes, whatever they mean."""
        self._writer.write(words)
        await self._writer.drain()

    async def hold(self, seconds: float | None = None) -> None:
        """Stall for some s, or until the client closes the connection."""
        with self._server.held():
            if seconds is None:
                await self._reader.read(1)
                raise ConnectionError("the client has hung up")
            await asyncio.sleep(seconds)

    def hang_up(self) -> None:
        """End the connection as if nothing more were to be said."""
        self._writer.close()

    def reset(self) -> None:
        """Break the connection off with a reset."""
        end: socket.socket = self._writer.get_extra_info("socket")
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self._writer.transport.abort()


Failure = Callable[[httpx.Request, Line, Good], Awaitable[None]]
"""Answers a request in the server's place."""


class Server:
    """Answers like `good`, or as its failure does; can refuse connections, and records its requests."""

    def __init__(self, good: httpx.AsyncBaseTransport) -> None:
        self._good = good
        self._listener: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()
        self.failure: Failure | None = None
        self.name_is_known = True
        """Whether those who look its name up find it."""
        self.port = 0
        self.requests: list[httpx.Request] = []
        self.holding = 0
        """How many answers are kept waiting on purpose."""

    @property
    def posts(self) -> list[str]:
        """The paths of all POST requests."""
        return [each.url.path for each in self.requests if each.method == "POST"]

    @contextmanager
    def held(self) -> "Iterator[None]":
        """An answer is kept waiting inside."""
        self.holding += 1
        try:
            yield
        finally:
            self.holding -= 1

    async def listen(self, port: int = 0) -> None:
        """Take connections, at first on any port, and from then on on the same."""
        self._listener = await asyncio.start_server(self._talk, "127.0.0.1", port or self.port)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def refuse(self) -> None:
        """Drop all connections, and refuse new ones."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        for task in self._talks:
            task.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._talks.add(task)
        try:
            while not writer.is_closing() and (request := await _read_request(reader)):
                self.requests.append(request)
                await self._answer(request, Line(reader, writer, self))
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.transport.abort()  # the client has gone
        except asyncio.CancelledError:
            writer.transport.abort()  # the server goes; no further answers
        finally:
            self._talks.discard(task)
            writer.close()

    async def _answer(self, request: httpx.Request, line: Line) -> None:
        async def good() -> httpx.Response:
            return await self._good.handle_async_request(request)

        if self.failure is not None:
            await self.failure(request, line, good)
        else:
            await line.send(await good())


@asynccontextmanager
async def serving(good: httpx.AsyncBaseTransport, port: int = 0) -> AsyncIterator[Server]:
    """Let a server listen inside."""
    server = Server(good)
    await server.listen(port)
    try:
        yield server
    finally:
        await server.refuse()
