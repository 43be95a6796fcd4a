"""Runloop's API in front of a world: an httpx transport that needs no network and no key."""

import asyncio
import re
from email.utils import formatdate

import httpx

from runloop_tui.demo.answers import Handler, Route, json_answer
from runloop_tui.demo.benchmark_answers import BenchmarkAnswers
from runloop_tui.demo.downloads import Downloads, Sleep
from runloop_tui.demo.job_answers import JobAnswers
from runloop_tui.demo.requests import Rejected
from runloop_tui.demo.run_answers import CURRENT, OLDER, RunAnswers
from runloop_tui.demo.scenario_run_answers import ScenarioRunAnswers
from runloop_tui.demo.world import Refused, World


class DemoTransport(httpx.AsyncBaseTransport):
    """Answers every operation on benchmark runs, jobs, scenario runs and benchmarks from a world.

    Args:
        world: The account that is shown.
        latency_s: How long each answer takes, in s.
        download_s: How long each download of logs takes, in s.
        sleep: Waits for some s.
        older: Be an older server: benchmark runs only below /v1/benchmarks/runs and in the older
            shape, and no jobs.
        offers_runs: Whether benchmarks and all that belongs to them are offered at all; if not,
            only the logs of devboxes are.
    """

    def __init__(
        self,
        world: World,
        *,
        latency_s: float = 0.0,
        download_s: float = 1.5,
        sleep: Sleep = asyncio.sleep,
        older: bool = False,
        offers_runs: bool = True,
    ) -> None:
        self.world = world
        self._latency_s = latency_s
        self._sleep = sleep
        downloads = Downloads(download_s, sleep)
        scenario_runs = ScenarioRunAnswers(world, downloads)
        routes = scenario_runs.devbox_routes()
        if offers_runs:
            runs = RunAnswers(world, downloads, in_older_shape=older)
            routes += runs.routes(OLDER)
            if not older:
                routes += runs.routes(CURRENT) + JobAnswers(world).routes()
            routes += BenchmarkAnswers(world, in_older_shape=older).routes()
            routes += scenario_runs.routes()
        self._routes = [_compiled(route) for route in routes]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of the API; what is no operation of it gets 404."""
        if self._latency_s:
            await self._sleep(self._latency_s)
        await request.aread()
        try:
            response = self._answer(request)
        except Rejected as rejected:
            response = json_answer({"message": rejected.message}, status=rejected.status)
        except Refused as refused:
            response = json_answer({"message": str(refused)}, status=400)
        response.headers["Date"] = formatdate(self.world.now() / 1000, usegmt=True)
        return response

    def _answer(self, request: httpx.Request) -> httpx.Response:
        is_known_path = False
        # Tried from the top, so literal paths stand above those with an id.
        for method, pattern, handler in self._routes:
            if match := pattern.fullmatch(request.url.path):
                if request.method == method:
                    return handler(request, match.group(1) if pattern.groups else "")
                is_known_path = True
        if is_known_path:
            raise Rejected(405, f"{request.method} is not allowed here")
        raise Rejected(404, f"no such path: {request.url.path}")


def _compiled(route: Route) -> tuple[str, re.Pattern[str], Handler]:
    method, path, handler = route
    return method, re.compile(path.replace("{}", "([^/]+)")), handler
