"""A terminal that reads slowly: polling goes on, memory stays, and a key takes effect soon."""

import asyncio
import os
import re
import sys
from pathlib import Path

import httpx
import pytest

from runloop_tui.demo.transport import DemoTransport
from runloop_tui.demo.world import World
from tests.demo.clock import Clock
from tests.server import serve
from tests.terminal import PATIENCE_S, Terminal, environment

FOUR_SECONDS_BYTES = 8_000
"""What a terminal reads in four seconds at 2 KB/s."""
POLLS_WITHOUT_READING = 12
MOST_RSS_KIB_MORE = 4_096


class AnsweringTerminal(Terminal):
    """Answers each cursor-position request once it has read it."""

    def _read(self, deadline: float) -> bool:
        before = len(self.output)
        goes_on = super()._read(deadline)
        for _ in re.findall(rb"\x1b\[6n", self.output[max(0, before - 3) :]):
            os.write(self._ours, b"\x1b[1;1R")
        return goes_on

    @property
    def resident_kib(self) -> int:
        status = Path(f"/proc/{self._program.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+)", status)
        assert found is not None
        return int(found[1])


class Counting(httpx.AsyncBaseTransport):
    """Passes requests on, and counts those for the list of runs."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner
        self._left = 0
        self._reached = asyncio.Event()

    async def requested_again(self, times: int) -> None:
        self._left = times
        self._reached.clear()
        await asyncio.wait_for(self._reached.wait(), PATIENCE_S)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/benchmark_runs":
            self._left -= 1
            if self._left == 0:
                self._reached.set()
        return await self._inner.handle_async_request(request)


async def test_polls_go_on_memory_stays_and_a_key_is_answered_within_four_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr("tests.terminal._READ_BYTES", 512)
    clock = Clock()
    counting = Counting(DemoTransport(World(clock)))
    async with serve(counting) as base_url:
        command = [sys.executable, "-m", "runloop_tui", "--base-url", base_url, "--interval", "1"]
        with AnsweringTerminal(command, environ=environment(RUNLOOP_API_KEY="key")) as terminal:
            await asyncio.to_thread(terminal.wait_for, "4 running")
            resident_kib = []
            for _ in range(
                POLLS_WITHOUT_READING
            ):  # the terminal reads nothing meanwhile, and every cell changes
                clock.now_ms += 60_000
                await counting.requested_again(1)
                resident_kib.append(terminal.resident_kib)
            assert resident_kib[-1] - resident_kib[5] < MOST_RSS_KIB_MORE
            terminal.press("s")
            before = len(terminal.output)
            await asyncio.to_thread(terminal.wait_for, "by name")
            assert len(terminal.output) - before < FOUR_SECONDS_BYTES
            terminal.press("q")
            assert await asyncio.to_thread(terminal.wait_for_end) == 0
    assert terminal.modes_left_on == set()
