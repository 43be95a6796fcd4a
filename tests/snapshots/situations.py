"""What befalls the app in a picture: answers that fail, never come, or say strange things."""

import asyncio
import json
from collections.abc import Callable, Mapping

import httpx

from tests.ui.stage import Stage

Which = Callable[[httpx.Request], bool]


def every_request(_request: httpx.Request) -> bool:
    return True


def posts(request: httpx.Request) -> bool:
    return request.method == "POST"


def answer_instead(
    stage: Stage,
    status: int,
    body: str,
    kind: str = "application/json",
    *,
    to: Which = every_request,
) -> None:
    """From now on these requests get this answer."""

    def answer(request: httpx.Request) -> httpx.Response | None:
        if not to(request):
            return None
        return httpx.Response(status, text=body, headers={"content-type": kind})

    stage.requests.instead = answer


def never_answer(stage: Stage, *, to: Which = every_request) -> None:
    """From now on these requests wait for ever."""
    stage.requests.inner = _Silent(stage.requests.inner, to)


def rewrite_runs(stage: Stage, fields: Mapping[str, object]) -> None:
    """From now on everything listed has these fields."""
    stage.requests.inner = _Rewriting(stage.requests.inner, fields)


class _Silent(httpx.AsyncBaseTransport):
    def __init__(self, inner: httpx.AsyncBaseTransport, to: Which) -> None:
        self._inner = inner
        self._to = to

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._to(request):
            await asyncio.Event().wait()
        return await self._inner.handle_async_request(request)


class _Rewriting(httpx.AsyncBaseTransport):
    def __init__(self, inner: httpx.AsyncBaseTransport, fields: Mapping[str, object]) -> None:
        self._inner = inner
        self._fields = fields

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        body = json.loads(await response.aread())
        for item in body.get("runs", ()):
            item.update(self._fields)
        return httpx.Response(200, json=body)
