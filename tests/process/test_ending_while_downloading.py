"""A program that ends while it downloads leaves a whole archive or a `.part` file."""

import signal
import zipfile
from pathlib import Path

import pytest

from tests.process.demo_program import DemoProgram


def left_of_a_download(folder: Path, way: signal.Signals | str) -> tuple[int, list[Path]]:
    """Start a download, end the program once bytes are on the disk; return its exit status and the files."""
    with DemoProgram("--download-dir", str(folder)) as program:
        program.wait_for("4 running")
        program.press("D")
        program.wait_for("Download the logs")
        program.press("right", "enter")
        program.read_until(lambda: any(part.stat().st_size for part in folder.glob("*.part")))
        if isinstance(way, signal.Signals):
            program.send_signal(way)
            status = program.wait_for_end()
        else:
            program.hang_up()
            status = program.wait_without_terminal()
        assert not program.leaves_processes
    return status, [*folder.iterdir()]


@pytest.mark.parametrize("way", [signal.SIGTERM, signal.SIGINT, "hang-up"], ids=str)
def test_ended_in_order_nothing_half_is_left(way: signal.Signals | str, tmp_path: Path) -> None:
    status, left = left_of_a_download(tmp_path, way)
    assert status == 0
    assert all(zipfile.is_zipfile(path) for path in left)


def test_killed_what_is_left_is_named_a_part(tmp_path: Path) -> None:
    status, left = left_of_a_download(tmp_path, signal.SIGKILL)
    assert status == -signal.SIGKILL
    assert [path.suffix for path in left] == [".part"]
