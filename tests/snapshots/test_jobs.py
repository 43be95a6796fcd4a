"""What the jobs look like: a job of three agents, one finished, one failed in set-up, one running; and no jobs."""

import httpx
import pytest

from tests.snapshots.test_screens import NARROW, SIZES, WIDE, Compare, Snapshots
from tests.ui.job_stage import job_stage
from tests.ui.stage import Stage


@pytest.fixture
def snapshots(snap_compare: Compare) -> Snapshots:
    return Snapshots(snap_compare)


@SIZES
def test_a_job_with_three_agents(snapshots: Snapshots, size: tuple[int, int]) -> None:
    assert snapshots.match(job_stage(), size, "down", "b")


@SIZES
def test_the_jobs_of_the_demo(snapshots: Snapshots, size: tuple[int, int]) -> None:
    assert snapshots.match(Stage(), size, "b")


def test_the_runs_of_a_job_alone(snapshots: Snapshots) -> None:
    assert snapshots.match(job_stage(), WIDE, "down", "b", "3", "z")


def test_a_job_that_failed(snapshots: Snapshots) -> None:
    assert snapshots.match(Stage(), NARROW, "b", "slash", *"extra", "enter")


def test_a_server_without_jobs(snapshots: Snapshots) -> None:
    stage = job_stage()

    def refuse(request: httpx.Request) -> httpx.Response | None:
        if "/benchmark_jobs" in request.url.path:
            return httpx.Response(404, json={"message": "no such path"})
        return None

    stage.requests.instead = refuse
    assert snapshots.match(stage, NARROW, "b")
