"""Jobs and their runs: rows, titles, the detail pane; numbers add up and nothing secret is shown."""

import re
from typing import Any

from runloop_tui.api.errors import Forbidden
from runloop_tui.monitor.counts import NOT_STARTED, Tally
from runloop_tui.monitor.health import FetchKind, ReadFailure
from runloop_tui.monitor.job_runs import JobRun, JobSum, job_runs, sum_of
from runloop_tui.monitor.snapshot import Jobs
from runloop_tui.present.job_detail import counts_warnings, job_accounting, job_detail
from runloop_tui.present.jobs import (
    JOB_COLUMNS,
    JOB_RUN_COLUMNS,
    has_model_column,
    job_card,
    job_cells,
    job_done,
    job_run_cells,
    job_run_name,
    job_runs_title,
    jobs_error,
    jobs_title,
    model_line,
    no_job_words,
)
from runloop_tui.present.layout import line_width, row
from runloop_tui.present.units import MINUTE, Times
from tests.monitor.job_making import FAILED, HALF, PASSED, TIMEOUT, ZERO, going_on, job, outcome
from tests.present.building import page_of

NOW = 10 * MINUTE
JOB_RUN_TITLES = [column.title for column in JOB_RUN_COLUMNS]
HOSTILE = "\x1b[31mred\x07[bold]\u202e"


def detail(given: object, width: int = 80, **fields: Any) -> str:  # noqa: ANN401 - those of a job
    made = given if given is not None else job(**fields)
    return page_of(job_detail(made, job_runs(made, {}), NOW, Times.UTC, width, gone=False))  # type: ignore[arg-type]


THREE = job(
    agents=("done", "broken", "live"),
    scenarios=4,
    outcomes=(
        outcome("bmr_1", "done", PASSED, HALF, ZERO, TIMEOUT, duration_ms=5 * MINUTE),
        outcome("bmr_2", "broken", *[{**FAILED, "scenario_run_id": None}] * 4),
    ),
    in_progress=(going_on("bmr_3", "live"),),
)


# Rows and titles


def test_a_jobs_row_says_its_state_its_name_what_is_finished_and_its_age() -> None:
    together = sum_of(job_runs(THREE, {}))
    cells = job_cells(THREE, together, NOW, Times.ELAPSED, gone=False)
    assert page_of([row(JOB_COLUMNS, cells, 60)]) == (
        "● running      name of bmj_1                  8+/12   9m ago"
    )


def test_a_jobs_card_says_the_same_in_two_lines() -> None:
    together = sum_of(job_runs(THREE, {}))
    card = job_card(THREE, together, NOW, Times.ELAPSED, 30, gone=False)
    assert page_of(card) == "● name of bmj_1          8+/12\n  running               9m ago"


def test_every_state_of_a_job_has_a_sign_and_a_word_and_unknown_ones_are_shown_as_they_are() -> (
    None
):
    shown = {
        state: job_cells(job(state=state), JobSum(), NOW, Times.ELAPSED, gone=False)[0].text
        for state in ("queued", "cancelled", "TIMEOUT", "failed", "dreaming")
    }
    assert shown == {
        "queued": "◌ queued",
        "cancelled": "⊘ canceled",
        "TIMEOUT": "! timeout",
        "failed": "! failed",
        "dreaming": "? dreaming",
    }
    assert job_cells(job(), JobSum(), NOW, Times.ELAPSED, gone=True)[0].text == "? gone"


def test_the_count_of_finished_says_what_is_not_known() -> None:
    assert job_done(JobSum(Tally(passed=3), total=9)) == "3/9"
    assert job_done(JobSum(Tally(passed=3), total=9, not_read=1)) == "3+/9"
    assert job_done(JobSum(Tally(passed=3))) == "3/?"
    assert job_done(JobSum()) == "–"


def test_a_runs_numbers_add_up_to_what_is_finished_whatever_the_counts() -> None:
    counts = Tally(1, 2, 3, 4, error=11, canceled=7, scoring=2, running=6, other=9, timed_out=6)
    cells = job_run_cells(JobRun("k", agent="a", counts=counts, total=100), NOW)
    finished, *numbers = [cell.text for cell in cells[3:11]]
    assert finished == f"{counts.finished}/100"
    cut_off = int(numbers.pop(JOB_RUN_TITLES.index("cut") - JOB_RUN_TITLES.index("pass")))
    assert cut_off == counts.canceled
    assert sum(map(int, numbers)) == counts.finished


def test_each_run_of_a_job_has_its_row() -> None:
    runs = job_runs(THREE, {})
    shown = [page_of([row(JOB_RUN_COLUMNS, job_run_cells(run, NOW), 110)]) for run in runs]
    assert [re.sub(" +", " ", line) for line in shown] == [
        "– ended done done-model 4/4 1 1 1 0 1 0 0 37.5% 5m",
        "– ended broken broken-model 4/4 0 0 0 4 0 0 0 0.0% –",
        "● running live live-model · · · · · · · · – 9m",
    ]
    waiting = JobRun("k", agent="a", state=NOT_STARTED, counts=Tally(), total=4)
    assert job_run_cells(waiting, NOW)[0].text == "○ waiting"
    assert job_run_cells(waiting, NOW)[3].text == "0/4"


def test_the_model_is_below_the_agent_where_the_row_has_no_room_for_it() -> None:
    assert has_model_column(110)
    assert not has_model_column(78)
    run = JobRun("k", agent="codex", model="gpt-5")
    line = page_of([row(JOB_RUN_COLUMNS, job_run_cells(run, NOW), 78)])
    below = page_of([model_line(run, 78)])
    assert below.index("gpt-5") == line.index("codex")
    assert line_width(model_line(JobRun("k", model="x" * 400), 78)) <= 78


def test_titles_say_how_many_of_how_many() -> None:
    jobs = Jobs((job("bmj_1"), job("bmj_2")), loaded=True)
    assert jobs_title(2, jobs) == "jobs 2"
    assert jobs_title(1, jobs) == "jobs 1 of 2"
    more = Jobs(jobs.items, in_all=70, more=True, loaded=True)
    assert jobs_title(2, more) == "jobs 2 of 70"
    assert jobs_title(1, more) == "jobs 1 of 2 read, 70 in all"
    assert jobs_title(2, Jobs(jobs.items, more=True)) == "jobs 2, more below"
    assert (job_runs_title(3, 3), job_runs_title(1, 3)) == (
        "runs of the job 3",
        "runs of the job 1 of 3",
    )


def test_the_reasons_for_an_empty_list_of_jobs_are_distinguished() -> None:
    failed = Jobs(failure=ReadFailure(FetchKind.JOBS, Forbidden()))
    states = (Jobs(), Jobs(loaded=True), Jobs(offered=False), failed)
    assert [jobs_title(0, jobs) for jobs in states] == [
        "jobs, reading…",
        "jobs, there are none yet",
        "jobs, not offered here",
        "jobs, not read",
    ]
    assert [no_job_words(jobs) for jobs in states] == [
        "Reading the jobs…",
        "There are no benchmark jobs yet.",
        "This address offers no benchmark jobs. The runs are there all the same.",
        "The jobs could not be read: forbidden.",
    ]
    assert no_job_words(Jobs((job(),), loaded=True)) == "No job passes the filter; Esc clears it."
    assert page_of([jobs_error(failed, 200)]).startswith(
        "! could not read the list of jobs: forbidden"
    )
    assert jobs_error(Jobs(), 80) == ()


# The detail pane


def test_a_job_in_full_begins_with_a_sum_that_adds_up() -> None:
    lines = detail(THREE).splitlines()
    assert lines[0] == "name of bmj_1  ● running"
    assert lines[1].startswith("8 of 12 done in 3 runs  66% █")
    assert " ".join(lines[2:4]) == (
        "1 passed + 1 partial + 1 zero + 5 error + 0 canceled + 0 running + 0 scoring "
        "+ 4 not read or not started = 12"
    )


def test_the_sum_is_always_written_so_that_it_adds_up() -> None:
    for together in (
        JobSum(Tally(1, 2, 3, 4, 5, 6, 7, 8, 9), 60),
        JobSum(Tally(other=2), 2),
        JobSum(Tally(passed=1), None),
    ):
        said = page_of(job_accounting(together, 60)).replace("\n", " ")
        terms, _, total = said.partition(" = ")
        assert sum(map(int, re.findall(r"\d+", terms))) == int(re.findall(r"\d+", total)[0])
        assert ("total unknown" in said) == (together.total is None)


def test_each_inconsistency_of_the_counts_has_a_line() -> None:
    run = JobRun(
        "k",
        state="running",
        counts=Tally(passed=5),
        total=3,
        without_run=1,
        contradicts_its_counts=True,
    )
    assert counts_warnings(run) == [
        "the server does not name this run",
        "1 outcome without a scenario run: ended before there was one",
        "the server's counts differ from its list of outcomes, the larger are shown",
        "2 more have started than the job names",
    ]
    short = JobRun("k", run_id="bmr_1", counts=Tally(passed=1), total=3, is_terminal=True)
    assert counts_warnings(short) == ["2 scenarios without an outcome"]
    unread = JobRun("k", run_id="bmr_1")
    assert counts_warnings(unread) == [
        "its scenario runs are not read yet, the sum is without them"
    ]
    assert counts_warnings(JobRun("k", run_id="bmr_1", is_gone=True)) == [
        "the server no longer knows this run"
    ]
    assert counts_warnings(JobRun("k", state=NOT_STARTED, counts=Tally(), total=3)) == []
    assert "broken broken-model: 4 outcomes without a scenario run" in detail(THREE)


def test_a_job_says_its_spec_but_no_value_that_may_be_secret() -> None:
    spec = {
        "scenario_ids": ["scn_1"],
        "orchestrator_config": {
            "n_concurrent_trials": 16,
            "n_attempts": 2,
            "timeout_multiplier": 1.5,
        },
        "agent_configs": [
            {
                "name": "codex",
                "model_name": "gpt-5",
                "timeout_seconds": 900,
                "kwargs": {"api_key": "hunter2"},
                "agent_environment": {
                    "environment_variables": {"TOKEN": "hunter2"},
                    "secrets": {"KEY": "ACCOUNT_KEY"},
                },
            },
            {"name": "mine", "type": "external_api"},
        ],
    }
    said = detail(None, job_spec=spec)
    assert "hunter2" not in said
    for line in (
        "scenarios   1 for each agent",
        "at once     16 trials",
        "attempts    2 retries",
        "time-outs   × 1.5 at each further attempt",
        "agents      codex  gpt-5, time-out 15m 00s",
        "            mine, driven from outside",
        "arguments   api_key  ••••••",
        "environment TOKEN  ••••••",
        "secrets     KEY  ← ACCOUNT_KEY",
    ):
        assert line in said.splitlines(), line


def test_a_source_is_shown_by_its_kind_and_a_yaml_only_by_its_size() -> None:
    def source(**fields: object) -> str:
        return next(
            line for line in detail(None, job_source=fields).splitlines() if "source" in line
        )

    yaml = "env:\n  TOKEN: hunter2\n"
    assert source(type="harbor", inline_yaml=yaml) == (
        "source      Harbor YAML, 2 lines, 22 Bytes, not shown"
    )
    assert source(type="benchmark", benchmark_name="tb2", benchmark_id="bmd_1") == (
        "source      benchmark tb2  bmd_1"
    )
    assert source(type="scenarios", scenario_ids=["scn_1"]) == "source      1 scenario"
    assert source(type="telepathy") == "source      telepathy"
    assert "source      not said" in detail(None, job_source=None)


def test_a_failed_job_says_why_and_that_it_has_no_runs() -> None:
    said = detail(None, state="failed", failure_reason="the dataset was not found")
    assert "failed      the dataset was not found" in said
    assert "It has no runs." in said
    assert "It has no runs yet." in detail(None, state="queued")


def test_nothing_hostile_in_a_job_reaches_the_screen_and_no_line_is_too_wide() -> None:
    bad = job(
        name=HOSTILE * 50,
        state=HOSTILE,
        failure_reason=HOSTILE * 500,
        outcomes=(outcome("bmr_1", HOSTILE * 90, PASSED, n_completed=9),),
        job_source={"type": "benchmark", "benchmark_name": HOSTILE, "benchmark_id": HOSTILE},
        job_spec={"agent_configs": [{"name": HOSTILE, "kwargs": {HOSTILE: "x"}}] * 40},
    )
    runs = job_runs(bad, {})
    for width in (20, 80):
        lines = [
            *job_detail(bad, runs, NOW, Times.UTC, width, gone=True),
            *job_card(bad, sum_of(runs), NOW, Times.UTC, width, gone=False),
        ]
        assert all(line_width(line) <= width for line in lines)
        assert not set("\x1b\x07\u202e") & set(page_of(lines))
    cells = (
        *job_run_cells(runs[0], NOW),
        *job_cells(bad, sum_of(runs), NOW, Times.UTC, gone=False),
    )
    shown = "".join(cell.text for cell in cells) + job_run_name(runs[0])
    assert not set("\x1b\x07\u202e") & set(shown)


# Scenarios
