"""The operations of the API on runs, scenario runs, devbox logs, benchmarks and jobs, answered from a world."""

from collections.abc import Iterator

import httpx

from runloop_tui.demo import wire
from runloop_tui.demo.devbox_logs import devbox_logs
from runloop_tui.demo.downloads import Downloads
from runloop_tui.demo.job import Job
from runloop_tui.demo.log_files import run_logs, scenario_run_logs
from runloop_tui.demo.plans import BenchmarkPlan
from runloop_tui.demo.requests import (
    Rejected,
    Route,
    check_requirements,
    found,
    json_response,
    page_of,
    page_response,
    plan_of,
    read_page_request,
    read_start_request,
)
from runloop_tui.demo.run import Run
from runloop_tui.demo.timeline import Timeline
from runloop_tui.demo.wire import Wire
from runloop_tui.demo.world import World

CURRENT = "/v1/benchmark_runs"
OLDER = "/v1/benchmarks/runs"
"""The deprecated path of the same operations."""

SCENARIO_RUN_STATES = (
    "running", "scoring", "scored", "completed", "canceled", "timeout", "failed",
)  # fmt: skip


class RunRoutes:
    """The operations on benchmark runs.

    Args:
        world: The account.
        downloads: Sends the archives.
        in_older_shape: Whether every run is serialized as by older servers.
    """

    def __init__(self, world: World, downloads: Downloads, *, in_older_shape: bool) -> None:
        self._world = world
        self._downloads = downloads
        self._in_older_shape = in_older_shape

    def routes(self, base: str) -> list[Route]:
        """Return the routes below a path: `CURRENT` or `OLDER`."""
        return [
            ("GET", base, self._list),
            ("GET", base + "/{}", self._get),
            ("GET", base + "/{}/scenario_runs", self._list_scenario_runs),
            ("POST", base + "/{}/cancel", self._cancel),
            ("POST", base + "/{}/complete", self._complete),
            ("POST", base + "/{}/download_logs", self._download_logs),
        ]

    def _list(self, request: httpx.Request, _: str) -> httpx.Response:
        query = request.url.params
        wanted = read_page_request(query)
        now = self._world.now()
        name, state = query.get("name"), query.get("state")
        benchmark_id, search = query.get("benchmark_id"), query.get("search", "").casefold()

        def is_wanted(run: Run) -> bool:
            plan = run.plan
            if name and plan.name != name:
                return False
            if search and search not in (plan.name or "").casefold() + "\n" + run.id.casefold():
                return False
            if benchmark_id and not (
                plan.is_linked and self._world.benchmark_id(plan.benchmark) == benchmark_id
            ):
                return False
            return not state or run.state_at(now) == state

        page = page_of(wanted, lambda after: self._world.runs(after=after), is_wanted)
        return page_response("runs", page, [self._view(run) for run in page.items])

    def _get(self, _: httpx.Request, run_id: str) -> httpx.Response:
        return json_response(self._view(self._find(run_id)))

    def _list_scenario_runs(self, request: httpx.Request, run_id: str) -> httpx.Response:
        run = self._find(run_id)
        wanted = read_page_request(request.url.params)
        state = request.url.params.get("state")
        if state and state not in SCENARIO_RUN_STATES:
            raise Rejected(400, f"state must be one of {', '.join(SCENARIO_RUN_STATES)}")
        now = self._world.now()
        page = page_of(
            wanted,
            lambda after: run.newest_first(now, below=run.positions[after] if after else None),
            lambda timeline: not state or timeline.state_at(now) == state,
        )
        views = [wire.scenario_run(self._world, run, timeline) for timeline in page.items]
        return page_response("runs", page, views)

    def _cancel(self, request: httpx.Request, run_id: str) -> httpx.Response:
        self._world.cancel_run(self._find(run_id))
        return self._get(request, run_id)

    def _complete(self, request: httpx.Request, run_id: str) -> httpx.Response:
        self._world.complete_run(self._find(run_id))
        return self._get(request, run_id)

    def _download_logs(self, _: httpx.Request, run_id: str) -> httpx.Response:
        run, now = self._find(run_id), self._world.now()
        return self._downloads.answer("benchmark_run_logs.zip", lambda: run_logs(run, now))

    def _view(self, run: Run) -> Wire:
        if self._in_older_shape or run.plan.is_older_shape:
            return wire.older_benchmark_run(self._world, run)
        return wire.benchmark_run(self._world, run)

    def _find(self, run_id: str) -> Run:
        return found(self._world.run, "benchmark run", run_id)


class ScenarioRunRoutes:
    """The operations on single scenario runs, and on the logs of their devboxes.

    Args:
        world: The account.
        downloads: Sends the archives.
    """

    def __init__(self, world: World, downloads: Downloads) -> None:
        self._world = world
        self._downloads = downloads

    def routes(self) -> list[Route]:
        """Return the routes of scenario runs."""
        return [
            ("GET", "/v1/scenarios/runs/{}", self._get),
            ("POST", "/v1/scenarios/runs/{}/cancel", self._cancel),
            ("POST", "/v1/scenarios/runs/{}/complete", self._complete),
            ("POST", "/v1/scenarios/runs/{}/score", self._score),
            ("POST", "/v1/scenarios/runs/{}/download_logs", self._download_logs),
        ]

    def devbox_routes(self) -> list[Route]:
        """Return the routes of devboxes."""
        return [("GET", "/v1/devboxes/{}/logs", self._list_devbox_logs)]

    def _get(self, _: httpx.Request, scenario_run_id: str) -> httpx.Response:
        run, timeline = self._find(scenario_run_id)
        return json_response(wire.scenario_run(self._world, run, timeline))

    def _cancel(self, request: httpx.Request, scenario_run_id: str) -> httpx.Response:
        self._world.cancel_scenario_run(*self._find(scenario_run_id))
        return self._get(request, scenario_run_id)

    def _complete(self, request: httpx.Request, scenario_run_id: str) -> httpx.Response:
        self._world.complete_scenario_run(*self._find(scenario_run_id))
        return self._get(request, scenario_run_id)

    def _score(self, request: httpx.Request, scenario_run_id: str) -> httpx.Response:
        self._world.score_scenario_run(*self._find(scenario_run_id))
        return self._get(request, scenario_run_id)

    def _download_logs(self, _: httpx.Request, scenario_run_id: str) -> httpx.Response:
        run, timeline = self._find(scenario_run_id)
        now = self._world.now()
        return self._downloads.answer(
            "scenario_run_logs.zip", lambda: scenario_run_logs(run, timeline, now)
        )

    def _list_devbox_logs(self, request: httpx.Request, devbox_id: str) -> httpx.Response:
        run, timeline = found(self._world.devbox, "devbox", devbox_id)
        query = request.url.params
        cmd_id, shell_name = query.get("execution_id"), query.get("shell_name")
        lines = devbox_logs(run, timeline, self._world.now())
        wanted = [
            line
            for line in lines
            if (not cmd_id or line.cmd_id == cmd_id)
            and (not shell_name or line.shell_name == shell_name)
        ]
        return json_response({"logs": [wire.devbox_log(line) for line in wanted]})

    def _find(self, scenario_run_id: str) -> tuple[Run, Timeline]:
        return found(self._world.scenario_run, "scenario run", scenario_run_id)


class BenchmarkRoutes:
    """The operations on benchmarks.

    Args:
        world: The account.
        in_older_shape: Whether a started run is serialized as by older servers.
    """

    def __init__(self, world: World, *, in_older_shape: bool) -> None:
        self._world = world
        self._in_older_shape = in_older_shape

    def routes(self) -> list[Route]:
        """Return the routes of benchmarks; literal paths come before those with an id, because the first match wins."""
        return [
            ("GET", "/v1/benchmarks", self._list),
            ("GET", "/v1/benchmarks/list_public", self._list_public),
            ("POST", "/v1/benchmarks/start_run", self._start_run),
            ("GET", "/v1/benchmarks/{}", self._get),
            ("GET", "/v1/benchmarks/{}/definitions", self._definitions),
        ]

    def _list(self, request: httpx.Request, _: str) -> httpx.Response:
        return self._page(request, is_public=False)

    def _list_public(self, request: httpx.Request, _: str) -> httpx.Response:
        return self._page(request, is_public=True)

    def _page(self, request: httpx.Request, *, is_public: bool) -> httpx.Response:
        name = request.url.params.get("name")
        known = dict(self._world.benchmarks(is_public=is_public))
        ids = list(known)

        def after(last: str | None) -> list[tuple[str, BenchmarkPlan]]:
            if last is not None and last not in known:
                raise KeyError(last)
            first = 0 if last is None else ids.index(last) + 1
            return [(benchmark_id, known[benchmark_id]) for benchmark_id in ids[first:]]

        page = page_of(
            read_page_request(request.url.params),
            lambda last: iter(after(last)),
            lambda item: not name or item[1].name == name,
        )
        views = [wire.benchmark(self._world, *item) for item in page.items]
        return page_response("benchmarks", page, views)

    def _get(self, _: httpx.Request, benchmark_id: str) -> httpx.Response:
        return json_response(wire.benchmark(self._world, benchmark_id, self._find(benchmark_id)))

    def _definitions(self, request: httpx.Request, benchmark_id: str) -> httpx.Response:
        benchmark = self._find(benchmark_id)
        places = {
            self._world.scenario_id(benchmark, place): place
            for place in range(len(benchmark.scenarios))
        }

        def after(last: str | None) -> Iterator[int]:
            return iter(range(0 if last is None else places[last] + 1, len(places)))

        page = page_of(read_page_request(request.url.params), after)
        views = [wire.scenario_definition(self._world, benchmark, place) for place in page.items]
        return page_response("scenarios", page, views)

    def _start_run(self, request: httpx.Request, _: str) -> httpx.Response:
        wanted = read_start_request(request.content)
        benchmark = self._find(wanted.benchmark_id)
        check_requirements(wanted, benchmark)
        run = self._world.start_run(plan_of(wanted, benchmark))
        view = wire.older_benchmark_run if self._in_older_shape else wire.benchmark_run
        return json_response(view(self._world, run))

    def _find(self, benchmark_id: str) -> BenchmarkPlan:
        return found(self._world.benchmark, "benchmark", benchmark_id)


class JobRoutes:
    """The operations on benchmark jobs: list and retrieve.

    Args:
        world: The account.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes of jobs."""
        return [
            ("GET", "/v1/benchmark_jobs", self._list),
            ("GET", "/v1/benchmark_jobs/{}", self._get),
        ]

    def _list(self, request: httpx.Request, _: str) -> httpx.Response:
        query = request.url.params
        name, search = query.get("name"), query.get("search", "").casefold()

        def is_wanted(job: Job) -> bool:
            if name and job.plan.name != name:
                return False
            return search in f"{job.plan.name}\n{job.id}".casefold()

        page = page_of(
            read_page_request(query), lambda after: self._world.jobs(after=after), is_wanted
        )
        views = [wire.benchmark_job(self._world, job) for job in page.items]
        return page_response("jobs", page, views)

    def _get(self, _: httpx.Request, job_id: str) -> httpx.Response:
        job = found(self._world.job, "benchmark job", job_id)
        return json_response(wire.benchmark_job(self._world, job))
