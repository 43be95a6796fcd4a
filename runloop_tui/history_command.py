"""`runloop-tui history show`, `prune` and `path`: what is kept of earlier runs, without a screen."""

import io
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TextIO

from runloop_tui.config import Settings, SettingsError, history_of
from runloop_tui.flags import FlagError, parse_history_flags

_DAY_MS = 86_400_000
_MEGABYTE = 1024 * 1024
_FAILED = 1


def run_history_command(argv: Sequence[str], environ: Mapping[str, str], now_ms: int) -> int:
    """Run the command of these arguments, without the word `history`; return the exit status.

    Raises:
        SettingsError: an argument or the variable is invalid.
    """
    try:
        flags = parse_history_flags(argv)
    except FlagError as error:
        raise SettingsError(str(error)) from None
    from runloop_tui.history.commands import prune, show, show_path
    from runloop_tui.history.recorder import Limits

    path = Settings(history=history_of(flags.history, environ)).history_file()
    out, err = _lenient(sys.stdout), _lenient(sys.stderr)
    default = Limits()
    limits = Limits(
        keep_ms=flags.keep_days * _DAY_MS if flags.keep_days else default.keep_ms,
        most_bytes=flags.max_mb * _MEGABYTE if flags.max_mb else default.most_bytes,
    )
    try:
        match flags.command:
            case "show":
                status = show(path, out, err)
            case "prune":
                status = prune(path, out, err, now_ms, limits=limits)
            case _:
                status = show_path(path, out)
        out.flush()
    except BrokenPipeError:  # its reader has seen enough
        with open(os.devnull, "w") as devnull:  # noqa: PTH123 - for a descriptor
            os.dup2(devnull.fileno(), sys.stdout.fileno())
        return _FAILED
    return status


def _lenient(stream: TextIO) -> TextIO:
    """Have a stream write ? for what its encoding has no character for, such as in the name of a run."""
    if isinstance(stream, io.TextIOWrapper):
        with suppress(ValueError):
            stream.reconfigure(errors="replace")
    return stream
