"""Answers about benchmark runs, by the current paths and by their deprecated twins."""

import httpx

from runloop_tui.demo import wire, wire_older
from runloop_tui.demo.answers import Route, json_answer, page_answer
from runloop_tui.demo.downloads import Downloads
from runloop_tui.demo.logs import run_logs
from runloop_tui.demo.requests import Rejected, cut, read_page_wish
from runloop_tui.demo.run import Run
from runloop_tui.demo.wire import Wire
from runloop_tui.demo.world import World

CURRENT = "/v1/benchmark_runs"
OLDER = "/v1/benchmarks/runs"

SCENARIO_RUN_STATES = (
    "running", "scoring", "scored", "completed", "canceled", "timeout", "failed",
)  # fmt: skip


class RunAnswers:
    """Answers every operation on benchmark runs.

    Args:
        world: The account that is shown.
        downloads: Sends the archives.
        in_older_shape: Whether every run is written as older servers write it.
    """

    def __init__(self, world: World, downloads: Downloads, *, in_older_shape: bool) -> None:
        self._world = world
        self._downloads = downloads
        self._in_older_shape = in_older_shape

    def routes(self, base: str) -> list[Route]:
        """List what is answered below a path: `CURRENT` or `OLDER`."""
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
        wish = read_page_wish(query)
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

        page = cut(wish, lambda after: self._world.runs(after=after), is_wanted)
        return page_answer("runs", page, [self._view(run) for run in page.items])

    def _get(self, _: httpx.Request, run_id: str) -> httpx.Response:
        return json_answer(self._view(self._find(run_id)))

    def _list_scenario_runs(self, request: httpx.Request, run_id: str) -> httpx.Response:
        run = self._find(run_id)
        wish = read_page_wish(request.url.params)
        state = request.url.params.get("state")
        if state and state not in SCENARIO_RUN_STATES:
            raise Rejected(400, f"state must be one of {', '.join(SCENARIO_RUN_STATES)}")
        now = self._world.now()
        page = cut(
            wish,
            lambda after: run.newest_first(now, below=run.positions[after] if after else None),
            lambda course: not state or course.state_at(now) == state,
        )
        views = [wire.scenario_run(self._world, run, course) for course in page.items]
        return page_answer("runs", page, views)

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
            return wire_older.benchmark_run(self._world, run)
        return wire.benchmark_run(self._world, run)

    def _find(self, run_id: str) -> Run:
        try:
            return self._world.run(run_id)
        except KeyError:
            raise Rejected(404, f"no benchmark run {run_id}") from None
