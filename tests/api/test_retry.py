"""Which requests are retried, after which pause, and which never."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from runloop_tui.api.client import Client
from runloop_tui.api.errors import (
    BadRequest,
    NoAnswer,
    NoConnection,
    NotUnderstood,
    RateLimited,
    RunloopError,
    ServerError,
)
from runloop_tui.api.retry import Backoff, retry_after_s
from tests.api.scripted import NOW_MS, RUN, Answer, Script, answer, listing, ok

BACKOFF = Backoff(first_s=1.0, cap_s=10.0, attempts=3, retry_after_cap_s=10.0)


@pytest.mark.parametrize(
    "failure",
    [
        answer(408),
        answer(429),
        answer(500),
        answer(503),
        httpx.ConnectTimeout(""),
        httpx.ConnectError(""),
        httpx.ReadError(""),
    ],
    ids=repr,
)
async def test_a_read_is_retried_after_a_transient_error(failure: Answer) -> None:
    script = Script(failure, ok(RUN))
    async with script.client(backoff=BACKOFF) as client:
        assert (await client.get_benchmark_run("bmr_1")).id == "bmr_1"
    assert script.request_lines == ["GET /v1/benchmark_runs/bmr_1"] * 2
    assert script.slept == [1.0]


@pytest.mark.parametrize(
    "failure", [answer(s) for s in (301, 400, 401, 403, 404, 409, 410, 422, 501)] + [ok(b"<html>")]
)
async def test_a_read_is_not_retried_after_a_permanent_error(failure: httpx.Response) -> None:
    script = Script(failure)
    async with script.client(backoff=BACKOFF) as client:
        with pytest.raises(RunloopError):
            await client.list_benchmarks()
    assert len(script.requests) == 1
    assert script.slept == []


@pytest.mark.parametrize("failure", [httpx.ReadTimeout(""), httpx.PoolTimeout("")], ids=repr)
async def test_a_read_timeout_is_raised_at_once(failure: Exception) -> None:
    script = Script(failure)
    async with script.client(backoff=BACKOFF) as client:
        with pytest.raises(NoAnswer):
            await client.list_benchmark_runs()
    assert len(script.requests) == 1
    assert script.slept == []


async def test_a_read_is_retried_once_by_default() -> None:
    script = Script(answer(500), answer(500))
    async with script.client() as client:
        with pytest.raises(ServerError):
            await client.list_benchmark_runs()
    assert len(script.requests) == 2


async def test_the_pauses_grow_and_the_last_error_is_raised() -> None:
    script = Script(answer(500), httpx.ReadError(""), answer(503))
    async with script.client(backoff=BACKOFF) as client:
        with pytest.raises(ServerError) as caught:
            await client.list_benchmark_runs()
    assert caught.value.status == 503
    assert script.slept == [1.0, 2.0]


async def test_every_retry_sends_the_same_request() -> None:
    script = Script(answer(500), listing([]))
    async with script.client() as client:
        await client.list_benchmark_runs(state="running", limit=7)
    assert script.request_lines[0] == script.request_lines[1]
    assert "state=running&limit=7" in script.request_lines[0]


@pytest.mark.parametrize(
    "act",
    [
        lambda c: c.cancel_benchmark_run("bmr_1"),
        lambda c: c.complete_benchmark_run("bmr_1"),
        lambda c: c.cancel_scenario_run("scr_1"),
        lambda c: c.complete_scenario_run("scr_1"),
        lambda c: c.score_scenario_run("scr_1"),
        lambda c: c.start_benchmark_run("bmd_1"),
    ],
)
@pytest.mark.parametrize(
    "failure", [httpx.ReadTimeout(""), httpx.ConnectError(""), 408, 429, 500, 503], ids=repr
)
async def test_an_action_is_sent_exactly_once(
    act: Callable[[Client], Awaitable[object]], failure: Exception | int
) -> None:
    given = answer(failure, retry_after="1") if isinstance(failure, int) else failure
    script = Script(given)
    async with script.client(backoff=BACKOFF) as client:
        with pytest.raises(RunloopError):
            await act(client)
    assert len(script.requests) == 1
    assert script.slept == []


async def test_a_cancel_without_a_response_is_not_retried_and_may_have_arrived() -> None:
    script = Script(httpx.ReadError("reset"))
    async with script.client(backoff=BACKOFF) as client:
        with pytest.raises(NoConnection) as caught:
            await client.cancel_benchmark_run("bmr_1")
    assert script.request_lines == ["POST /v1/benchmark_runs/bmr_1/cancel"]
    assert caught.value.may_have_arrived


async def test_a_download_is_not_retried() -> None:
    script = Script(answer(503))
    async with script.client(backoff=BACKOFF) as client:
        with pytest.raises(ServerError) as caught:
            async with client.download_benchmark_run_logs("bmr_1"):
                pass
    assert len(script.requests) == 1
    assert not caught.value.may_have_arrived  # it would have changed nothing


async def test_retry_after_is_honoured() -> None:
    script = Script(answer(429, retry_after="7"), ok(RUN))
    async with script.client(backoff=BACKOFF, jitter=lambda: 0.0) as client:
        await client.get_benchmark_run("bmr_1")
    assert script.slept == [7.0]


async def test_a_retry_after_date_is_relative_to_the_servers_clock() -> None:
    refused = answer(
        503,
        date="Mon, 02 Jun 2025 10:00:00 GMT",
        retry_after="Mon, 02 Jun 2025 10:00:04 GMT",
    )
    script = Script(refused, ok(RUN))
    async with script.client(backoff=BACKOFF, jitter=lambda: 0.0) as client:
        await client.get_benchmark_run("bmr_1")
    assert script.slept == [4.0]


async def test_a_retry_after_above_the_cap_is_raised_at_once() -> None:
    script = Script(answer(429, retry_after="11"))
    async with script.client(backoff=BACKOFF) as client:
        with pytest.raises(RateLimited) as caught:
            await client.list_benchmark_runs()
    assert caught.value.retry_after_s == 11.0
    assert script.slept == []


async def test_a_response_of_a_wrong_shape_is_not_retried() -> None:
    script = Script(ok({"data": []}))
    async with script.client(backoff=BACKOFF) as client:
        with pytest.raises(NotUnderstood):
            await client.list_benchmark_runs()
    assert len(script.requests) == 1


def test_pauses_double_up_to_the_cap() -> None:
    backoff = Backoff(first_s=1.0, cap_s=5.0, attempts=6)
    pauses = [backoff.delay(attempt, jitter=1.0) for attempt in range(1, 7)]
    assert pauses == [1.0, 2.0, 4.0, 5.0, 5.0, None]


def test_jitter_shortens_a_pause_by_up_to_a_half() -> None:
    backoff = Backoff(first_s=4.0, cap_s=60.0, attempts=2)
    assert [backoff.delay(1, jitter=jitter) for jitter in (0.0, 0.5, 1.0)] == [2.0, 3.0, 4.0]


def test_jitter_never_shortens_a_retry_after() -> None:
    backoff = Backoff(first_s=2.0, cap_s=60.0, retry_after_cap_s=60.0, attempts=2)
    pauses = [backoff.delay(1, jitter=jitter, retry_after_s=30.0) for jitter in (0.0, 1.0)]
    assert pauses == [30.0, 32.0]


def test_the_pause_after_very_many_attempts_is_still_the_cap() -> None:
    backoff = Backoff(first_s=1.0, cap_s=60.0, attempts=10_000)
    assert backoff.delay(9_000, jitter=1.0) == 60.0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 1.5 ", 1.5),
        ("0", 0.0),
        ("-5", 0.0),
        ("1e9", 1e9),
        ("1e300", 100 * 365 * 86_400.0),
        ("inf", None),
        ("nan", None),
        ("", None),
        ("soon", None),
        ("9" * 10_000, None),
        ("Thu, 09 Oct 2025 08:54:20 GMT", 60.0),  # a minute after NOW_MS
        ("Thu, 09 Oct 2025 08:00:00 GMT", 0.0),
        ("Thu, 09 Oct 9999 08:54:20 GMT", None),
        ("Thu, 99 Oct 2025 08:54:20 GMT", None),
    ],
)
def test_retry_after_is_parsed_in_both_forms(value: str, seconds: float | None) -> None:
    assert retry_after_s({"retry-after": value}, NOW_MS) == seconds


def test_without_the_header_there_is_no_retry_after() -> None:
    assert retry_after_s({}, NOW_MS) is None


async def test_a_bad_id_is_not_retried() -> None:
    script = Script()
    async with script.client(backoff=BACKOFF) as client:
        with pytest.raises(BadRequest):
            await client.get_benchmark_run("")
    assert script.slept == []
