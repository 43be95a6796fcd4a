"""The whole app over a server with random failures, while keys are pressed: it goes on, and shows nothing hostile."""

import asyncio
import json
import logging
import tempfile
from contextlib import suppress
from pathlib import Path

import httpx
from textual.pilot import OutOfBounds

from tests.fuzz.json_mutations import encoded, randomly_changed, with_hostile_words
from tests.present.hostile import Chaos
from tests.ui.hostile_wire import assert_harmless
from tests.ui.job_stage import job_stage
from tests.ui.stage import Stage
from tests.ui.transports import until

SIZES = ((120, 40), (80, 24), (60, 16), (200, 60), (20, 5))
KEYS = (
    *("1", "2", "3", "4", "j", "k", "g", "G", "tab", "enter", "escape", "pagedown", "space"),
    *("s", "S", "t", "z", "y", "b", "l", "d", "N", "p", "r", "slash", "n", "question_mark"),
    *("X", "C", "E", "D", "right", "w", "v", "[", "漢", "e", "f", "Y"),
)
"""All but those that lead out of the app, the palette with its commands included."""
_KEYS_PRESSED = 14


class _Mad(httpx.AsyncBaseTransport):
    """Changes every fourth answer or so."""

    def __init__(self, inner: httpx.AsyncBaseTransport, chaos: Chaos) -> None:
        self._inner = inner
        self._chaos = chaos
        self.answers = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        self.answers += 1
        mood = self._chaos.random()
        if mood < 0.6 or response.headers.get("Content-Type") != "application/json":
            return response
        body = await response.aread()
        if mood < 0.9:
            body = encoded(with_hostile_words(json.loads(body), self._chaos))
        elif mood < 0.97:
            body = encoded(randomly_changed(json.loads(body), self._chaos))
        else:
            return httpx.Response(503, json={"message": self._chaos.text()})
        return httpx.Response(response.status_code, content=body)


class _Caught(logging.Handler):
    """Keeps what the app's error boundary has caught."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def check_screens(seed: int) -> str:
    """Run the app, press some keys, and look at the screen after each."""
    caught, logger = _Caught(), logging.getLogger("runloop_tui")
    logger.addHandler(caught)
    was_disabled = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with tempfile.TemporaryDirectory() as folder:
            answers = asyncio.run(_watched(Chaos(seed), Path(folder)))
    finally:
        logger.removeHandler(caught)
        logging.disable(was_disabled)
    assert caught.lines == []
    return f"{answers // 10 * 10} answers and more"


async def _watched(chaos: Chaos, folder: Path) -> int:
    stage = job_stage(downloads=folder)
    mad = _Mad(stage.requests.inner, chaos)
    stage.requests.inner = mad
    async with stage.running(chaos.choice(SIZES), await_idle=False, toasts=True) as pilot:
        await until(pilot, lambda: _has_polled(stage))
        for _ in range(_KEYS_PRESSED):
            with suppress(OutOfBounds):
                await pilot.press(chaos.choice(KEYS))
            await pilot.pause()
            assert stage.app._exit is False
            assert_harmless(stage, ())
            if chaos.random() < 0.2:
                stage.clock.advance(s=chaos.randrange(600))
                await pilot.press("r")
    return mad.answers


def _has_polled(stage: Stage) -> bool:
    """The first poll has finished, whatever its outcome."""
    connection = stage.connection
    return connection is not None and connection.monitor.health.next_try_ms is not None
