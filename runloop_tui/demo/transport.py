"""The API of Runloop over a world: an httpx transport that needs no network and no key."""

import asyncio
import re
from email.utils import formatdate

import httpx

from runloop_tui.demo.downloads import Downloads, Sleep
from runloop_tui.demo.requests import Handler, Rejected, Route, json_response
from runloop_tui.demo.routes import (
    CURRENT,
    OLDER,
    BenchmarkRoutes,
    JobRoutes,
    RunRoutes,
    ScenarioRunRoutes,
)
from runloop_tui.demo.world import Refused, World


class DemoTransport(httpx.AsyncBaseTransport):
    """Answers the operations of the API from a world.

    Args:
        world: The account.
        latency_s: The duration of each request, in s.
        download_s: The duration of each download of logs, in s.
        sleep: Sleeps for a number of seconds.
        older: Behave as an older server: benchmark runs only below /v1/benchmarks/runs and in the
            older shape, and no jobs.
        offers_runs: Whether benchmarks, runs and jobs exist; if not, only devbox logs do.
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
        scenario_runs = ScenarioRunRoutes(world, downloads)
        routes = scenario_runs.devbox_routes()
        if offers_runs:
            runs = RunRoutes(world, downloads, in_older_shape=older)
            routes += runs.routes(OLDER)
            if not older:
                routes += runs.routes(CURRENT) + JobRoutes(world).routes()
            routes += BenchmarkRoutes(world, in_older_shape=older).routes()
            routes += scenario_runs.routes()
        self._routes = [_compiled(route) for route in routes]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request: with 404 for an unknown path, and 405 for an unknown method."""
        if self._latency_s:
            await self._sleep(self._latency_s)
        await request.aread()
        try:
            response = self._answer(request)
        except Rejected as rejected:
            response = json_response({"message": rejected.message}, status=rejected.status)
        except Refused as refused:
            response = json_response({"message": str(refused)}, status=400)
        response.headers["Date"] = formatdate(self.world.now() / 1000, usegmt=True)
        return response

    def _answer(self, request: httpx.Request) -> httpx.Response:
        is_known_path = False
        # The first match wins, so literal paths come before those with an id.
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
