"""What the app does with the history: recorded after each poll, looked back at after a while."""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runloop_tui.api.models import ScenarioRun
from runloop_tui.config import Settings
from runloop_tui.history import schema
from runloop_tui.history.history import History
from runloop_tui.history.schema import open_database
from runloop_tui.monitor.health import Health
from runloop_tui.monitor.snapshot import RunRecord, Snapshot
from runloop_tui.ui.controllers.history import AWAY_MS, HistoryController
from runloop_tui.ui.notifications import LONG_TOAST_S, EventLog
from runloop_tui.wiring import history_opener
from tests.api.scripted import NOW_MS
from tests.demo.clock import Clock
from tests.history.making import a_run, a_scored, an_error, record, snapshot
from tests.monitor.making import HOUR_MS

MINUTE_MS = 60_000


class App:
    """What the controller needs of the app: workers, notifications, the event log."""

    def __init__(self, clock: Clock) -> None:
        self.event_log = EventLog(clock)
        self.said: list[str] = []
        self._workers: list[asyncio.Task[None]] = []

    def run_worker(self, work: Coroutine[Any, Any, None]) -> None:
        self._workers.append(asyncio.create_task(work))

    def notify(self, message: str, *, title: str = "", timeout: float = 5, **_: object) -> None:
        self.said.append(f"{title}: {message}" if title else message)
        if timeout >= LONG_TOAST_S:
            self.event_log.record(message, "information")

    async def settle(self) -> None:
        while self._workers:
            await self._workers.pop(0)


class Instance:
    """A controller over a file, to which polls come as a test says."""

    def __init__(self, path: Path, clock: Clock, *, skew_ms: int = 0) -> None:
        self.clock = clock
        self.app = App(clock)
        self.changes = 0
        settings = Settings(api_key="ak_of_the_tests", history=path)
        opener = history_opener(settings, clock, path.parent / "cache")
        assert opener is not None
        self.controller = HistoryController(self.app, opener, clock, self._changed)  # type: ignore[arg-type]
        self._skew_ms = skew_ms

    def _changed(self) -> None:
        self.changes += 1

    async def poll(self, *records: RunRecord) -> None:
        begun = Health(skew_ms=self._skew_ms)
        self.controller.health_changed(snapshot(), begun)
        ended = replace(begun, next_try_ms=self.clock())
        self.controller.health_changed(snapshot(*records), ended)
        await self.app.settle()

    async def act(self) -> None:
        self.controller.person_acted()
        await self.app.settle()

    @property
    def history(self) -> History:
        assert self.controller._history is not None
        return self.controller._history


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW_MS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


def names_in(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def live(*scenario_runs: ScenarioRun, id_: str = "bmr_1") -> RunRecord:
    return record(a_run(id_, hours_ago=5, name=f"night {id_}"), *scenario_runs)


async def test_what_changed_between_two_starts_is_said_at_the_second(
    path: Path, clock: Clock
) -> None:
    before = a_scored(1, minutes_ago=60)
    first = Instance(path, clock)
    await first.poll(live(before))
    assert first.controller.begins_now
    await first.controller.close()
    clock.advance(minutes=180)
    second = Instance(path, clock)
    after = live(before, an_error(2, minutes_ago=-20), a_scored(3, minutes_ago=-30))
    await second.poll(after)
    assert second.app.said == []  # the first poll reads what is on the screen only
    await second.poll(after)
    (said,) = second.app.said
    assert said.startswith("While you were away: since 08:53 (3h 00m) · 2 finished, +1 error")
    assert second.controller.unseen == {"bmr_1"}
    assert second.controller.away is not None
    assert second.controller.away.is_before_start
    assert not second.controller.begins_now
    await second.controller.close()


async def test_a_key_after_15_minutes_says_what_changed_and_one_after_14_does_not(
    path: Path, clock: Clock
) -> None:
    instance = Instance(path, clock)
    await instance.poll(live())
    clock.advance(ms=AWAY_MS - MINUTE_MS)
    await instance.poll(live(a_scored(1, minutes_ago=-10)))
    await instance.act()
    assert instance.app.said == []
    clock.advance(ms=AWAY_MS)
    await instance.poll(live(a_scored(1, minutes_ago=-10), a_scored(2, minutes_ago=-20)))
    await instance.act()
    (said,) = instance.app.said
    assert "(15m) · 1 finished" in said
    away = instance.controller.away
    assert away is not None
    assert not away.is_before_start
    await instance.act()
    assert len(instance.app.said) == 1
    await instance.controller.close()


async def test_where_nothing_changed_nothing_is_said(path: Path, clock: Clock) -> None:
    instance = Instance(path, clock)
    await instance.poll(live(a_scored(1)))
    clock.advance(minutes=60)
    await instance.act()
    assert instance.app.said == []
    assert instance.controller.away is None
    await instance.controller.close()


async def test_a_look_in_another_instance_counts(path: Path, clock: Clock) -> None:
    one, other = Instance(path, clock), Instance(path, clock)
    await one.poll(live())
    await other.poll(live())
    clock.advance(minutes=60)
    done = a_scored(1, minutes_ago=-50)
    await one.act()  # nothing has changed yet
    await one.poll(live(done))
    await other.poll(live(done, a_scored(2, minutes_ago=-55)))
    await other.controller.close()
    again = Instance(path, clock)
    await again.poll(live(done))
    await again.poll(live(done))
    assert again.app.said == []
    await one.controller.close()
    await again.controller.close()


async def test_moments_are_on_the_servers_clock(path: Path, clock: Clock) -> None:
    ahead = Instance(path, clock, skew_ms=HOUR_MS)
    await ahead.poll(live())
    clock.advance(minutes=30)
    await ahead.poll(live(a_scored(1, minutes_ago=-80)))  # 10 minutes ago by the server
    await ahead.act()
    assert "1 finished" in ahead.app.said[0]
    await ahead.controller.close()


async def test_a_clock_of_the_server_that_is_years_off_is_not_believed(
    path: Path, clock: Clock
) -> None:
    instance = Instance(path, clock, skew_ms=400 * 24 * HOUR_MS)
    await instance.poll(live(a_scored(1)))
    assert len(await instance.history.scenario_rows("bmr_1")) == 1
    await instance.controller.close()


# Unseen changes


async def night(path: Path, clock: Clock) -> Instance:
    """An instance whose two runs changed while nobody looked."""
    instance = Instance(path, clock)
    await instance.poll(live(), live(id_="bmr_2"))
    clock.advance(minutes=60)
    done = a_scored(1, minutes_ago=-30)
    await instance.poll(live(done), live(done, id_="bmr_2"))
    await instance.act()
    assert instance.controller.unseen == {"bmr_1", "bmr_2"}
    return instance


async def test_a_run_under_the_cursor_for_a_moment_has_been_seen(path: Path, clock: Clock) -> None:
    instance = await night(path, clock)
    instance.controller.pointed_at("bmr_1")
    clock.advance(ms=1_000)
    instance.controller.pointed_at("bmr_1")
    assert instance.controller.unseen == {"bmr_1", "bmr_2"}
    clock.advance(ms=1_000)
    instance.controller.pointed_at("bmr_1")
    assert instance.controller.unseen == {"bmr_2"}
    assert instance.changes == 2
    await instance.controller.close()


async def test_all_have_been_seen_once_the_panel_is_closed(path: Path, clock: Clock) -> None:
    instance = await night(path, clock)
    instance.controller.close_panel()
    assert instance.controller.unseen == frozenset()
    await instance.controller.close()


async def test_the_list_goes_on_for_three_polls_and_what_was_seen_stays_seen(
    path: Path, clock: Clock
) -> None:
    instance = await night(path, clock)
    instance.controller.pointed_at("bmr_1")
    clock.advance(ms=2_000)
    instance.controller.pointed_at("bmr_1")
    for number in range(1, 5):
        done = [a_scored(each, minutes_ago=-30) for each in range(1, number + 2)]
        await instance.poll(live(*done))
        assert instance.controller.unseen == {"bmr_2"}
    assert instance.controller.away is not None
    counts = {each.run.id: each.finished for each in instance.controller.away.runs}
    assert counts == {"bmr_1": 4, "bmr_2": 1}
    assert len(instance.app.said) == 1
    await instance.controller.close()


# Events


async def test_events_are_kept_and_those_of_an_earlier_start_are_returned(
    path: Path, clock: Clock
) -> None:
    first = Instance(path, clock)
    first.app.event_log.record("before the file was open", "information")
    await first.poll(live())
    clock.advance(minutes=1)
    first.app.event_log.record("collapse", "error", "bmr_1")
    await first.controller.close()
    clock.advance(minutes=60)
    second = Instance(path, clock)
    await second.poll(live(a_scored(1, minutes_ago=-30)))
    second.app.event_log.record("own", "information")
    await second.poll(live(a_scored(1, minutes_ago=-30)))
    found = second.controller.earlier_events
    assert [(each.text, each.tone, each.run_id) for each in found] == [
        ("before the file was open", "plain", ""),
        ("collapse", "bad", "bmr_1"),
    ]
    await second.controller.close()


# What earlier runs say


async def test_earlier_durations_and_the_run_before_are_read_when_first_asked_for(
    path: Path, clock: Clock
) -> None:
    instance = Instance(path, clock)
    past = record(
        a_run("bmr_0", hours_ago=30, state="completed", duration_ms=HOUR_MS),
        a_scored(1, minutes_ago=60 * 29),
    )
    assert instance.controller.earlier_ms("bmd_1") == {}
    assert instance.controller.run_before("bmr_1") is None
    await instance.poll(past, live())
    longest = instance.controller.earlier_ms("bmd_1")
    assert dict(longest) == {"scn_1": MINUTE_MS}
    assert instance.controller.earlier_ms("bmd_1") is longest
    before = instance.controller.run_before("bmr_1")
    assert before is not None
    assert before.run.id == "bmr_0"
    assert instance.changes == 2
    await instance.controller.close()


async def test_they_are_read_again_after_a_run_has_ended(path: Path, clock: Clock) -> None:
    instance = Instance(path, clock)
    running = live(a_scored(1))
    await instance.poll(running)
    instance.controller.earlier_ms("bmd_1")
    await instance.app.settle()
    ended = running.run.model_copy(update={"state": "completed", "duration_ms": HOUR_MS})
    await instance.poll(record(ended, a_scored(1), a_scored(2)))
    assert set(instance.controller.earlier_ms("bmd_1")) == {"scn_1"}
    await instance.app.settle()
    assert set(instance.controller.earlier_ms("bmd_1")) == {"scn_1", "scn_2"}
    await instance.controller.close()


async def test_without_a_history_there_is_nothing_to_open() -> None:
    assert history_opener(Settings(keeps_history=False), Clock(), Path("/nowhere")) is None


async def test_the_made_up_account_never_writes_into_the_users_history(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    opener = history_opener(Settings(demo=True), clock, tmp_path / "cache")
    assert opener is not None
    history = await opener()
    assert history.last_looked_ms == clock() - 3 * HOUR_MS
    await history.close(clock())
    assert names_in(tmp_path) == ["cache"]


# Files that cannot be used


def no_database(path: Path) -> None:
    path.write_bytes(b"no database" * 999)


def newer(path: Path) -> None:
    with closing(open_database(path)) as database:
        database.execute("PRAGMA user_version = 9")


def a_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("spoil", "line"),
    [
        (
            no_database,
            "The history is broken: set aside as history.db.broken, and a new one begun. The app goes on.",
        ),
        (
            newer,
            "The history is left alone: it was written by a newer runloop-tui (version 9). The app goes on.",
        ),
        (a_folder, "The history cannot be written: is a directory. The app goes on."),
    ],
)
async def test_what_is_wrong_with_the_file_is_said_once(
    path: Path, clock: Clock, spoil: Callable[[Path], None], line: str
) -> None:
    spoil(path)
    instance = Instance(path, clock)
    for _ in range(3):
        await instance.poll(live(a_scored(1)))
    assert instance.app.said == [line]
    await instance.act()
    await instance.controller.close()


async def test_a_lock_is_said_once_and_what_was_seen_is_written_after_it(
    path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "BUSY_TIMEOUT_S", 0.0)
    instance = Instance(path, clock)
    await instance.poll(live())
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for number in range(3):
            await instance.poll(live(a_scored(number)))
        other.execute("ROLLBACK")
    assert instance.app.said == [
        "The history is locked by another program; it is tried again. The app goes on."
    ]
    await instance.poll(live(a_scored(3)))
    assert {row.id for row in await instance.history.scenario_rows("bmr_1")} == {"scr_3"}
    await instance.controller.close()


@pytest.mark.parametrize(
    ("pragma", "line"),
    [
        ("query_only = ON", "The history cannot be written: it is read-only. The app goes on."),
        (
            "max_page_count = 1",
            "The history cannot be written: the disk is full; it is tried again. The app goes on.",
        ),
    ],
)
async def test_a_file_that_takes_nothing_more_is_said_once(
    path: Path, clock: Clock, pragma: str, line: str
) -> None:
    instance = Instance(path, clock)
    await instance.poll(live())
    assert instance.history._database is not None
    instance.history._database.execute(f"PRAGMA {pragma}")
    for number in range(2):
        await instance.poll(live(*(a_scored(each) for each in range(2_000 * (number + 1)))))
    assert instance.app.said == [line]
    await instance.controller.close()


async def test_closing_waits_for_a_file_that_is_being_opened(path: Path, clock: Clock) -> None:
    instance = Instance(path, clock)
    instance.controller.health_changed(Snapshot(loaded=True), Health(next_try_ms=1))
    await instance.controller.close()
    await instance.app.settle()
    assert names_in(path.parent) == ["history.db"]
