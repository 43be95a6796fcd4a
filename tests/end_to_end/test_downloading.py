"""Logs of 200 MiB go to the disk through the app, and not through its memory."""

import resource
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

from runloop_tui.demo.transport import DemoTransport
from runloop_tui.demo.world import World
from tests.demo.clock import Clock
from tests.end_to_end.watching import watching
from tests.server import Record, big_plan, serve

MIB = 2**20


def peak_bytes() -> int:
    """The most memory that this process has held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def forget_peak() -> None:
    """Count the peak from here on; only Linux can, elsewhere earlier tests count as well."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


async def test_200_mib_of_logs_are_written_whole_with_flat_memory(
    clock: Clock, tmp_path: Path
) -> None:
    world = World(clock, plans=[big_plan()])
    record = Record()
    async with (
        serve(DemoTransport(world, download_s=0.0), record=record) as base_url,
        watching(base_url, clock, download_dir=tmp_path) as watcher,
    ):
        await watcher.sees("2000/5000")
        await watcher.press("D")
        await watcher.sees("Download the logs of swe-smith-5000?")
        forget_peak()
        peak_before, sent_before = peak_bytes(), record.bytes_sent

        await watcher.press("right", "enter")
        await watcher.sees("The logs of swe-smith-5000 are in")

        grown, sent = peak_bytes() - peak_before, record.bytes_sent - sent_before
    check_archive(tmp_path, sent)
    assert grown < 40 * MIB


def check_archive(folder: Path, sent: int) -> None:
    """The one file of the folder is all that was sent, and a whole archive."""
    [archive] = folder.iterdir()
    assert archive.suffix == ".zip"
    size = archive.stat().st_size
    assert 200 * MIB <= size <= sent
    assert sent - size < MIB, "besides the archive only a poll or two was answered"
    with zipfile.ZipFile(archive) as opened:
        assert opened.testzip() is None
        assert len(opened.namelist()) > 2000
