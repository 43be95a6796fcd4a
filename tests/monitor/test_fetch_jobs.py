"""What is requested about jobs, and when: one page at first, more only while jobs are on the screen."""

import pytest

from runloop_tui.api.errors import NotFound
from runloop_tui.monitor.health import FetchKind
from runloop_tui.monitor.schedule import JobsViewport, Viewport
from runloop_tui.monitor.snapshot import Jobs
from tests.api.scripted import answer
from tests.monitor.account import Account
from tests.monitor.job_making import FAILED, PASSED, going_on, job, outcome
from tests.monitor.scene import AccountScene, ticks

LIST = "^GET /v1/benchmark_jobs[?]"
HEAD = "GET /v1/benchmark_jobs?limit=3&include_total_count=true"
SINGLE = "^GET /v1/benchmark_jobs/"


class JobsScene(AccountScene):
    """A scene in which the jobs may be on the screen."""

    def open(self, shown: str | None = None, *visible: str) -> None:
        """Look at the jobs."""
        self.poller.show_jobs(JobsViewport(shown, visible or tuple(self.account.jobs)))

    @property
    def jobs(self) -> Jobs:
        """The jobs that were published last."""
        return self.store.snapshot.jobs


@pytest.fixture
def scene() -> JobsScene:
    return JobsScene()


@pytest.fixture
def account(scene: JobsScene) -> Account:
    return scene.account


async def test_in_the_beginning_one_page_is_read_and_then_the_newest_once_a_minute(
    scene: JobsScene, account: Account
) -> None:
    for number in range(30):
        account.put_job(f"bmj_{number}", create_time_ms=number)
    await scene.poll()
    assert account.requests_for(LIST) == [
        "GET /v1/benchmark_jobs?limit=20&include_total_count=true"
    ]
    assert (len(scene.jobs.items), scene.jobs.in_all, scene.jobs.more) == (20, 30, True)
    await scene.poll(24)
    assert account.requests_for(LIST)[1:] == [HEAD, HEAD]


async def test_the_runs_are_fetched_before_the_jobs(scene: JobsScene, account: Account) -> None:
    gate = account.hold("GET /v1/benchmark_runs")
    async with scene.running():
        await gate.reached.wait()
        assert account.requests_for(LIST) == []
        gate.open.set()
        await ticks()
    assert len(account.requests_for(LIST)) == 1


async def test_opening_the_jobs_fetches_at_once_and_closing_them_fetches_nothing(
    scene: JobsScene, account: Account
) -> None:
    account.put_job("bmj_1", "completed")
    async with scene.running():
        await ticks()
        scene.open("bmj_1")
        await ticks()
        assert len(account.requests_for(LIST)) == 2
        scene.poller.show_jobs(None)
        await ticks()
        assert len(account.requests_for(LIST)) == 2


async def test_a_first_page_that_fails_is_fetched_again_while_the_jobs_are_hidden(
    scene: JobsScene, account: Account
) -> None:
    account.put_job("bmj_1")
    account.fail("/v1/benchmark_jobs", lambda: answer(500))
    await scene.poll(10)
    assert not scene.jobs.loaded
    account.mend("/v1/benchmark_jobs")
    await scene.poll(12)
    assert [job.id for job in scene.jobs.items] == ["bmj_1"]
    assert scene.jobs.failure is None


async def test_jobs_that_cannot_be_read_are_said_beside_fresh_runs(
    scene: JobsScene, account: Account
) -> None:
    account.fail("/v1/benchmark_jobs", lambda: answer(403))
    await scene.poll()
    assert (scene.health.failure, scene.health.fresh_ms) == (None, scene.clock() - 5000)
    assert scene.health.warnings == ("could not read the list of jobs: forbidden (403)",)
    account.mend("/v1/benchmark_jobs")
    scene.poller.refresh()
    await scene.poll()
    assert list(scene.health.warnings) == []


async def test_a_job_that_is_created_later_is_learned_as_soon_as_a_run_of_it_is_seen(
    scene: JobsScene, account: Account
) -> None:
    account.benchmarks = {"bmd_1": ["scn"] * 500}
    await scene.poll(3)
    account.start_run(benchmark_id="bmd_1")
    account.put_job("bmj_new", in_progress=(going_on("bmr_1", "a"),), scenarios=3)
    await scene.poll()
    assert scene.record().total == 3


async def test_a_run_that_a_known_job_begins_later_is_learned_with_it(
    scene: JobsScene, account: Account
) -> None:
    for number in range(5):
        account.put_job(f"bmj_{number}", "running", scenarios=3, create_time_ms=number)
    await scene.poll(3)
    account.start_run()
    account.put_job(
        "bmj_0", "running", in_progress=(going_on("bmr_1", "a"),), scenarios=3, create_time_ms=0
    )
    await scene.poll()
    assert scene.record().total == 3


async def test_a_run_of_no_job_is_looked_for_once_and_then_once_a_minute(
    scene: JobsScene, account: Account
) -> None:
    await scene.poll(3)
    account.start_run()
    mark = len(account.requests)
    await scene.poll(12)
    assert [line for line in scene.requests_since(mark) if "benchmark_jobs" in line] == [HEAD]


async def test_a_new_job_is_found_while_the_jobs_are_open(
    scene: JobsScene, account: Account
) -> None:
    account.put_job("bmj_1", "completed", create_time_ms=1)
    await scene.poll()
    for number in range(2, 8):
        account.put_job(f"bmj_{number}", "completed", create_time_ms=number)
    scene.open()
    await scene.poll()
    assert [job.id for job in scene.jobs.items] == [f"bmj_{n}" for n in range(7, 0, -1)]
    pages = [line for line in account.requests_for(LIST) if "limit=3" in line]
    assert len(pages) == 3, "three pages of three lead to the one that is known"


async def test_active_jobs_are_fetched_singly_only_where_they_are_shown(
    scene: JobsScene, account: Account
) -> None:
    for number in range(8):
        account.put_job(f"bmj_{number}", "running", create_time_ms=number)
    account.put_job("bmj_2", "completed", create_time_ms=2)
    await scene.poll()
    scene.open("bmj_0", "bmj_1", "bmj_2")
    await scene.poll()
    assert account.requests_for(SINGLE) == [
        "GET /v1/benchmark_jobs/bmj_0",
        "GET /v1/benchmark_jobs/bmj_1",
    ]


async def test_a_terminal_job_is_not_fetched_again(scene: JobsScene, account: Account) -> None:
    for number in range(5):
        account.put_job(f"bmj_{number}", "running", create_time_ms=number)
    await scene.poll()
    scene.open("bmj_0", "bmj_0")
    account.put_job("bmj_0", "completed", create_time_ms=0)
    await scene.poll()
    await scene.poll()
    assert account.requests_for(SINGLE) == ["GET /v1/benchmark_jobs/bmj_0"]
    assert scene.jobs.by_id["bmj_0"].state == "completed"


async def test_a_job_that_the_server_has_forgotten_is_gone_and_left_alone(
    scene: JobsScene, account: Account
) -> None:
    for number in range(5):
        account.put_job(f"bmj_{number}", "running", create_time_ms=number)
    await scene.poll()
    del account.jobs["bmj_0"]
    scene.open("bmj_0", "bmj_0")
    await scene.poll()
    await scene.poll()
    assert scene.jobs.gone == {"bmj_0"}
    assert (len(account.requests_for(SINGLE)), scene.jobs.failure) == (1, None)


async def test_older_jobs_are_read_page_by_page_to_the_end(
    scene: JobsScene, account: Account
) -> None:
    for number in range(50):
        account.put_job(f"bmj_{number}", "completed", create_time_ms=number)
    await scene.poll()
    scene.open()
    for _ in range(4):
        scene.poller.want_older_jobs()
        await scene.rest()
    assert (len(scene.jobs.items), scene.jobs.more) == (50, False)
    assert len(account.requests_for("starting_after")) == 2


async def test_a_server_without_jobs_is_tried_once_a_minute_and_nothing_else_suffers(
    scene: JobsScene, account: Account
) -> None:
    account.fail("/v1/benchmark_jobs", lambda: answer(404))
    account.start_run()
    await scene.poll()
    assert (scene.jobs.offered, scene.jobs.failure) == (False, None)
    assert (scene.health.failure, scene.health.warnings) == (None, ())
    assert scene.record().id == "bmr_1"
    await scene.poll(24)
    assert len(account.requests_for("benchmark_jobs")) == 3


async def test_jobs_that_are_not_offered_any_more_are_reported_and_tried_each_minute(
    scene: JobsScene, account: Account
) -> None:
    account.put_job("bmj_1", "running")
    await scene.poll()
    account.fail("/v1/benchmark_jobs", lambda: answer(404))
    await scene.poll(24)
    assert [job.id for job in scene.jobs.items] == ["bmj_1"]
    assert scene.jobs.failure is not None
    assert "could not read the list of jobs: this address does not offer benchmark jobs" in str(
        scene.health.warnings
    )
    assert len(account.requests_for(LIST)) == 3
    account.mend("/v1/benchmark_jobs")
    await scene.poll(12)
    assert scene.jobs.offered
    assert list(scene.health.warnings) == []


async def test_a_job_that_is_listed_again_is_no_longer_gone(
    scene: JobsScene, account: Account
) -> None:
    for number in range(5):
        account.put_job(f"bmj_{number}", "running", create_time_ms=number)
    await scene.poll()
    scene.open("bmj_4")
    account.fail("benchmark_jobs/bmj_0", lambda: answer(404))
    scene.open("bmj_0", "bmj_0")
    await scene.poll()
    assert scene.jobs.gone == {"bmj_0"}
    account.mend("benchmark_jobs/bmj_0")
    account.jobs = {"bmj_0": account.jobs.pop("bmj_0"), **account.jobs}
    await scene.poll()
    assert scene.jobs.gone == frozenset()


async def test_a_job_that_the_list_no_longer_has_is_looked_up_and_gone(
    scene: JobsScene, account: Account
) -> None:
    for number in range(3):
        account.put_job(f"bmj_{number}", "completed", create_time_ms=number)
    await scene.poll()
    del account.jobs["bmj_1"]
    await scene.poll(12)
    assert scene.jobs.gone == {"bmj_1"}


async def test_an_older_answer_about_a_job_that_lands_later_changes_nothing(
    scene: JobsScene, account: Account
) -> None:
    account.put_job("bmj_1", in_progress=(going_on("bmr_1", "a"),))
    await scene.poll()
    gate = account.hold("benchmark_jobs[?]limit=3")
    async with scene.running():
        scene.open("bmj_1")
        await gate.reached.wait()
        account.put_job("bmj_1", in_progress=(going_on("bmr_1", "a"), going_on("bmr_2", "b")))
        stamp = scene.store.stamp()
        scene.store.learn_jobs(
            [job(in_progress=(going_on("bmr_1", "a"), going_on("bmr_2", "b")))], stamp
        )
        scene.store.publish()
        gate.open.set()
        await ticks()
        assert len(scene.jobs.by_id["bmj_1"].in_progress_runs) == 2


async def test_a_job_whose_outcomes_break_keeps_those_that_were_read(
    scene: JobsScene, account: Account
) -> None:
    account.put_job(outcomes=(outcome("bmr_1", "a", PASSED, FAILED),))
    await scene.poll()
    scene.open("bmj_1")
    account.put_job(outcomes=({**outcome("bmr_1", "a", PASSED), "scenario_outcomes": ["?"]}, None))
    await scene.poll()
    assert len(scene.jobs.by_id["bmj_1"].benchmark_outcomes) == 1
    assert scene.health.warnings != ()
    reported = scene.store.job_index.of_run("bmr_1")
    assert reported is not None
    assert list(reported.failures) == ["scr_bmr_1_1"]


async def test_a_list_that_fails_says_why_keeps_what_was_read_and_is_tried_again(
    scene: JobsScene, account: Account
) -> None:
    account.put_job("bmj_1", "completed")
    await scene.poll()
    scene.open()
    account.fail("/v1/benchmark_jobs", lambda: answer(403))
    mark = len(account.requests)
    await scene.poll(8)
    assert scene.jobs.failure is not None
    assert scene.jobs.failure.what == FetchKind.JOBS
    assert [each.id for each in scene.jobs.items] == ["bmj_1"]
    assert len([line for line in scene.requests_since(mark) if "benchmark_jobs" in line]) == 4
    account.mend("/v1/benchmark_jobs")
    scene.poller.refresh()
    await scene.poll()
    assert scene.jobs.failure is None


async def test_jobs_that_fail_and_are_opened_are_waited_for_in_peace(
    scene: JobsScene, account: Account
) -> None:
    account.put_job("bmj_1", "running")
    await scene.poll()
    scene.open("bmj_1")
    account.fail("/v1/benchmark_jobs", lambda: answer(500))
    await scene.poll(4)
    scene.poller.show_jobs(None)
    scene.open("bmj_1")
    mark = len(account.requests)
    await scene.rest()  # fails where the rest between two polls has no end
    assert scene.requests_since(mark) == []


async def test_one_job_that_fails_costs_the_others_nothing(
    scene: JobsScene, account: Account
) -> None:
    for number in range(5):
        account.put_job(f"bmj_{number}", "running", create_time_ms=number)
    await scene.poll()
    scene.open("bmj_0", "bmj_1")
    account.fail("/v1/benchmark_jobs/bmj_0", lambda: answer(500))
    account.put_job("bmj_1", "completed", create_time_ms=1)
    await scene.poll()
    assert scene.jobs.by_id["bmj_1"].state == "completed"
    assert scene.jobs.failure is not None


# Runs and their jobs


async def test_a_runs_total_is_that_of_its_job_and_its_benchmark_is_not_fetched(
    scene: JobsScene, account: Account
) -> None:
    account.benchmarks = {"bmd_1": ["scn_0"] * 9}
    account.put_job(in_progress=(going_on("bmr_1", "a"),), scenarios=3)
    account.start_run(benchmark_id="bmd_1")
    await scene.poll()
    await scene.poll()
    assert scene.record().total == 3
    assert scene.record().job is not None
    assert account.requests_for("/v1/benchmarks/bmd_1$") == []


async def test_a_run_whose_job_does_not_say_has_the_total_of_its_benchmark(
    scene: JobsScene, account: Account
) -> None:
    account.benchmarks = {"bmd_1": ["scn_0", "scn_1"]}
    account.put_job(in_progress=(going_on("bmr_1", "a"),))
    account.start_run(benchmark_id="bmd_1")
    await scene.poll()
    await scene.poll()
    assert scene.record().total == 2


async def test_a_run_that_is_learned_after_its_job_knows_it_too(
    scene: JobsScene, account: Account
) -> None:
    account.put_job(outcomes=(outcome("bmr_1", "a", PASSED, FAILED),), scenarios=2)
    await scene.poll()
    account.start_run(state="completed")
    await scene.poll(6)
    reported = scene.record().job
    assert reported is not None
    assert (reported.job_id, list(reported.failures)) == ("bmj_1", ["scr_bmr_1_1"])


async def test_runs_of_the_job_that_is_shown_are_looked_up_once_where_they_are_unknown(
    scene: JobsScene, account: Account
) -> None:
    account.put_job(outcomes=(outcome("bmr_gone", "a", PASSED), outcome("bmr_1", "b", PASSED)))
    await scene.poll()
    account.start_run(state="completed")
    assert account.requests_for("/v1/benchmark_runs/") == [], "the job is not shown"
    scene.open("bmj_1")
    await scene.poll()
    await scene.poll()
    assert account.requests_for("/v1/benchmark_runs/") == [
        "GET /v1/benchmark_runs/bmr_gone",
        "GET /v1/benchmark_runs/bmr_1",
    ]
    assert scene.jobs.gone_runs == {"bmr_gone"}
    assert scene.record().run.state == "completed"


async def test_the_job_of_a_visible_terminal_run_is_fetched_ever_more_rarely_until_it_has_the_reasons(
    scene: JobsScene, account: Account
) -> None:
    account.put_job(in_progress=(going_on("bmr_1", "a"),))
    account.start_run(state="completed")
    scene.poller.show(Viewport("bmr_1"))
    await scene.poll(16)
    assert len(account.requests_for(SINGLE)) == 5, "at polls 1, 2, 4, 8 and 16"
    account.put_job(outcomes=(outcome("bmr_1", "a", FAILED),))
    await scene.poll(12)
    reported = scene.record().job
    assert reported is not None
    assert list(reported.failures) == ["scr_bmr_1_0"]
    mark = len(account.requests)
    await scene.poll(24)
    assert not [line for line in scene.requests_since(mark) if "benchmark_jobs/" in line]


async def test_a_manual_refresh_fetches_the_reasons_at_once(
    scene: JobsScene, account: Account
) -> None:
    account.put_job(in_progress=(going_on("bmr_1", "a"),))
    account.start_run(state="completed")
    scene.poller.show(Viewport("bmr_1"))
    await scene.poll(9)
    account.put_job(outcomes=(outcome("bmr_1", "a", FAILED),))
    scene.poller.refresh()
    await scene.poll()
    reported = scene.record().job
    assert reported is not None
    assert reported.has_outcome


async def test_a_job_is_found_by_its_id_and_one_that_is_not_there_says_so(
    scene: JobsScene, account: Account
) -> None:
    account.put_job("bmj_1")
    await scene.poller.find_job("bmj_1")
    await scene.poller.find_job("bmj_1")
    assert account.requests == ["GET /v1/benchmark_jobs/bmj_1"]
    assert "bmj_1" in scene.jobs.by_id
    with pytest.raises(NotFound):
        await scene.poller.find_job("bmj_9")
