"""Runloop's official SDK, checking answers strictly, works over the demo's transport."""

import io
import zipfile
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from pydantic import BaseModel
from runloop_api_client import AsyncRunloop, BadRequestError, NotFoundError
from runloop_api_client.types import (
    BenchmarkJobView,
    BenchmarkRunView,
    BenchmarkView,
    ScenarioRunView,
)

from runloop_tui.demo.account import RUNS
from runloop_tui.demo.transport import DemoTransport
from runloop_tui.demo.world import World
from tests.demo.client import no_sleep
from tests.demo.clock import Clock


@pytest.fixture
async def sdk(world: World) -> AsyncIterator[AsyncRunloop]:
    client = AsyncRunloop(
        bearer_token="anything",
        base_url="http://demo",
        http_client=httpx.AsyncClient(transport=DemoTransport(world, sleep=no_sleep)),
        max_retries=0,
        _strict_response_validation=True,
    )
    async with client:
        yield client


async def live_run(sdk: AsyncRunloop, name: str) -> BenchmarkRunView:
    return (await sdk.benchmark_runs.list(name=name)).runs[0]


async def test_it_lists_all_runs_page_by_page(sdk: AsyncRunloop) -> None:
    runs = [run async for run in sdk.benchmark_runs.list(limit=5)]
    assert len({run.id for run in runs}) == len(RUNS)
    for run in runs:
        assert run == await sdk.benchmark_runs.retrieve(run.id)
        assert (run.model_extra or {}).keys() <= {"pending_scenarios", "scenario_runs"}
    assert [run.name for run in runs if run.model_extra] == ["smoke-codex"]


async def test_it_filters_runs(sdk: AsyncRunloop) -> None:
    live = [run async for run in sdk.benchmark_runs.list(state="running")]
    assert [run.state for run in live] == ["running"] * 4
    linked = await sdk.benchmark_runs.list(benchmark_id=live[0].benchmark_id or "")
    assert live[0].id in {run.id for run in linked.runs}


async def test_it_lists_all_scenario_runs_page_by_page(sdk: AsyncRunloop) -> None:
    run = await live_run(sdk, "swe-verified-claude-code")
    pages = sdk.benchmark_runs.list_scenario_runs(run.id, limit=50)
    scenario_runs = [each async for each in pages]
    assert len({each.id for each in scenario_runs}) == len(scenario_runs) > 400
    for each in scenario_runs:
        assert isinstance(each, ScenarioRunView)
        assert not each.model_extra
    completed = sdk.benchmark_runs.list_scenario_runs(run.id, state="completed", limit=100)
    assert {each.state async for each in completed} == {"completed"}


async def test_it_cancels_and_completes_runs(sdk: AsyncRunloop) -> None:
    mini = await live_run(sdk, "tb2-mini-goose")
    assert (await sdk.benchmark_runs.cancel(mini.id)).state == "canceled"
    nightly = await live_run(sdk, "tb2-nightly-codex")
    assert (await sdk.benchmark_runs.complete(nightly.id)).state == "completed"
    with pytest.raises(BadRequestError, match="already completed"):
        await sdk.benchmark_runs.cancel(nightly.id)


async def test_it_retrieves_and_lists_benchmarks(sdk: AsyncRunloop) -> None:
    run = await live_run(sdk, "swe-verified-claude-code")
    benchmark = await sdk.benchmarks.retrieve(run.benchmark_id or "")
    assert len(benchmark.scenario_ids) == 500
    own = [each async for each in sdk.benchmarks.list(limit=1)]
    public = [each async for each in sdk.benchmarks.list_public(limit=2)]
    assert (len(own), len(public)) == (3, 3)
    for each in own + public:
        assert isinstance(each, BenchmarkView)
        assert not each.model_extra


async def test_it_scores_completes_and_cancels_scenario_runs(
    sdk: AsyncRunloop, clock: Clock
) -> None:
    run = await live_run(sdk, "swe-verified-claude-code")
    running = (await sdk.benchmark_runs.list_scenario_runs(run.id, state="running", limit=3)).runs
    scored, completed, canceled = (each.id for each in running)
    assert (await sdk.scenarios.runs.score(scored)).state == "scoring"
    assert (await sdk.scenarios.runs.complete(completed)).state == "completed"
    assert (await sdk.scenarios.runs.cancel(canceled)).state == "canceled"
    clock.advance(minutes=1)
    result = (await sdk.scenarios.runs.retrieve(scored)).scoring_contract_result
    assert result is not None
    assert result.scoring_function_results


async def test_it_downloads_the_logs_of_a_scenario_run(sdk: AsyncRunloop) -> None:
    run = await live_run(sdk, "tb2-nightly-codex")
    [scenario_run, *_] = (
        await sdk.benchmark_runs.list_scenario_runs(run.id, state="completed")
    ).runs
    answer = await sdk.scenarios.runs.download_logs(scenario_run.id)
    with zipfile.ZipFile(io.BytesIO(await answer.read())) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 2


async def test_it_lists_and_retrieves_jobs_page_by_page(sdk: AsyncRunloop, clock: Clock) -> None:
    first = await sdk.benchmark_jobs.list(limit=3)
    rest = await sdk.benchmark_jobs.list(limit=3, starting_after=(first.jobs or [])[-1].id)
    jobs = [*(first.jobs or []), *(rest.jobs or [])]
    assert (first.has_more, rest.has_more, len(jobs)) == (True, False, 4)
    for job in jobs:
        assert isinstance(job, BenchmarkJobView)
        assert job == await sdk.benchmark_jobs.retrieve(job.id)
    for view in views_in(jobs):
        assert not view.model_extra, view
    found = await sdk.benchmark_jobs.list(search="nightly")
    assert {job.name for job in found.jobs or []} == {"tb2-mini-nightly", "tb2-nightly"}


async def test_it_starts_a_run(sdk: AsyncRunloop, clock: Clock) -> None:
    benchmarks = [each async for each in sdk.benchmarks.list()]
    [billing] = [each for each in benchmarks if each.name == "billing-regressions"]
    with pytest.raises(BadRequestError, match="required secrets are missing: MODEL_API_KEY"):
        await sdk.benchmarks.start_run(benchmark_id=billing.id)
    run = await sdk.benchmarks.start_run(
        benchmark_id=billing.id,
        run_name="from the SDK",
        metadata={"owner": "me"},
        run_profile={
            "purpose": "try",
            "env_vars": {"LEDGER_URL": "http://ledger", "CURRENCY": "EUR"},
            "secrets": {"MODEL_API_KEY": "KEY", "LEDGER_TOKEN": "TOKEN"},
        },
    )
    assert not run.model_extra
    assert (run.name, run.state, run.purpose) == ("from the SDK", "running", "try")
    assert run.secrets_provided == {"MODEL_API_KEY": "KEY", "LEDGER_TOKEN": "TOKEN"}
    clock.advance(s=30)
    assert (await sdk.benchmark_runs.list_scenario_runs(run.id)).runs


async def test_it_lists_the_logs_of_devboxes(sdk: AsyncRunloop, world: World) -> None:
    for run in world.runs():
        for timeline in run.timelines[: min(run.started_by(world.now()), 2)]:
            page = await sdk.devboxes.logs.list(run.devbox_id(timeline.position))
            assert page.logs
            assert not any(log.model_extra for log in page.logs)


async def test_what_is_not_there_is_its_not_found_error(sdk: AsyncRunloop) -> None:
    with pytest.raises(NotFoundError, match="no benchmark run bmr_nothing"):
        await sdk.benchmark_runs.retrieve("bmr_nothing")
    with pytest.raises(NotFoundError, match="no scenario run scr_nothing"):
        await sdk.scenarios.runs.retrieve("scr_nothing")
    with pytest.raises(NotFoundError, match="no benchmark job bmj_nothing"):
        await sdk.benchmark_jobs.retrieve("bmj_nothing")
    with pytest.raises(NotFoundError, match="no benchmark bmd_nothing"):
        await sdk.benchmarks.start_run(benchmark_id="bmd_nothing")
    with pytest.raises(NotFoundError, match="no devbox dbx_nothing"):
        await sdk.devboxes.logs.list("dbx_nothing")


def views_in(found: object) -> Iterator[BaseModel]:
    """Yield all SDK views nested in views and lists."""
    if isinstance(found, list):
        for each in found:
            yield from views_in(each)
    elif isinstance(found, BaseModel):
        yield found
        for field in type(found).model_fields:
            yield from views_in(getattr(found, field))
