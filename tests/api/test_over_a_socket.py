"""The client over a real socket: what connections do when they break."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from runloop_tui.api.client import Client
from runloop_tui.api.errors import CutShort, NoConnection, NotUnderstood
from runloop_tui.api.retry import Backoff
from tests.api.scripted import KEY, NOW_MS

RUN_ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n"
    b'{"id": "bmr_1"}'
)


class Port:
    """Answers each request with the next of these bytes; closes the connection after the last."""

    def __init__(self, *answers: bytes) -> None:
        self._answers = list(answers)
        self.connections = 0
        self.requests: list[bytes] = []

    @asynccontextmanager
    async def client(self) -> AsyncIterator[Client]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with (
            server,
            Client(
                f"http://127.0.0.1:{port}", KEY, now=lambda: NOW_MS, backoff=Backoff(attempts=1)
            ) as client,
        ):
            yield client

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while self._answers:
                request = await reader.readuntil(b"\r\n\r\n")
                self.requests.append(request)
                writer.write(self._answers.pop(0))
                await writer.drain()
        except asyncio.IncompleteReadError:
            pass  # the client has hung up
        finally:
            writer.close()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


async def test_requests_share_one_connection() -> None:
    port = Port(RUN_ANSWER, RUN_ANSWER, b"")
    async with port.client() as client:
        await client.get_benchmark_run("bmr_1")
        await client.complete_benchmark_run("bmr_1")
    assert port.connections == 1
    assert port.requests[0].startswith(b"GET /v1/benchmark_runs/bmr_1 HTTP/1.1\r\n")
    assert port.requests[1].startswith(b"POST /v1/benchmark_runs/bmr_1/complete HTTP/1.1\r\n")


async def test_no_log_line_at_any_level_holds_the_key(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    port = Port(RUN_ANSWER, b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", b"garbage\r\n\r\n")
    async with port.client() as client:
        await client.get_benchmark_run("bmr_1")
        for _ in range(2):
            with pytest.raises(Exception):  # noqa: B017, PT011 - whichever it is
                await client.get_benchmark_run("bmr_1")
    assert KEY.encode() in port.requests[0]
    assert {"httpx", "httpcore.http11"} <= {record.name for record in caplog.records}
    assert KEY not in caplog.text


async def test_no_local_variable_of_a_failing_call_holds_the_key() -> None:
    async with Port(b"garbage\r\n\r\n").client() as client:
        with pytest.raises(NotUnderstood) as caught:
            await client.cancel_benchmark_run("bmr_1")
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    # As a crash screen would show it.
    assert KEY not in "".join(shown.format())


async def test_an_older_server_is_detected_over_one_connection() -> None:
    missing = b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}"
    page = (
        b'{"runs": [{"id": "bmr_1", "pending_scenarios": ["scn_2"], "scenario_runs": '
        b'[{"scenario_id": "scn_1", "scenarioRunId": "scr_1", "scoringResult": {"score": 1}}]}], '
        b'"has_more": false}'
    )
    listed = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(page), page)
    port = Port(missing, listed, RUN_ANSWER)
    async with port.client() as client:
        (run,) = (await client.list_benchmark_runs()).items
        await client.get_benchmark_run("bmr_1")
    assert run.pending_scenarios == ("scn_2",)
    assert [(each.id, each.score) for each in run.embedded_scenario_runs] == [("scr_1", 1.0)]
    assert port.connections == 1
    assert [request.split(b" ")[1].partition(b"?")[0] for request in port.requests] == [
        b"/v1/benchmark_runs",
        b"/v1/benchmarks/runs",
        b"/v1/benchmarks/runs/bmr_1",
    ]


async def test_an_action_may_have_arrived_when_the_server_hangs_up() -> None:
    async with Port(b"").client() as client:
        with pytest.raises(NoConnection) as caught:
            await client.cancel_benchmark_run("bmr_1")
    assert caught.value.may_have_arrived


async def test_a_body_that_is_cut_off_says_that_the_connection_broke_off() -> None:
    async with Port(RUN_ANSWER[:-5]).client() as client:
        with pytest.raises(CutShort, match="the connection broke off: a part of the answer"):
            await client.get_benchmark_run("bmr_1")


async def test_a_protocol_other_than_http_is_not_understood() -> None:
    async with Port(b"SSH-2.0-OpenSSH_9.6\r\n\r\n").client() as client:
        with pytest.raises(NotUnderstood, match="a whole HTTP answer"):
            await client.get_benchmark_run("bmr_1")


async def test_a_redirect_to_an_invalid_url_is_not_understood() -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://[nowhere\r\nContent-Length: 0\r\n\r\n"
    async with Port(moved).client() as client:
        with pytest.raises(NotUnderstood):
            await client.get_benchmark_run("bmr_1")


async def test_a_download_that_is_cut_off_has_its_error() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/zip\r\nContent-Length: 99\r\n\r\n"
    async with (
        Port(head + b"PK").client() as client,
        client.download_benchmark_run_logs("bmr_1") as stream,
    ):
        assert stream.size == 99
        chunks = stream.chunks()
        assert await anext(chunks) == b"PK"
        with pytest.raises(CutShort, match="the connection broke off") as caught:
            await anext(chunks)
    assert "address" not in caught.value.advice


async def test_a_closed_port_is_reported() -> None:
    server = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    once = Backoff(attempts=1)
    async with Client(f"http://127.0.0.1:{port}", KEY, now=lambda: 0, backoff=once) as client:
        with pytest.raises(NoConnection) as caught:
            await client.cancel_benchmark_run("bmr_1")
    assert str(caught.value) == "no connection: the host refused"
    assert not caught.value.may_have_arrived


async def test_http_on_an_https_address_is_reported() -> None:
    server = await asyncio.start_server(_speak_plainly, "127.0.0.1", 0)
    address = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    once = Backoff(attempts=1)
    async with server, Client(address, KEY, now=lambda: 0, backoff=once) as client:
        with pytest.raises(NoConnection, match="no secure connection could be agreed on"):
            await client.get_benchmark_run("bmr_1")


async def _speak_plainly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    await writer.drain()
    writer.close()


async def test_an_invalid_proxy_setting_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "gopher://user:hunter2@proxy.test")
    once = Backoff(attempts=1)
    async with Client("https://api.runloop.test", KEY, now=lambda: 0, backoff=once) as client:
        with pytest.raises(NoConnection) as caught:
            await client.get_benchmark_run("bmr_1")
    assert "proxy or certificate settings" in str(caught.value)
    assert "hunter2" not in str(caught.value)
