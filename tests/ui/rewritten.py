"""Answers rewritten on their way, as a server of another mind would give them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from tests.ui.stage import Stage

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
