"""Transports for a stage: answers held back until a test releases them, and answers rewritten."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from tests.ui.stage import Stage


_MOST_ROUNDS = 300


@dataclass
class HeldBack(httpx.AsyncBaseTransport):
    """Holds the answers to requests whose path ends so, until it is released."""

    inner: httpx.AsyncBaseTransport
    ending: str
    let_go: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith(self.ending):
            await self.let_go.wait()
        return await self.inner.handle_async_request(request)


@dataclass
class HalfSent(httpx.AsyncByteStream):
    """Sends the first half of a body, and the other when it is released."""

    inner: httpx.AsyncByteStream
    size: int
    let_go: asyncio.Event

    async def __aiter__(self) -> AsyncIterator[bytes]:
        sent = 0
        async for chunk in self.inner:
            if sent >= self.size // 2:
                await self.let_go.wait()
            sent += len(chunk)
            yield chunk


@dataclass
class SlowDownloads(httpx.AsyncBaseTransport):
    """Answers downloads at once, but sends only half of them until it is released."""

    inner: httpx.AsyncBaseTransport
    let_go: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self.inner.handle_async_request(request)
        if request.url.path.endswith("/download_logs"):
            assert isinstance(response.stream, httpx.AsyncByteStream)
            size = int(response.headers["Content-Length"])
            response.stream = HalfSent(response.stream, size, self.let_go)
        return response


@asynccontextmanager
async def held_back(stage: "Stage", ending: str) -> AsyncIterator[HeldBack]:
    """Hold answers back inside, and let go of them at the latest at the end, so that nothing waits for ever."""
    transport = HeldBack(stage.requests.inner, ending)
    stage.requests.inner = transport
    try:
        yield transport
    finally:
        transport.let_go.set()


async def until(pilot: "Pilot[None]", happened: "Callable[[], object]") -> None:
    """Let the app go on until something has happened."""
    for _ in range(_MOST_ROUNDS):
        if happened():
            await pilot.pause()
            return
        await pilot.pause()
    raise AssertionError("it does not happen")


Wire = dict[str, Any]


@dataclass
class Rewritten(httpx.AsyncBaseTransport):
    """Passes every object of every JSON answer through a function that may change it in place."""

    inner: httpx.AsyncBaseTransport
    rewrite: Callable[[Wire], None]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self.inner.handle_async_request(request)
        if response.headers.get("Content-Type") != "application/json":
            return response
        body = json.loads(await response.aread())
        self._walk(body)
        return httpx.Response(response.status_code, json=body)

    def _walk(self, value: object) -> None:
        if isinstance(value, dict):
            self.rewrite(value)
            for part in value.values():
                self._walk(part)
        elif isinstance(value, list):
            for part in value:
                self._walk(part)


def rewrite_answers(stage: "Stage", rewrite: Callable[[Wire], None]) -> None:
    """Let the stage's world speak in another way from now on."""
    stage.requests.inner = Rewritten(stage.requests.inner, rewrite)
