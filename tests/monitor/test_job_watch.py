"""What is asked for about jobs, and when: a page in the beginning, and more only while somebody looks at them."""

import asyncio
from contextlib import suppress

import httpx
import pytest

from runloop_tui.api.errors import NotFound
from runloop_tui.monitor.attention import Attention
from runloop_tui.monitor.health import What
from runloop_tui.monitor.job_watch import JobsAttention, JobWatch
from runloop_tui.monitor.jobs import Jobs
from runloop_tui.monitor.pacing import Pacing
from tests.api.scripted import answer, ok
from tests.monitor.account import Account, Answer, Wire
from tests.monitor.job_making import FAILED, PASSED, going_on, job_wire, outcome
from tests.monitor.scene import INTERVAL_S, Scene, ticks

LIST = "^GET /v1/benchmark_jobs[?]"
SINGLE = "^GET /v1/benchmark_jobs/"


class JobsAccount(Account):
    """An account with jobs, newest first."""

    def __init__(self) -> None:
        super().__init__()
        self.jobs: dict[str, Wire] = {}

    def put_job(self, *args: object, **fields: object) -> None:
        """Put a job on top of the list, or another in its place."""
        job = job_wire(*args, **fields)  # type: ignore[arg-type]
        self.jobs = (
            {**self.jobs, job["id"]: job}
            if job["id"] in self.jobs
            else {job["id"]: job, **self.jobs}
        )

    def _answer(self, request: httpx.Request, line: str) -> Answer:
        path = request.url.path.removeprefix("/v1/benchmark_jobs")
        if path == request.url.path or any(each in line for each in self._faults):
            return super()._answer(request, line)
        if path:
            job = self.jobs.get(path.removeprefix("/"))
            return ok(job) if job else answer(404)
        query, ids = request.url.params, list(self.jobs)
        after, limit = query.get("starting_after"), int(query["limit"])
        rest = ids[ids.index(after) + 1 if after else 0 :]
        total = len(ids) if query.get("include_total_count") == "true" else None
        page = [self.jobs[id_] for id_ in rest[:limit]]
        return ok({"jobs": page, "has_more": len(rest) > limit, "total_count": total})


class JobsScene(Scene):
    """A scene with what watches jobs."""

    def __init__(self) -> None:
        self.account = JobsAccount()
        super().__init__(self.account)
        self.watch = JobWatch(
            self.client,
            self.ledger,
            Pacing(INTERVAL_S),
            jitter=lambda: 0.5,
            publish=self.monitor.publish,
            find_run=self.monitor.find_run,
        )

    async def look(self) -> float:
        """Look once, and read what the rest would; gives how long that would be, in s."""
        rest_s = await self.watch.look()
        await self.meanwhile()
        return rest_s

    async def meanwhile(self) -> None:
        for _ in range(50):
            if not await self.watch.read_meanwhile():
                return
        raise AssertionError("the rest between two looks would never be one")

    def open(self, shown: str | None = None, *visible: str) -> None:
        self.watch.attend(JobsAttention(shown, visible or tuple(self.account.jobs)))

    @property
    def jobs(self) -> Jobs:
        return self.monitor.snapshot.jobs


@pytest.fixture
def scene() -> JobsScene:
    return JobsScene()


@pytest.fixture
def account(scene: JobsScene) -> JobsAccount:
    return scene.account


async def test_in_the_beginning_one_page_is_read_and_no_more_while_nobody_looks(
    scene: JobsScene, account: JobsAccount
) -> None:
    for number in range(30):
        account.put_job(f"bmj_{number}", create_time_ms=number)
    await scene.look()
    await scene.look()
    assert account.asked == ["GET /v1/benchmark_jobs?limit=20&include_total_count=true"]
    assert (len(scene.jobs.items), scene.jobs.in_all, scene.jobs.more) == (20, 30, True)


async def test_nothing_is_asked_before_it_begins(scene: JobsScene, account: JobsAccount) -> None:
    task = asyncio.create_task(scene.watch.run())
    await ticks()
    assert account.asked == []
    scene.watch.begin()
    await ticks()
    assert len(account.asked_for(LIST)) == 1
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_opening_the_jobs_looks_at_once_and_closing_them_ends_it(
    scene: JobsScene, account: JobsAccount
) -> None:
    account.put_job("bmj_1", "completed")
    task = asyncio.create_task(scene.watch.run())
    scene.watch.begin()
    await ticks()
    scene.open("bmj_1")
    await ticks()
    assert len(account.asked_for(LIST)) == 2
    scene.watch.attend(None)
    await ticks()
    assert len(account.asked_for(LIST)) == 2
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_a_new_job_is_found_while_the_jobs_are_open(
    scene: JobsScene, account: JobsAccount
) -> None:
    account.put_job("bmj_1", "completed", create_time_ms=1)
    await scene.look()
    for number in range(2, 8):
        account.put_job(f"bmj_{number}", "completed", create_time_ms=number)
    scene.open()
    await scene.look()
    assert [job.id for job in scene.jobs.items] == [f"bmj_{n}" for n in range(7, 0, -1)]
    assert len(account.asked_for(LIST)) == 4, "three pages of three reach the one that is known"


async def test_jobs_that_go_on_are_asked_for_singly_only_where_they_are_shown(
    scene: JobsScene, account: JobsAccount
) -> None:
    for number in range(8):
        account.put_job(f"bmj_{number}", "running", create_time_ms=number)
    account.put_job("bmj_2", "completed", create_time_ms=2)
    await scene.look()
    scene.open("bmj_0", "bmj_1", "bmj_2")
    await scene.look()
    assert account.asked_for(SINGLE) == [
        "GET /v1/benchmark_jobs/bmj_0",
        "GET /v1/benchmark_jobs/bmj_1",
    ]


async def test_a_job_that_is_over_is_not_asked_for_again(
    scene: JobsScene, account: JobsAccount
) -> None:
    for number in range(5):
        account.put_job(f"bmj_{number}", "running", create_time_ms=number)
    await scene.look()
    scene.open("bmj_0", "bmj_0")
    account.put_job("bmj_0", "completed", create_time_ms=0)
    await scene.look()
    await scene.look()
    assert account.asked_for(SINGLE) == ["GET /v1/benchmark_jobs/bmj_0"]
    assert scene.jobs.by_id["bmj_0"].state == "completed"


async def test_a_job_that_the_server_has_forgotten_is_gone_and_left_alone(
    scene: JobsScene, account: JobsAccount
) -> None:
    for number in range(5):
        account.put_job(f"bmj_{number}", "running", create_time_ms=number)
    await scene.look()
    del account.jobs["bmj_0"]
    scene.open("bmj_0", "bmj_0")
    await scene.look()
    await scene.look()
    assert scene.jobs.gone == {"bmj_0"}
    assert (len(account.asked_for(SINGLE)), scene.jobs.trouble) == (1, None)


async def test_older_jobs_are_read_page_by_page_to_the_end(
    scene: JobsScene, account: JobsAccount
) -> None:
    for number in range(50):
        account.put_job(f"bmj_{number}", "completed", create_time_ms=number)
    await scene.look()
    scene.open()
    for _ in range(4):
        scene.watch.want_older()
        await scene.meanwhile()
    assert (len(scene.jobs.items), scene.jobs.more) == (50, False)
    assert len(account.asked_for(LIST)) == 3


async def test_a_server_without_jobs_is_asked_once_and_nothing_else_suffers(
    scene: JobsScene, account: JobsAccount
) -> None:
    account.fail("/v1/benchmark_jobs", lambda: answer(404))
    account.start_run()
    await scene.poll()
    await scene.look()
    assert (scene.jobs.offered, scene.jobs.trouble) == (False, None)
    assert scene.health.trouble is None
    assert scene.record().id == "bmr_1"
    task = asyncio.create_task(scene.watch._rest(0.0))
    scene.watch._is_hurried = False
    await ticks()
    assert not task.done(), "it rests for ever"
    assert len(account.asked_for("benchmark_jobs")) == 1
    task.cancel()


async def test_a_list_that_fails_says_why_keeps_what_was_read_and_is_tried_again(
    scene: JobsScene, account: JobsAccount
) -> None:
    account.put_job("bmj_1", "completed")
    await scene.look()
    scene.open()
    account.fail("/v1/benchmark_jobs", lambda: answer(403))
    rest_s = await scene.look()
    assert scene.jobs.trouble is not None
    assert scene.jobs.trouble.what == What.JOBS
    assert [job.id for job in scene.jobs.items] == ["bmj_1"]
    assert rest_s >= 60
    account.mend("/v1/benchmark_jobs")
    await scene.look()
    assert scene.jobs.trouble is None


async def test_one_job_that_fails_costs_the_others_nothing(
    scene: JobsScene, account: JobsAccount
) -> None:
    for number in range(5):
        account.put_job(f"bmj_{number}", "running", create_time_ms=number)
    await scene.look()
    scene.open("bmj_0", "bmj_1")
    account.fail("/v1/benchmark_jobs/bmj_0", lambda: answer(500))
    account.put_job("bmj_1", "completed", create_time_ms=1)
    await scene.look()
    assert scene.jobs.by_id["bmj_1"].state == "completed"
    assert scene.jobs.trouble is not None


# Runs and their jobs


async def test_a_runs_total_is_that_of_its_job_and_its_benchmark_is_not_asked(
    scene: JobsScene, account: JobsAccount
) -> None:
    account.benchmarks = {"bmd_1": ["scn_0"] * 9}
    account.put_job(in_progress=(going_on("bmr_1", "a"),), scenarios=3)
    account.start_run(benchmark_id="bmd_1")
    await scene.look()
    await scene.poll()
    assert scene.record().total == 3
    assert scene.record().job is not None
    assert account.asked_for("/v1/benchmarks/bmd_1$") == []


async def test_a_run_whose_job_does_not_say_has_the_total_of_its_benchmark(
    scene: JobsScene, account: JobsAccount
) -> None:
    account.benchmarks = {"bmd_1": ["scn_0", "scn_1"]}
    account.put_job(in_progress=(going_on("bmr_1", "a"),))
    account.start_run(benchmark_id="bmd_1")
    await scene.look()
    await scene.poll()
    assert scene.record().total == 2


async def test_a_run_that_is_learned_after_its_job_knows_it_too(
    scene: JobsScene, account: JobsAccount
) -> None:
    account.put_job(outcomes=(outcome("bmr_1", "a", PASSED, FAILED),), scenarios=2)
    await scene.look()
    account.start_run(state="completed")
    await scene.poll()
    job = scene.record().job
    assert job is not None
    assert (job.job_id, list(job.failures)) == ("bmj_1", ["scr_bmr_1_1"])


async def test_runs_of_the_job_that_is_shown_are_looked_up_once_where_they_are_unknown(
    scene: JobsScene, account: JobsAccount
) -> None:
    account.put_job(outcomes=(outcome("bmr_gone", "a", PASSED), outcome("bmr_1", "b", PASSED)))
    account.start_run(state="completed")
    await scene.look()
    assert account.asked_for("/v1/benchmark_runs/") == [], "nobody looks at the job"
    scene.open("bmj_1")
    await scene.look()
    await scene.look()
    assert account.asked_for("/v1/benchmark_runs/") == [
        "GET /v1/benchmark_runs/bmr_gone",
        "GET /v1/benchmark_runs/bmr_1",
    ]
    assert scene.jobs.gone_runs == {"bmr_gone"}
    assert scene.record().run.state == "completed"


async def test_an_ended_run_asks_its_job_for_the_reasons_at_most_three_times(
    scene: JobsScene, account: JobsAccount
) -> None:
    account.put_job(in_progress=(going_on("bmr_1", "a"),))
    account.start_run(state="completed")
    await scene.poll()
    await scene.look()
    for _ in range(5):
        scene.watch.want_outcome("bmr_1")
        await scene.meanwhile()
    assert len(account.asked_for(SINGLE)) == 3
    assert scene.record().job is not None


async def test_an_ended_run_learns_the_reasons_and_asks_no_more(
    scene: JobsScene, account: JobsAccount
) -> None:
    account.put_job(in_progress=(going_on("bmr_1", "a"),))
    account.start_run(state="completed")
    await scene.poll()
    await scene.look()
    account.put_job(outcomes=(outcome("bmr_1", "a", FAILED),))
    for _ in range(3):
        scene.watch.want_outcome("bmr_1")
        await scene.meanwhile()
    assert len(account.asked_for(SINGLE)) == 1
    job = scene.record().job
    assert job is not None
    assert list(job.failures) == ["scr_bmr_1_0"]


async def test_a_job_is_found_by_its_id_and_one_that_is_not_there_says_so(
    scene: JobsScene, account: JobsAccount
) -> None:
    account.put_job("bmj_1")
    await scene.watch.find("bmj_1")
    await scene.watch.find("bmj_1")
    assert account.asked == ["GET /v1/benchmark_jobs/bmj_1"]
    assert "bmj_1" in scene.jobs.by_id
    with pytest.raises(NotFound):
        await scene.watch.find("bmj_9")


# What has not started


class NamedAccount(JobsAccount):
    """An account that names the scenarios of its benchmarks."""

    def _answer(self, request: httpx.Request, line: str) -> Answer:
        if not request.url.path.endswith("/definitions"):
            return super()._answer(request, line)
        ids = self.benchmarks[request.url.path.split("/")[3]]
        after = request.url.params.get("starting_after")
        rest = ids[ids.index(after) + 1 if after else 0 :]
        page = [{"id": id_, "name": f"name of {id_}"} for id_ in rest[:100]]
        return ok({"scenarios": page, "has_more": len(rest) > 100, "total_count": len(ids)})


def named_scene(*, scenarios: int) -> JobsScene:
    scene = JobsScene()
    scene.account.__class__ = NamedAccount
    scene.account.benchmarks = {"bmd_1": [f"scn_{number}" for number in range(scenarios)]}
    scene.account.start_run(benchmark_id="bmd_1")
    scene.account.start_scenario_runs("scr_1", "scr_2")
    for number, id_ in enumerate(("scr_1", "scr_2")):
        scene.account.move(id_, "running", scenario_id=f"scn_{number}")
    scene.monitor.attend(Attention("bmr_1", ("bmr_1",)))
    return scene


async def test_the_scenarios_that_have_not_started_are_named() -> None:
    scene = named_scene(scenarios=4)
    await scene.poll()
    assert [each.name for each in scene.record().not_started] == ["name of scn_2", "name of scn_3"]
    assert len(scene.record().not_started) == 2


async def test_names_are_asked_for_once_for_each_benchmark_page_by_page() -> None:
    scene = named_scene(scenarios=250)
    await scene.poll(5)
    asked = scene.account.asked_for("/definitions")
    assert len(asked) == 3
    assert len(scene.record().not_started) == 248


async def test_a_scenario_that_starts_is_no_longer_among_those_that_have_not() -> None:
    scene = named_scene(scenarios=4)
    await scene.poll()
    scene.account.start_scenario_runs("scr_3")
    scene.account.move("scr_3", "running", scenario_id="scn_3")
    await scene.poll(2)
    assert [each.id for each in scene.record().not_started] == ["scn_2"]


async def test_names_that_do_not_make_up_the_number_are_not_shown() -> None:
    scene = named_scene(scenarios=4)
    scene.account.move("scr_2", "running", scenario_id="scn_elsewhere")
    await scene.poll()
    assert scene.record().not_started == ()


async def test_a_server_that_names_no_scenarios_is_asked_once(scene: JobsScene) -> None:
    scene.account.benchmarks = {"bmd_1": ["scn_1", "scn_2"]}
    scene.account.start_run(benchmark_id="bmd_1")
    scene.monitor.attend(Attention("bmr_1", ("bmr_1",)))
    await scene.poll(5)
    assert len(scene.account.asked_for("/definitions")) == 1
    assert scene.health.trouble is None


async def test_names_are_not_asked_for_where_all_have_started_or_nobody_looks() -> None:
    scene = named_scene(scenarios=2)
    await scene.poll(3)
    assert scene.account.asked_for("/definitions") == []
    other = named_scene(scenarios=9)
    other.monitor.attend(Attention(None, ("bmr_1",)))
    await other.poll(8)
    assert other.account.asked_for("/definitions") == []
