"""The error for each status and httpx exception, and whether an action may have taken effect."""

import asyncio
import gzip
from collections.abc import AsyncIterator

import httpx
import pytest

from runloop_tui.api.errors import (
    AnswerTooLarge,
    BadRequest,
    BrokenOff,
    Conflict,
    CutShort,
    Forbidden,
    NoAnswer,
    NoConnection,
    NotAuthorised,
    NotFound,
    NotOffered,
    NotUnderstood,
    RateLimited,
    RunloopError,
    ServerError,
    TimedOut,
)
from runloop_tui.api.retry import Backoff
from tests.api.scripted import RUN, Answer, Pieces, Script, answer, listing, ok

ONCE = Backoff(attempts=1)


async def failure_of_list(given: Answer) -> RunloopError:
    """Return the error of a list that is not at the older path either."""
    async with Script(given, answer(404)).client(backoff=ONCE) as client:
        with pytest.raises(RunloopError) as caught:
            await client.list_benchmark_runs()
    return caught.value


async def failure_of_part(given: Answer) -> RunloopError:
    async with Script(given).client(backoff=ONCE) as client:
        with pytest.raises(RunloopError) as caught:
            await client.list_scenario_runs("bmr_1")
    return caught.value


async def failure_of_get(given: Answer) -> RunloopError:
    async with Script(given).client(backoff=ONCE) as client:
        with pytest.raises(RunloopError) as caught:
            await client.get_benchmark_run("bmr_1")
    return caught.value


async def failure_of_cancel(given: Answer) -> RunloopError:
    async with Script(given).client() as client:
        with pytest.raises(RunloopError) as caught:
            await client.cancel_benchmark_run("bmr_1")
    return caught.value


STATUSES: dict[int, type[RunloopError]] = {
    400: BadRequest,
    401: NotAuthorised,
    402: BadRequest,
    403: Forbidden,
    404: NotFound,
    405: BadRequest,
    408: TimedOut,
    409: Conflict,
    410: NotOffered,
    418: BadRequest,
    422: BadRequest,
    429: RateLimited,
    500: ServerError,
    501: NotOffered,
    502: ServerError,
    503: ServerError,
    504: ServerError,
    599: ServerError,
    301: NotUnderstood,
    304: NotUnderstood,
    307: NotUnderstood,
    799: NotUnderstood,
}


@pytest.mark.parametrize(("status", "error_class"), STATUSES.items())
async def test_each_status_has_its_error(status: int, error_class: type[RunloopError]) -> None:
    error = await failure_of_get(answer(status, {"message": "the server's words"}))
    assert type(error) is error_class
    assert error.status == status
    assert not error.may_have_arrived  # reading changes nothing


@pytest.mark.parametrize("status", [404, 405, 410, 501])
async def test_a_404_on_a_list_means_not_offered(
    status: int,
) -> None:
    error = await failure_of_list(answer(status, {"message": "no route"}))
    assert type(error) is NotOffered
    assert str(error) == f"this address does not offer benchmark runs ({status})"


@pytest.mark.parametrize(
    ("status", "error_class"), [(404, NotFound), (405, NotOffered), (410, NotOffered)]
)
async def test_a_404_on_a_list_inside_a_run_means_not_found(
    status: int, error_class: type[RunloopError]
) -> None:
    assert type(await failure_of_part(answer(status))) is error_class


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 410, 422, 429])
async def test_an_action_with_a_4xx_has_not_arrived(status: int) -> None:
    assert not (await failure_of_cancel(answer(status))).may_have_arrived


@pytest.mark.parametrize("status", [302, 408, 500, 501, 502, 503, 504])
async def test_an_action_with_a_5xx_may_have_arrived(status: int) -> None:
    assert (await failure_of_cancel(answer(status))).may_have_arrived


BREAKDOWNS: list[tuple[Exception, type[RunloopError], bool]] = [
    (httpx.ConnectError("no route to rl_key"), NoConnection, False),
    (httpx.ProxyError("407 Proxy Authentication Required"), NoConnection, False),
    (httpx.ConnectTimeout(""), TimedOut, False),
    (httpx.PoolTimeout(""), NoAnswer, False),
    (httpx.WriteTimeout(""), NoAnswer, True),
    (httpx.ReadTimeout(""), NoAnswer, True),
    (httpx.ReadError("reset"), BrokenOff, True),
    (httpx.WriteError("reset"), BrokenOff, True),
    (
        httpx.RemoteProtocolError("Server disconnected without sending a response."),
        BrokenOff,
        True,
    ),
    (httpx.RemoteProtocolError("illegal status line"), NotUnderstood, True),
    (httpx.LocalProtocolError("bad header"), BadRequest, False),
]


@pytest.mark.parametrize(("failure", "error_class", "may_have_arrived"), BREAKDOWNS)
async def test_each_httpx_exception_has_its_error(
    failure: Exception, error_class: type[RunloopError], may_have_arrived: bool
) -> None:
    reading = await failure_of_get(failure)
    acting = await failure_of_cancel(failure)
    assert type(reading) is type(acting) is error_class
    assert (reading.may_have_arrived, acting.may_have_arrived) == (False, may_have_arrived)
    assert reading.status is None
    assert str(failure) not in str(acting) or not str(failure)
    assert acting.__cause__ is None
    assert acting.__suppress_context__  # the frames below hold the key


MISUNDERSTANDINGS: list[tuple[Answer, str]] = [
    (ok(b""), "expected JSON, got an empty answer"),
    (ok(b" \n"), "expected JSON, got an empty answer"),
    (answer(204, b""), "expected JSON, got an empty answer"),
    (ok(b"<html><title>Log in</title>"), "expected JSON, got a web page"),
    (ok(b"hello", content_type="text/html; charset=utf-8"), "expected JSON, got a web page"),
    (ok(b'{"id": "bmr_1"'), "expected JSON, got something else"),
    (ok(b"\xff\xfe\x00"), "expected JSON, got something else"),
    (ok(b"[" * 100_000), "expected JSON, got something else"),
    (ok([1, 2]), "expected a benchmark run with an id"),
    (ok(None), "expected a benchmark run with an id"),
    (ok({"id": ""}), "expected a benchmark run with an id"),
    (
        ok(Pieces(b"this is no gzip"), content_encoding="gzip"),
        "expected a body that can be decoded, got a damaged one",
    ),
]


@pytest.mark.parametrize(("given", "because"), MISUNDERSTANDINGS)
async def test_not_understood_says_what_was_expected(given: Answer, because: str) -> None:
    error = await failure_of_cancel(given)
    assert type(error) is NotUnderstood
    assert error.because == because
    assert error.may_have_arrived


CUT_OFF = httpx.RemoteProtocolError(
    "peer closed connection without sending complete message body (received 5 bytes, expected 9)"
)


@pytest.mark.parametrize(
    "given",
    [
        ok(Pieces(b'{"id"', CUT_OFF)),
        ok(Pieces(gzip.compress(b'{"id": "bmr_1"}')[:-9]), content_encoding="gzip"),
        ok(Pieces(), content_encoding="gzip"),
    ],
    ids=["plain", "compressed", "nothing of it"],
)
async def test_a_truncated_response_is_cut_short(
    given: Answer,
) -> None:
    error = await failure_of_cancel(given)
    assert type(error) is CutShort
    assert str(error) == "the connection broke off: a part of the answer is missing"
    assert "address" not in error.advice
    assert error.may_have_arrived


@pytest.mark.parametrize("body", [{}, [], "runs", {"runs": {}}, {"runs": "x"}, {"data": []}])
async def test_a_response_without_runs_is_not_an_empty_list(body: object) -> None:
    error = await failure_of_list(ok(body))
    assert type(error) is NotUnderstood
    assert error.because.startswith('expected a list of benchmark runs under "runs"')


async def test_null_in_place_of_runs_is_an_empty_list() -> None:
    async with Script(ok({"runs": None, "has_more": False})).client() as client:
        assert (await client.list_benchmark_runs()).items == ()


async def test_a_body_that_is_too_large_is_not_read_to_its_end() -> None:
    body = Pieces(*[b"[" + b" " * 999] * 50)
    async with Script(ok(body)).client(max_body_bytes=5_000) as client:
        with pytest.raises(AnswerTooLarge) as caught:
            await client.get_benchmark_run("bmr_1")
    assert str(caught.value) == "answer too large: more than 5,000 bytes (200)"
    assert caught.value.detail == ""
    assert "address" not in caught.value.advice
    assert body.taken == 6
    assert body.closed


async def test_an_error_body_that_is_too_large_is_not_read_to_its_end() -> None:
    body = Pieces(*[b"x" * 10_000] * 50)
    error = await failure_of_get(answer(500, body))
    assert error.detail == "x" * 4_000
    assert body.taken == 7
    assert body.closed


async def test_an_error_body_that_breaks_off_does_not_hide_the_status() -> None:
    body = Pieces(b"so mu", httpx.ReadError("reset"))
    error = await failure_of_get(answer(403, body))
    assert type(error) is Forbidden
    assert error.detail == "so mu"


async def test_an_answer_that_never_ends_times_out() -> None:
    class Drip(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            while True:
                yield b" "
                await asyncio.sleep(0)

    async with Script(ok(Drip())).client(response_timeout_s=0.0) as client:
        with pytest.raises(NoAnswer) as caught:
            await client.cancel_benchmark_run("bmr_1")
    assert str(caught.value) == "timed out: the answer took too long"
    assert caught.value.may_have_arrived


async def test_a_redirect_is_not_followed() -> None:
    script = Script(answer(302, b"", location="https://evil.test/login"))
    async with script.client() as client:
        with pytest.raises(NotUnderstood) as caught:
            await client.get_benchmark_run("bmr_1")
    assert len(script.requests) == 1
    assert caught.value.because == "expected an answer, got a redirect"
    assert caught.value.detail == "https://evil.test/login"


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"message": "first", "error": "second", "detail": "third"}, "first"),
        ({"message": None, "error": "second", "detail": "third"}, "second"),
        ({"error": {"message": "inner"}}, "inner"),
        ({"error": {"code": 3}, "detail": "third"}, "third"),
        ({"message": ["no", "text"]}, '{"message": ["no", "text"]}'),
        (b"plain words\n", "plain words"),
        (b"", ""),
        (b"<!doctype html><title>\n502 Bad Gateway </title><p>x", "502 Bad Gateway"),
        (b"<html>no title", ""),
        (b"\xff\x00", "\ufffd\x00"),
        ({"message": "x" * 10_000}, "x" * 4_000),
    ],
)
async def test_the_servers_message_is_extracted(body: object, detail: str) -> None:
    assert (await failure_of_get(answer(500, body))).detail == detail


async def test_the_servers_message_is_only_in_the_detail() -> None:
    error = await failure_of_get(answer(500, {"message": "\x1b[2J hostile"}))
    assert error.detail == "\x1b[2J hostile"
    assert str(error) == "server error (500)"
    assert "hostile" not in repr(error)


async def test_a_429_has_the_retry_after() -> None:
    error = await failure_of_get(answer(429, {}, retry_after="17"))
    assert error.retry_after_s == 17.0
    assert str(error) == "rate limited (429), again in 17 s"


async def test_the_next_request_after_a_failure_succeeds() -> None:
    script = Script(httpx.ReadError("reset"), listing([RUN]))
    async with script.client(backoff=ONCE) as client:
        with pytest.raises(NoConnection):
            await client.list_benchmark_runs()
        assert len((await client.list_benchmark_runs()).items) == 1
