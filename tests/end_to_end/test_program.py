"""The program itself, as a process in a terminal, against a server on this machine."""

import asyncio
import sys
from pathlib import Path

import httpx

from runloop_tui.demo.transport import DemoTransport
from runloop_tui.demo.world import World
from tests.demo.clock import Clock
from tests.end_to_end.watching import KEY
from tests.server import serve
from tests.terminal import Terminal, environment


def program(base_url: str, *flags: str) -> Terminal:
    """The program in a terminal, given the base URL by a flag and the key by the environment."""
    return Terminal(
        [sys.executable, "-m", "runloop_tui", "--base-url", base_url, *flags],
        environ=environment(RUNLOOP_API_KEY=KEY),
    )


async def test_it_shows_the_runs_and_changes_and_never_the_key(
    world: World, clock: Clock, tmp_path: Path
) -> None:
    log = tmp_path / "tui.log"
    flags = ("--interval", "1", "--log-file", str(log), "--log-level", "debug")
    async with serve(DemoTransport(world)) as base_url:
        with program(base_url, *flags) as terminal:
            await asyncio.to_thread(terminal.wait_for, "tb2-mini-goose")
            await asyncio.to_thread(terminal.wait_for, "4 running")
            clock.advance(minutes=4)  # a small run has started
            await asyncio.to_thread(terminal.wait_for, "4 running")
            terminal.press("q")
            assert await asyncio.to_thread(terminal.wait_for_end) == 0
            assert "4 runs go on" in terminal.text
    assert KEY.encode() not in terminal.output
    assert base_url.removeprefix("http://").encode() in terminal.output
    assert KEY not in log.read_text()


async def test_a_key_that_is_refused_is_said_with_what_to_do() -> None:
    answer = httpx.MockTransport(lambda _: httpx.Response(401, json={"message": "no such key"}))
    async with serve(answer) as base_url:
        with program(base_url) as terminal:
            await asyncio.to_thread(terminal.wait_for, "not authorised (401)")
            await asyncio.to_thread(terminal.wait_for, "Set RUNLOOP_API_KEY")
            terminal.press("q")
            assert await asyncio.to_thread(terminal.wait_for_end) == 0
    assert KEY.encode() not in terminal.output
    assert terminal.modes_left_on == set()
