import asyncio
from collections import defaultdict
from pathlib import Path

import pytest

from runloop_tui.logs.downloads import Download, Downloads, Phase, RateMeter
from tests.logs.scripted_stream import Pause, ScriptedStream, a_zip

ARCHIVE = a_zip(agent_log="hello")


class Session:
    """Downloads into one folder, with their changes of phase."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.changes: list[tuple[str, Phase]] = []
        self.all_terminal = asyncio.Event()
        self.terminal: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self.downloads = Downloads(now=lambda: 0, on_change=self.note)

    def note(self, download: Download) -> None:
        self.changes.append((download.target_id, download.state.phase))
        if download.state.is_over:
            self.terminal[download.target_id].set()
        if not self.downloads.active:
            self.all_terminal.set()

    def start(self, target_id: str, stream: ScriptedStream) -> Download:
        return self.downloads.start(
            target_id, target_id, stream.open, self.folder, f"{target_id}-logs.zip"
        )


@pytest.fixture(name="session")
def _session(tmp_path: Path) -> Session:
    return Session(tmp_path)


async def test_several_downloads_run_side_by_side_and_the_newest_is_first(session: Session) -> None:
    pauses = [Pause(), Pause()]
    first = session.start("bmr_1", ScriptedStream([pauses[0], ARCHIVE]))
    second = session.start("bmr_2", ScriptedStream([pauses[1], ARCHIVE]))
    for pause in pauses:
        await pause.reached.wait()

    assert session.downloads.all == (second, first)
    assert [download.target_id for download in session.downloads.active] == ["bmr_2", "bmr_1"]

    for pause in pauses:
        pause.resumed.set()
    await session.all_terminal.wait()
    assert not session.downloads.active
    assert session.downloads.all == (second, first)
    assert {path.name for path in session.folder.iterdir()} == {
        "bmr_1-logs.zip",
        "bmr_2-logs.zip",
    }


async def test_a_failed_download_does_not_end_the_others(session: Session) -> None:
    pause = Pause()
    good = session.start("bmr_1", ScriptedStream([pause, ARCHIVE]))
    bad = session.start("bmr_2", ScriptedStream([b"nonsense"]))
    await session.terminal["bmr_2"].wait()
    assert good.state.phase == "receiving"
    pause.resumed.set()
    await session.all_terminal.wait()

    assert (good.state.phase, bad.state.phase) == ("done", "failed")


async def test_a_second_start_for_what_is_under_way_gives_that_one(session: Session) -> None:
    pause = Pause()
    first = session.start("bmr_1", ScriptedStream([pause, ARCHIVE]))
    unused = ScriptedStream([ARCHIVE])

    assert session.start("bmr_1", unused) is first
    assert session.downloads.all == (first,)

    pause.resumed.set()
    await session.all_terminal.wait()
    assert unused.opened == 0


async def test_a_terminal_download_can_be_started_again(session: Session) -> None:
    first = session.start("bmr_1", ScriptedStream([b"nonsense"]))
    await session.all_terminal.wait()
    session.all_terminal.clear()

    second = session.start("bmr_1", ScriptedStream([ARCHIVE]))
    await session.all_terminal.wait()

    assert second is not first
    assert second.state.phase == "done"
    assert session.downloads.all == (second, first)


async def test_on_change_is_called_at_every_phase_but_not_at_every_chunk(session: Session) -> None:
    session.start("bmr_1", ScriptedStream([b"x"] * 50))
    await session.all_terminal.wait()

    assert session.changes == [
        ("bmr_1", "receiving"),
        ("bmr_1", "checking"),
        ("bmr_1", "failed"),
    ]


async def test_close_cancels_what_is_under_way_and_waits_for_it(session: Session) -> None:
    pause = Pause()
    streams = [ScriptedStream([b"some", pause]), ScriptedStream([b"never requested"])]
    begun = session.start("bmr_1", streams[0])
    await pause.reached.wait()
    fresh = session.start("bmr_2", streams[1])

    await session.downloads.close()

    assert (begun.state.phase, fresh.state.phase) == ("canceled", "canceled")
    assert [stream.closed for stream in streams] == [1, 0]
    assert list(session.folder.iterdir()) == []


async def test_close_with_nothing_under_way_returns_at_once(session: Session) -> None:
    await session.downloads.close()

    assert session.changes == []


def test_the_rate_is_unknown_until_time_has_passed() -> None:
    meter = RateMeter()
    assert meter.rate(1_000, 0) is None
    meter.note(1_000, 0)

    assert meter.rate(1_000, 500) is None


def test_the_rate_is_bytes_per_second() -> None:
    meter = RateMeter()
    meter.note(1_000, 0)
    meter.note(3_000, 4_000)

    assert meter.rate(3_000, 4_000) == 2_000.0


def test_the_rate_is_that_of_the_last_seconds_only() -> None:
    meter = RateMeter()
    for second in range(11):  # 100 bytes/s for ten seconds, then 1,000
        meter.note(second * 1000, second * 100)
    for second in range(1, 6):
        meter.note(10_000 + second * 1000, 1_000 + second * 1_000)

    assert meter.rate(15_000, 6_000) == pytest.approx(1_000)


def test_the_rate_falls_to_nothing_when_nothing_comes_in() -> None:
    meter = RateMeter()
    meter.note(0, 0)
    meter.note(1_000, 9_000)

    assert meter.rate(3_000, 9_000) == 3_000.0
    assert meter.rate(9_000, 9_000) == 0.0


def test_a_clock_that_is_set_back_begins_the_measurement_anew() -> None:
    meter = RateMeter()
    meter.note(100_000, 5_000)
    meter.note(50_000, 6_000)

    assert meter.rate(50_000, 6_000) is None
    assert meter.rate(51_000, 8_000) == 2_000.0


def test_very_many_chunks_take_little_memory() -> None:
    meter = RateMeter()
    for chunk in range(100_000):
        meter.note(chunk // 10, chunk)

    assert len(meter._samples) < 30
