"""File names for archives, made from text that cannot be trusted."""

import os
import re
from itertools import count
from pathlib import Path

from runloop_tui.api.redact import redact

_ENDING = "-logs.zip"
_ENDING_SO_FAR = "-so-far-logs.zip"
_LONGEST_KIND_NAME = 33
_LONGEST_ID = 48  # real ids have about 25 characters

_RESERVED_BY_WINDOWS = frozenset(
    ["con", "prn", "aux", "nul"]
    + [f"{port}{number}" for port in ("com", "lpt") for number in range(10)]
)


def archive_name(kind_name: str, id: str, *, is_whole: bool = True) -> str:  # noqa: A002  Runloop's word for it
    """A file name for the logs of the thing called `kind_name` whose id is `id`.

    Both may hold anything. The name has only ``A-Z a-z 0-9 . _ -``, does not begin with a dot or a
    dash, is at most 100 characters long, contains the id in its safe form and ends in
    ``-logs.zip``, or in ``-so-far-logs.zip`` where more may come. Two hostile ids may come out
    alike: `free_path` keeps their files apart. The key is never in it.
    """
    parts = [_safe(kind_name, _LONGEST_KIND_NAME), _safe(id, _LONGEST_ID) or "unnamed"]
    name = "-".join(part for part in parts if part)
    name += _ENDING if is_whole else _ENDING_SO_FAR
    # Windows goes by what stands before the first dot: "con.anything.zip" is a device.
    if name.split(".", 1)[0].lower() in _RESERVED_BY_WINDOWS:
        return "_" + name
    return name


def _safe(text: str, longest: int) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "_", redact(text)).strip("._-")[:longest].rstrip("._-")


def part_path(final: Path) -> Path:
    """Where the bytes of `final` are kept until they are whole."""
    return final.with_name(final.name + ".part")


def free_path(folder: Path, name: str) -> Path:
    """The first of ``name``, ``name (2)``, … in `folder` that is there neither whole nor in part.

    The number goes before the ending: ``a-logs (2).zip``. A dangling link counts as being there.
    By the time the path is used somebody may have taken it, so use it exclusively.
    """
    stem, ending = Path(name).stem, Path(name).suffix
    for number in count(1):
        path = folder / (name if number == 1 else f"{stem} ({number}){ending}")
        if not os.path.lexists(path) and not os.path.lexists(part_path(path)):
            break
    return path
