"""The tests' own server: requests and streams over a real socket."""

import io
import ssl
import zipfile
from collections.abc import AsyncIterator

import httpx
import pytest

from runloop_tui.demo.transport import DemoTransport
from runloop_tui.demo.world import World
from tests.demo.client import no_sleep
from tests.server import ReceivedRequest, Record, serve

KEY = {"Authorization": "Bearer anything"}
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Holds no certificates, whose loading would take longer than these tests."""


async def test_it_answers_as_the_transport_does_over_one_connection(world: World) -> None:
    record = Record()
    transport = DemoTransport(world, sleep=no_sleep)
    async with (
        serve(transport, record=record) as base_url,
        httpx.AsyncClient(headers=KEY, verify=NO_TLS) as http,
    ):
        first = await http.get(f"{base_url}/v1/benchmark_runs", params={"state": "running"})
        second = await http.get(f"{base_url}/v1/nothing")
    assert [run["state"] for run in first.json()["runs"]] == ["running"] * 4
    assert second.status_code == 404
    assert record.requests == [
        ReceivedRequest("GET", "/v1/benchmark_runs", "state=running"),
        ReceivedRequest("GET", "/v1/nothing", ""),
    ]
    assert record.connections == 1
    assert record.count("GET", "/v1/benchmark_runs") == 1
    assert record.bytes_sent == len(first.content) + len(second.content)


async def test_without_a_bearer_token_it_answers_401(world: World) -> None:
    async with serve(DemoTransport(world)) as base_url, httpx.AsyncClient(verify=NO_TLS) as http:
        answer = await http.get(f"{base_url}/v1/benchmark_runs")
    assert (answer.status_code, answer.json()) == (401, {"message": "a bearer token is needed"})


async def test_bodies_of_requests_arrive(world: World) -> None:
    [smoke] = [key for key, plan in world.benchmarks(is_public=False) if plan.name == "smoke"]
    transport = DemoTransport(world, sleep=no_sleep)
    async with serve(transport) as base_url, httpx.AsyncClient(headers=KEY, verify=NO_TLS) as http:
        body = {"benchmark_id": smoke, "run_name": "over a socket"}
        answer = await http.post(f"{base_url}/v1/benchmarks/start_run", json=body)
    assert (answer.status_code, answer.json()["name"]) == (200, "over a socket")
    assert next(world.runs()).plan.name == "over a socket"


async def test_it_streams_archives_with_their_length(world: World) -> None:
    [run] = [run for run in world.runs() if run.plan.name == "tb2-mini-goose"]
    transport = DemoTransport(world, sleep=no_sleep)
    async with serve(transport) as base_url, httpx.AsyncClient(headers=KEY, verify=NO_TLS) as http:
        answer = await http.post(f"{base_url}/v1/benchmark_runs/{run.id}/download_logs")
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None


class Pieces(httpx.AsyncByteStream):
    """Two pieces, optionally with a broken connection after them."""

    def __init__(self, *, breaks: bool) -> None:
        self.breaks = breaks

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"one "
        yield b"two"
        if self.breaks:
            raise httpx.ReadError("broken on purpose")


def in_pieces(*, breaks: bool) -> httpx.MockTransport:
    return httpx.MockTransport(lambda _: httpx.Response(200, stream=Pieces(breaks=breaks)))


async def test_a_body_of_unknown_length_is_chunked() -> None:
    async with (
        serve(in_pieces(breaks=False)) as base_url,
        httpx.AsyncClient(headers=KEY, verify=NO_TLS) as http,
    ):
        answer = await http.get(base_url)
    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert answer.text == "one two"


async def test_a_transport_that_breaks_drops_the_connection() -> None:
    async with (
        serve(in_pieces(breaks=True)) as base_url,
        httpx.AsyncClient(headers=KEY, verify=NO_TLS) as http,
    ):
        with pytest.raises(httpx.TransportError):
            await http.get(base_url)


async def test_it_ends_with_a_download_under_way(world: World) -> None:
    [run] = [run for run in world.runs() if run.plan.name == "swe-verified-claude-code"]
    async with httpx.AsyncClient(headers=KEY, verify=NO_TLS) as http:
        async with serve(DemoTransport(world, download_s=3600.0)) as base_url:
            url = f"{base_url}/v1/benchmark_runs/{run.id}/download_logs"
            request = http.build_request("POST", url)
            answer = await http.send(request, stream=True)
            assert answer.status_code == 200
        await answer.aclose()
