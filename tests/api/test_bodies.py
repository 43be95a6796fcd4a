"""The size limits of responses, compressed ones included."""

import gzip
import json
import tracemalloc
import zlib
from collections.abc import Awaitable, Callable

import pytest

from runloop_tui.api.client import Client
from runloop_tui.api.errors import AnswerTooLarge, NotUnderstood
from tests.api.scripted import RUN, Pieces, Script, ok

MB = 1024 * 1024
LARGE = b" " * MB
READS: list[tuple[Callable[[Client], Awaitable[object]], int]] = [
    (lambda c: c.list_benchmark_runs(), 8),
    (lambda c: c.list_scenario_runs("bmr_1"), 8),
    (lambda c: c.list_benchmark_jobs(), 8),
    (lambda c: c.get_benchmark_run("bmr_1"), 32),
    (lambda c: c.get_benchmark_job("bmj_1"), 32),
    (lambda c: c.get_devbox_logs("dbx_1"), 32),
    (lambda c: c.cancel_benchmark_run("bmr_1"), 32),
]


@pytest.mark.parametrize(("read", "most_mb"), READS)
async def test_the_limit_is_8_mb_for_a_page_and_32_mb_for_one_resource(
    read: Callable[[Client], Awaitable[object]], most_mb: int
) -> None:
    body = Pieces(*[LARGE] * 60)
    async with Script(ok(body)).client() as client:
        with pytest.raises(AnswerTooLarge) as caught:
            await read(client)
    assert str(caught.value) == f"answer too large: more than {most_mb} MB (200)"
    assert body.taken == most_mb + 1
    assert body.closed


async def test_a_content_length_above_the_limit_fails_before_the_body_is_read() -> None:
    body = Pieces(*[LARGE] * 9)
    async with Script(ok(body, content_length=str(9 * MB))).client() as client:
        with pytest.raises(AnswerTooLarge):
            await client.list_benchmark_runs()
    assert body.taken == 0
    assert body.closed


async def test_a_gzip_bomb_takes_no_memory() -> None:
    bomb = gzip.compress(b" " * (64 * MB))
    given = ok(Pieces(bomb), content_encoding="gzip")
    async with Script(given).client() as client:
        tracemalloc.start()
        try:
            with pytest.raises(AnswerTooLarge):
                await client.list_benchmark_runs()
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert most < 16 * MB


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
async def test_a_compressed_body_is_read_whole(pack: Callable[[bytes], bytes]) -> None:
    packed = pack(json.dumps(RUN | {"name": "x" * 3_000_000}).encode())
    pieces = [packed[at : at + 7] for at in range(0, len(packed), 7)]
    for body in (Pieces(packed), Pieces(*pieces)):
        async with Script(ok(body, content_encoding="GZip")).client() as client:
            run = await client.get_benchmark_run("bmr_1")
        assert run.name == "x" * 3_000_000


async def test_only_gzip_is_accepted() -> None:
    script = Script(ok(RUN))
    async with script.client() as client:
        await client.get_benchmark_run("bmr_1")
    assert script.requests[0].headers["accept-encoding"] == "gzip"
    twice = gzip.compress(gzip.compress(json.dumps(RUN).encode()))
    async with Script(ok(Pieces(twice), content_encoding="gzip, gzip")).client() as client:
        with pytest.raises(NotUnderstood) as caught:
            await client.get_benchmark_run("bmr_1")
    assert caught.value.because == "expected a body that can be decoded, got a damaged one"
