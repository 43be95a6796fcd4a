"""Ends that are reported besides the outcomes of actions."""

import pytest

from runloop_tui.api.errors import ServerError
from runloop_tui.monitor.actions import Ended, Intent, LateEnds, Outcome, Result
from runloop_tui.monitor.snapshot import RunEnded, RunRecord, Snapshot
from tests.monitor.making import run, scenario_run

CANCEL = Intent("cancel", "bmr_1")
OF_SCENARIO = Intent("cancel", "bmr_1", "srun_1")
ENDED = RunEnded(RunRecord(run("bmr_1", "canceled")))


def snapshot(state: str) -> Snapshot:
    record = RunRecord(run("bmr_1"), scenario_runs=(scenario_run("srun_1", state),))
    return Snapshot(records=(record,), loaded=True)


def concluded(news: LateEnds, intent: Intent, result: Result, state: str) -> list[Ended]:
    return [*news.conclude(intent, Outcome(intent, result, state))]


@pytest.fixture
def news() -> LateEnds:
    return LateEnds()


def reported(news: LateEnds) -> list[Ended]:
    return [*news.news([ENDED], Snapshot())]


def test_an_end_without_an_action_is_reported(news: LateEnds) -> None:
    assert reported(news) == [ENDED]


def test_an_end_that_the_outcome_reports_is_not_reported_before_or_after_it(news: LateEnds) -> None:
    news.begin(CANCEL)
    assert reported(news) == []
    assert concluded(news, CANCEL, "done", "canceled") == []
    assert reported(news) == []


@pytest.mark.parametrize(
    ("result", "state"),
    [("done", "running"), ("done", ""), ("unknown", ""), ("refused", "canceled")],
)
def test_an_end_during_the_action_that_the_outcome_does_not_report_is_reported_after_it(
    news: LateEnds, result: Result, state: str
) -> None:
    news.begin(CANCEL)
    assert reported(news) == []
    assert concluded(news, CANCEL, result, state) == [ENDED]


@pytest.mark.parametrize(
    ("result", "state"), [("done", "running"), ("done", "canceling"), ("unknown", "running")]
)
def test_an_end_that_comes_later_is_reported(news: LateEnds, result: Result, state: str) -> None:
    news.begin(CANCEL)
    assert concluded(news, CANCEL, result, state) == []
    assert reported(news) == [ENDED]


def test_a_second_try_meanwhile_does_not_conclude_the_first(news: LateEnds) -> None:
    news.begin(CANCEL)
    news.begin(CANCEL)
    assert concluded(news, CANCEL, "repeated", "") == []
    assert reported(news) == []
    assert concluded(news, CANCEL, "done", "running") == [ENDED]


def test_an_action_that_failed_inside_the_app_suppresses_no_event(news: LateEnds) -> None:
    news.begin(CANCEL)
    assert reported(news) == []
    assert [*news.conclude(CANCEL, None)] == [ENDED]


def test_the_end_of_a_scenario_run_is_reported_where_an_action_requested_it_and_it_comes_later(
    news: LateEnds,
) -> None:
    assert [*news.news([], snapshot("canceled"))] == [], "no action requested it"
    assert [*news.news([], snapshot("running"))] == []
    assert concluded(news, OF_SCENARIO, "done", "running") == []
    assert [*news.news([], snapshot("running"))] == []
    (end,) = news.news([], snapshot("canceled"))
    assert end.record.id == "bmr_1"
    assert [*news.news([], snapshot("canceled"))] == []


def test_the_end_of_a_scenario_run_that_was_shown_before_its_outcome_is_reported_after_it(
    news: LateEnds,
) -> None:
    assert [*news.news([], snapshot("canceled"))] == []
    assert len(concluded(news, OF_SCENARIO, "unknown", "")) == 1


def test_a_refused_action_on_a_scenario_run_awaits_nothing(news: LateEnds) -> None:
    outcome = Outcome(OF_SCENARIO, "refused", "running", ServerError())
    assert [*news.conclude(OF_SCENARIO, outcome)] == []
    assert [*news.news([], snapshot("canceled"))] == []


def test_a_score_action_ends_when_the_score_is_known(news: LateEnds) -> None:
    score = Intent("score", "bmr_1", "srun_1")
    assert concluded(news, score, "done", "scoring") == []
    assert [*news.news([], snapshot("scoring"))] == []
    assert len([*news.news([], snapshot("scored"))]) == 1
