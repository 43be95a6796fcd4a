"""Answers about scenario runs, and about the devboxes they run on."""

import httpx

from runloop_tui.demo import wire
from runloop_tui.demo.answers import Route, json_answer
from runloop_tui.demo.courses import Course
from runloop_tui.demo.devbox_logs import devbox_logs
from runloop_tui.demo.downloads import Downloads
from runloop_tui.demo.logs import scenario_run_logs
from runloop_tui.demo.requests import Rejected
from runloop_tui.demo.run import Run
from runloop_tui.demo.world import World


class ScenarioRunAnswers:
    """Answers every operation on single scenario runs, and the logs of their devboxes.

    Args:
        world: The account that is shown.
        downloads: Sends the archives.
    """

    def __init__(self, world: World, downloads: Downloads) -> None:
        self._world = world
        self._downloads = downloads

    def routes(self) -> list[Route]:
        """List what is answered about scenario runs."""
        return [
            ("GET", "/v1/scenarios/runs/{}", self._get),
            ("POST", "/v1/scenarios/runs/{}/cancel", self._cancel),
            ("POST", "/v1/scenarios/runs/{}/complete", self._complete),
            ("POST", "/v1/scenarios/runs/{}/score", self._score),
            ("POST", "/v1/scenarios/runs/{}/download_logs", self._download_logs),
        ]

    def devbox_routes(self) -> list[Route]:
        """List what is answered about devboxes."""
        return [("GET", "/v1/devboxes/{}/logs", self._list_devbox_logs)]

    def _get(self, _: httpx.Request, scenario_run_id: str) -> httpx.Response:
        run, course = self._find(scenario_run_id)
        return json_answer(wire.scenario_run(self._world, run, course))

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
        run, course = self._find(scenario_run_id)
        now = self._world.now()
        return self._downloads.answer(
            "scenario_run_logs.zip", lambda: scenario_run_logs(run, course, now)
        )

    def _list_devbox_logs(self, request: httpx.Request, devbox_id: str) -> httpx.Response:
        try:
            run, course = self._world.devbox(devbox_id)
        except KeyError:
            raise Rejected(404, f"no devbox {devbox_id}") from None
        query = request.url.params
        cmd_id, shell_name = query.get("execution_id"), query.get("shell_name")
        lines = devbox_logs(run, course, self._world.now())
        wanted = [
            line
            for line in lines
            if (not cmd_id or line.cmd_id == cmd_id)
            and (not shell_name or line.shell_name == shell_name)
        ]
        return json_answer({"logs": [wire.devbox_log(line) for line in wanted]})

    def _find(self, scenario_run_id: str) -> tuple[Run, Course]:
        try:
            return self._world.scenario_run(scenario_run_id)
        except KeyError:
            raise Rejected(404, f"no scenario run {scenario_run_id}") from None
