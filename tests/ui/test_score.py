"""A run's score and counts are the same on every screen, while it runs and when it is terminal."""

import re
from dataclasses import replace

from runloop_tui.demo.plans import HOUR, JobPlan, OutcomeMix, RunPlan
from runloop_tui.demo.world import World
from runloop_tui.present.layout import Line
from runloop_tui.present.runs import essentials
from tests.demo.clock import Clock
from tests.ui.job_stage import BROKEN, jobs_screen
from tests.ui.seeing import WIDE, detail, run_names
from tests.ui.stage import Stage
from tests.ui.worlds import ALPHA, run_id

MIX = OutcomeMix(passed=0.4, partial=0.2, failed=0.3, timeout=0.0)
LIVE = replace(ALPHA, name="live", mix=MIX, done_initially=7)
"""Seven of its twelve scenarios are done, some of them with an error."""
ENDED = replace(LIVE, name="ended", agent="codex", done_initially=None, starts_at_ms=-2 * HOUR)
_PERCENT = re.compile(r"\d+\.\d%")


def both_stage(*more: RunPlan) -> Stage:
    """An app over a live run and a terminal one, and more, all of one job."""
    clock = Clock()
    plans = (LIVE, ENDED, *more)
    job = JobPlan("both", -3 * HOUR, plans)
    return Stage(clock=clock, world=World(clock, plans=plans, jobs=(job,)))


def words_of(line: Line) -> list[str]:
    return "".join(piece.text for piece in line).split()


def in_the_list(stage: Stage, name: str) -> tuple[str, str]:
    """What is done, and the score, in the list of runs."""
    text = " ".join(
        " ".join(words_of(line))
        for line in stage.main.runs.table.row_lines(run_id(stage, name), 98)
    )
    [done], [score] = re.findall(r"\d+/\d+", text), _PERCENT.findall(text)
    return done, score


def in_the_job(stage: Stage, name: str) -> tuple[str, str]:
    """The same in the row of the job's run."""
    table = jobs_screen(stage).runs.table
    wanted = run_id(stage, name)
    [key] = [run.key for run in table.runs.values() if run.run_id == wanted]
    text = " ".join(words_of(table.row_lines(key, 110)[0]))
    [done], [score] = re.findall(r"\d+/\d+", text), _PERCENT.findall(text)
    return done, score


def in_full(stage: Stage) -> tuple[str, str, str]:
    """The same in the run in full, and the line of the score whole."""
    text = detail(stage)
    [(done, total)] = re.findall(r"(\d+) of (\d+) done", text)
    [line] = re.findall(r"^score +(.+(?:\n {12}.+)*)$", text, re.MULTILINE)
    line = re.sub(r"\n +", " ", line)
    return f"{done}/{total}", _PERCENT.findall(line)[0], line


async def look_everywhere(stage: Stage, pilot: object, name: str) -> tuple[str, str, str]:
    """What is done, the score and its line: the same in the list, in full and in the job, or it fails."""
    stage.main.runs.table.move_to(run_id(stage, name))
    await stage.settle(pilot)  # type: ignore[arg-type]
    done, score, line = in_full(stage)
    assert in_the_list(stage, name) == (done, score)
    await pilot.press("b")  # type: ignore[attr-defined]
    await stage.settle(pilot)  # type: ignore[arg-type]
    assert in_the_job(stage, name) == (done, score)
    await pilot.press("escape")  # type: ignore[attr-defined]
    await stage.settle(pilot)  # type: ignore[arg-type]
    return done, score, line


async def test_a_run_has_one_score_in_all_places_while_it_runs_and_when_it_is_terminal(
    notified: list[str],
) -> None:
    stage = both_stage()
    async with stage.running(WIDE) as pilot:
        done, score, line = await look_everywhere(stage, pilot, "live")
        assert re.search(r"\(\d+\.\d% of the \d that ran\)$", line), line
        tiny = [" ".join(words_of(each)) for each in essentials(stage.main._snapshot, 60)]
        assert f"{done} {score} live" in tiny
        with_errors = score

        stage.clock.advance(minutes=720)
        await stage.poll(pilot)
        done, score, line = await look_everywhere(stage, pilot, "live")
        final = next(run for run in stage.world.runs() if run.plan.name == "live").final_score
        assert final is not None
        assert (done, score) == ("12/12", f"{final * 100:.1f}%")
        assert re.search(r" final  \(\d+\.\d% of the \d+ that ran\)$", line), line
        [message] = [each for each in notified if "live has ended" in each]
        assert _PERCENT.findall(message) == _PERCENT.findall(line)
        assert with_errors != _PERCENT.findall(line)[1]


async def test_a_terminal_run_has_one_score_in_all_places_and_is_sorted_by_it() -> None:
    stage = both_stage()
    async with stage.running(WIDE) as pilot:
        _, ended, _ = await look_everywhere(stage, pilot, "ended")
        _, live, _ = await look_everywhere(stage, pilot, "live")
        stage.main.runs.sort_by("score")
        best_first = (
            ["live", "ended"] if float(live[:-1]) > float(ended[:-1]) else ["ended", "live"]
        )
        assert run_names(stage) == best_first
        await pilot.press("b")
        await stage.settle(pilot)
        pane = jobs_screen(stage).runs
        pane.sort_by("score")
        ids = [pane.table.runs[key].run_id for key in pane.table.ids]
        assert ids == [run_id(stage, name) for name in best_first]


async def test_what_failed_before_it_had_a_scenario_run_counts_the_same_in_all_places() -> None:
    stage = both_stage(BROKEN)
    async with stage.running(WIDE) as pilot:
        done, score, line = await look_everywhere(stage, pilot, "broken")
        assert (done, score) == ("12/12", "0.0%")
        assert line == "0.0% over 12 finished, the server gives none  (none has a score)"
        text = re.sub(r"\n +", " ", detail(stage))
        assert re.search(r"\d+ errors ended before there was a scenario run, its job says", text)
        assert "+ 0 not started = 12" in text.replace("\n", " ")


async def test_a_canceled_run_separates_what_was_cut_off_from_what_is_done() -> None:
    stage = both_stage()
    async with stage.running(WIDE) as pilot:
        before, _, _ = await look_everywhere(stage, pilot, "live")
        stage.world.run(run_id(stage, "live")).end(stage.clock(), "canceled")
        await stage.poll(pilot)
        await stage.poll(pilot)
        after, score, line = await look_everywhere(stage, pilot, "live")
        assert after == before, "cut off is not done"
        assert re.search(r"\d+ of 12 done, \d+ cut off", detail(stage))
        [first, *others] = _PERCENT.findall(line)
        assert first == score
        assert score not in others, "the same number is not shown as two"
        assert "errors as 0" in line
