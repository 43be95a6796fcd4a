"""Answers about benchmark jobs."""

import httpx

from runloop_tui.demo import wire_jobs
from runloop_tui.demo.answers import Route, json_answer, page_answer
from runloop_tui.demo.job import Job
from runloop_tui.demo.requests import Rejected, cut, read_page_wish
from runloop_tui.demo.world import World


class JobAnswers:
    """Answers the operations on benchmark jobs: the list, and one of them.

    Args:
        world: The account that is shown.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """List what is answered."""
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

        page = cut(read_page_wish(query), lambda after: self._world.jobs(after=after), is_wanted)
        views = [wire_jobs.benchmark_job(self._world, job) for job in page.items]
        return page_answer("jobs", page, views)

    def _get(self, _: httpx.Request, job_id: str) -> httpx.Response:
        try:
            job = self._world.job(job_id)
        except KeyError:
            raise Rejected(404, f"no benchmark job {job_id}") from None
        return json_answer(wire_jobs.benchmark_job(self._world, job))
