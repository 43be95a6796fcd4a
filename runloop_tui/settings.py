"""Flags and environment variables → one frozen `Settings`.

No message repeats a value that was given: a key ends up in the wrong place more easily than one
thinks (`--api-key-file "$RUNLOOP_API_KEY"`), and a message ends up in a terminal's history.
"""

import argparse
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar, Literal, NoReturn

from runloop_tui import __version__, flag_values
from runloop_tui.addresses import BadAddress, base_address
from runloop_tui.logs.limits import Limits

DEFAULT_BASE_URL = "https://api.runloop.ai"
_LONGEST_KEY = 4096
_INTERVAL_S = 5.0
_DEMO_INTERVAL_S = 2.0  # asking costs nothing there, and somebody is looking

Theme = Literal["dark", "light"]
LogLevel = Literal["debug", "info", "warning", "error"]

_EXAMPLES = """\
examples:
  runloop-tui --demo                      look around, without a key and without a network
  RUNLOOP_API_KEY=… runloop-tui           watch your runs
  runloop-tui --api-key-file ~/.runloop   the same, with the key kept in a file
  runloop-tui --run bmr_123 --read-only   watch one run; no key on the keyboard changes anything
  runloop-tui --base-url http://127.0.0.1:8080 --log-file tui.log --log-level debug

environment:
  RUNLOOP_API_KEY    the API key; no flag takes it, for other users could read it there
  RUNLOOP_BASE_URL   the address, where --base-url does not give one
"""


class SettingsError(Exception):
    """A flag or a variable is wrong: one line that says which and why, and quotes no value."""

    exit_status: ClassVar[int] = 2


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be chosen when the app starts."""

    demo: bool = False
    base_url: str = DEFAULT_BASE_URL
    """Without a slash at the end; no user name, password or query in it."""
    address_source: str = field(default="", compare=False)
    """The flag or variable that gave the address; "" where it is the default."""
    api_key: str | None = field(default=None, repr=False)
    key_source: str = field(default="RUNLOOP_API_KEY", compare=False)
    """The flag or variable that gave the key."""
    interval_s: float = _INTERVAL_S
    """Seconds from one poll to the next."""
    run_id: str | None = None
    """The run to open at the start."""
    job_id: str | None = None
    """The job to open at the start, in place of a run."""
    read_only: bool = False
    download_dir: Path | None = None
    """What was asked for; `download_folder` has the last word."""
    limits: Limits = field(default_factory=Limits)
    """How much of the disk logs may take."""
    log_file: Path | None = None
    log_level: LogLevel = "info"
    bell: bool = False
    title: bool = False
    theme: Theme = "dark"
    mouse: bool = True

    def cache_folder(self) -> Path:
        """Where archives are kept that are only read: the app's own among the user's caches."""
        import platformdirs  # only when the first archive is read

        return platformdirs.user_cache_path("runloop-tui", appauthor=False)

    def download_folder(self) -> Path:
        """Where logs go: the folder asked for, else `runloop-logs` among the user's downloads."""
        if self.download_dir is not None:
            return self.download_dir
        import platformdirs  # only when the first download asks

        return platformdirs.user_downloads_path() / "runloop-logs"


def parse(argv: Sequence[str], environ: Mapping[str, str]) -> Settings:
    """Settings from the arguments (without the program's name) and the environment.

    `--help` and `--version` print and leave by SystemExit, status 0.

    Raises:
        SettingsError: something is wrong; its message is one line, for standard error, and the
            program should end with its `exit_status`.
    """
    flags, unknown = _parser().parse_known_args(argv)
    if unknown:
        raise SettingsError(_about_unknown(unknown))
    if flags.demo and flags.base_url is not None:
        raise SettingsError("--demo needs no address: leave out --base-url")
    if flags.run is not None and flags.job is not None:
        raise SettingsError("--run and --job each open something else: leave out one")
    if flags.log_level is not None and flags.log_file is None:
        raise SettingsError("--log-level needs --log-file")
    return Settings(
        demo=flags.demo,
        base_url=DEFAULT_BASE_URL if flags.demo else _base_url(flags, environ),
        address_source="" if flags.demo else _address_source(flags, environ),
        api_key=None if flags.demo else _api_key(flags, environ),
        key_source="--api-key-file" if flags.api_key_file is not None else "RUNLOOP_API_KEY",
        interval_s=flags.interval or (_DEMO_INTERVAL_S if flags.demo else _INTERVAL_S),
        run_id=flags.run,
        job_id=flags.job,
        read_only=flags.read_only,
        download_dir=flags.download_dir,
        limits=_limits(flags),
        log_file=flags.log_file,
        log_level=flags.log_level or "info",
        bell=flags.bell,
        title=flags.title,
        theme=flags.theme,
        mouse=not flags.no_mouse,
    )


def _limits(flags: argparse.Namespace) -> Limits:
    usual = Limits()
    return replace(
        usual,
        most_bytes=flags.disk_limit or usual.most_bytes,
        highest_ratio=flags.highest_ratio or usual.highest_ratio,
    )


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        message = re.sub("ignored explicit argument .*", "takes no value", message, flags=re.DOTALL)
        raise SettingsError(message.removeprefix("argument "))


def _parser() -> _Parser:
    parser = _Parser(
        prog="runloop-tui",
        description="Watch Runloop benchmark runs live in your terminal.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,  # else --api-key would mean --api-key-file, and the key be its path
    )
    add = parser.add_argument
    add("--demo", action="store_true", help="show an embedded Runloop; needs no key, no network")
    add(
        "--base-url",
        metavar="URL",
        help=f"where Runloop is, without /v1 (default: {DEFAULT_BASE_URL})",
    )
    add("--insecure-http", action="store_true", help="let the key travel readable over plain http")
    add("--api-key-file", metavar="PATH", help="read the API key from this file")
    add(
        "--run",
        metavar="ID",
        type=flag_values.id_of("run"),
        help="open this benchmark run at the start",
    )
    add(
        "--job",
        metavar="ID",
        type=flag_values.id_of("job"),
        help="open this benchmark job at the start",
    )
    add("--read-only", action="store_true", help="remove what cancels and completes runs")
    add(
        "--interval",
        metavar="SECONDS",
        type=flag_values.interval,
        help="time between polls, 1 to 3600 (default: 5; 2 in the demo)",
    )
    add(
        "--download-dir",
        metavar="PATH",
        type=flag_values.folder,
        help="where logs go (default: runloop-logs in your downloads)",
    )
    add(
        "--disk-limit",
        metavar="SIZE",
        type=flag_values.size,
        help="the most that one archive of logs, or a file unpacked from it, may take, "
        "such as 500M (default: 16G)",
    )
    add(
        "--highest-ratio",
        metavar="NUMBER",
        type=flag_values.ratio,
        help="a large file that unpacks to more times its packed size is taken for a bomb "
        "(default: 200)",
    )
    add(
        "--log-file",
        metavar="PATH",
        type=flag_values.file_to_write,
        help="write what the app does there",
    )
    add(
        "--log-level",
        metavar="LEVEL",
        type=flag_values.one_of("debug", "info", "warning", "error"),
        help="debug, info, warning or error (default: info)",
    )
    add("--bell", action="store_true", help="ring the terminal's bell when a run ends")
    add("--title", action="store_true", help="show counts in the terminal's title")
    add(
        "--theme",
        metavar="THEME",
        type=flag_values.one_of("dark", "light"),
        default="dark",
        help="dark or light (default: dark)",
    )
    add("--no-mouse", action="store_true", help="leave the mouse to the terminal")
    add("--version", action="version", version=f"%(prog)s {__version__}")
    return parser


def _about_unknown(unknown: Sequence[str]) -> str:
    names = [name for text in unknown if (name := text.partition("=")[0]).startswith("-")]
    if "--api-key" in names:
        return "there is no --api-key: set RUNLOOP_API_KEY, or name a file with --api-key-file"
    if names and re.fullmatch(r"--?[a-z][a-z-]{0,20}", names[0]):
        return f"there is no flag {names[0]}; --help shows those that are"
    return "an argument was not understood; --help shows the flags"


def _address_source(flags: argparse.Namespace, environ: Mapping[str, str]) -> str:
    if flags.base_url is not None:
        return "--base-url"
    return "RUNLOOP_BASE_URL" if environ.get("RUNLOOP_BASE_URL") else ""


def _base_url(flags: argparse.Namespace, environ: Mapping[str, str]) -> str:
    given, source = flags.base_url, "--base-url"
    if given is None:
        given, source = environ.get("RUNLOOP_BASE_URL") or DEFAULT_BASE_URL, "RUNLOOP_BASE_URL"
    try:
        return base_address(given, insecure_http=flags.insecure_http)
    except BadAddress as error:
        raise SettingsError(f"{source} {error}") from None


def _api_key(flags: argparse.Namespace, environ: Mapping[str, str]) -> str | None:
    if flags.api_key_file is not None:
        return _checked_key(_key_in_file(flags.api_key_file), "--api-key-file: the key")
    key = environ.get("RUNLOOP_API_KEY", "").strip()
    return _checked_key(key, "RUNLOOP_API_KEY") if key else None


def _key_in_file(name: str) -> str:
    try:
        with Path(name).expanduser().open("rb") as file:
            content = file.read(_LONGEST_KEY + 1).strip()
    except (OSError, ValueError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no such path"
        raise SettingsError(f"--api-key-file cannot be read: {reason}") from None
    if not content:
        raise SettingsError("--api-key-file is empty")
    if len(content) > _LONGEST_KEY:
        raise SettingsError("--api-key-file is too long to be a key")
    if len(content.splitlines()) > 1:
        raise SettingsError("--api-key-file must hold the key alone, on one line")
    return content.decode("ascii", errors="replace")


def _checked_key(key: str, source: str) -> str:
    if not re.fullmatch(r"[!-~]+", key):
        raise SettingsError(f"{source} holds spaces or characters that no key has")
    return key
