"""A mock transport with scripted responses, and a client over it."""

import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx

from runloop_tui.api.client import Client

BASE = "https://api.runloop.test"
KEY = "rl_key_of_the_tests"
NOW_MS = 1_760_000_000_000  # Thu, 09 Oct 2025 08:53:20 GMT

RUN = {"id": "bmr_1", "start_time_ms": NOW_MS - 60_000, "state": "running", "metadata": {}}
SCENARIO_RUN = {
    "id": "scr_1",
    "scenario_id": "scn_1",
    "devbox_id": "dbx_1",
    "state": "running",
    "metadata": {},
}
BENCHMARK = {
    "id": "bmd_1",
    "name": "swe-bench-verified",
    "scenarioIds": ["scn_1", "scn_2"],
    "metadata": {},
    "status": "active",
}

Answer = httpx.Response | Exception


class Script:
    """Returns its answers in order, or raises them, and records the requests."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.slept: list[float] = []
        self.now_ms = NOW_MS

    def client(
        self,
        api_key: str | None = KEY,
        *,
        base: str = BASE,
        **options: Any,  # noqa: ANN401 - other arguments of the client
    ) -> Client:
        """Return a client over this script, with a fixed clock and recorded pauses."""
        settings: dict[str, Any] = {"jitter": lambda: 1.0, **options}
        return Client(
            base,
            api_key,
            now=lambda: self.now_ms,
            transport=httpx.MockTransport(self._answer),
            sleep=self._sleep,
            **settings,
        )

    @property
    def request_lines(self) -> list[str]:
        """The requests, as "GET /path?query"."""
        return [f"{request.method} {_target(request)}" for request in self.requests]

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def _target(request: httpx.Request) -> str:
    return request.url.raw_path.decode()


class Pieces(httpx.AsyncByteStream):
    """A body that arrives in pieces; a piece that is an exception is raised."""

    def __init__(self, *pieces: bytes | Exception) -> None:
        self._pieces = pieces
        self.taken = 0
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            if isinstance(piece, Exception):
                raise piece
            self.taken += 1
            yield piece

    async def aclose(self) -> None:
        self.closed = True


def ok(body: object, **headers: str) -> httpx.Response:
    """Return a 200 with this as JSON."""
    return answer(200, body, **headers)


def answer(status: int, body: object = None, **headers: str) -> httpx.Response:
    """Return a response with this body: bytes and streams as they are, everything else as JSON.

    Header names have underscores in place of hyphens.
    """
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if isinstance(body, bytes):
        return httpx.Response(status, headers=named, content=body)
    if isinstance(body, httpx.AsyncByteStream):
        return httpx.Response(status, headers=named, stream=body)
    content = json.dumps(body).encode()
    return httpx.Response(
        status, headers={"content-type": "application/json"} | named, content=content
    )


def listing(
    runs: Sequence[object], *, has_more: bool = False, total_count: int | None = None
) -> httpx.Response:
    """Return a 200 with a page of these."""
    return ok({"runs": list(runs), "has_more": has_more, "total_count": total_count})
