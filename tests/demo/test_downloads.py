"""Log archives: valid zips of the announced size, streamed in constant memory."""

import io
import tracemalloc
import zipfile
import zlib

import httpx

from runloop_tui.demo import names
from runloop_tui.demo.downloads import CHUNK_BYTES
from runloop_tui.demo.log_files import trace
from runloop_tui.demo.plans import BenchmarkPlan, RunPlan
from runloop_tui.demo.transport import DemoTransport
from runloop_tui.demo.world import World
from tests.demo.client import DemoClient, no_sleep
from tests.demo.clock import Clock
from tests.server import long_log_plan

MIB = 2**20


async def test_a_runs_archive_is_a_valid_zip_as_long_as_announced(client: DemoClient) -> None:
    run = await client.run_named("tb2-nightly-codex")
    answer = await client.http.post(f"/v1/benchmark_runs/{run['id']}/download_logs")
    assert answer.headers["Content-Type"] == "application/zip"
    disposition = answer.headers["Content-Disposition"]
    assert disposition == 'attachment; filename="benchmark_run_logs.zip"'
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        entries = set(archive.namelist())
    assert len(entries) == len(archive.infolist())
    scenario_runs = await client.scenario_runs(run["id"])
    scored = [each for each in scenario_runs if each["scoring_contract_result"]]
    agents = {f"{each['id']}_agent.log" for each in scenario_runs}
    assert entries == agents | {f"{each['id']}_test_output.log" for each in scored}


async def test_a_scenario_runs_archive_holds_what_its_scorers_printed(client: DemoClient) -> None:
    run = await client.run_named("tb2-nightly-codex")
    scored = (await client.scenario_runs(run["id"], state="completed"))[0]
    answer = await client.http.post(f"/v1/scenarios/runs/{scored['id']}/download_logs")
    disposition = answer.headers["Content-Disposition"]
    assert disposition == 'attachment; filename="scenario_run_logs.zip"'
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        agent = archive.read(f"{scored['id']}_agent.log").decode()
        tests = archive.read(f"{scored['id']}_test_output.log").decode()
    assert scored["name"] in agent
    assert "codex (gpt-5-codex)" in agent
    result = scored["scoring_contract_result"]
    assert agent.endswith(f"done      score {result['score']}\n")
    for function in result["scoring_function_results"]:
        assert function["output"] in tests


async def test_a_failed_scenario_runs_log_says_why(client: DemoClient) -> None:
    [run] = await client.runs(state="failed")
    [failed] = await client.scenario_runs(run["id"], state="failed")
    answer = await client.http.post(f"/v1/scenarios/runs/{failed['id']}/download_logs")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        [entry] = archive.namelist()
        assert "Error: " in archive.read(entry).decode().splitlines()[-1]


async def test_a_running_scenarios_log_grows(client: DemoClient, clock: Clock) -> None:
    run = await client.run_named("tb2-nightly-codex")
    running = (await client.scenario_runs(run["id"], state="running"))[0]
    path = f"/v1/scenarios/runs/{running['id']}/download_logs"
    earlier = await client.http.post(path)
    clock.advance(minutes=1)
    later = await client.http.post(path)
    assert len(later.content) > len(earlier.content)


async def test_a_download_takes_about_the_time_it_is_given(world: World) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    transport = DemoTransport(world, download_s=1.5, sleep=sleep)
    async with httpx.AsyncClient(transport=transport, base_url="http://demo") as http:
        [run] = [run for run in world.runs() if run.plan.name == "tb2-nightly-gemini-cli"]
        await http.post(f"/v1/benchmark_runs/{run.id}/download_logs")
    assert 1.4 < sum(pauses) <= 1.51
    assert len(pauses) > 20


async def test_latency_is_waited_for_before_each_answer(world: World) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    transport = DemoTransport(world, latency_s=0.2, sleep=sleep)
    async with httpx.AsyncClient(transport=transport, base_url="http://demo") as http:
        await http.get("/v1/benchmark_runs")
        await http.get("/v1/nothing")
    assert pauses == [0.2, 0.2]


async def test_a_large_archive_streams_in_small_chunks_and_flat_memory(clock: Clock) -> None:
    benchmark = BenchmarkPlan("large", names.swe_bench_verified()[:20])
    plan = RunPlan("large", benchmark, starts_at_ms=-3_600_000 * 9, log_bytes=32 * MIB)
    world = World(clock, plans=[plan])
    transport = DemoTransport(world, sleep=no_sleep)
    async with httpx.AsyncClient(transport=transport, base_url="http://demo") as http:
        path = f"/v1/benchmark_runs/{next(world.runs()).id}/download_logs"
        received = checksum = longest = 0
        tracemalloc.start()
        try:
            async with http.stream("POST", path) as answer:
                async for chunk in answer.aiter_raw():
                    received += len(chunk)
                    checksum = zlib.crc32(chunk, checksum)
                    longest = max(longest, len(chunk))
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert received == int(answer.headers["Content-Length"]) > 32 * MIB
    assert longest < 2 * CHUNK_BYTES
    assert peak < 2 * MIB


async def test_one_agents_log_of_200_mb_is_only_in_its_scenario_runs_archive(
    clock: Clock,
) -> None:
    client = DemoClient(World(clock, plans=[long_log_plan()]))
    [run] = await client.runs()
    *_, oldest = await client.scenario_runs(run["id"])
    path = f"/v1/scenarios/runs/{oldest['id']}/download_logs"
    received = 0
    async with client.http.stream("POST", path) as answer:
        async for chunk in answer.aiter_raw():
            received += len(chunk)
            assert len(chunk) < 2 * CHUNK_BYTES
    assert received == int(answer.headers["Content-Length"])
    assert 200 * MIB < received < 201 * MIB
    for other in (await client.scenario_runs(run["id"]))[:-1]:
        path = f"/v1/scenarios/runs/{other['id']}/download_logs"
        assert len((await client.http.post(path)).content) < MIB


def test_the_lines_of_a_long_trace_are_numbered_without_a_gap() -> None:
    lines = (trace(0) + trace(1) + trace(12_345)).decode().splitlines()
    numbers = [int(line.split()[1]) for line in lines]
    assert numbers[:200] == list(range(200))
    assert numbers[200:] == list(range(1_234_500, 1_234_600))


async def test_the_logs_of_a_run_are_readable_and_of_varied_size(client: DemoClient) -> None:
    [nameless] = [run for run in await client.runs() if run["name"] is None]
    answer = await client.http.post(f"/v1/benchmark_runs/{nameless['id']}/download_logs")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        sizes = sorted(entry.file_size for entry in archive.infolist())
        texts = [archive.read(entry).decode() for entry in archive.namelist()]
    assert sum(size > 2 * MIB for size in sizes) == 2
    assert sum(size < 10_000 for size in sizes) > len(sizes) // 2
    for text in texts:
        assert max(map(len, text.splitlines())) < 200
        assert all(line.isprintable() for line in text.splitlines())


async def test_a_large_archive_is_a_valid_zip_too(clock: Clock) -> None:
    benchmark = BenchmarkPlan("large", names.swe_bench_verified()[:20])
    plan = RunPlan("large", benchmark, starts_at_ms=-3_600_000 * 9, log_bytes=4 * MIB)
    world = World(clock, plans=[plan])
    path = f"/v1/benchmark_runs/{next(world.runs()).id}/download_logs"
    answer = await DemoClient(world).http.post(path)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert sum(entry.file_size for entry in archive.infolist()) > 4 * MIB
