"""The scenarios of a benchmark by name: all of them, in its order, page by page, as the official SDK reads them."""

import httpx
from runloop_api_client import AsyncRunloop

from runloop_tui.demo.account import TERMINAL_MINI
from runloop_tui.demo.transport import DemoTransport
from tests.demo.asking import Asking, no_sleep


async def test_definitions_name_every_scenario_of_a_benchmark_in_its_order(asking: Asking) -> None:
    benchmark = await asking.benchmark_named("tb2-mini")
    path = f"/v1/benchmarks/{benchmark['id']}/definitions"
    page = await asking.get(path, limit=100)
    assert [each["id"] for each in page["scenarios"]] == benchmark["scenarioIds"]
    assert tuple(each["name"] for each in page["scenarios"]) == TERMINAL_MINI.scenarios
    assert (page["has_more"], page["total_count"]) == (False, 40)


async def test_definitions_come_in_pages(asking: Asking) -> None:
    benchmark = await asking.benchmark_named("tb2-mini")
    path = f"/v1/benchmarks/{benchmark['id']}/definitions"
    first = await asking.get(path, limit=30)
    rest = await asking.get(path, limit=30, starting_after=first["scenarios"][-1]["id"])
    ids = [each["id"] for each in first["scenarios"] + rest["scenarios"]]
    assert (ids, first["has_more"], rest["has_more"]) == (benchmark["scenarioIds"], True, False)
    assert (await asking.refusal("GET", path, starting_after="scn_no"))[0] == 400


async def test_a_benchmark_that_is_not_there_has_no_definitions(asking: Asking) -> None:
    assert (await asking.refusal("GET", "/v1/benchmarks/bmd_no/definitions"))[0] == 404


async def test_the_official_sdk_accepts_definitions(asking: Asking) -> None:
    benchmark = await asking.benchmark_named("tb2-mini")
    transport = asking.http._transport
    assert isinstance(transport, DemoTransport)
    sdk = AsyncRunloop(
        bearer_token="anything",
        base_url="http://demo",
        http_client=httpx.AsyncClient(transport=DemoTransport(transport.world, sleep=no_sleep)),
        max_retries=0,
        _strict_response_validation=True,
    )
    async with sdk:
        page = await sdk.benchmarks.definitions(benchmark["id"], limit=5)
    assert [each.name for each in page.scenarios] == list(TERMINAL_MINI.scenarios[:5])
