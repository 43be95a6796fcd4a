"""What a session leaves behind, looked at from outside: the key and the values of variables are nowhere in it."""

import asyncio
import base64
import json
import stat
import sys
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from runloop_tui.demo.transport import DemoTransport
from runloop_tui.demo.world import World
from tests.end_to_end.watching import KEY
from tests.server import serve
from tests.terminal import Terminal, environment

COOKIE = "session-of-the-server-4711"
WORDS = "words-of-a-body-4711"
NAME = "tb2-mini-goose"
FORMS = (
    KEY,
    KEY.upper(),
    "\u200b".join(KEY),
    f"{KEY[:14]}\n{KEY[14:]}",
    base64.b64encode(KEY.encode()).decode(),
    quote(quote("".join(f"%{ord(character):02x}" for character in KEY))),
)
_NAMED = json.dumps(f"{''.join(FORMS)} {NAME}").encode().strip(b'"')


class LeakyTransport(httpx.AsyncBaseTransport):
    """The demo, with a header that is a secret, and the key in refusals and in the name of a run."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner
        self._requests = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._requests += 1
        if self._requests % 5 == 4:
            said = f"{WORDS}: {request.headers['Authorization']}"
            response = httpx.Response(400, json={"message": said})
        else:
            response = await self._inner.handle_async_request(request)
            if response.headers.get("Content-Type") == "application/json":
                body = (await response.aread()).replace(NAME.encode(), _NAMED)
                response = httpx.Response(response.status_code, content=body)
        response.headers["Set-Cookie"] = f"session={COOKIE}"
        return response


async def test_a_debug_log_holds_the_requests_but_no_header_no_body_and_no_key(
    world: World, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    log = home / "tui.log"
    flags = ("--interval", "1", "--log-file", str(log), "--log-level", "debug")
    async with serve(LeakyTransport(DemoTransport(world))) as base_url:
        command = [sys.executable, "-m", "runloop_tui", "--base-url", base_url, *flags]
        variables = {"RUNLOOP_API_KEY": KEY, "HOME": str(home), "TMPDIR": str(home)}
        with Terminal(command, environ=environment(**variables)) as terminal:
            await asyncio.to_thread(terminal.wait_for, NAME)
            await asyncio.to_thread(terminal.wait_for, f"… {NAME}")
            await asyncio.to_thread(terminal.wait_for, "request refused (400)")
            assert KEY not in _command_lines()
            terminal.press("q")
            assert await asyncio.to_thread(terminal.wait_for_end) == 0
    logged = log.read_text()
    assert f"{base_url}/v1/benchmark_runs" in logged
    assert "receive_response_headers.complete" in logged
    for secret in (KEY, COOKIE, WORDS, NAME):
        assert secret not in logged
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert not any(form.encode() in terminal.output for form in FORMS)
    letters = "".join(filter(str.isalnum, terminal.output.decode(errors="replace"))).lower()
    assert "".join(filter(str.isalnum, KEY[:16])).lower() not in letters
    assert COOKIE.encode() not in terminal.output
    assert all(KEY.encode() not in path.read_bytes() for path in home.rglob("*") if path.is_file())


def _command_lines() -> str:
    """What anybody on this machine sees of the programs that run, this test's included."""
    if not Path("/proc/self/cmdline").exists():
        pytest.skip("only Linux lists its processes there")
    lines = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            lines.append((process / "cmdline").read_bytes().decode(errors="replace"))
        except OSError:  # it has ended meanwhile
            continue
    assert any("runloop_tui" in line for line in lines)
    return "\n".join(lines)
