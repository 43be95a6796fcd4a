"""Answers as httpx responses, and the routes that lead to them."""

import json
from collections.abc import Callable
from typing import Any

import httpx

from runloop_tui.demo.requests import Cut
from runloop_tui.demo.wire import Wire

Handler = Callable[[httpx.Request, str], httpx.Response]
"""Answers a request; the second argument is the id in its path, or empty."""
Route = tuple[str, str, Handler]
"""A method, a path in which `{}` is one id, and who answers."""


def json_answer(body: Wire, *, status: int = 200) -> httpx.Response:
    """Answer with JSON."""
    content = json.dumps(body, separators=(",", ":")).encode()
    return httpx.Response(status, headers={"Content-Type": "application/json"}, content=content)


def page_answer(key: str, page: Cut[Any], views: list[Wire]) -> httpx.Response:
    """Answer with a page of a list; `key` is what the list is called."""
    return json_answer({key: views, "has_more": page.has_more, "total_count": page.total_count})
