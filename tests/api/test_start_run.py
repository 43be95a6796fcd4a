"""Starting a run: the body, that it is sent once, and that its secrets are masked."""

import json

import httpx
import pytest

from runloop_tui.api.errors import (
    BadRequest,
    NoConnection,
    NotFound,
    NotUnderstood,
    RunloopError,
    ServerError,
)
from runloop_tui.api.models import BenchmarkRun
from runloop_tui.api.paths import start_run_body
from runloop_tui.api.retry import Backoff
from tests.api.scripted import KEY, RUN, Answer, Script, answer, ok


async def test_a_start_sends_everything_that_is_set() -> None:
    script = Script(ok(RUN))
    async with script.client() as client:
        run = await client.start_benchmark_run(
            "bmd_1",
            run_name="nightly ✓",
            metadata={"agent": "codex"},
            purpose="regression",
            environment_variables={"LEVEL": "3", "EMPTY": ""},
            secrets={"DB_PASS": "DATABASE_PASSWORD"},
        )
    assert run == BenchmarkRun.model_validate(RUN)
    assert script.request_lines == ["POST /v1/benchmarks/start_run"]
    (request,) = script.requests
    assert request.headers["content-type"] == "application/json"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert json.loads(request.content) == {
        "benchmark_id": "bmd_1",
        "run_name": "nightly ✓",
        "metadata": {"agent": "codex"},
        "runProfile": {
            "purpose": "regression",
            "envVars": {"LEVEL": "3", "EMPTY": ""},
            "secrets": {"DB_PASS": "DATABASE_PASSWORD"},
        },
    }


async def test_a_start_sends_only_what_is_set() -> None:
    script = Script(ok(RUN), ok(RUN))
    async with script.client() as client:
        await client.start_benchmark_run("bmd_1", run_name="", metadata={}, secrets={})
        await client.start_benchmark_run("bmd_1", purpose="nightly")
    assert [json.loads(request.content) for request in script.requests] == [
        {"benchmark_id": "bmd_1"},
        {"benchmark_id": "bmd_1", "runProfile": {"purpose": "nightly"}},
    ]


async def test_the_start_body_is_what_is_sent() -> None:
    script = Script(ok(RUN))
    async with script.client() as client:
        await client.start_benchmark_run("bmd_1", run_name="a", secrets={"A": "b"})
    shown = start_run_body("bmd_1", run_name="a", secrets={"A": "b"})
    assert json.loads(script.requests[0].content) == shown


@pytest.mark.parametrize(
    "failure",
    [httpx.ReadTimeout(""), httpx.ReadError(""), httpx.ConnectError(""), answer(503), answer(429)],
    ids=repr,
)
async def test_a_start_is_sent_exactly_once(failure: Answer) -> None:
    script = Script(failure)
    async with script.client(backoff=Backoff(attempts=5)) as client:
        with pytest.raises(RunloopError):
            await client.start_benchmark_run("bmd_1")
    assert len(script.requests) == 1
    assert script.slept == []


@pytest.mark.parametrize(
    ("failure", "error_class", "may_have_arrived"),
    [
        (httpx.ReadError("reset"), NoConnection, True),
        (httpx.ConnectError("refused"), NoConnection, False),
        (answer(500), ServerError, True),
        (answer(422), BadRequest, False),
        (answer(404), NotFound, False),
        (ok({}), NotUnderstood, True),
    ],
)
async def test_a_failed_start_may_have_arrived(
    failure: Answer, error_class: type[RunloopError], may_have_arrived: bool
) -> None:
    async with Script(failure).client() as client:
        with pytest.raises(error_class) as caught:
            await client.start_benchmark_run("bmd_1")
    assert caught.value.may_have_arrived is may_have_arrived


@pytest.mark.parametrize(
    ("benchmark_id", "run_name"), [("", "nightly"), ("bmd_1", "half \ud83d")], ids=["id", "text"]
)
async def test_an_unsendable_start_is_rejected_without_a_request(
    benchmark_id: str, run_name: str
) -> None:
    script = Script()
    async with script.client() as client:
        with pytest.raises(BadRequest) as caught:
            await client.start_benchmark_run(benchmark_id, run_name=run_name)
    assert script.requests == []
    assert not caught.value.may_have_arrived


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ({"message": "TOKEN=hunter2hunter is wrong"}, "TOKEN=… is wrong"),
        ({"detail": [{"input": 'a "quoted" one'}]}, '{"detail": [{"input": "…"}]}'),
        ({"message": "x" * 292 + "hunter2hunter"}, "x" * 292 + "…"),
        ({"message": "LEVEL must be 3, not yes"}, "LEVEL must be 3, not yes"),
    ],
    ids=["plain", "inside JSON", "cut in the middle", "harmless"],
)
async def test_environment_values_are_masked_in_the_servers_message(
    words: object, shown: str
) -> None:
    values = {"TOKEN": "hunter2hunter", "QUOTED": 'a "quoted" one', "LEVEL": "3", "ON": "yes"}
    async with Script(answer(422, words)).client() as client:
        with pytest.raises(BadRequest) as caught:
            await client.start_benchmark_run("bmd_1", environment_variables=values)
    assert caught.value.detail == shown
