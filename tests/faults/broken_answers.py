"""Failures of answers, from a status to a line that breaks."""

import gzip
import json
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

import httpx

from tests.faults.server import Failure, Good, Line

Wire = dict[str, Any]

_CHUNK = b"10000\r\n" + b" " * 0x10000 + b"\r\n"


def says(
    status: int, body: bytes = b"", media_type: str = "application/json", **headers: str
) -> Failure:
    """This answer to any request. Header names are written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if body:
        named["Content-Type"] = media_type

    async def failure(_: httpx.Request, line: Line, __: Good) -> None:
        await line.send(httpx.Response(status, headers=named, content=body))

    return failure


def come_back_in(seconds: int) -> Failure:
    """Overloaded until a moment that is given as a date."""

    async def failure(_: httpx.Request, line: Line, good: Good) -> None:
        date = (await good()).headers["Date"]
        at = parsedate_to_datetime(date) + timedelta(seconds=seconds)
        headers = {"Date": date, "Retry-After": format_datetime(at, usegmt=True)}
        await line.send(httpx.Response(503, headers=headers))

    return failure


def each_body(status: int) -> dict[str, Failure]:
    """A status with words in JSON, in a web page, and without any."""
    return {
        "JSON": says(status, b'{"message": "out of order"}'),
        "HTML": says(status, b"<html><title>Oh no</title></html>", "text/html"),
        "empty": says(status),
    }


def sends(*pieces: bytes, then: Callable[[Line], None]) -> Failure:
    """These bytes, and then what happens to the line."""

    async def failure(_: httpx.Request, line: Line, __: Good) -> None:
        for piece in pieces:
            await line.say(piece)
        then(line)

    return failure


async def half_a_body(_: httpx.Request, line: Line, good: Good) -> None:
    """Promise the whole answer, send half of it, and hang up."""
    head, body = await _whole(good)
    await line.say(head + body[: len(body) // 2])
    line.hang_up()


async def reset_in_the_body(_: httpx.Request, line: Line, good: Good) -> None:
    """Promise the whole answer, send half of it, and break off."""
    head, body = await _whole(good)
    await line.say(head + body[: len(body) // 2])
    line.reset()


async def wrong_gzip(_: httpx.Request, line: Line, good: Good) -> None:
    """Compress the answer, and damage it on the way."""
    packed = bytearray(gzip.compress(await (await good()).aread()))
    packed[len(packed) // 2] ^= 0xFF
    packed[-8] ^= 0xFF
    length = str(len(packed)).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
    await line.say(head + b"Content-Length: " + length + b"\r\n\r\n" + packed)


async def endless_body(_: httpx.Request, line: Line, __: Good) -> None:
    """Send blanks for as long as the connection is open."""
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    await line.say(head)
    while True:
        await line.say(_CHUNK)


async def _whole(good: Good) -> tuple[bytes, bytes]:
    body = await (await good()).aread()
    length = str(len(body)).encode()
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + length,
        b"\r\n\r\n" + body,
    )


def rewrites(rewrite: Callable[[Wire], None]) -> Failure:
    """The good answer, whose JSON a function changes in place."""

    async def failure(_: httpx.Request, line: Line, good: Good) -> None:
        response = await good()
        body = json.loads(await response.aread())
        rewrite(body)
        headers = {"Date": response.headers["Date"]}
        await line.send(httpx.Response(response.status_code, headers=headers, json=body))

    return failure


def only_where(applies: Callable[[httpx.Request], bool], failure: Failure) -> Failure:
    """A failure of some requests; the others are answered well."""

    async def partly(request: httpx.Request, line: Line, good: Good) -> None:
        if applies(request):
            await failure(request, line, good)
        else:
            await line.send(await good())

    return partly


def repeats_the_first_page() -> Failure:
    """Ignore the cursor, and always promise more."""
    pages: dict[str, bytes] = {}

    async def failure(request: httpx.Request, line: Line, good: Good) -> None:
        body = json.loads(await (await good()).aread())
        body["has_more"] = True
        query = f"{request.url.path} {request.url.params.get('state')}"
        page = pages.setdefault(query, json.dumps(body).encode())
        await line.send(httpx.Response(200, content=page))

    return failure


def slow(seconds: float) -> Failure:
    """The good answer, after so many s."""

    async def failure(_: httpx.Request, line: Line, good: Good) -> None:
        await line.hold(seconds)
        await line.send(await good())

    return failure


async def stalled(_: httpx.Request, line: Line, __: Good) -> None:
    """Take the request, and never answer."""
    await line.hold()


def spoils_lists() -> Failure:
    """In the list of runs: one item more that is none, one without an id, one with fields of other types."""

    def spoil(body: Wire) -> None:
        runs = body["runs"]
        if runs:
            odd = {
                **runs[-1],
                "id": "odd_1",
                "name": ["?"],
                "start_time_ms": "soon",
                "state": "odd",
            }
            body["runs"] = ["?", {**runs[0], "id": None}, odd, *runs]

    return only_where(lambda request: request.url.path == "/v1/benchmark_runs", rewrites(spoil))


def no_scenario_runs() -> Failure:
    """Break down where the scenario runs of a run are requested."""
    return only_where(lambda request: request.url.path.endswith("/scenario_runs"), says(500))


def hides_the_newest_run() -> Failure:
    """Know nothing any more of the run on top of the list."""
    hidden: list[str] = []

    def drop(body: Wire) -> None:
        runs = body.get("runs", [])
        if runs and not hidden:
            hidden.append(runs[0]["id"])
        body["runs"] = [run for run in runs if run["id"] not in hidden]

    async def failure(request: httpx.Request, line: Line, good: Good) -> None:
        is_about_it = any(id_ in request.url.path for id_ in hidden)
        answer = says(404) if is_about_it else rewrites(drop)
        await answer(request, line, good)

    return failure


def _is_post(request: httpx.Request) -> bool:
    return request.method == "POST"


async def _done_and_reset(_: httpx.Request, line: Line, good: Good) -> None:
    await good()
    line.reset()


async def loses_all_answers(request: httpx.Request, line: Line, good: Good) -> None:
    """Do what is requested, and break off before any answer."""
    if _is_post(request):
        await good()
    line.reset()


def loses_answers_to_actions() -> Failure:
    """Do what is requested, and break off before the answer; reads are answered."""
    return only_where(_is_post, _done_and_reset)


def ignores_actions() -> Failure:
    """Break off, where something is to be done, without doing it."""
    return only_where(_is_post, sends(then=Line.reset))


def slow_actions(seconds: float) -> Failure:
    """Take so many s for what is to be done."""
    return only_where(_is_post, slow(seconds))
