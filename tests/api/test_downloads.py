"""Downloads: streamed, checked against their Content-Length, and rejected where they are no archive."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import httpx
import pytest

from runloop_tui.api.calls import LogStream
from runloop_tui.api.client import Client
from runloop_tui.api.errors import (
    BrokenOff,
    CutShort,
    NotFound,
    NotUnderstood,
    RunloopError,
    TimedOut,
)
from tests.api.scripted import KEY, Pieces, Script, answer

Download = Callable[[Client], AbstractAsyncContextManager[LogStream]]


def zip_answer(body: Pieces, **headers: str) -> httpx.Response:
    return answer(200, body, content_type="application/zip", **headers)


@pytest.mark.parametrize(
    ("download", "expected"),
    [
        (
            lambda c: c.download_benchmark_run_logs("bmr/1"),
            "POST /v1/benchmark_runs/bmr%2F1/download_logs",
        ),
        (
            lambda c: c.download_scenario_run_logs("scr_1"),
            "POST /v1/scenarios/runs/scr_1/download_logs",
        ),
    ],
)
async def test_a_download_yields_the_bytes_in_their_pieces(
    download: Download, expected: str
) -> None:
    script = Script(zip_answer(Pieces(b"PK", b"\x03\x04", b"rest")))
    async with script.client() as client, download(client) as stream:
        pieces = [piece async for piece in stream.chunks()]
    assert pieces == [b"PK", b"\x03\x04", b"rest"]
    assert script.request_lines == [expected]
    assert script.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert script.requests[0].headers["accept-encoding"] == "identity"


async def test_nothing_is_read_ahead_and_leaving_closes_the_connection() -> None:
    body = Pieces(b"one", b"two", b"three")
    async with Script(zip_answer(body)).client() as client:
        async with client.download_benchmark_run_logs("bmr_1") as stream:
            assert body.taken == 0
            chunks = stream.chunks()
            assert await anext(chunks) == b"one"
            assert body.taken == 1
        assert body.closed


async def test_a_download_is_closed_when_its_reader_fails() -> None:
    body = Pieces(b"one", b"two")
    async with Script(zip_answer(body)).client() as client:
        with pytest.raises(OSError, match="disk full"):
            async with client.download_benchmark_run_logs("bmr_1"):
                raise OSError("disk full")
    assert body.closed


async def test_the_callers_own_timeout_is_not_mapped() -> None:
    async with Script(zip_answer(Pieces(b"one"))).client() as client:
        with pytest.raises(TimeoutError):
            async with client.download_benchmark_run_logs("bmr_1"):
                raise TimeoutError


@pytest.mark.parametrize(
    ("failure", "error_class"),
    [
        (httpx.ReadError("reset"), BrokenOff),
        (httpx.ReadTimeout(""), TimedOut),
        (httpx.RemoteProtocolError("peer closed connection"), CutShort),
    ],
)
async def test_a_break_in_the_middle_has_its_error_after_what_came_before(
    failure: Exception, error_class: type[RunloopError]
) -> None:
    async with (
        Script(zip_answer(Pieces(b"PK", failure))).client() as client,
        client.download_benchmark_run_logs("bmr_1") as stream,
    ):
        chunks = stream.chunks()
        assert await anext(chunks) == b"PK"
        with pytest.raises(error_class) as caught:
            await anext(chunks)
    assert not caught.value.may_have_arrived


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        ([b"PK"], "the connection broke off: expected 5 bytes, got 2"),
        ([b"PK", b"too much"], "answer not understood: expected 5 bytes, got 10"),
    ],
)
async def test_a_body_that_differs_from_its_content_length_is_an_error(
    pieces: list[bytes], words: str
) -> None:
    script = Script(zip_answer(Pieces(*pieces), content_length="5"))
    async with (
        script.client() as client,
        client.download_benchmark_run_logs("bmr_1") as stream,
    ):
        with pytest.raises(NotUnderstood, match=words):
            async for _ in stream.chunks():
                pass


@pytest.mark.parametrize(
    ("headers", "size"),
    [
        ({}, None),
        ({"content_length": "12"}, 12),
        ({"content_length": "12", "content_encoding": "gzip"}, None),
        ({"content_length": "12", "content_encoding": "identity"}, 12),
        ({"content_length": "many"}, None),
        ({"content_length": "-1"}, None),
        ({"content_length": "9" * 5_000}, None),
    ],
)
async def test_the_size_is_the_content_length_of_an_uncompressed_body(
    headers: dict[str, str], size: int | None
) -> None:
    async with (
        Script(zip_answer(Pieces(), **headers)).client() as client,
        client.download_benchmark_run_logs("bmr_1") as stream,
    ):
        assert stream.size == size


@pytest.mark.parametrize(
    ("content_type", "body", "because", "detail"),
    [
        (
            "text/html; charset=utf-8",
            b"<title>Log in</title>",
            "expected a zip archive, got a web page",
            "Log in",
        ),
        (
            "application/json",
            b'{"message": "not ready"}',
            "expected a zip archive, got JSON",
            "not ready",
        ),
    ],
)
async def test_html_and_json_are_rejected_by_content_type(
    content_type: str, body: bytes, because: str, detail: str
) -> None:
    script = Script(answer(200, body, content_type=content_type))
    async with script.client() as client:
        with pytest.raises(NotUnderstood) as caught:
            async with client.download_benchmark_run_logs("bmr_1"):
                pass
    assert (caught.value.because, caught.value.detail) == (because, detail)


async def test_a_failed_download_has_the_error_of_its_status() -> None:
    script = Script(answer(404, {"message": "no logs yet"}))
    async with script.client() as client:
        with pytest.raises(NotFound) as caught:
            async with client.download_scenario_run_logs("scr_1"):
                pass
    assert caught.value.detail == "no logs yet"
