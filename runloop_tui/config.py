"""The configuration: flags over environment variables, as one frozen `Settings`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar, Literal

from runloop_tui.base_url import DEFAULT_BASE_URL, InvalidBaseUrl, normalize_base_url
from runloop_tui.logs.limits import Limits

_MAX_KEY_LENGTH = 4096
_INTERVAL_S = 5.0
_DEMO_INTERVAL_S = 2.0  # requests cost nothing there, and the user is looking

Theme = Literal["dark", "light"]
LogLevel = Literal["debug", "info", "warning", "error"]

_NO_FLAGS = SimpleNamespace(
    demo=False,
    base_url=None,
    insecure_http=False,
    api_key_file=None,
    run=None,
    job=None,
    read_only=False,
    interval=None,
    download_dir=None,
    disk_limit=None,
    highest_ratio=None,
    history=None,
    no_history=False,
    log_file=None,
    log_level=None,
    bell=False,
    title=False,
    theme="dark",
    no_mouse=False,
)
"""What `parse_flags` returns without arguments; spares the usual start argparse, about 4 ms."""


class SettingsError(Exception):
    """A flag, a variable or the key file is invalid: one line that names it and quotes no value."""

    exit_status: ClassVar[int] = 2


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is configured at the start."""

    demo: bool = False
    base_url: str = DEFAULT_BASE_URL
    """As `normalize_base_url` returns it."""
    address_source: str = field(default="", compare=False)
    """The flag or variable that `base_url` is from; "" for the default."""
    api_key: str | None = field(default=None, repr=False)
    key_source: str = field(default="RUNLOOP_API_KEY", compare=False)
    """The flag or variable that `api_key` is from."""
    interval_s: float = _INTERVAL_S
    """The pause between two polls, in seconds."""
    run_id: str | None = None
    """The run to open at the start."""
    job_id: str | None = None
    """The job to open at the start, in place of a run."""
    read_only: bool = False
    download_dir: Path | None = None
    """The value of --download-dir; use `download_folder()`."""
    limits: Limits = field(default_factory=Limits)
    """How much disk space logs may take."""
    keeps_history: bool = True
    history: Path | None = None
    """The file given for the history; use `history_file()`."""
    log_file: Path | None = None
    log_level: LogLevel = "info"
    bell: bool = False
    title: bool = False
    theme: Theme = "dark"
    mouse: bool = True

    def cache_folder(self) -> Path:
        """Return the folder of archives that are only displayed: this app's in the user's caches."""
        import platformdirs  # slow to import, and not needed at the start

        return platformdirs.user_cache_path("runloop-tui", appauthor=False)

    def history_file(self) -> Path:
        """Return the file of the history: --history or its variable, else the one in the user's state folder."""
        if self.history is not None:
            return self.history
        from runloop_tui.history.schema import default_path  # with sqlite3, which is slow to import

        return default_path()

    def download_folder(self) -> Path:
        """Return the folder of downloads: --download-dir, else `runloop-logs` in the user's downloads."""
        if self.download_dir is not None:
            return self.download_dir
        import platformdirs

        return platformdirs.user_downloads_path() / "runloop-logs"


def parse(argv: Sequence[str], environ: Mapping[str, str]) -> Settings:
    """Return the settings from the arguments (without the program's name) and the environment.

    `--help` and `--version` print and raise SystemExit with status 0.

    Raises:
        SettingsError: a flag, a variable or the key file is invalid. Its message is one line for
            standard error, and its `exit_status` that of the program.
    """
    flags = _flags(argv)
    if flags.demo and flags.base_url is not None:
        raise SettingsError("--demo needs no address: leave out --base-url")
    if flags.run is not None and flags.job is not None:
        raise SettingsError("--run and --job each open something else: leave out one")
    if flags.demo and flags.history is not None:
        raise SettingsError("--demo keeps no history: leave out --history")
    if flags.no_history and flags.history is not None:
        raise SettingsError("--history and --no-history contradict each other: leave out one")
    if flags.log_level is not None and flags.log_file is None:
        raise SettingsError("--log-level needs --log-file")
    base_url, address_source = (DEFAULT_BASE_URL, "") if flags.demo else _base_url(flags, environ)
    return Settings(
        demo=flags.demo,
        base_url=base_url,
        address_source=address_source,
        api_key=None if flags.demo else _api_key(flags, environ),
        key_source="--api-key-file" if flags.api_key_file is not None else "RUNLOOP_API_KEY",
        interval_s=flags.interval or (_DEMO_INTERVAL_S if flags.demo else _INTERVAL_S),
        run_id=flags.run,
        job_id=flags.job,
        read_only=flags.read_only,
        download_dir=flags.download_dir,
        limits=_limits(flags),
        keeps_history=not flags.no_history,
        history=None if flags.demo or flags.no_history else history_of(flags.history, environ),
        log_file=flags.log_file,
        log_level=flags.log_level or "info",
        bell=flags.bell,
        title=flags.title,
        theme=flags.theme,
        mouse=not flags.no_mouse,
    )


def history_of(given: Path | None, environ: Mapping[str, str]) -> Path | None:
    """Return the file for the history by the flag, else by the variable; None where neither names one.

    Raises:
        SettingsError: the variable names no file that can be.
    """
    named = environ.get("RUNLOOP_TUI_HISTORY")
    if given is not None or not named:
        return given
    from argparse import ArgumentTypeError

    from runloop_tui.flags import file_to_write

    try:
        return file_to_write(named)
    except ArgumentTypeError as error:
        raise SettingsError(f"RUNLOOP_TUI_HISTORY {error}") from None


def _flags(argv: Sequence[str]) -> SimpleNamespace:
    if not argv:
        return _NO_FLAGS
    from runloop_tui.flags import FlagError, parse_flags

    try:
        return parse_flags(argv)
    except FlagError as error:
        raise SettingsError(str(error)) from None


def _limits(flags: SimpleNamespace) -> Limits:
    default = Limits()
    return replace(
        default,
        most_bytes=flags.disk_limit or default.most_bytes,
        highest_ratio=flags.highest_ratio or default.highest_ratio,
    )


def _base_url(flags: SimpleNamespace, environ: Mapping[str, str]) -> tuple[str, str]:
    """Return the base URL, and the flag or variable that it is from; "" for the default."""
    given, source = flags.base_url, "--base-url"
    if given is None:
        given, source = environ.get("RUNLOOP_BASE_URL"), "RUNLOOP_BASE_URL"
        if not given:
            return DEFAULT_BASE_URL, ""
    try:
        return normalize_base_url(given, insecure_http=flags.insecure_http), source
    except InvalidBaseUrl as error:
        raise SettingsError(f"{source} {error}") from None


def _api_key(flags: SimpleNamespace, environ: Mapping[str, str]) -> str | None:
    if flags.api_key_file is not None:
        return _checked_key(_key_in_file(flags.api_key_file), "--api-key-file: the key")
    key = environ.get("RUNLOOP_API_KEY", "").strip()
    return _checked_key(key, "RUNLOOP_API_KEY") if key else None


def _key_in_file(name: str) -> str:
    try:
        with Path(name).expanduser().open("rb") as file:
            content = file.read(_MAX_KEY_LENGTH + 1).strip()
    except (OSError, ValueError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no such path"
        raise SettingsError(f"--api-key-file cannot be read: {reason}") from None
    if not content:
        raise SettingsError("--api-key-file is empty")
    if len(content) > _MAX_KEY_LENGTH:
        raise SettingsError("--api-key-file is too long to be a key")
    if len(content.splitlines()) > 1:
        raise SettingsError("--api-key-file must hold the key alone, on one line")
    return content.decode("ascii", errors="replace")


def _checked_key(key: str, source: str) -> str:
    if not re.fullmatch(r"[!-~]+", key):
        raise SettingsError(f"{source} holds spaces or characters that no key has")
    return key
