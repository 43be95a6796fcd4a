"""The questions of confirmation dialogs."""

from collections.abc import Sequence

import pytest

from runloop_tui.analysis.end import EndRange
from runloop_tui.monitor.actions import Intent, Verb
from runloop_tui.monitor.counts import Tally
from runloop_tui.monitor.snapshot import RunRecord
from runloop_tui.present.questions import (
    Question,
    Target,
    action_question,
    logs_question,
    quit_question,
)
from runloop_tui.present.units import HOUR, MINUTE
from tests.present.building import NOW, a_record, a_scenario_run

COUNTS = Tally(passed=240, zero=158, error=9, running=10, scoring=2, score_sum=240.0)


def asked(targets: Sequence[Target], **ends: EndRange) -> Question:
    return action_question(targets, NOW, ends)


def on_run(verb: Verb, record: RunRecord, name: str = "swe") -> Target:
    return Target(Intent(verb, record.id), name, record)


def on_scenario(verb: Verb, name: str = "django") -> Target:
    return Target(Intent(verb, "bmr_1", "scr_1"), name, a_record())


@pytest.fixture(autouse=True)
def _at_greenwich(in_utc: None) -> None:
    """The end is a local clock time."""


def test_a_question_for_logs_says_what_is_only_there_so_far() -> None:
    one = logs_question(["swe"], "/home/me/logs", running=1)
    assert "It is still running: the logs are only what there is so far." in one.lines
    several = logs_question(["a", "b", "c"], "/home/me/logs", running=2)
    assert "Still running: 2. Of these the logs are only what there is so far." in several.lines
    assert not any("running" in line for line in logs_question(["swe"], "/home/me/logs").lines)


def test_canceling_a_run_says_what_is_cut_off_and_what_the_score_comes_from() -> None:
    question = asked([on_run("cancel", a_record(tally=COUNTS))])
    assert question.title == "Cancel the run swe?"
    assert question.lines == (
        "Its running scenarios are cut off and their devboxes shut down.",
        "12 sandboxes end without a score.",
        "81 scenarios would never start.",
        "The score would be reported as 60.3%, the mean of 398 with a score.",
        "With 9 errors as 0 it is 59.0%.",
        "This cannot be undone.",
    )
    assert (question.yes, question.no) == ("Cancel it", "Leave it running")


def test_the_work_that_is_lost_is_summed_and_the_end_that_the_run_would_have_is_said() -> None:
    active = (a_scenario_run(), a_scenario_run(id="2", start_time_ms=NOW - 30 * MINUTE))
    record = a_record(tally=Tally(passed=1, running=2, score_sum=1.0), total=3, active=active)
    end = EndRange(NOW + HOUR, NOW + 90 * MINUTE, NOW + 2 * HOUR)
    lines = asked([on_run("cancel", record)], bmr_1=end).lines
    assert "2 sandboxes end without a score, and 1h 30m of work is lost." in lines
    assert "The score would be reported as 100.0%, the mean of 1 with a score." in lines
    assert "By itself it would end 15:05–16:05." in lines
    at_least = EndRange(NOW + HOUR, NOW + HOUR, None)
    lines = asked([on_run("cancel", record)], bmr_1=at_least).lines
    assert "By itself it would not end before 15:05." in lines
    unknown = a_record(tally=Tally(running=3), active=(*active, a_scenario_run(start_time_ms=None)))
    lines = asked([on_run("cancel", unknown)]).lines
    assert "3 sandboxes end without a score, and at least 1h 30m of work is lost." in lines
    one = Target(Intent("cancel", "bmr_1", "scr_1"), "django", record)
    assert "1h 00m of work is lost." in asked([one]).lines


def test_completing_a_run_says_what_stays_unscored() -> None:
    question = asked([on_run("complete", a_record(tally=COUNTS, total=None))])
    assert question.title == "Complete the run swe?"
    assert question.lines == (
        "The run ends as completed, with the score of what is done.",
        "12 sandboxes end without a score.",
        "The score would be reported as 60.3%, the mean of 398 with a score.",
        "With 9 errors as 0 it is 59.0%.",
        "This cannot be undone.",
    )
    assert question.yes == "Complete it"


def test_a_run_with_nothing_to_lose_says_so() -> None:
    lines = asked([on_run("cancel", a_record(tally=Tally(error=500)))]).lines
    assert "No scenario is running or scoring at the moment." in lines
    assert "No scenario has a score yet." in lines


@pytest.mark.parametrize("record", [a_record(tally=None), a_record(tally=COUNTS, all_read=False)])
def test_what_is_not_known_yet_is_not_guessed(record: RunRecord) -> None:
    lines = asked([on_run("cancel", record)]).lines
    assert "How many scenarios are running is not known yet." in lines
    assert not any("without a score" in line for line in lines)


def test_a_scenario_run_says_what_becomes_of_it() -> None:
    cancel = asked([on_scenario("cancel")])
    assert cancel.title == "Cancel the scenario run django?"
    assert cancel.lines[0] == "Its devbox is shut down. What has no score yet gets none."
    complete = asked([on_scenario("complete")])
    assert complete.lines[0] == (
        "It ends with the score it has, or with none if it was not scored yet."
    )


def test_several_runs_are_named_and_their_losses_added_up() -> None:
    records = [a_record(tally=COUNTS, total=500), a_record(tally=Tally(running=3), total=None)]
    question = asked([on_run("cancel", record) for record in records])
    assert question.title == "Cancel 2 runs?"
    assert question.lines == (
        "swe",
        "swe",
        "Their running scenarios are cut off and the devboxes shut down.",
        "15 sandboxes end without a score.",
        "81 scenarios would never start.",
        "Each is asked for once, one after another.",
        "This cannot be undone.",
    )
    assert (question.yes, question.no) == ("Cancel all", "Leave them running")


def test_several_runs_of_which_one_was_not_read_are_not_added_up() -> None:
    targets = [on_run("complete", a_record(tally=COUNTS)), on_run("complete", a_record(tally=None))]
    lines = asked(targets).lines
    assert "The runs end as completed, with the scores of what is done." in lines
    assert "How many scenarios are running is not known yet." in lines


def test_of_many_five_are_named_and_the_others_counted() -> None:
    question = asked([on_scenario("cancel", f"task-{number}") for number in range(9)])
    assert question.title == "Cancel 9 scenario runs?"
    assert question.lines[:6] == ("task-0", "task-1", "task-2", "task-3", "task-4", "and 4 more")
    assert question.lines[6].startswith("Their devboxes are shut down.")


def test_a_long_name_is_cut_with_a_mark() -> None:
    question = asked([on_run("cancel", a_record(), "n" * 4_000)])
    assert question.title == f"Cancel the run {'n' * 59}…?"


def test_before_logs_are_fetched_the_folder_is_named() -> None:
    question = logs_question(["swe"], "/home/me/logs")
    assert question.title == "Download the logs of swe?"
    assert question.lines == (
        "A zip file will be written to",
        "/home/me/logs",
        "Nothing that is there is overwritten.",
    )
    assert (question.yes, question.no) == ("Download", "Not now")


def test_several_logs_are_named_five_at_most() -> None:
    question = logs_question([f"task-{number}" for number in range(7)], "/home/me/logs")
    assert question.title == "Download 7 logs?"
    assert question.lines[4:7] == ("task-4", "and 2 more", "A zip file of each will be written to")


def test_quitting_during_a_download_says_that_it_is_lost() -> None:
    question = quit_question(1)
    assert question.title == "Quit with 1 download under way?"
    assert question.lines[0] == "What was received so far is thrown away."
    assert (question.yes, question.no) == ("Quit", "Stay")
    assert quit_question(2).title == "Quit with 2 downloads under way?"
