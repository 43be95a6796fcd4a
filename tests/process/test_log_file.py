"""The log file of a program in a terminal: for its owner alone, added to, without the key, harmless where it fails."""

import stat
import sys
from pathlib import Path

import pytest

from tests.terminal import Terminal, environment

KEY = "ak_secret_of_the_log"
PROGRAM = [sys.executable, "-m", "runloop_tui"]


def test_the_log_is_for_its_owner_alone_and_holds_no_key(tmp_path: Path) -> None:
    log = tmp_path / "tui.log"
    unreachable = ["--base-url", "http://127.0.0.1:1"]
    flags = [*unreachable, "--log-file", str(log), "--log-level", "debug"]
    with Terminal([*PROGRAM, *flags], environ=environment(RUNLOOP_API_KEY=KEY)) as terminal:
        terminal.wait_for("no connection")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert "poll failed" in log.read_text()
    assert KEY not in log.read_text()
    assert KEY.encode() not in terminal.output


def test_a_log_is_added_to(tmp_path: Path) -> None:
    log = tmp_path / "tui.log"
    log.write_text("of yesterday\n")
    log.chmod(0o644)
    with Terminal([*PROGRAM, "--demo", "--log-file", str(log)]) as terminal:
        terminal.wait_for("runs")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    assert log.read_text().startswith("of yesterday\n")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_a_log_file_that_cannot_be_written_is_said_in_a_line(tmp_path: Path) -> None:
    log = tmp_path / "tui.log"
    log.symlink_to(tmp_path / "no-such-folder" / "tui.log")  # refuses an administrator as well
    with Terminal([*PROGRAM, "--demo", "--log-file", str(log)]) as terminal:
        assert terminal.wait_for_end() == 2
    line = "runloop-tui: the log file cannot be written: No such file or directory"
    assert terminal.text.strip() == line


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is full")
def test_a_log_on_a_full_disk_does_not_disturb_the_screen() -> None:
    flags = ["--demo", "--log-file", "/dev/full", "--log-level", "debug"]
    with Terminal([*PROGRAM, *flags]) as terminal:
        terminal.wait_for("4 running")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    assert b"Traceback" not in terminal.output
    assert b"Error" not in terminal.output
