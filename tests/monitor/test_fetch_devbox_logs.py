"""A devbox's log: what is requested, how often, and how answers are joined, with no line twice and none lost."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runloop_tui.api.errors import NotFound, RunloopError, ServerError
from runloop_tui.api.models import DevboxLog
from runloop_tui.api.pagination import Page
from runloop_tui.monitor.back_off import PollInterval
from runloop_tui.monitor.fetch_devbox_logs import (
    DevboxLine,
    DevboxLogFetcher,
    join,
    rest_between_looks_s,
)
from runloop_tui.monitor.health import InternalError
from tests.api.scripted import NOW_MS, answer, ok
from tests.monitor.account import Account
from tests.monitor.scene import AccountScene, ticks


class Devbox:
    """Answers with the lines or the error that a test has set."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, int]] = []
        self.error: RunloopError | None = None
        self.warnings: tuple[str, ...] = ()
        self.requests: list[str] = []

    def log(self, *messages: str, at: int = NOW_MS) -> None:
        self.messages += [(message, at) for message in messages]

    async def read(self, devbox_id: str) -> Page[DevboxLog]:
        self.requests.append(devbox_id)
        if self.error is not None:
            raise self.error
        items = tuple(DevboxLog(message=text, timestamp_ms=at) for text, at in self.messages)
        return Page(items, has_more=False, warnings=self.warnings)


@pytest.fixture(name="devbox")
def _devbox() -> Devbox:
    return Devbox()


def fetcher(devbox: Devbox, every_s: float = 2.0) -> DevboxLogFetcher:
    return DevboxLogFetcher(
        "dbx_1", devbox.read, PollInterval(every_s), now=lambda: NOW_MS, jitter=lambda: 0.5
    )


def said(live: DevboxLogFetcher) -> list[str]:
    return [line.message for line in live.lines]


async def test_each_look_adds_what_was_logged_since(devbox: Devbox) -> None:
    live = fetcher(devbox)
    assert not live.is_loaded
    devbox.log("a", "a")
    await live.look()
    devbox.log("a", "b")
    await live.look()

    assert said(live) == ["a", "a", "a", "b"]
    assert (live.kept, live.is_loaded) == (2, True)
    assert devbox.requests == ["dbx_1", "dbx_1"]


async def test_a_look_without_news_keeps_the_list_as_it_is(devbox: Devbox) -> None:
    live = fetcher(devbox)
    devbox.log("a")
    await live.look()
    before = live.lines
    await live.look()

    assert live.lines is before


async def test_a_failed_look_keeps_the_lines_and_the_next_comes_later(devbox: Devbox) -> None:
    live = fetcher(devbox)
    devbox.log("a")
    await live.look()
    assert live.due_in_s() == pytest.approx(2.0)
    devbox.error = ServerError(status=503)
    rests = []
    for _ in range(3):
        await live.look()
        rests.append(live.due_in_s() or 0.0)

    assert said(live) == ["a"]
    assert live.failure is devbox.error
    assert rests == sorted(rests)
    assert rests[-1] > 2 * rests[0]


async def test_a_fetch_that_succeeds_again_clears_the_error(devbox: Devbox) -> None:
    live = fetcher(devbox)
    devbox.error = ServerError(status=503)
    await live.look()
    devbox.error = None

    await live.look()
    assert live.due_in_s() == pytest.approx(2.0)
    assert live.failure is None


async def test_lines_that_may_be_missing_are_recorded_where_they_would_be(
    devbox: Devbox,
) -> None:
    live = fetcher(devbox)
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
    live = fetcher(devbox)
    assert fetcher(devbox).last_ms is None
    devbox.log("a", at=NOW_MS - 5_000)
    devbox.warnings = ("a log line without a form",)
    await live.look()

    assert live.last_ms == NOW_MS - 5_000
    assert live.warnings == devbox.warnings


def polled_log(scene: AccountScene, fetched: "asyncio.Queue[int]") -> DevboxLogFetcher:
    """A log that the poller fetches; `fetched` has the number of lines after each fetch."""
    log = DevboxLogFetcher(
        "dbx_1",
        scene.client.get_devbox_logs,
        PollInterval(3_600),
        now=scene.clock,
        jitter=lambda: 0.5,
        refresh=scene.poller.refresh_log,
    )
    log.subscribe(lambda: fetched.put_nowait(len(log.lines)))
    scene.poller.follow_log(log)
    return log


def answers_with(account: Account, *messages: str) -> None:
    logs = [{"message": text, "timestamp_ms": NOW_MS} for text in messages]
    account.fail("/devboxes/dbx_1/logs", lambda: ok({"logs": logs}))


LOG = "GET /v1/devboxes/dbx_1/logs"


async def test_it_fetches_again_on_a_refresh_and_ends_after_one_more_fetch_once_finished(
    scene: AccountScene, account: Account
) -> None:
    fetched = asyncio.Queue[int]()
    answers_with(account)
    async with scene.running():
        log = polled_log(scene, fetched)
        assert await fetched.get() == 0
        answers_with(account, "a")
        log.refresh()
        assert await fetched.get() == 1
        answers_with(account, "a", "the end")
        log.finish()
        assert await fetched.get() == 2
        assert log.is_over
        log.refresh()
        await ticks()
    assert len(account.requests_for(LOG)) == 3


async def test_a_last_look_that_fails_is_tried_again(scene: AccountScene, account: Account) -> None:
    fetched = asyncio.Queue[int]()
    answers_with(account, "a")
    async with scene.running():
        log = polled_log(scene, fetched)
        assert await fetched.get() == 1
        account.fail("/devboxes/dbx_1/logs", lambda: answer(404))
        log.finish()
        await fetched.get()
        assert (type(log.failure), log.is_over) == (NotFound, False)
        answers_with(account, "a", "b")
        log.refresh()
        assert await fetched.get() == 2
        assert log.is_over


async def test_a_refresh_gives_up_a_look_that_hangs(scene: AccountScene, account: Account) -> None:
    fetched = asyncio.Queue[int]()
    answers_with(account, "a")
    gate = account.hold(LOG)
    async with scene.running():
        log = polled_log(scene, fetched)
        await gate.reached.wait()
        log.refresh()
        await ticks()
        assert len(account.requests_for(LOG)) == 1, "it was fetched just now"
        scene.clock.advance(ms=2_000)
        log.refresh()
        assert await fetched.get() == 1
    assert len(account.requests_for(LOG)) == 2


async def test_the_log_on_the_screen_is_read_before_what_else_is_due(
    scene: AccountScene, account: Account
) -> None:
    account.start_run()
    answers_with(account, "a")
    polled_log(scene, asyncio.Queue[int]())
    await scene.poll()
    assert account.requests[0].startswith(LOG)


async def test_an_error_of_our_own_in_a_look_is_reported_and_ends_no_poll(
    scene: AccountScene, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.start_run()
    answers_with(account, "a")
    monkeypatch.setattr(DevboxLogFetcher, "_take", lambda *_: 1 / 0)
    log = polled_log(scene, asyncio.Queue[int]())
    await scene.poll()
    assert isinstance(log.failure, InternalError)
    assert [type(error) for error in scene.errors] == [ZeroDivisionError]
    assert scene.health.failure is None


async def test_a_log_that_is_not_shown_any_more_is_not_fetched(
    scene: AccountScene, account: Account
) -> None:
    answers_with(account, "a")
    log = polled_log(scene, asyncio.Queue[int]())
    log.close()
    await scene.poll(2)
    assert account.requests_for(LOG) == []


@pytest.mark.parametrize(
    ("interval_s", "rest_s"), [(1.0, 2.0), (2.0, 2.0), (5.0, 2.0), (60.0, 24.0)]
)
def test_a_log_is_fetched_every_two_seconds_or_more_rarely_where_the_interval_is_long(
    interval_s: float, rest_s: float
) -> None:
    assert rest_between_looks_s(interval_s) == rest_s


# How answers are joined


def line(message: str, at: int | None = None) -> DevboxLine:
    return DevboxLine(at, "exec", "info", message, "", "", "", None)


def lines(messages: str) -> list[DevboxLine]:
    """A line for each letter; equal letters are equal lines."""
    return [line(letter) for letter in messages]


def timed(messages: str, first: int = 0) -> list[DevboxLine]:
    """A line for each letter, a second apart."""
    return [line(letter, 1_000 * (first + place)) for place, letter in enumerate(messages)]


def joined(known: str, fresh: str) -> str:
    return "".join(line.message for line in join(lines(known), lines(fresh)).lines)


def test_an_answer_that_goes_on_adds_what_is_new() -> None:
    assert joined("", "abc") == "abc"
    assert joined("abc", "abcde") == "abcde"


def test_identical_lines_are_kept_as_often_as_they_were_logged() -> None:
    assert joined("aa", "aaaa") == "aaaa"
    assert joined("abab", "abababab") == "abababab"


def test_an_answer_of_only_the_end_is_joined_where_it_overlaps() -> None:
    assert joined("abcdef", "defgh") == "abcdefgh"
    assert joined("abcaabca", "aabcaxx") == "abcaabcaxx"


def test_an_answer_with_nothing_new_takes_nothing_away() -> None:
    assert joined("abcdef", "abc") == "abcdef"
    assert joined("abcdef", "cde") == "abcdef"
    assert joined("abcdef", "") == "abcdef"


def test_a_line_that_came_late_takes_its_place() -> None:
    assert joined("abde", "abcdef") == "abcdef"
    result = join(lines("abde"), lines("abcdef"))
    assert result.kept == 2


def test_a_line_that_came_late_in_an_answer_of_only_the_end_takes_its_place() -> None:
    assert joined("uvwabde", "abcdef") == "uvwabcdef"


def test_a_line_that_was_completed_replaces_what_it_was() -> None:
    known = [*timed("ab"), line("par", 2_000)]
    fresh = [*timed("ab"), line("partial no more", 2_000), line("c", 3_000)]

    result = join(known, fresh)

    assert result.lines == fresh
    assert result.kept == 2
    assert not result.has_gap


def test_an_answer_that_begins_after_the_end_leaves_a_gap_and_says_where() -> None:
    result = join(timed("abc"), timed("xyz", first=10))

    assert [line.message for line in result.lines] == [*"abcxyz"]
    assert (result.kept, result.has_gap) == (3, True)


def test_an_answer_that_shares_nothing_and_is_not_later_replaces_all() -> None:
    result = join(timed("abc", first=10), timed("xyz"))

    assert [line.message for line in result.lines] == [*"xyz"]
    assert (result.kept, result.has_gap) == (0, False)


@given(whole=st.text("ab", max_size=40), lengths=st.lists(st.integers(0, 40), max_size=8))
def test_a_log_that_is_given_whole_each_time_is_always_as_long_as_the_longest_look(
    whole: str, lengths: list[int]
) -> None:
    known: list[DevboxLine] = []
    longest = 0
    for end in lengths:  # some of them late, with less than was known
        known = join(known, lines(whole[:end])).lines
        longest = max(longest, min(end, len(whole)))
        assert known == lines(whole[:longest])


@given(
    length=st.integers(1, 60),
    steps=st.lists(st.tuples(st.integers(0, 10), st.integers(1, 20)), max_size=10),
)
def test_windows_that_overlap_are_joined_to_the_whole(
    length: int, steps: list[tuple[int, int]]
) -> None:
    whole = [line("the same words", place // 3) for place in range(length)]
    # Three lines share each millisecond: lines are distinguished by their position.
    known = join([], whole[:4]).lines
    end = 4
    for back, on in steps:
        start = max(0, end - 3 - back) // 3 * 3
        end = min(length, max(end, end + on))
        known = join(known, whole[start:end]).lines
        assert known == whole[: max(end, 4)]


@given(known=st.text("abc", max_size=20), fresh=st.text("abc", max_size=20))
def test_what_is_said_to_be_kept_is_kept_and_the_answer_is_in_the_result(
    known: str, fresh: str
) -> None:
    before, answer = lines(known), lines(fresh)

    result = join(before, answer)

    assert result.lines[: result.kept] == before[: result.kept]
    text = "".join(line.message for line in result.lines)
    assert fresh in text


@given(known=st.text("abc", max_size=20), fresh=st.text("abc", max_size=20))
def test_the_same_answer_again_changes_nothing(known: str, fresh: str) -> None:
    once = join(lines(known), lines(fresh)).lines

    assert join(once, lines(fresh)).lines == once
