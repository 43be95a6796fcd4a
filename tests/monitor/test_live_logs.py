"""A devbox's log followed: what is asked, how often, and what becomes of each answer."""

import asyncio

import pytest

from runloop_tui.api.errors import NotFound, RunloopError, ServerError
from runloop_tui.api.models import DevboxLog
from runloop_tui.api.paging import Page
from runloop_tui.monitor.back_off import Pacing
from runloop_tui.monitor.fetch_devbox_logs import DevboxLogFetcher, rest_between_looks_s
from runloop_tui.monitor.health import Unexpected
from tests.api.scripted import NOW_MS, answer, ok
from tests.monitor.account import Account
from tests.monitor.scene import AccountScene, ticks


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
    return DevboxLogFetcher(
        "dbx_1", devbox.read, Pacing(every_s), now=lambda: NOW_MS, jitter=lambda: 0.5
    )


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
    await live.look()
    assert live.due_in_s() == pytest.approx(2.0)
    devbox.error = ServerError(status=503)
    rests = []
    for _ in range(3):
        await live.look()
        rests.append(live.due_in_s() or 0.0)

    assert said(live) == ["a"]
    assert live.trouble is devbox.error
    assert rests == sorted(rests)
    assert rests[-1] > 2 * rests[0]


async def test_a_look_that_succeeds_again_ends_the_trouble(devbox: Devbox) -> None:
    live = following(devbox)
    devbox.error = ServerError(status=503)
    await live.look()
    devbox.error = None

    await live.look()
    assert live.due_in_s() == pytest.approx(2.0)
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


def followed(scene: AccountScene, looks: "asyncio.Queue[int]") -> DevboxLogFetcher:
    """A log that the poller follows; `looks` has the number of lines after each look."""
    log = DevboxLogFetcher(
        "dbx_1",
        scene.client.get_devbox_logs,
        Pacing(3_600),
        now=scene.clock,
        jitter=lambda: 0.5,
        refresh=scene.monitor.refresh_log,
    )
    log.subscribe(lambda: looks.put_nowait(len(log.lines)))
    scene.monitor.follow_log(log)
    return log


def answers_with(account: Account, *messages: str) -> None:
    logs = [{"message": text, "timestamp_ms": NOW_MS} for text in messages]
    account.fail("/devboxes/dbx_1/logs", lambda: ok({"logs": logs}))


LOG = "GET /v1/devboxes/dbx_1/logs"


async def test_it_looks_again_when_asked_and_ends_after_one_more_look_once_finished(
    scene: AccountScene, account: Account
) -> None:
    looks = asyncio.Queue[int]()
    answers_with(account)
    async with scene.running():
        log = followed(scene, looks)
        assert await looks.get() == 0
        answers_with(account, "a")
        log.refresh()
        assert await looks.get() == 1
        answers_with(account, "a", "the end")
        log.finish()
        assert await looks.get() == 2
        assert log.is_over
        log.refresh()
        await ticks()
    assert len(account.asked_for(LOG)) == 3


async def test_a_last_look_that_fails_is_tried_again(scene: AccountScene, account: Account) -> None:
    looks = asyncio.Queue[int]()
    answers_with(account, "a")
    async with scene.running():
        log = followed(scene, looks)
        assert await looks.get() == 1
        account.fail("/devboxes/dbx_1/logs", lambda: answer(404))
        log.finish()
        await looks.get()
        assert (type(log.trouble), log.is_over) == (NotFound, False)
        answers_with(account, "a", "b")
        log.refresh()
        assert await looks.get() == 2
        assert log.is_over


async def test_a_refresh_gives_up_a_look_that_hangs(scene: AccountScene, account: Account) -> None:
    looks = asyncio.Queue[int]()
    answers_with(account, "a")
    gate = account.hold(LOG)
    async with scene.running():
        log = followed(scene, looks)
        await gate.reached.wait()
        log.refresh()
        await ticks()
        assert len(account.asked_for(LOG)) == 1, "it was only just asked"
        scene.clock.advance(ms=2_000)
        log.refresh()
        assert await looks.get() == 1
    assert len(account.asked_for(LOG)) == 2


async def test_the_log_on_the_screen_is_read_before_what_else_is_due(
    scene: AccountScene, account: Account
) -> None:
    account.start_run()
    answers_with(account, "a")
    followed(scene, asyncio.Queue[int]())
    await scene.poll()
    assert account.asked[0].startswith(LOG)


async def test_an_error_of_our_own_in_a_look_is_reported_and_ends_no_poll(
    scene: AccountScene, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.start_run()
    answers_with(account, "a")
    monkeypatch.setattr(DevboxLogFetcher, "_take", lambda *_: 1 / 0)
    log = followed(scene, asyncio.Queue[int]())
    await scene.poll()
    assert isinstance(log.trouble, Unexpected)
    assert [type(fault) for fault in scene.faults] == [ZeroDivisionError]
    assert scene.health.trouble is None


async def test_a_closed_log_is_read_no_more(scene: AccountScene, account: Account) -> None:
    answers_with(account, "a")
    log = followed(scene, asyncio.Queue[int]())
    log.close()
    await scene.poll(2)
    assert account.asked_for(LOG) == []


@pytest.mark.parametrize(
    ("interval_s", "rest_s"), [(1.0, 2.0), (2.0, 2.0), (5.0, 2.0), (60.0, 24.0)]
)
def test_a_log_is_looked_at_every_two_seconds_or_more_rarely_by_who_asks_for_little(
    interval_s: float, rest_s: float
) -> None:
    assert rest_between_looks_s(interval_s) == rest_s
