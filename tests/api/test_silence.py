"""How long the server has left us without a word."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from runloop_tui.api.client import Client
from runloop_tui.api.errors import NoConnection
from runloop_tui.api.retry import Backoff
from tests.api.scripted import BASE, KEY, NOW_MS, Script

LATER_MS = NOW_MS + 12_000


class Slow(httpx.AsyncBaseTransport):
    """Answers in three steps, each when a test says so: the head, half of the body, the other half."""

    def __init__(self, body: bytes = b'{"id": "bmr_1"}') -> None:
        self.steps: asyncio.Queue[Exception | None] = asyncio.Queue()
        self._body = body
        self.now_ms = NOW_MS

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await self._step()
        headers = {"content-type": "application/zip" if "logs" in request.url.path else "text/json"}
        return httpx.Response(200, headers=headers, stream=_Body(self))

    async def _step(self) -> None:
        if fault := await self.steps.get():
            raise fault

    async def halves(self) -> AsyncIterator[bytes]:
        yield self._body[:5]
        await self._step()
        yield self._body[5:]

    def client(self) -> Client:
        return Client(
            BASE, KEY, now=lambda: self.now_ms, transport=self, backoff=Backoff(attempts=1)
        )


class _Body(httpx.AsyncByteStream):
    def __init__(self, slow: Slow) -> None:
        self._slow = slow

    async def __aiter__(self) -> AsyncIterator[bytes]:
        await self._slow._step()
        async for half in self._slow.halves():
            yield half


async def turns() -> None:
    """Let all that waits in the loop go on."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_before_anything_is_asked_nothing_is_silent() -> None:
    async with Script().client() as client:
        assert client.stalled_since_ms is None


async def test_it_begins_when_a_request_is_sent_and_anew_with_each_piece_of_the_answer() -> None:
    slow = Slow()
    async with slow.client() as client:
        asking = asyncio.create_task(client.get_benchmark_run("bmr_1"))
        for _ in range(3):
            await turns()
            assert client.stalled_since_ms == slow.now_ms
            slow.now_ms += 12_000
            assert client.stalled_since_ms == slow.now_ms - 12_000
            slow.steps.put_nowait(None)
        await asking
        assert client.stalled_since_ms is None


async def test_what_answers_breaks_the_silence_for_all_that_wait() -> None:
    slow = Slow()
    async with slow.client() as client:
        asking = [asyncio.create_task(client.get_benchmark_run("bmr_1")) for _ in range(2)]
        await turns()
        slow.now_ms = LATER_MS
        slow.steps.put_nowait(None)
        await turns()
        assert client.stalled_since_ms == LATER_MS
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        assert client.stalled_since_ms is None


async def test_a_request_that_fails_is_waited_for_no_longer() -> None:
    slow = Slow()
    async with slow.client() as client:
        asking = asyncio.create_task(client.get_benchmark_run("bmr_1"))
        slow.steps.put_nowait(httpx.ReadError("reset"))
        with pytest.raises(NoConnection):
            await asking
        assert client.stalled_since_ms is None


async def test_an_archive_may_be_waited_for_in_silence() -> None:
    slow = Slow()
    async with slow.client() as client:
        download = client.download_benchmark_run_logs("bmr_1")
        opening = asyncio.create_task(download.__aenter__())
        await turns()
        assert client.stalled_since_ms is None
        slow.steps.put_nowait(None)
        await opening
        await download.__aexit__(None, None, None)
