"""A base address with a part of a path too much: the paths of Runloop begin with /v1 themselves."""

import pytest

from runloop_tui.api.errors import NotOffered, NotUnderstood, RunloopError
from runloop_tui.monitor.health import Health, ReadFailure, What
from runloop_tui.present.troubles import health_line
from tests.api.scripted import BASE, Answer, Script, answer


async def failure(base: str, *given: Answer) -> RunloopError:
    async with Script(*given).client(base=base) as client:
        with pytest.raises(RunloopError) as caught:
            await client.list_benchmark_runs()
    return caught.value


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("/v1", "/v1"),
        ("/v1/", "/v1"),
        ("/proxy/v1", "/v1"),
        ("/v1/benchmark_runs", "/v1/benchmark_runs"),
    ],
)
async def test_where_nothing_is_found_it_is_said_what_to_leave_out(path: str, part: str) -> None:
    error = await failure(BASE + path, answer(404), answer(404))
    assert type(error) is NotOffered
    assert str(error) == f"leave {part} out of the base address (404)"
    assert f"Nothing is offered at {part}/v1/benchmark_runs" in error.advice
    health = Health(trouble=ReadFailure(What.LIST, error), next_try_ms=60_000)
    line = "".join(piece.text for piece in health_line(health, 0, 5.0, 80))
    assert f"! leave {part} out of the base address (404)" in line
    assert "next try in 1m" in line


async def test_a_web_page_there_is_answered_with_the_same_advice() -> None:
    error = await failure(f"{BASE}/v1", answer(200, b"<html><title>Docs</title></html>"))
    assert type(error) is NotUnderstood
    assert error.advice.startswith("Leave /v1 out of the base address")


@pytest.mark.parametrize("path", ["", "/v2", "/v10", "/v1x", "/a/b"])
async def test_an_address_without_such_a_part_is_not_blamed(path: str) -> None:
    error = await failure(BASE + path, answer(404), answer(404))
    assert str(error) == "this address does not offer benchmark runs (404)"
    assert error.advice == NotOffered.advice


async def test_a_gateway_whose_path_ends_like_that_is_not_refused() -> None:
    script = Script(answer(200, {"runs": [], "has_more": False}))
    async with script.client(base=f"{BASE}/v1") as client:
        await client.list_benchmark_runs()
    assert script.asked[0].startswith("GET /v1/v1/benchmark_runs?")
