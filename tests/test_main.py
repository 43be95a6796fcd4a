"""From the command line to the app: exit statuses, the one line for who called it wrongly, what a crash shows."""

import io
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from rich.console import Console
from rich.traceback import Traceback

from runloop_tui import __version__
from runloop_tui.__main__ import main
from runloop_tui.config import Settings
from runloop_tui.history.schema import open_database
from runloop_tui.wiring import client_of, options_of
from tests.terminal import environment

KEY = "ak_secret_of_main"
PROGRAM = [sys.executable, "-m", "runloop_tui"]


def called(*flags: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The program, called where there is no terminal."""
    return subprocess.run(
        [*PROGRAM, *flags],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=environment(**variables),
    )


def assert_one_line(completed: subprocess.CompletedProcess[str], line: str) -> None:
    """Fail unless it ended with status 2, with this line on standard error, and nothing else."""
    assert (completed.returncode, completed.stdout) == (2, "")
    assert completed.stderr == f"runloop-tui: {line}\n"


# Called wrongly


def test_without_a_terminal_it_says_so_in_a_line() -> None:
    line = "this is a screen for people: it needs a terminal, not a pipe or a file"
    assert_one_line(called("--demo"), line)
    assert_one_line(called(RUNLOOP_API_KEY=KEY), line)


def test_a_bad_flag_is_said_before_the_missing_terminal() -> None:
    assert_one_line(called("--colour"), "there is no flag --colour; --help shows those that are")


def test_a_bad_value_is_said_in_a_line() -> None:
    line = "--interval: must be a number of seconds from 1 to 3600"
    assert_one_line(called("--interval", "0"), line)


def test_main_reads_the_arguments_it_is_given_instead_of_the_programs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["runloop-tui", "--theme", "grey"])
    assert main(["--interval", "often"]) == 2
    assert capsys.readouterr().err.startswith("runloop-tui: --interval")
    assert main() == 2
    assert capsys.readouterr().err.startswith("runloop-tui: --theme")


# Called for words


def test_version_is_printed_without_a_terminal() -> None:
    completed = called("--version")
    assert (completed.returncode, completed.stdout, completed.stderr) == (
        0,
        f"runloop-tui {__version__}\n",
        "",
    )


def test_help_is_printed_without_a_terminal_and_without_the_key() -> None:
    completed = called("--help", RUNLOOP_API_KEY=KEY)
    assert (completed.returncode, completed.stderr) == (0, "")
    assert completed.stdout.startswith("usage: runloop-tui ")
    assert "RUNLOOP_API_KEY" in completed.stdout
    assert KEY not in completed.stdout


# The command `history`


def test_the_history_is_printed_without_a_terminal(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    flag = ["--history", str(path)]
    completed = called("history", "path", *flag)
    assert (completed.returncode, completed.stdout) == (0, f"{path}\n")
    open_database(path).close()
    shown = called("history", "show", RUNLOOP_TUI_HISTORY=str(path))
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.splitlines()[-1].startswith("0 runs shown, ")
    pruned = called("history", "prune", "--keep-days", "30", "--max-mb", "10", *flag)
    assert (pruned.returncode, pruned.stdout[:15]) == (0, "0 runs removed,")


def test_a_history_that_cannot_be_read_has_another_status_than_a_wrong_call(tmp_path: Path) -> None:
    broken = tmp_path / "history.db"
    broken.write_bytes(b"no database" * 99)
    completed = called("history", "show", "--history", str(broken))
    assert (completed.returncode, completed.stdout) == (1, "")
    assert completed.stderr == "runloop-tui: the history is broken\n"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ("", "the following arguments are required: show|prune|path"),
        ("erase", "show|prune|path: must be show, prune or path"),
        ("show --keep-days 3", "--keep-days and --max-mb are for prune"),
        ("prune --keep-days 0", "--keep-days: must be a whole number from 1 to 100000"),
        ("prune --max-mb all", "--max-mb: must be a whole number from 1 to 1000000"),
        ("prune --demo", "there is no flag --demo; --help shows those that are"),
    ],
)
def test_a_wrong_argument_of_the_history_is_said_in_a_line(
    arguments: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["history", *arguments.split()]) == 2
    assert capsys.readouterr().err == f"runloop-tui: {line}\n"


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    open_database(tmp_path / "history.db").close()
    command = f"{sys.executable} -m runloop_tui history show --history {tmp_path}/history.db | true"
    completed = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, env=environment()
    )
    assert completed.stderr == ""


# What a crash shows


def test_a_crash_on_the_way_to_the_server_shows_no_key() -> None:
    """As a crash screen would show it, which prints what the functions on the way held."""
    settings = Settings(base_url="https://api.runloop.ai:port", api_key=KEY)
    with pytest.raises(ValueError, match="not a legal") as caught:
        client_of(settings, lambda: 0)
    shown = io.StringIO()
    error = caught.value
    trace = Traceback.from_exception(type(error), error, error.__traceback__, show_locals=True)
    Console(file=shown, width=200).print(trace)
    assert "settings = Settings(" in shown.getvalue()
    assert KEY not in shown.getvalue()


# What the screens receive


def test_no_option_of_the_screens_holds_the_key() -> None:
    options = options_of(Settings(api_key=KEY))
    assert all(KEY not in repr(getattr(options, field.name)) for field in fields(options))


def test_the_screens_receive_the_server_and_the_address_of_its_pages() -> None:
    options = options_of(Settings(base_url="https://api.runloop.ai", api_key=KEY))
    assert options.server == "api.runloop.ai"
    assert options.platform == "https://platform.runloop.ai"
    assert (options.demo, options.without_key) == (False, False)


def test_the_demo_has_no_pages_and_needs_no_key() -> None:
    options = options_of(Settings(demo=True))
    assert "demo" not in options.server
    assert options.platform is None
    assert (options.demo, options.without_key) == (True, False)


def test_without_a_key_the_screens_know_it() -> None:
    assert options_of(Settings()).without_key


def test_what_was_chosen_reaches_the_screens(tmp_path: Path) -> None:
    options = options_of(
        Settings(
            api_key=KEY,
            interval_s=9.0,
            run_id="bmr_1",
            job_id="bmj_1",
            read_only=True,
            download_dir=tmp_path,
            bell=True,
            title=True,
            theme="light",
        )
    )
    assert options.interval_s == 9.0
    assert (options.run_id, options.job_id) == ("bmr_1", "bmj_1")
    assert options.read_only
    assert options.downloads == str(tmp_path)
    assert options.bell
    assert options.title
    assert options.theme == "light"
