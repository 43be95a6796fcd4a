import math
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runloop_tui import __version__
from runloop_tui.config import _NO_FLAGS, Settings, SettingsError, parse
from runloop_tui.flags import parse_flags
from runloop_tui.logs.limits import Limits

KEY = "ak_secret31"


def problem(*argv: str, **environ: str) -> str:
    """Return the error line for these arguments and variables."""
    with pytest.raises(SettingsError) as caught:
        parse(argv, environ)
    message = str(caught.value)
    assert message
    assert message.isprintable(), "one line, and nothing that a terminal obeys"
    assert KEY not in repr(caught.value)
    assert caught.value.exit_status == 2
    return message


DEMO = Settings(demo=True, interval_s=2.0)


def test_without_flags_and_variables_everything_has_its_default() -> None:
    assert parse([], {}) == Settings(
        demo=False,
        base_url="https://api.runloop.ai",
        api_key=None,
        interval_s=5.0,
        run_id=None,
        job_id=None,
        read_only=False,
        download_dir=None,
        log_file=None,
        log_level="info",
        bell=False,
        title=False,
        theme="dark",
        mouse=True,
    )


def test_every_switch_switches_its_own_setting() -> None:
    assert parse(["--demo"], {}) == DEMO
    assert parse(["--read-only"], {}) == Settings(read_only=True)
    assert parse(["--bell"], {}) == Settings(bell=True)
    assert parse(["--title"], {}) == Settings(title=True)
    assert parse(["--no-mouse"], {}) == Settings(mouse=False)


def test_run_takes_an_id_of_any_form() -> None:
    assert parse(["--run", " no/id-we-know "], {}).run_id == "no/id-we-know"
    assert problem("--run", " ") == "--run: needs the id of a run"


def test_a_job_can_be_opened_in_place_of_a_run() -> None:
    assert parse(["--job", " bmj_1 "], {}).job_id == "bmj_1"
    assert problem("--job", " ") == "--job: needs the id of a job"
    both = problem("--job", "bmj_1", "--run", "bmr_1")
    assert both == "--run and --job each open something else: leave out one"


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_theme_is_dark_or_light(theme: str) -> None:
    assert parse(["--theme", theme], {}).theme == theme
    assert problem("--theme", "grey") == "--theme: must be dark or light"


def test_without_flags_argparse_is_not_needed() -> None:
    assert vars(_NO_FLAGS) == vars(parse_flags([]))
    code = "import sys; from runloop_tui.config import parse; parse([], {}); print('argparse' in sys.modules)"
    completed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert completed.stdout == "False\n"


# The interval


@pytest.mark.parametrize(("text", "seconds"), [("1", 1.0), ("2.5", 2.5), ("3600", 3600.0)])
def test_the_interval_is_in_seconds(text: str, seconds: float) -> None:
    assert parse(["--interval", text], {}).interval_s == seconds


@pytest.mark.parametrize("text", ["0", "0.99", "3601", "-5", "nan", "inf", "-inf", "often", ""])
def test_an_interval_out_of_range_is_rejected(text: str) -> None:
    message = problem(f"--interval={text}")
    assert message == "--interval: must be a number of seconds from 1 to 3600"


# The address


def test_the_flag_for_the_address_goes_before_the_variable() -> None:
    environ = {"RUNLOOP_BASE_URL": "https://one.example"}

    assert parse([], environ).base_url == "https://one.example"
    assert parse(["--base-url", "https://two.example"], environ).base_url == "https://two.example"


@pytest.mark.parametrize("given", ["ftp://api.example", f"https://me:{KEY}@api.example"])
def test_an_invalid_address_is_reported_with_its_flag_or_variable(given: str) -> None:
    assert problem("--base-url", given).startswith("--base-url must ")
    assert problem(RUNLOOP_BASE_URL=given).startswith("RUNLOOP_BASE_URL must ")
    assert problem("--base-url", "") == "--base-url is empty"


def test_an_empty_variable_for_the_address_is_none() -> None:
    assert parse([], {"RUNLOOP_BASE_URL": ""}).base_url == "https://api.runloop.ai"


@pytest.mark.parametrize(
    "address",
    ["http://api.example", "http://localhost.evil.example", "http://127.0.0.1.evil.example"],
)
def test_plain_http_is_rejected_except_on_loopback(address: str) -> None:
    assert "is plain http" in problem("--base-url", address)
    assert parse(["--base-url", address, "--insecure-http"], {}).base_url == address


# The key


def test_the_key_comes_from_the_variable() -> None:
    assert parse([], {"RUNLOOP_API_KEY": f" {KEY}\n"}).api_key == KEY


@pytest.mark.parametrize("empty", ["", "  ", "\n"])
def test_an_empty_variable_is_no_key(empty: str) -> None:
    assert parse([], {"RUNLOOP_API_KEY": empty}).api_key is None


def test_a_key_file_goes_before_the_variable(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(f"{KEY}\n")

    settings = parse(["--api-key-file", str(path)], {"RUNLOOP_API_KEY": "another"})

    assert settings.api_key == KEY


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (f"{KEY}\n{KEY}".encode(), "on one line"),
        (f"{KEY} {KEY}".encode(), "no key has"),
        (f"{KEY}\x00".encode(), "no key has"),
        (f"{KEY}\xe9".encode("latin-1"), "no key has"),
        (KEY.encode() * 1000, "too long"),
    ],
)
def test_a_key_file_without_a_valid_key_is_rejected(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)

    message = problem("--api-key-file", str(path))
    assert message.startswith("--api-key-file")
    assert reason in message


def test_an_unreadable_key_file_is_rejected(tmp_path: Path) -> None:
    missing = problem("--api-key-file", str(tmp_path / "missing"))
    assert missing == "--api-key-file cannot be read: No such file or directory"
    assert problem("--api-key-file", str(tmp_path)).endswith("Is a directory")
    assert problem("--api-key-file", "a\0b").endswith("no such path")
    assert problem("--api-key-file", "~nobody-of-that-name/key").endswith("no such path")


@pytest.mark.parametrize("key", [f"{KEY} x", f"{KEY}\nX: y", f"\x1b{KEY}", f"{KEY}\u00e9"])
def test_a_key_that_no_header_can_carry_is_rejected(key: str) -> None:
    message = problem(RUNLOOP_API_KEY=key)
    assert message == "RUNLOOP_API_KEY holds spaces or characters that no key has"


@pytest.mark.parametrize(
    "argv",
    [
        ["--api-key", KEY],
        [f"--api-key={KEY}"],
        ["--api-key-file", KEY],
        [KEY],
        ["--", KEY],
        [f"-{KEY}"],
        [f"--{KEY}"],
        ["--kee", KEY],
        [f"--demo={KEY}"],
        ["--interval", KEY],
        ["--theme", KEY],
        ["--base-url", KEY],
        ["--log-level", KEY],
        ["--log-file", f"/no-such-folder/{KEY}"],
    ],
)
def test_a_key_in_a_wrong_place_is_not_repeated(argv: list[str]) -> None:
    assert KEY not in problem(*argv)


def test_the_error_about_api_key_names_the_alternatives() -> None:
    for argv in (["--api-key", KEY], [f"--api-key={KEY}"]):
        assert "RUNLOOP_API_KEY" in problem(*argv)
        assert "--api-key-file" in problem(*argv)


def test_the_key_is_not_in_the_repr() -> None:
    assert KEY not in repr(parse([], {"RUNLOOP_API_KEY": KEY}))


# The demo


def test_the_demo_ignores_key_and_address_of_the_environment(tmp_path: Path) -> None:
    environ = {"RUNLOOP_API_KEY": "not a key", "RUNLOOP_BASE_URL": "not an address"}

    assert parse(["--demo"], environ) == DEMO
    assert parse(["--demo", "--api-key-file", str(tmp_path)], environ) == DEMO


def test_the_demo_polls_faster_unless_an_interval_is_given() -> None:
    assert parse(["--demo"], {}).interval_s == 2.0
    assert parse(["--demo", "--interval", "5"], {}).interval_s == 5.0


def test_the_demo_has_no_address() -> None:
    message = problem("--demo", "--base-url", "https://api.example")
    assert message == "--demo needs no address: leave out --base-url"


# The history


def test_the_history_is_in_the_state_folder_unless_a_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    named, by_variable = tmp_path / "named.db", {"RUNLOOP_TUI_HISTORY": str(tmp_path / "var.db")}
    assert parse([], {}).history_file() == tmp_path / "runloop-tui" / "history.db"
    assert parse([], by_variable).history_file() == tmp_path / "var.db"
    assert parse(["--history", str(named)], by_variable).history_file() == named
    assert list(tmp_path.iterdir()) == []


def test_no_history_goes_before_the_variable() -> None:
    environ = {"RUNLOOP_TUI_HISTORY": "/tmp/var.db"}
    assert parse(["--no-history"], environ) == Settings(keeps_history=False)
    message = problem("--no-history", "--history", "/tmp/named.db")
    assert message == "--history and --no-history contradict each other: leave out one"


def test_the_demo_has_no_history_of_the_users() -> None:
    assert parse(["--demo"], {"RUNLOOP_TUI_HISTORY": "/tmp/var.db"}) == DEMO
    message = problem("--demo", "--history", "/tmp/named.db")
    assert message == "--demo keeps no history: leave out --history"


def test_a_history_that_cannot_be_a_file_is_rejected(tmp_path: Path) -> None:
    assert problem("--history", str(tmp_path)) == "--history: is a folder, not a file"
    nowhere = str(tmp_path / "none" / "history.db")
    assert problem("--history", nowhere) == "--history: is in a folder that does not exist"
    message = problem(RUNLOOP_TUI_HISTORY=nowhere)
    assert message == "RUNLOOP_TUI_HISTORY is in a folder that does not exist"


# Files and folders


def test_downloads_go_to_download_dir(tmp_path: Path) -> None:
    settings = parse(["--download-dir", str(tmp_path / "new")], {})

    assert settings.download_folder() == tmp_path / "new"
    assert not (tmp_path / "new").exists(), "made when something is downloaded, not before"


def test_downloads_go_to_the_users_downloads_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_downloads_path", lambda: Path("/home/me/Downloads"))

    assert parse([], {}).download_folder() == Path("/home/me/Downloads/runloop-logs")


def test_a_tilde_is_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "key").write_text(KEY)

    settings = parse(
        ["--download-dir", "~/logs", "--log-file", "~/tui.log", "--api-key-file", "~/key"], {}
    )

    assert settings.download_dir == tmp_path / "logs"
    assert settings.log_file == tmp_path / "tui.log"
    assert settings.api_key == KEY


def test_an_unusable_path_is_rejected(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()

    assert problem("--download-dir", str(file)) == "--download-dir: is a file, not a folder"
    assert problem("--download-dir", "") == "--download-dir: needs a path"
    assert "cannot be used" in problem("--download-dir", "x" * 5000)
    assert problem("--download-dir", "~nobody-of-that-name/x").startswith("--download-dir: begins")
    assert problem("--log-file", str(tmp_path)) == "--log-file: is a folder, not a file"
    assert problem("--log-file", str(tmp_path / "no" / "log")).endswith("that does not exist")
    assert problem("--log-file", "x" * 300) == "--log-file: cannot be used: File name too long"


@pytest.mark.parametrize("level", ["debug", "info", "warning", "error"])
def test_the_log_has_a_file_and_a_level(tmp_path: Path, level: str) -> None:
    path = tmp_path / "tui.log"

    settings = parse(["--log-file", str(path), "--log-level", level], {})

    assert (settings.log_file, settings.log_level) == (path, level)
    assert not path.exists()


def test_an_unknown_log_level_is_rejected() -> None:
    message = problem("--log-file", "tui.log", "--log-level", "loud")
    assert message == "--log-level: must be debug, info, warning or error"


def test_a_log_level_without_a_file_is_rejected() -> None:
    assert problem("--log-level", "info") == "--log-level needs --log-file"


def test_the_disk_limits_of_logs_are_configurable() -> None:
    assert parse([], {}).limits == Limits()
    assert parse(["--disk-limit", "500M"], {}).limits.most_bytes == 500 * 1024**2
    assert parse(["--disk-limit", "2g"], {}).limits.most_bytes == 2 * 1024**3
    assert parse(["--disk-limit", "1048576"], {}).limits.most_bytes == 1024**2
    assert parse(["--highest-ratio", "1000"], {}).limits.highest_ratio == 1_000


@pytest.mark.parametrize("text", ["", "0", "-1G", "1K", "1.5G", "2000T", "much", "9" * 17, "٣M"])
def test_a_size_out_of_range_is_rejected(text: str) -> None:
    message = problem(f"--disk-limit={text}")
    assert message == "--disk-limit: must be a size from 1M to 1024T, such as 500M or 16G"


@pytest.mark.parametrize("text", ["", "1", "-5", "1.5", "1000000", "nan"])
def test_a_ratio_out_of_range_is_rejected(text: str) -> None:
    message = problem(f"--highest-ratio={text}")
    assert message == "--highest-ratio: must be a whole number from 2 to 999999"


# Words


def test_an_unknown_flag_is_named() -> None:
    assert (
        problem("--intervall", "5") == "there is no flag --intervall; --help shows those that are"
    )


def test_flags_cannot_be_abbreviated() -> None:
    assert problem("--int", "5").startswith("there is no flag --int;")


def test_a_flag_without_its_value_is_rejected() -> None:
    assert problem("--run") == "--run: expected one argument"


def test_version_prints_the_version_and_exits_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        parse(["--version"], {})

    assert left.value.code == 0
    assert capsys.readouterr().out == f"runloop-tui {__version__}\n"


def test_help_has_every_flag_every_variable_and_examples(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as left:
        parse(["--help"], {"RUNLOOP_API_KEY": KEY})

    text = capsys.readouterr().out
    assert left.value.code == 0
    for word in (
        *(
            "--demo",
            "--base-url",
            "--insecure-http",
            "--api-key-file",
            "--interval",
            "--run",
            "--job",
        ),
        *(
            "--read-only",
            "--download-dir",
            "--disk-limit",
            "--highest-ratio",
            "--log-file",
            "--log-level",
            "--bell",
            "--title",
        ),
        *("--theme", "--no-mouse", "--version", "examples:"),
        *("RUNLOOP_API_KEY", "RUNLOOP_BASE_URL"),
    ):
        assert word in text
    assert KEY not in text


@given(st.lists(st.text(max_size=20), max_size=4))
def test_any_arguments_lead_to_settings_or_one_line(argv: list[str]) -> None:
    try:
        settings = parse(argv, {})
    except SettingsError as error:
        message = str(error)
    except SystemExit:
        return
    else:
        assert math.isfinite(settings.interval_s)
        return
    assert message.isprintable()


def test_config_imports_nothing_slow() -> None:
    code = (
        "import sys; from runloop_tui.config import parse; parse([], {}); "
        "print({'platformdirs', 'httpx', 'textual', 'pydantic', 'asyncio', 'sqlite3'} & set(sys.modules))"
    )

    completed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert completed.stdout == "set()\n"
