"""The transport's measurements: the skew of the server's clock, and stalls."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from runloop_tui.api.client import Client
from runloop_tui.api.errors import NoConnection, NotFound
from runloop_tui.api.retry import Backoff, http_date_ms
from runloop_tui.api.transport import ServerClock
from tests.api.scripted import BASE, KEY, NOW_MS, RUN, Script, answer, ok

NOW = "Thu, 09 Oct 2025 08:53:20 GMT"
A_MINUTE_LATER = "Thu, 09 Oct 2025 08:54:20 GMT"


def test_a_date_is_read_to_the_second() -> None:
    assert http_date_ms(NOW) == NOW_MS
    assert http_date_ms("Thu, 09 Oct 2025 10:53:20 +0200") == NOW_MS
    assert http_date_ms("Thu, 09 Oct 2025 08:53:20 -0000") == NOW_MS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "Thu, 31 Feb 2025 08:53:20 GMT",
        "Thu, 09 Oct 1970 08:53:20 GMT",
        "Thu, 09 Oct 9999 08:53:20 GMT",
        "Thu, 09 Oct 99999999999 08:53:20 GMT",
        "Thu, 09 Oct 2025 08:53:20 +999999",
        "9" * 100_000,
    ],
)
def test_an_implausible_date_is_none(text: str) -> None:
    assert http_date_ms(text) is None


async def test_the_skew_is_the_servers_clock_minus_ours() -> None:
    script = Script(ok(RUN, date=A_MINUTE_LATER))
    async with script.client() as client:
        assert client.skew_ms == 0
        await client.get_benchmark_run("bmr_1")
        assert client.skew_ms == 60_000


async def test_an_error_response_updates_the_skew() -> None:
    script = Script(answer(404, date=A_MINUTE_LATER))
    async with script.client() as client:
        with pytest.raises(NotFound):
            await client.get_benchmark_run("bmr_1")
        assert client.skew_ms == 60_000


@pytest.mark.parametrize("noise_ms", [-2_000, -999, 0, 1_000, 2_000])
def test_small_differences_do_not_move_the_skew(noise_ms: int) -> None:
    clock = ServerClock()
    clock.learn({"date": A_MINUTE_LATER}, NOW_MS)
    clock.learn({"date": A_MINUTE_LATER}, NOW_MS + noise_ms)
    assert clock.skew_ms == 60_000


def test_a_changed_clock_moves_the_skew() -> None:
    clock = ServerClock()
    clock.learn({"date": A_MINUTE_LATER}, NOW_MS)
    clock.learn({"date": NOW}, NOW_MS)
    assert clock.skew_ms == 0


@pytest.mark.parametrize(
    "headers", [{}, {"date": "nonsense"}, {"date": NOW, "age": "60"}], ids=["none", "bad", "cached"]
)
def test_a_response_without_a_usable_date_keeps_the_skew(headers: dict[str, str]) -> None:
    clock = ServerClock()
    clock.learn({"date": A_MINUTE_LATER}, NOW_MS)
    clock.learn(headers, NOW_MS)
    assert clock.skew_ms == 60_000


LATER_MS = NOW_MS + 12_000


class Slow(httpx.AsyncBaseTransport):
    """Answers in three steps, each on demand: the headers, half of the body, the other half."""

    def __init__(self, body: bytes = b'{"id": "bmr_1"}') -> None:
        self.steps: asyncio.Queue[Exception | None] = asyncio.Queue()
        self._body = body
        self.now_ms = NOW_MS

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await self._step()
        headers = {"content-type": "application/zip" if "logs" in request.url.path else "text/json"}
        return httpx.Response(200, headers=headers, stream=_Body(self))

    async def _step(self) -> None:
        if failure := await self.steps.get():
            raise failure

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


async def ticks() -> None:
    """Run the event loop until nothing is ready."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_without_a_request_there_is_no_stall() -> None:
    async with Script().client() as client:
        assert client.stalled_since_ms is None


async def test_the_stall_timer_starts_with_the_request_and_restarts_with_each_piece() -> None:
    slow = Slow()
    async with slow.client() as client:
        request = asyncio.create_task(client.get_benchmark_run("bmr_1"))
        for _ in range(3):
            await ticks()
            assert client.stalled_since_ms == slow.now_ms
            slow.now_ms += 12_000
            assert client.stalled_since_ms == slow.now_ms - 12_000
            slow.steps.put_nowait(None)
        await request
        assert client.stalled_since_ms is None


async def test_bytes_of_one_response_reset_the_timer_of_all_requests() -> None:
    slow = Slow()
    async with slow.client() as client:
        requests = [asyncio.create_task(client.get_benchmark_run("bmr_1")) for _ in range(2)]
        await ticks()
        slow.now_ms = LATER_MS
        slow.steps.put_nowait(None)
        await ticks()
        assert client.stalled_since_ms == LATER_MS
        for task in requests:
            task.cancel()
        await asyncio.gather(*requests, return_exceptions=True)
        assert client.stalled_since_ms is None


async def test_a_failed_request_is_no_longer_waiting() -> None:
    slow = Slow()
    async with slow.client() as client:
        request = asyncio.create_task(client.get_benchmark_run("bmr_1"))
        slow.steps.put_nowait(httpx.ReadError("reset"))
        with pytest.raises(NoConnection):
            await request
        assert client.stalled_since_ms is None


async def test_waiting_for_an_archive_is_no_stall() -> None:
    slow = Slow()
    async with slow.client() as client:
        download = client.download_benchmark_run_logs("bmr_1")
        opening = asyncio.create_task(download.__aenter__())
        await ticks()
        assert client.stalled_since_ms is None
        slow.steps.put_nowait(None)
        await opening
        await download.__aexit__(None, None, None)
