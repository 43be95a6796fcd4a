"""A server with the account of the job tests, in which every text holds escape sequences."""

import json
from dataclasses import dataclass, field

import httpx

from runloop_tui.demo.transport import DemoTransport
from runloop_tui.demo.world import World
from tests.demo.clock import Clock
from tests.hostile_bytes.payloads import OUTSIDE, SEQUENCES, marked
from tests.ui.job_stage import BROKEN, DONE, LONE, MATRIX, OLD, YESTERDAY
from tests.ui.log_scenes import zipped
from tests.ui.worlds import ALPHA

_LABELS = frozenset({"metadata", "environment_variables", "secrets", "kwargs"})
_KEPT = frozenset(
    {
        *("benchmark", "scenarios", "job_agent", "active"),  # kinds of things
        *("running", "completed", "scored", "queued", "COMPLETED", "complete"),
        *("info", "warn", "error"),  # levels of a log; a debug line is of no known level
    }
)
"""Values that stay as they are, so that the screens have content."""
_ZIPS_STOP_AT = "\0"


def _hostile_account() -> World:
    plans = (ALPHA, DONE, BROKEN, LONE, OLD)
    return World(Clock(), plans=plans, jobs=(MATRIX, YESTERDAY))


def _archive() -> bytes:
    """Return an archive with escape sequences in its names and lines."""
    lines = "\n".join(f"{OUTSIDE}{each}{OUTSIDE}" for each in SEQUENCES.values())
    latin = lines.encode("latin-1", errors="replace")  # 8-bit controls as single bytes
    names = (f"{OUTSIDE}{each.replace(_ZIPS_STOP_AT, '')}{OUTSIDE}" for each in SEQUENCES.values())
    return zipped(*((name, lines.encode() + b"\n" + latin) for name in names))


@dataclass
class HostileTransport(httpx.AsyncBaseTransport):
    """Answers as the demo does, with escape sequences in every text that is neither an id nor a known state.

    With `is_refusing`, every answer is an error with such a text.
    """

    inner: httpx.AsyncBaseTransport = field(
        default_factory=lambda: DemoTransport(_hostile_account(), download_s=0.0)
    )
    archive: bytes = field(default_factory=_archive)
    is_refusing: bool = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        if self.is_refusing:
            return httpx.Response(500, json={"message": marked()})
        if request.url.path.endswith("/download_logs"):
            return httpx.Response(200, headers=_HEADERS, content=self.archive)
        if request.method == "POST":
            return httpx.Response(400, json={"message": marked()})
        response = await self.inner.handle_async_request(request)
        body = json.loads(await response.aread())
        headers = [*_SERVER, (b"date", response.headers["Date"].encode())]
        return httpx.Response(response.status_code, headers=headers, json=_hostile(body))


_SERVER = [(b"server", f"{OUTSIDE}\x1b]0;x\x07\x9d2;x\x9c".encode("latin-1"))]
_HEADERS = [
    *_SERVER,
    (b"content-type", b"application/zip"),
    (
        b"content-disposition",
        f'attachment; filename="../\x1b]0;x\x07\x9b2J{OUTSIDE}.zip"'.encode("latin-1"),
    ),
]


def _hostile(value: object, key: str = "") -> object:
    match value:
        case dict() if key in _LABELS:
            return {marked(name): marked(name) for name in value} | {marked(key): marked(key)}
        case dict():
            return {name: _hostile(part, name) for name, part in value.items()}
        case list():
            return [_hostile(part, key) for part in value]
        case str() if not (_is_an_id(key) or value in _KEPT):
            return marked(f"{key} {value}")
        case _:
            return value


def _is_an_id(key: str) -> bool:
    return key.lower().removesuffix("s").endswith("id")
