"""Runloop's API in front of a world: an httpx transport that needs no network and no key."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from email.utils import formatdate
from typing import Any

import httpx

from runloop_tui.demo import wire
from runloop_tui.demo.archives import archive_pieces, archive_size
from runloop_tui.demo.courses import Course
from runloop_tui.demo.logs import LogFile, run_logs, scenario_run_logs
from runloop_tui.demo.plans import BenchmarkPlan
from runloop_tui.demo.requests import Cut, Rejected, cut, read_page_wish
from runloop_tui.demo.run import Run
from runloop_tui.demo.trickle import Trickle
from runloop_tui.demo.wire import Wire
from runloop_tui.demo.world import Refused, World

SCENARIO_RUN_STATES = (
    "running", "scoring", "scored", "completed", "canceled", "timeout", "failed",
)  # fmt: skip

Sleep = Callable[[float], Awaitable[object]]
Handler = Callable[[httpx.Request, str], httpx.Response]


class DemoTransport(httpx.AsyncBaseTransport):
    """Answers every operation on benchmark runs, scenario runs and benchmarks from a world.

    Args:
        world: The account that is shown.
        latency_s: How long each answer takes, in s.
        download_s: How long each download of logs takes, in s.
        sleep: Waits for some s.
    """

    def __init__(
        self,
        world: World,
        *,
        latency_s: float = 0.0,
        download_s: float = 1.5,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.world = world
        self._latency_s = latency_s
        self._download_s = download_s
        self._sleep = sleep
        # Tried from the top; `{}` is one id. Literal paths stand above those with an id.
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = [
            (method, re.compile(path.replace("{}", "([^/]+)")), handler)
            for method, path, handler in (
                ("GET", "/v1/benchmark_runs", self._list_runs),
                ("GET", "/v1/benchmark_runs/{}", self._get_run),
                ("GET", "/v1/benchmark_runs/{}/scenario_runs", self._list_scenario_runs),
                ("POST", "/v1/benchmark_runs/{}/cancel", self._cancel_run),
                ("POST", "/v1/benchmark_runs/{}/complete", self._complete_run),
                ("POST", "/v1/benchmark_runs/{}/download_logs", self._download_run_logs),
                ("GET", "/v1/benchmarks", self._list_benchmarks),
                ("GET", "/v1/benchmarks/list_public", self._list_public_benchmarks),
                ("GET", "/v1/benchmarks/{}", self._get_benchmark),
                ("GET", "/v1/scenarios/runs/{}", self._get_scenario_run),
                ("POST", "/v1/scenarios/runs/{}/cancel", self._cancel_scenario_run),
                ("POST", "/v1/scenarios/runs/{}/complete", self._complete_scenario_run),
                ("POST", "/v1/scenarios/runs/{}/score", self._score_scenario_run),
                ("POST", "/v1/scenarios/runs/{}/download_logs", self._download_scenario_run_logs),
            )
        ]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of the API; what is no operation of it gets 404."""
        if self._latency_s:
            await self._sleep(self._latency_s)
        try:
            response = self._answer(request)
        except Rejected as rejected:
            response = _json({"message": rejected.message}, status=rejected.status)
        except Refused as refused:
            response = _json({"message": str(refused)}, status=400)
        response.headers["Date"] = formatdate(self.world.now() / 1000, usegmt=True)
        return response

    def _answer(self, request: httpx.Request) -> httpx.Response:
        is_known_path = False
        for method, pattern, handler in self._routes:
            if match := pattern.fullmatch(request.url.path):
                if request.method == method:
                    return handler(request, match.group(1) if pattern.groups else "")
                is_known_path = True
        if is_known_path:
            raise Rejected(405, f"{request.method} is not allowed here")
        raise Rejected(404, f"no such path: {request.url.path}")

    def _list_runs(self, request: httpx.Request, _: str) -> httpx.Response:
        query = request.url.params
        wish = read_page_wish(query)
        now = self.world.now()
        name, state = query.get("name"), query.get("state")
        benchmark_id, search = query.get("benchmark_id"), query.get("search", "").casefold()

        def is_wanted(run: Run) -> bool:
            plan = run.plan
            if name and plan.name != name:
                return False
            if search and search not in (plan.name or "").casefold() + "\n" + run.id.casefold():
                return False
            if benchmark_id and not (
                plan.is_linked and self.world.benchmark_id(plan.benchmark) == benchmark_id
            ):
                return False
            return not state or run.state_at(now) == state

        page = cut(wish, lambda after: self.world.runs(after=after), is_wanted)
        return _page("runs", page, [wire.benchmark_run(self.world, run) for run in page.items])

    def _get_run(self, _: httpx.Request, run_id: str) -> httpx.Response:
        return _json(wire.benchmark_run(self.world, self._find_run(run_id)))

    def _list_scenario_runs(self, request: httpx.Request, run_id: str) -> httpx.Response:
        run = self._find_run(run_id)
        wish = read_page_wish(request.url.params)
        state = request.url.params.get("state")
        if state and state not in SCENARIO_RUN_STATES:
            raise Rejected(400, f"state must be one of {', '.join(SCENARIO_RUN_STATES)}")
        now = self.world.now()
        page = cut(
            wish,
            lambda after: run.newest_first(now, below=run.positions[after] if after else None),
            lambda course: not state or course.state_at(now) == state,
        )
        runs = [wire.scenario_run(self.world, run, course) for course in page.items]
        return _page("runs", page, runs)

    def _cancel_run(self, request: httpx.Request, run_id: str) -> httpx.Response:
        self.world.cancel_run(self._find_run(run_id))
        return self._get_run(request, run_id)

    def _complete_run(self, request: httpx.Request, run_id: str) -> httpx.Response:
        self.world.complete_run(self._find_run(run_id))
        return self._get_run(request, run_id)

    def _download_run_logs(self, _: httpx.Request, run_id: str) -> httpx.Response:
        run, now = self._find_run(run_id), self.world.now()
        return self._archive("benchmark_run_logs.zip", lambda: run_logs(run, now))

    def _list_benchmarks(self, request: httpx.Request, _: str) -> httpx.Response:
        return self._page_of_benchmarks(request, is_public=False)

    def _list_public_benchmarks(self, request: httpx.Request, _: str) -> httpx.Response:
        return self._page_of_benchmarks(request, is_public=True)

    def _page_of_benchmarks(self, request: httpx.Request, *, is_public: bool) -> httpx.Response:
        name = request.url.params.get("name")
        known = dict(self.world.benchmarks(is_public=is_public))
        ids = list(known)

        def after(last: str | None) -> list[tuple[str, BenchmarkPlan]]:
            if last is not None and last not in known:
                raise KeyError(last)
            first = 0 if last is None else ids.index(last) + 1
            return [(benchmark_id, known[benchmark_id]) for benchmark_id in ids[first:]]

        page = cut(
            read_page_wish(request.url.params),
            lambda last: iter(after(last)),
            lambda item: not name or item[1].name == name,
        )
        views = [wire.benchmark(self.world, *item) for item in page.items]
        return _page("benchmarks", page, views)

    def _get_benchmark(self, _: httpx.Request, benchmark_id: str) -> httpx.Response:
        try:
            benchmark = self.world.benchmark(benchmark_id)
        except KeyError:
            raise Rejected(404, f"no benchmark {benchmark_id}") from None
        return _json(wire.benchmark(self.world, benchmark_id, benchmark))

    def _get_scenario_run(self, _: httpx.Request, scenario_run_id: str) -> httpx.Response:
        run, course = self._find_scenario_run(scenario_run_id)
        return _json(wire.scenario_run(self.world, run, course))

    def _cancel_scenario_run(self, request: httpx.Request, run_id: str) -> httpx.Response:
        self.world.cancel_scenario_run(*self._find_scenario_run(run_id))
        return self._get_scenario_run(request, run_id)

    def _complete_scenario_run(self, request: httpx.Request, run_id: str) -> httpx.Response:
        self.world.complete_scenario_run(*self._find_scenario_run(run_id))
        return self._get_scenario_run(request, run_id)

    def _score_scenario_run(self, request: httpx.Request, run_id: str) -> httpx.Response:
        self.world.score_scenario_run(*self._find_scenario_run(run_id))
        return self._get_scenario_run(request, run_id)

    def _download_scenario_run_logs(self, _: httpx.Request, run_id: str) -> httpx.Response:
        run, course = self._find_scenario_run(run_id)
        now = self.world.now()
        return self._archive("scenario_run_logs.zip", lambda: scenario_run_logs(run, course, now))

    def _archive(self, name: str, files: Callable[[], Iterator[LogFile]]) -> httpx.Response:
        size = archive_size(files())
        return httpx.Response(
            200,
            headers={
                "Content-Type": "application/zip",
                "Content-Disposition": f'attachment; filename="{name}"',
                "Content-Length": str(size),
            },
            stream=Trickle(archive_pieces(files()), size, self._download_s, self._sleep),
        )

    def _find_run(self, run_id: str) -> Run:
        try:
            return self.world.run(run_id)
        except KeyError:
            raise Rejected(404, f"no benchmark run {run_id}") from None

    def _find_scenario_run(self, scenario_run_id: str) -> tuple[Run, Course]:
        try:
            return self.world.scenario_run(scenario_run_id)
        except KeyError:
            raise Rejected(404, f"no scenario run {scenario_run_id}") from None


def _json(body: Wire, *, status: int = 200) -> httpx.Response:
    content = json.dumps(body, separators=(",", ":")).encode()
    return httpx.Response(status, headers={"Content-Type": "application/json"}, content=content)


def _page(key: str, page: Cut[Any], views: list[Wire]) -> httpx.Response:
    return _json({key: views, "has_more": page.has_more, "total_count": page.total_count})
