"""Starting a run: the checks of the request, and the run that follows."""

import pytest

from runloop_tui.demo.account import RUNS
from runloop_tui.demo.world import World
from tests.demo.client import DemoClient, Wire
from tests.demo.clock import Clock

START = "/v1/benchmarks/start_run"


async def start(client: DemoClient, benchmark: str, **fields: object) -> Wire:
    benchmark_id = (await client.benchmark_named(benchmark))["id"]
    return await client.post(START, {"benchmark_id": benchmark_id, **fields})


async def refused(client: DemoClient, body: object) -> tuple[int, str]:
    response = await client.http.post(START, json=body)
    return response.status_code, response.json()["message"]


async def test_a_started_run_is_running_since_now_and_the_newest_of_the_list(
    client: DemoClient, clock: Clock
) -> None:
    clock.advance(s=30)
    run = await start(client, "smoke", run_name="by hand")
    assert (run["state"], run["start_time_ms"]) == ("running", clock())
    assert (run["name"], run["score"], run["duration_ms"]) == ("by hand", None, None)
    runs = await client.runs()
    assert (runs[0], len(runs)) == (run, len(RUNS) + 1)


async def test_a_started_run_says_what_it_was_started_with_and_nothing_more(
    client: DemoClient,
) -> None:
    profile = {"purpose": "try", "envVars": {"LOG_LEVEL": "debug"}, "secrets": {"KEY": "MY_KEY"}}
    started = await start(client, "smoke", metadata={"owner": "me"}, runProfile=profile)
    assert started["metadata"] == {"owner": "me"}
    assert started["purpose"] == "try"
    assert started["environment_variables"] == {"LOG_LEVEL": "debug"}
    assert started["secrets_provided"] == {"KEY": "MY_KEY"}
    bare = await start(client, "smoke", run_name=None, metadata=None, runProfile=None)
    assert (bare["name"], bare["metadata"], bare["secrets_provided"]) == (None, {}, None)
    assert bare["id"] != started["id"]


async def test_its_scenarios_start_within_seconds_and_it_ends_within_minutes(
    client: DemoClient, clock: Clock
) -> None:
    run = await start(client, "smoke")
    assert await client.scenario_runs(run["id"]) == []
    clock.advance(s=10)
    assert await client.scenario_runs(run["id"])
    clock.advance(minutes=8)
    run = await client.run(run["id"])
    scenario_runs = await client.scenario_runs(run["id"])
    assert (run["state"], len(scenario_runs)) == ("completed", 8)
    results = [each["scoring_contract_result"] for each in scenario_runs]
    assert run["score"] == round(sum(each["score"] for each in results if each) / 8, 6)


async def test_a_large_benchmark_is_run_more_at_once(client: DemoClient, clock: Clock) -> None:
    run = await start(client, "SWE-bench Verified")
    clock.advance(minutes=5)
    assert len(await client.scenario_runs(run["id"], state="running")) > 20


async def test_a_started_run_can_be_canceled(client: DemoClient, clock: Clock) -> None:
    run = await start(client, "smoke")
    clock.advance(s=30)
    assert (await client.post(f"/v1/benchmark_runs/{run['id']}/cancel"))["state"] == "canceled"


async def test_starting_runs_changes_no_other_answer() -> None:
    one, other = DemoClient(World(Clock())), DemoClient(World(Clock()))
    await start(one, "smoke", run_name="first")
    assert (await one.runs())[1:] == await other.runs()
    again = DemoClient(World(Clock()))
    await start(again, "smoke", run_name="first")
    assert await again.runs() == await one.runs()


async def test_what_a_benchmark_requires_must_be_there(client: DemoClient) -> None:
    benchmark = await client.benchmark_named("billing-regressions")
    assert benchmark["required_environment_variables"] == ["LEDGER_URL", "CURRENCY"]
    assert benchmark["required_secret_names"] == ["MODEL_API_KEY", "LEDGER_TOKEN"]
    request_body: Wire = {"benchmark_id": benchmark["id"]}
    status, message = await refused(client, request_body)
    assert status == 400
    assert message.split("; ") == [
        "required environment variables are missing: LEDGER_URL, CURRENCY",
        "required secrets are missing: MODEL_API_KEY, LEDGER_TOKEN",
    ]
    request_body["runProfile"] = {
        "envVars": {"LEDGER_URL": "http://ledger", "CURRENCY": ""},
        "secrets": {"MODEL_API_KEY": "KEY", "LEDGER_TOKEN": "TOKEN"},
    }
    assert await refused(client, request_body) == (
        400,
        "required environment variables are missing: CURRENCY",
    )
    request_body["runProfile"]["envVars"]["CURRENCY"] = "EUR"
    assert (await client.post(START, request_body))["benchmark_id"] == benchmark["id"]


async def test_a_refused_start_starts_nothing(client: DemoClient) -> None:
    before = await client.runs()
    benchmark = await client.benchmark_named("billing-regressions")
    await refused(client, {"benchmark_id": benchmark["id"]})
    assert await client.runs() == before


async def test_an_unknown_benchmark_is_not_found(client: DemoClient) -> None:
    assert await refused(client, {"benchmark_id": "bmd_no"}) == (404, "no benchmark bmd_no")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ([], "the body must be an object"),
        ({}, "benchmark_id is missing"),
        ({"benchmark_id": 7}, "benchmark_id must be a string"),
        ({"benchmark_id": "b", "run_name": 7}, "run_name must be a string"),
        ({"benchmark_id": "b", "metadata": []}, "metadata must map names to strings"),
        ({"benchmark_id": "b", "metadata": {"a": 1}}, "metadata must map names to strings"),
        ({"benchmark_id": "b", "run_profile": {}}, "unknown field: run_profile"),
        ({"benchmark_id": "b", "runProfile": ["x"]}, "runProfile must be an object"),
        (
            {"benchmark_id": "b", "runProfile": {"env_vars": {}}},
            "unknown field: runProfile.env_vars",
        ),
        (
            {"benchmark_id": "b", "runProfile": {"secrets": {"K": None}}},
            "runProfile.secrets must map names to strings",
        ),
    ],
)
async def test_a_body_that_is_not_as_described_is_refused(
    client: DemoClient, body: object, message: str
) -> None:
    assert await refused(client, body) == (400, message)


async def test_a_body_that_is_not_json_is_refused(client: DemoClient) -> None:
    for content in (b"", b"benchmark_id=b", b"\xff\xfe"):
        answer = await client.http.post(START, content=content)
        assert (answer.status_code, answer.json()["message"]) == (400, "the body must be JSON")
