"""One answer, through the real client to the screens: only a RunloopError comes out, and all that is shown is safe."""

import asyncio

import httpx

from runloop_tui.api.client import Client
from runloop_tui.api.errors import RunloopError
from runloop_tui.api.pagination import Page
from runloop_tui.api.retry import Backoff
from tests.api.scripted import BASE, KEY
from tests.demo.client import no_sleep
from tests.fuzz.answers import OPERATIONS, Answer
from tests.fuzz.shown import NOW, look_at

_TWICE = Backoff(attempts=2)


def check_answer(answer: Answer) -> str:
    """Request the operation, and render the answer on every screen that shows it."""
    result = asyncio.run(_fetched(answer))
    look_at(result)
    if isinstance(result, RunloopError):
        return f"mapped to {type(result).__name__}"
    if isinstance(result, Page) and result.warnings:
        return "shown in part"
    return "shown"


async def _fetched(answer: Answer) -> object:
    """What the operation gives, or the RunloopError that it raises."""
    ask, _ = OPERATIONS[answer.operation]
    transport = httpx.MockTransport(lambda _: answer.response())
    async with Client(
        BASE,
        KEY,
        now=lambda: NOW,
        transport=transport,
        backoff=_TWICE,
        sleep=no_sleep,
        jitter=lambda: 0.5,
    ) as client:
        try:
            return await ask(client)
        except RunloopError as error:
            return error
