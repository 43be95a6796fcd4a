"""Answers as a hostile server, a broken proxy or a torn line would give them, begun from good ones."""

import asyncio
import gzip
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache

import httpx
from hypothesis import strategies as st

from runloop_tui.api.client import Client
from runloop_tui.demo.transport import DemoTransport
from runloop_tui.demo.world import World
from tests.api.scripted import Pieces
from tests.demo.client import no_sleep
from tests.demo.clock import Clock
from tests.fuzz.json_mutations import encoded, mutated, with_hostile_words
from tests.present.hostile import Chaos, texts

Ask = Callable[[Client], Awaitable[object]]

_SECRETS = {"TOKEN": "value-that-must-not-be-seen"}

OPERATIONS: dict[str, tuple[Ask, str]] = {
    "list runs": (
        lambda client: client.list_benchmark_runs(limit=3, include_total_count=True),
        "/v1/benchmark_runs?limit=3&include_total_count=true",
    ),
    "older list of runs": (
        lambda client: client.list_benchmark_runs(limit=2),
        "/v1/benchmarks/runs?limit=2",
    ),
    "get run": (lambda client: client.get_benchmark_run("bmr_1"), "/v1/benchmark_runs/{run}"),
    "cancel run": (
        lambda client: client.cancel_benchmark_run("bmr_1"),
        "/v1/benchmark_runs/{run}",
    ),
    "complete run": (
        lambda client: client.complete_benchmark_run("bmr_1"),
        "/v1/benchmark_runs/{run}",
    ),
    "start run": (
        lambda client: client.start_benchmark_run("bmd_1", environment_variables=_SECRETS),
        "/v1/benchmark_runs/{run}",
    ),
    "list scenario runs": (
        lambda client: client.list_scenario_runs("bmr_1", limit=3),
        "/v1/benchmark_runs/{run}/scenario_runs?limit=3",
    ),
    "get scenario run": (
        lambda client: client.get_scenario_run("scr_1"),
        "/v1/scenarios/runs/{scenario_run}",
    ),
    "cancel scenario run": (
        lambda client: client.cancel_scenario_run("scr_1"),
        "/v1/scenarios/runs/{scenario_run}",
    ),
    "complete scenario run": (
        lambda client: client.complete_scenario_run("scr_1"),
        "/v1/scenarios/runs/{scenario_run}",
    ),
    "score scenario run": (
        lambda client: client.score_scenario_run("scr_1"),
        "/v1/scenarios/runs/{scenario_run}",
    ),
    "devbox logs": (
        lambda client: client.get_devbox_logs("dbx_1"),
        "/v1/devboxes/{devbox}/logs",
    ),
    "get benchmark": (
        lambda client: client.get_benchmark("bmd_1"),
        "/v1/benchmarks/{benchmark}",
    ),
    "list benchmarks": (
        lambda client: client.list_benchmarks(limit=3),
        "/v1/benchmarks?limit=3",
    ),
    "list public benchmarks": (
        lambda client: client.list_public_benchmarks(limit=3),
        "/v1/benchmarks/list_public?limit=3",
    ),
    "scenario definitions": (
        lambda client: client.list_scenario_definitions("bmd_1", limit=3),
        "/v1/benchmarks/{benchmark}/definitions?limit=3",
    ),
    "list jobs": (
        lambda client: client.list_benchmark_jobs(limit=2),
        "/v1/benchmark_jobs?limit=2",
    ),
    "get job": (lambda client: client.get_benchmark_job("bmj_1"), "/v1/benchmark_jobs/{job}"),
}
"""How each operation that answers with JSON is requested, and what of the demo is a good answer to it."""

_LONGEST_LIST = 4


@dataclass(frozen=True)
class Answer:
    """What a server says to one operation."""

    operation: str
    status: int
    body: bytes = field(repr=False)
    headers: tuple[tuple[bytes, bytes], ...] = ()

    def response(self) -> httpx.Response:
        """The answer as httpx would hand it over."""
        return httpx.Response(self.status, headers=list(self.headers), stream=Pieces(self.body))


@cache
def good_answers() -> dict[str, object]:
    """What the demo answers to each operation, long lists shortened."""
    return asyncio.run(_recorded())


async def _recorded() -> dict[str, object]:
    clock = Clock()
    world = World(clock)
    newer = DemoTransport(world, sleep=no_sleep)
    older = DemoTransport(world, sleep=no_sleep, older=True)
    async with (
        httpx.AsyncClient(transport=newer, base_url="http://demo") as http,
        httpx.AsyncClient(transport=older, base_url="http://demo") as before,
    ):
        ids = await _ids(http)
        said = {}
        for name, (_, path) in OPERATIONS.items():
            server = before if name.startswith("older") else http
            response = await server.get(path.format_map(ids))
            assert response.status_code == 200, path
            said[name] = _shortened(response.json())
    return said


async def _ids(http: httpx.AsyncClient) -> dict[str, str]:
    """The ids of a run that goes on and of what belongs to it."""
    run = (await http.get("/v1/benchmark_runs?state=running")).json()["runs"][0]
    listed = await http.get(f"/v1/benchmark_runs/{run['id']}/scenario_runs?state=completed")
    scenario_run = listed.json()["runs"][0]
    job = (await http.get("/v1/benchmark_jobs")).json()["jobs"][0]
    return {
        "run": run["id"],
        "scenario_run": scenario_run["id"],
        "devbox": scenario_run["devbox_id"],
        "benchmark": run["benchmark_id"],
        "job": job["id"],
    }


def _shortened(tree: object) -> object:
    if isinstance(tree, dict):
        return {name: _shortened(value) for name, value in tree.items()}
    if isinstance(tree, list):
        return [_shortened(value) for value in tree[:_LONGEST_LIST]]
    return tree


_HEADERS = st.just(()) | st.lists(
    st.tuples(
        st.sampled_from(
            [b"content-type", b"date", b"retry-after", b"location", b"content-encoding"]
        ),
        st.sampled_from(
            [
                b"application/json",
                b"text/html",
                b"gzip",
                b"br",
                b"9" * 400,
                b"-1",
                b"nan",
                b"Thu, 99 Foo 99999 99:99:99 GMT",
                b"Fri, 31 Dec 9999 23:59:59 GMT",
                b"Thu, 01 Jan 1970 00:00:00 +9999",
                b"\x1b]0;title\x9c",
                b"http://other.invalid/\x1b[2J",
                b"\xff\xfe",
                b"",
            ]
        ),
    ),
    max_size=2,
).map(tuple)
_STATUSES = st.sampled_from([200] * 30 + [201, 204, 302, 400, 401, 404, 409, 418, 429, 500, 503])
_NO_JSON = (
    b"",
    b" \n",
    b"<html><title>\x1b[2J[/x]</title></html>",
    b"\xef\xbb\xbf{}",
    b"\xff\xfe{\x00}\x00",
    b"{" * 100_000,
    b'{"runs": [' * 3_000,
    b"\x1b]52;c;ZXZpbA==\x07",
    gzip.compress(b"{}")[:12],
)
_REFUSALS = st.sampled_from(["message", "error", "detail"]).flatmap(
    lambda name: texts.map(lambda text: json.dumps({name: text}).encode(errors="replace"))
)


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """An answer to any operation."""
    operation = draw(st.sampled_from(list(OPERATIONS)))
    kind = draw(
        st.sampled_from(["fields"] * 6 + ["words"] * 4 + ["bytes", "cut", "other", "refusal"])
    )
    good = good_answers()[operation]
    if kind == "fields":
        body = encoded(draw(mutated(good)))
    elif kind == "words":
        chaos = Chaos(draw(st.integers(0, 2**32 - 1)))
        body = encoded(with_hostile_words(good, chaos))
    elif kind == "bytes":
        body = _with_changed_bytes(draw, encoded(good))
    elif kind == "cut":
        body = encoded(good)
        body = body[: draw(st.integers(0, len(body)))]
    elif kind == "other":
        body = draw(st.sampled_from(_NO_JSON) | st.binary(max_size=30))
    else:
        body = draw(_REFUSALS)
    return Answer(operation, draw(_STATUSES), body, draw(_HEADERS))


def _with_changed_bytes(draw: st.DrawFn, body: bytes) -> bytes:
    changed = bytearray(body)
    for _ in range(draw(st.integers(1, 5))):
        changed[draw(st.integers(0, len(changed) - 1))] = draw(st.integers(0, 255))
    return bytes(changed)
