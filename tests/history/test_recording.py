"""What is written: what changed, in one transaction; never a key, environment, metadata, log or output."""

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runloop_tui.api.models import FailureReason, ScenarioRun
from runloop_tui.api.redact import add_secret
from runloop_tui.history.history import History
from runloop_tui.history.recorder import SAME_EVENT_MS, Event
from runloop_tui.monitor.snapshot import JobOfRun
from tests.api.scripted import NOW_MS
from tests.history.making import ACCOUNT, EMPTY, a_run, a_scored, an_error, opened, record, snapshot
from tests.monitor.job_making import going_on, job, outcome
from tests.monitor.making import HOUR_MS, MINUTE_MS, scenario_run


@pytest.fixture
async def history(tmp_path: Path) -> AsyncIterator[History]:
    history = await opened(tmp_path / "history.db")
    yield history
    await history.close(NOW_MS)
    assert history.problem == ""


def statements_of(history: History) -> list[str]:
    """The beginnings of transactions from now on."""
    seen: list[str] = []
    assert history._database is not None
    history._database.set_trace_callback(
        lambda statement: seen.append(statement) if statement.startswith("BEGIN") else None
    )
    return seen


async def test_a_run_and_its_scenario_runs_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    first = await opened(path)
    await first.record(EMPTY, snapshot(record(a_run(), a_scored(1), an_error(2))), NOW_MS)
    await first.close(NOW_MS)
    second = await opened(path)
    kept = {each.id: each for each in await second.scenario_rows("bmr_1")}
    assert (kept["scr_1"].kind, kept["scr_1"].score, kept["scr_1"].duration_ms) == (
        "passed",
        1.0,
        MINUTE_MS,
    )
    assert kept["scr_2"].kind == "error"
    assert kept["scr_2"].end_ms == NOW_MS - MINUTE_MS
    await second.close(NOW_MS)


async def test_each_poll_is_at_most_one_transaction_and_none_where_nothing_changed(
    history: History,
) -> None:
    begun = statements_of(history)
    done, live = a_scored(1), scenario_run("scr_2")
    first = snapshot(record(a_run(), done, live))
    await history.record(EMPTY, first, NOW_MS)
    assert len(begun) == 1
    same = snapshot(replace(first.records[0], under_way="canceling…"))
    await history.record(first, same, NOW_MS)
    assert len(begun) == 1
    more = snapshot(record(a_run(), done, live, scenario_run("scr_3")))
    history.note(Event(NOW_MS, "collapse", "bmr_1", "5 in a row"))
    await history.record(same, more, NOW_MS)
    assert len(begun) == 2


async def test_of_calls_that_wait_for_one_another_the_last_writes_all(history: History) -> None:
    begun = statements_of(history)
    polls = [
        snapshot(record(a_run(), *(a_scored(each) for each in range(number + 1))))
        for number in range(20)
    ]
    pairs = zip([EMPTY, *polls], polls, strict=False)
    await asyncio.gather(*(history.record(old, new, NOW_MS) for old, new in pairs))
    assert len(await history.scenario_rows("bmr_1")) == 20
    assert len(begun) == 2  # the first, and the last in the place of all others


async def test_a_call_that_is_cut_off_is_made_good_by_the_next(history: History) -> None:
    first = snapshot(record(a_run(), a_scored(1)))
    second = snapshot(record(a_run(), a_scored(1), a_scored(2)))
    cut_off = asyncio.create_task(history.record(EMPTY, first, NOW_MS))
    await asyncio.sleep(0)
    cut_off.cancel()
    await history.record(first, second, NOW_MS)
    assert len(await history.scenario_rows("bmr_1")) == 2


async def test_differences_are_made_and_written_off_the_event_loop(tmp_path: Path) -> None:
    threads = set()

    def fingerprint(*_: object) -> str:
        threads.add(threading.current_thread().name)
        return ""

    history = await History.open(tmp_path / "history.db", ACCOUNT, fingerprint=fingerprint)
    await history.record(EMPTY, snapshot(record(a_run(), an_error(1))), NOW_MS)
    await history.close(NOW_MS)
    assert threads == {"history_0"}


async def test_a_fingerprint_is_kept_when_the_job_says_the_reason_later(history: History) -> None:
    failed = an_error(1)
    without = snapshot(record(a_run(), failed))
    await history.record(EMPTY, without, NOW_MS)
    reason = FailureReason(exception_type="ApiRateLimitError", exception_message="429 for sk-1")
    known = JobOfRun("bmj_1", failures={"scr_1": reason})
    after = snapshot(record(a_run(), failed, job=known))
    await history.record(without, after, NOW_MS)
    (kept,) = await history.scenario_rows("bmr_1")
    assert kept.fingerprint == "ApiRateLimitError"


async def test_the_first_failure_of_what_was_tried_again_is_kept(history: History) -> None:
    first = an_error(1, minutes_ago=30)
    second = an_error(1, minutes_ago=20)
    third = a_scored(1, minutes_ago=10)
    polls = [snapshot(record(a_run(), each)) for each in (first, second, third)]
    for old, new in zip([EMPTY, *polls], polls, strict=False):
        await history.record(old, new, NOW_MS)
    (kept,) = await history.scenario_rows("bmr_1")
    assert kept.state == "completed"
    assert (await history.first_failures("bmr_1"))["scn_1"].start_ms == first.start_time_ms


async def test_the_failure_before_another_scenario_run_of_its_scenario_is_its_first(
    history: History,
) -> None:
    failed = an_error(1, minutes_ago=30, id_="scr_a")
    again = a_scored(1, minutes_ago=5, id_="scr_b")
    only = an_error(2, minutes_ago=5)
    await history.record(EMPTY, snapshot(record(a_run(), failed, again, only)), NOW_MS)
    failures = await history.first_failures("bmr_1")
    assert {scenario: row.id for scenario, row in failures.items()} == {"scn_1": "scr_a"}


async def test_agent_and_model_are_those_of_the_job(history: History) -> None:
    jobs = [
        job("bmj_1", in_progress=(going_on("bmr_1", "codex"),)),
        job("bmj_2", outcomes=(outcome("bmr_2", "goose"),)),
    ]
    records = [
        record(a_run(f"bmr_{number}", state="completed", duration_ms=1), job=JobOfRun(job_id))
        for number, job_id in ((1, "bmj_1"), (2, "bmj_2"))
    ]
    await history.record(EMPTY, snapshot(*records, jobs=jobs), NOW_MS)
    runs = {each.run.id: each.run for each in await history.since(NOW_MS - 2 * HOUR_MS)}
    assert (runs["bmr_1"].agent, runs["bmr_1"].model) == ("codex", "codex-model")
    assert (runs["bmr_2"].agent, runs["bmr_2"].model) == ("goose", "goose-model")


async def test_events_and_the_last_look_are_kept(tmp_path: Path) -> None:
    first = await opened(tmp_path / "history.db")
    assert first.last_looked_ms is None
    first.note(Event(NOW_MS, "run ended", "bmr_1", "tb2-nightly ended"))
    first.mark_looked(NOW_MS)
    await first.close(NOW_MS)
    second = await opened(tmp_path / "history.db")
    assert second.last_looked_ms == NOW_MS
    assert await second.events_since(NOW_MS) == (
        Event(NOW_MS, "run ended", "bmr_1", "tb2-nightly ended"),
    )
    assert await second.events_since(NOW_MS + 1) == ()
    await second.close(NOW_MS)


async def test_a_look_alone_is_written_once_a_minute(history: History) -> None:
    begun = statements_of(history)
    for second in range(120):
        history.mark_looked(NOW_MS + second * 1_000)
        await history.record(EMPTY, EMPTY, NOW_MS)
    assert len(begun) == 2
    assert history.last_looked_ms == NOW_MS + 119_000


async def test_an_event_that_two_instances_note_is_kept_once(tmp_path: Path) -> None:
    one, other = [await opened(tmp_path / "history.db") for _ in range(2)]
    for history, later_ms in ((one, 0), (other, 5_000), (other, 2 * SAME_EVENT_MS)):
        history.note(Event(NOW_MS + later_ms, "run ended", "bmr_1", "ended"))
        await history.record(EMPTY, EMPTY, NOW_MS)
    times = [each.at_ms for each in await one.events_since(0)]
    assert times == [NOW_MS, NOW_MS + 2 * SAME_EVENT_MS]
    await one.close(NOW_MS)
    await other.close(NOW_MS)


async def test_secrets_values_and_outputs_are_nowhere_in_the_file(tmp_path: Path) -> None:
    key = "rl_key_that_is_nowhere_0123456789"
    add_secret(key)
    path = tmp_path / "history.db"
    hidden = ["ENVIRONMENT-VALUE", "METADATA-VALUE", "SCORER-OUTPUT", "EXCEPTION-MESSAGE", key]
    named: dict[str, Any] = {
        "environment_variables": {"TOKEN": hidden[0]},
        "metadata": {"agent": hidden[1]},
        "purpose": "PURPOSE",
    }
    output = {"scoring_function_results": [{"output": hidden[2]}], "score": 0.0}
    scored = ScenarioRun.model_validate(
        {"id": "scr_1", "state": "completed", "scoring_contract_result": output, **named}
    )
    reason = FailureReason(exception_type=f"Error {key}", exception_message=hidden[3])
    given = record(
        a_run(name=f"name with {key}", **named),
        scored,
        an_error(2, scenario_id=f"scn_{key}"),
        job=JobOfRun("bmj_1", failures={"scr_2": reason}),
    )
    history = await opened(path)
    history.note(Event(NOW_MS, "kind", "bmr_1", f"text {key}"))
    await history.record(EMPTY, snapshot(given), NOW_MS)
    (row,) = [each for each in await history.scenario_rows("bmr_1") if each.id == "scr_2"]
    assert row.fingerprint.startswith("Error ")
    written = path.with_name("history.db-wal").read_bytes()
    await history.close(NOW_MS)
    written += path.read_bytes()
    assert b"name with" in written
    assert [each for each in hidden if each.encode() in written] == []


@pytest.mark.parametrize(
    "text",
    ["\ud800", "a\x00b", "\x1b[31m", "'; DROP TABLE runs; --", "\u202e", "x" * 9_000],
    ids=["surrogate", "NUL", "escape", "SQL", "override", "long"],
)
async def test_hostile_texts_are_kept_and_found(history: History, text: str) -> None:
    hostile = a_run("bmr_1", name=text).model_copy(update={"id": text, "name": text})
    kept = an_error(1).model_copy(update={"id": text, "scenario_id": text, "state": text})
    history.note(Event(NOW_MS, text, text, text))
    await history.record(EMPTY, snapshot(record(hostile, kept)), NOW_MS)
    (row,) = await history.scenario_rows(text)
    assert row.state.isprintable()
    assert len(await history.events_since(0)) == 1
    assert (await history.since(0))[0].run.name.isprintable()
