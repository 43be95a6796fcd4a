"""The command line: its flags, and what each takes.

No message repeats a value that was given: a key gets into the wrong place easily
(`--api-key-file "$RUNLOOP_API_KEY"`), and a message gets into a terminal's history.
"""

import argparse
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import NoReturn

from runloop_tui import __version__
from runloop_tui.base_url import DEFAULT_BASE_URL

_HISTORY_HELP = "where what was seen is kept (default: history.db in your state folder)"
_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4}
_MIN_BYTES, _MAX_BYTES = 1024**2, 1024**5

_EXAMPLES = """\
examples:
  runloop-tui --demo                      look around, without a key and without a network
  RUNLOOP_API_KEY=… runloop-tui           watch your runs
  runloop-tui --api-key-file ~/.runloop   the same, with the key kept in a file
  runloop-tui --run bmr_123 --read-only   watch one run; no key on the keyboard changes anything
  runloop-tui --base-url http://127.0.0.1:8080 --log-file tui.log --log-level debug
  runloop-tui history show                what is kept of earlier runs; also: prune, path

environment:
  RUNLOOP_API_KEY    the API key; no flag takes it, for other users could read it there
  RUNLOOP_BASE_URL   the address, where --base-url does not give one
  RUNLOOP_TUI_HISTORY  the file of the history, where --history does not give one
"""

_HISTORY_EXAMPLES = """\
examples:
  runloop-tui history show                    the latest runs, a line each
  runloop-tui history prune --keep-days 30    remove what is older
  runloop-tui history path                    where it is
"""


class FlagError(Exception):
    """A flag is unknown, or its value is invalid: one line that names it and quotes no value."""


def parse_flags(argv: Sequence[str]) -> SimpleNamespace:
    """Parse the arguments, without the program's name.

    `--help` and `--version` print and raise SystemExit with status 0.

    Raises:
        FlagError: a flag is unknown, or its value is invalid.
    """
    flags, unknown = _parser().parse_known_args(argv, SimpleNamespace())
    if unknown:
        raise FlagError(_about_unknown(unknown))
    return flags


def parse_history_flags(argv: Sequence[str]) -> SimpleNamespace:
    """Parse the arguments of `runloop-tui history`, without these two words.

    `--help` prints and raises SystemExit with status 0.

    Raises:
        FlagError: an argument is unknown, or its value is invalid.
    """
    parser = _Parser(
        prog="runloop-tui history",
        description="What is kept of earlier runs: show it, remove a part of it, or say where it is.",
        epilog=_HISTORY_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("command", metavar="show|prune|path", type=one_of("show", "prune", "path"))
    add("--history", metavar="PATH", type=file_to_write, help=_HISTORY_HELP)
    add(
        "--keep-days",
        metavar="DAYS",
        type=whole(1, 100_000),
        help="for prune: remove runs that ended longer ago (default: 180)",
    )
    add(
        "--max-mb",
        metavar="MB",
        type=whole(1, 1_000_000),
        help="for prune: remove the oldest runs beyond so many megabytes (default: 200)",
    )
    flags, unknown = parser.parse_known_args(argv, SimpleNamespace())
    if unknown:
        raise FlagError(_about_unknown(unknown))
    if flags.command != "prune" and (flags.keep_days or flags.max_mb):
        raise FlagError("--keep-days and --max-mb are for prune")
    return flags


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        message = re.sub("ignored explicit argument .*", "takes no value", message, flags=re.DOTALL)
        raise FlagError(message.removeprefix("argument "))


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
        type=id_of("run"),
        help="open this benchmark run at the start",
    )
    add(
        "--job",
        metavar="ID",
        type=id_of("job"),
        help="open this benchmark job at the start",
    )
    add("--read-only", action="store_true", help="remove what cancels and completes runs")
    add(
        "--interval",
        metavar="SECONDS",
        type=interval,
        help="time between polls, 1 to 3600 (default: 5; 2 in the demo)",
    )
    add(
        "--download-dir",
        metavar="PATH",
        type=folder,
        help="where logs go (default: runloop-logs in your downloads)",
    )
    add(
        "--disk-limit",
        metavar="SIZE",
        type=size,
        help="the most that one archive of logs, or a file unpacked from it, may take, "
        "such as 500M (default: 16G)",
    )
    add(
        "--highest-ratio",
        metavar="NUMBER",
        type=ratio,
        help="a large file that unpacks to more times its packed size is taken for a bomb "
        "(default: 200)",
    )
    add("--history", metavar="PATH", type=file_to_write, help=_HISTORY_HELP)
    add("--no-history", action="store_true", help="keep nothing of what was seen")
    add(
        "--log-file",
        metavar="PATH",
        type=file_to_write,
        help="write what the app does there",
    )
    add(
        "--log-level",
        metavar="LEVEL",
        type=one_of("debug", "info", "warning", "error"),
        help="debug, info, warning or error (default: info)",
    )
    add("--bell", action="store_true", help="ring the terminal's bell when a run ends")
    add("--title", action="store_true", help="show counts in the terminal's title")
    add(
        "--theme",
        metavar="THEME",
        type=one_of("dark", "light"),
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


# The values of flags. Each function parses a text, or raises `argparse.ArgumentTypeError` with a
# phrase that follows the name of the flag.


def one_of(*choices: str) -> Callable[[str], str]:
    """Return a parser of one of these words, in upper or lower case."""

    def parse(text: str) -> str:
        if text.lower() not in choices:
            raise argparse.ArgumentTypeError(
                f"must be {', '.join(choices[:-1])} or {choices[-1]}",
            )
        return text.lower()

    return parse


def interval(text: str) -> float:
    """Parse the seconds between two polls."""
    message = "must be a number of seconds from 1 to 3600"
    try:
        seconds = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(message) from None
    if not 1 <= seconds <= 3600:  # false for NaN as well
        raise argparse.ArgumentTypeError(message)
    return seconds


def size(text: str) -> int:
    """Parse a number of bytes such as `500M` or `16G`."""
    message = "must be a size from 1M to 1024T, such as 500M or 16G"
    found = re.fullmatch(r"([0-9]{1,16})([kmgt]?)", text.strip().lower())
    if found is None:
        raise argparse.ArgumentTypeError(message)
    amount = int(found[1]) * _UNITS[found[2]]
    if not _MIN_BYTES <= amount <= _MAX_BYTES:
        raise argparse.ArgumentTypeError(message)
    return amount


def ratio(text: str) -> int:
    """Parse the highest ratio of unpacked to packed size."""
    if re.fullmatch(r"[0-9]{1,6}", text) is None or int(text) < 2:
        raise argparse.ArgumentTypeError("must be a whole number from 2 to 999999")
    return int(text)


def whole(least: int, most: int) -> Callable[[str], int]:
    """Return a parser of a whole number."""

    def parse(text: str) -> int:
        if re.fullmatch(r"[0-9]{1,9}", text) is None or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"must be a whole number from {least} to {most}")
        return int(text)

    return parse


def id_of(noun: str) -> Callable[[str], str]:
    """Return a parser of an id of any form; `noun` is for its error."""

    def parse(text: str) -> str:
        if not text.strip():
            raise argparse.ArgumentTypeError(f"needs the id of a {noun}")
        return text.strip()

    return parse


def folder(text: str) -> Path:
    """Parse the path of a folder, which need not exist."""
    path = _path(text)
    if _exists(path) and not path.is_dir():
        raise argparse.ArgumentTypeError("is a file, not a folder")
    return path


def file_to_write(text: str) -> Path:
    """Parse the path of a file in a folder that exists."""
    path = _path(text)
    if not _exists(path.parent):
        raise argparse.ArgumentTypeError("is in a folder that does not exist")
    if _exists(path) and path.is_dir():
        raise argparse.ArgumentTypeError("is a folder, not a file")
    return path


def _path(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("needs a path")
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise argparse.ArgumentTypeError("begins with the home folder of an unknown user") from None


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise argparse.ArgumentTypeError(f"cannot be used: {error.strerror}") from None
