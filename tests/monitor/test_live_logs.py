"""A devbox's log followed: what is asked, how often, and what becomes of each answer."""

import asyncio

import pytest

from runloop_tui.api.errors import NotFound, RunloopError, ServerError
from runloop_tui.api.models import DevboxLog
from runloop_tui.api.paging import Page
from runloop_tui.monitor.back_off import Pacing
from runloop_tui.monitor.fetch_devbox_logs import DevboxLogFetcher, rest_between_looks_s
from tests.api.scripted import NOW_MS
from tests.monitor.scene import ticks


class Devbox:
    """Answers with the lines or the error that a test has set."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, int]] = []
        self.error: RunloopError | None = None
        self.complaints: tuple[str, ...] = ()
        self.asked: list[str] = []

    def log(self, *messages: str, at: int = NOW_MS) -> None:
        self.messages += [(message, at) for message in messages]

    async def read(self, devbox_id: str) -> Page[DevboxLog]:
        self.asked.append(devbox_id)
        if self.error is not None:
            raise self.error
        items = tuple(DevboxLog(message=text, timestamp_ms=at) for text, at in self.messages)
        return Page(items, has_more=False, complaints=self.complaints)


@pytest.fixture(name="devbox")
def _devbox() -> Devbox:
    return Devbox()


def following(devbox: Devbox, every_s: float = 2.0) -> DevboxLogFetcher:
    return DevboxLogFetcher("dbx_1", devbox.read, Pacing(every_s), now=lambda: NOW_MS, jitter=lambda: 0.5)


def said(live: DevboxLogFetcher) -> list[str]:
    return [line.message for line in live.lines]


async def test_each_look_adds_what_was_logged_since(devbox: Devbox) -> None:
    live = following(devbox)
    assert not live.is_loaded
    devbox.log("a", "a")
    await live.look()
    devbox.log("a", "b")
    await live.look()

    assert said(live) == ["a", "a", "a", "b"]
    assert (live.kept, live.is_loaded) == (2, True)
    assert devbox.asked == ["dbx_1", "dbx_1"]


async def test_a_look_without_news_keeps_the_list_as_it_is(devbox: Devbox) -> None:
    live = following(devbox)
    devbox.log("a")
    await live.look()
    before = live.lines
    await live.look()

    assert live.lines is before


async def test_a_failed_look_keeps_the_lines_and_the_next_comes_later(devbox: Devbox) -> None:
    live = following(devbox)
    devbox.log("a")
    assert await live.look() == pytest.approx(2.0)
    devbox.error = ServerError(status=503)
    rests = [await live.look() for _ in range(3)]

    assert said(live) == ["a"]
    assert live.trouble is devbox.error
    assert rests == sorted(rests)
    assert rests[-1] > 2 * rests[0]


async def test_a_look_that_succeeds_again_ends_the_trouble(devbox: Devbox) -> None:
    live = following(devbox)
    devbox.error = ServerError(status=503)
    await live.look()
    devbox.error = None

    assert await live.look() == pytest.approx(2.0)
    assert live.trouble is None


async def test_lines_that_may_be_missing_are_remembered_where_they_would_stand(
    devbox: Devbox,
) -> None:
    live = following(devbox)
    devbox.log("a", "b")
    await live.look()
    devbox.messages.clear()
    devbox.log("x", at=NOW_MS + 60_000)
    await live.look()
    assert live.gaps == (2,)
    devbox.log("y", at=NOW_MS + 61_000)
    await live.look()

    assert said(live) == ["a", "b", "x", "y"]
    assert live.gaps == (2,)


async def test_the_moment_of_the_last_line_is_that_of_the_last_that_says_one(
    devbox: Devbox,
) -> None:
    live = following(devbox)
    assert following(devbox).last_ms is None
    devbox.log("a", at=NOW_MS - 5_000)
    devbox.complaints = ("a log line without a form",)
    await live.look()

    assert live.last_ms == NOW_MS - 5_000
    assert live.complaints == devbox.complaints


async def test_it_looks_again_when_asked_and_ends_after_one_more_look_once_finished(
    devbox: Devbox,
) -> None:
    live = following(devbox, every_s=3_600)
    looked = asyncio.Queue[int]()
    task = asyncio.create_task(live.run(lambda: looked.put_nowait(len(live.lines))))
    assert await looked.get() == 0
    devbox.log("a")
    live.refresh()
    assert await looked.get() == 1
    devbox.log("the end")
    live.finish()
    assert await looked.get() == 2
    await task
    assert len(devbox.asked) == 3


async def test_a_last_look_that_fails_is_tried_again(devbox: Devbox) -> None:
    live = following(devbox, every_s=3_600)
    looked = asyncio.Queue[bool]()
    task = asyncio.create_task(live.run(lambda: looked.put_nowait(live.trouble is None)))
    assert await looked.get()
    devbox.error = NotFound(status=404)
    live.finish()
    assert not await looked.get()
    assert not task.done()
    devbox.error = None
    live.refresh()
    assert await looked.get()
    await task


async def test_a_refresh_gives_up_a_look_that_hangs(devbox: Devbox) -> None:
    now_ms = NOW_MS
    hangs = asyncio.Event()

    async def read(devbox_id: str) -> Page[DevboxLog]:
        if not devbox.asked:
            devbox.asked.append(devbox_id)
            await hangs.wait()
        return await devbox.read(devbox_id)

    live = DevboxLogFetcher("dbx_1", read, Pacing(2.0), now=lambda: now_ms, jitter=lambda: 0.5)
    devbox.log("a")
    looked = asyncio.Queue[int]()
    task = asyncio.create_task(live.run(lambda: looked.put_nowait(len(live.lines))))
    await ticks()
    live.refresh()
    await asyncio.sleep(0)
    assert len(devbox.asked) == 1, "it was only just asked"
    now_ms += 2_000
    live.refresh()
    assert await looked.get() == 1
    assert len(devbox.asked) == 2
    task.cancel()


@pytest.mark.parametrize(
    ("interval_s", "rest_s"), [(1.0, 2.0), (2.0, 2.0), (5.0, 2.0), (60.0, 24.0)]
)
def test_a_log_is_looked_at_every_two_seconds_or_more_rarely_by_who_asks_for_little(
    interval_s: float, rest_s: float
) -> None:
    assert rest_between_looks_s(interval_s) == rest_s
