"""Starting a run: what is checked, and that the run appears and goes its way."""

import pytest

from runloop_tui.demo.world import World
from tests.demo.asking import Asking, Wire
from tests.demo.clock import Clock

START = "/v1/benchmarks/start_run"


async def start(asking: Asking, benchmark: str, **fields: object) -> Wire:
    benchmark_id = (await asking.benchmark_named(benchmark))["id"]
    return await asking.post(START, {"benchmark_id": benchmark_id, **fields})


async def refused(asking: Asking, body: object) -> tuple[int, str]:
    response = await asking.http.post(START, json=body)
    return response.status_code, response.json()["message"]


async def test_a_started_run_is_running_since_now_and_the_newest_of_the_list(
    asking: Asking, clock: Clock
) -> None:
    clock.advance(s=30)
    run = await start(asking, "smoke", run_name="by hand")
    assert (run["state"], run["start_time_ms"]) == ("running", clock())
    assert (run["name"], run["score"], run["duration_ms"]) == ("by hand", None, None)
    runs = await asking.runs()
    assert (runs[0], len(runs)) == (run, 13)


async def test_a_started_run_says_what_it_was_started_with_and_nothing_more(
    asking: Asking,
) -> None:
    profile = {"purpose": "try", "envVars": {"LOG_LEVEL": "debug"}, "secrets": {"KEY": "MY_KEY"}}
    told = await start(asking, "smoke", metadata={"owner": "me"}, runProfile=profile)
    assert told["metadata"] == {"owner": "me"}
    assert told["purpose"] == "try"
    assert told["environment_variables"] == {"LOG_LEVEL": "debug"}
    assert told["secrets_provided"] == {"KEY": "MY_KEY"}
    bare = await start(asking, "smoke", run_name=None, metadata=None, runProfile=None)
    assert (bare["name"], bare["metadata"], bare["secrets_provided"]) == (None, {}, None)
    assert bare["id"] != told["id"]


async def test_its_scenarios_start_within_seconds_and_it_ends_within_minutes(
    asking: Asking, clock: Clock
) -> None:
    run = await start(asking, "smoke")
    assert await asking.scenario_runs(run["id"]) == []
    clock.advance(s=10)
    assert await asking.scenario_runs(run["id"])
    clock.advance(minutes=8)
    run = await asking.run(run["id"])
    scenario_runs = await asking.scenario_runs(run["id"])
    assert (run["state"], len(scenario_runs)) == ("completed", 8)
    results = [each["scoring_contract_result"] for each in scenario_runs]
    assert run["score"] == round(sum(each["score"] for each in results if each) / 8, 6)


async def test_a_large_benchmark_is_run_more_at_once(asking: Asking, clock: Clock) -> None:
    run = await start(asking, "SWE-bench Verified")
    clock.advance(minutes=5)
    assert len(await asking.scenario_runs(run["id"], state="running")) > 20


async def test_a_started_run_can_be_canceled(asking: Asking, clock: Clock) -> None:
    run = await start(asking, "smoke")
    clock.advance(s=30)
    assert (await asking.post(f"/v1/benchmark_runs/{run['id']}/cancel"))["state"] == "canceled"


async def test_starting_runs_tells_nothing_else_differently() -> None:
    one, other = Asking(World(Clock())), Asking(World(Clock()))
    await start(one, "smoke", run_name="first")
    assert (await one.runs())[1:] == await other.runs()
    again = Asking(World(Clock()))
    await start(again, "smoke", run_name="first")
    assert await again.runs() == await one.runs()


async def test_what_a_benchmark_requires_must_be_there(asking: Asking) -> None:
    benchmark = await asking.benchmark_named("billing-regressions")
    assert benchmark["required_environment_variables"] == ["LEDGER_URL", "CURRENCY"]
    assert benchmark["required_secret_names"] == ["MODEL_API_KEY", "LEDGER_TOKEN"]
    wish: Wire = {"benchmark_id": benchmark["id"]}
    status, message = await refused(asking, wish)
    assert status == 400
    assert message.split("; ") == [
        "required environment variables are missing: LEDGER_URL, CURRENCY",
        "required secrets are missing: MODEL_API_KEY, LEDGER_TOKEN",
    ]
    wish["runProfile"] = {
        "envVars": {"LEDGER_URL": "http://store", "CURRENCY": ""},
        "secrets": {"MODEL_API_KEY": "KEY", "LEDGER_TOKEN": "TOKEN"},
    }
    assert await refused(asking, wish) == (
        400,
        "required environment variables are missing: CURRENCY",
    )
    wish["runProfile"]["envVars"]["CURRENCY"] = "EUR"
    assert (await asking.post(START, wish))["benchmark_id"] == benchmark["id"]


async def test_a_refused_start_starts_nothing(asking: Asking) -> None:
    before = await asking.runs()
    benchmark = await asking.benchmark_named("billing-regressions")
    await refused(asking, {"benchmark_id": benchmark["id"]})
    assert await asking.runs() == before


async def test_an_unknown_benchmark_is_not_found(asking: Asking) -> None:
    assert await refused(asking, {"benchmark_id": "bmd_no"}) == (404, "no benchmark bmd_no")


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
    asking: Asking, body: object, message: str
) -> None:
    assert await refused(asking, body) == (400, message)


async def test_a_body_that_is_not_json_is_refused(asking: Asking) -> None:
    for content in (b"", b"benchmark_id=b", b"\xff\xfe"):
        answer = await asking.http.post(START, content=content)
        assert (answer.status_code, answer.json()["message"]) == (400, "the body must be JSON")
