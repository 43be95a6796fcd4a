"""Where archives are stored: safe file names, `.part` files, and the private cache folder."""

import os
import re
import shutil
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO

from runloop_tui.api.redact import redact

MOST_KEPT_BYTES = 1024 * 1024 * 1024
"""Total size of the archives in the cache folder beyond which the oldest are removed."""

_ENDING = "-logs.zip"
_ENDING_SO_FAR = "-so-far-logs.zip"
_LONGEST_KIND_NAME = 33
_LONGEST_ID = 48  # real ids have about 25 characters
_CACHE_PREFIX = "reading-"
_RESERVED_BY_WINDOWS = frozenset(
    ["con", "prn", "aux", "nul"]
    + [f"{port}{number}" for port in ("com", "lpt") for number in range(10)]
)


def archive_name(kind_name: str, id: str, *, is_whole: bool = True) -> str:  # noqa: A002  Runloop's word for it
    """Return a safe file name for the logs of the run named `kind_name` with the id `id`.

    Both may hold any text. The result has only ``A-Z a-z 0-9 . _ -``, does not begin with a dot or
    a dash, has at most 100 characters, contains the id in its safe form, and ends in
    ``-logs.zip``, or in ``-so-far-logs.zip`` if the logs may still grow. Two hostile ids may give
    the same name: `free_path` keeps their files apart. The API key is redacted.
    """
    parts = [_safe(kind_name, _LONGEST_KIND_NAME), _safe(id, _LONGEST_ID) or "unnamed"]
    name = "-".join(part for part in parts if part)
    name += _ENDING if is_whole else _ENDING_SO_FAR
    # Windows compares the part before the first dot: "con.anything.zip" is a device.
    if name.split(".", 1)[0].lower() in _RESERVED_BY_WINDOWS:
        return "_" + name
    return name


def _safe(text: str, longest: int) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "_", redact(text)).strip("._-")[:longest].rstrip("._-")


def part_path(final: Path) -> Path:
    """Return the path of the `.part` file in which the bytes of `final` are collected."""
    return final.with_name(final.name + ".part")


def free_path(folder: Path, name: str) -> Path:
    """Return the first of ``name``, ``name (2)``, … in `folder` that exists neither whole nor as `.part`.

    The number is inserted before the extension: ``a-logs (2).zip``. A dangling symlink counts as
    existing. Another process may take the path before it is used, so create it exclusively.
    """
    stem, ending = Path(name).stem, Path(name).suffix
    for number in count(1):
        path = folder / (name if number == 1 else f"{stem} ({number}){ending}")
        if not os.path.lexists(path) and not os.path.lexists(part_path(path)):
            break
    return path


def create_part(folder: Path, name: str) -> tuple[Path, BinaryIO]:
    """Create `folder` if needed (mode 0700) and a new, empty `.part` file in it (mode 0600).

    Return the path that the finished file will have, and the open `.part` file.

    Raises:
        OSError: the folder or the file cannot be created.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    while True:
        final = free_path(folder, name)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with suppress(FileExistsError):  # created by another process in between: try the next
            return final, os.fdopen(os.open(part_path(final), flags, 0o600), "wb")


def move_to_final(part: Path, final: Path) -> Path:
    """Rename `part` to `final`, or to the next free path if that exists by now, and return it.

    Raises:
        OSError: the file system refuses; `part` is left in place.
    """
    name = final.name
    while True:
        with suppress(FileExistsError):
            _rename_without_overwriting(part, final)
            return final
        final = free_path(final.parent, name)


def _rename_without_overwriting(source: Path, target: Path) -> None:
    """Rename, but raise FileExistsError where `os.rename` would overwrite."""
    try:
        target.hardlink_to(source)
    except FileExistsError:
        raise
    except OSError:  # no hard links on this file system; the errno differs between systems
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
        try:
            source.replace(target)  # overwrites the empty file just created
        except OSError:
            target.unlink()
            raise
    else:
        with suppress(OSError):  # the archive is in place; a left-over second name is harmless
            source.unlink()


def remove_part(part: Path) -> None:
    """Remove `part`, ignoring an OSError."""
    with suppress(OSError):
        part.unlink()


def remove_if_empty(part: Path) -> bool:
    """Remove `part` if it has no bytes; return True if it is gone."""
    try:
        if part.stat().st_size > 0:
            return False
        part.unlink()
    except FileNotFoundError:
        return True
    except OSError:  # the error that ended the download is reported, not this one
        return False
    return True


class ReadingFolder:
    """The cache folder of this process for archives that are read in place; the first download creates it.

    Args:
        cache: the cache folder of the app.
        most_bytes: total size of the archives that `make_room` keeps.
    """

    def __init__(self, cache: Path, most_bytes: int = MOST_KEPT_BYTES) -> None:
        self.path = cache / f"{_CACHE_PREFIX}{os.getpid()}"
        self._most_bytes = most_bytes

    def make_room(self) -> None:
        """Remove the oldest archives beyond the limit, and the folders of processes that were killed."""
        for folder in self.path.parent.glob(f"{_CACHE_PREFIX}*"):
            if _has_exited(folder.name.removeprefix(_CACHE_PREFIX)):
                shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):
            self._remove_oldest()

    def _remove_oldest(self) -> None:
        archives = sorted(self.path.glob("*.zip"), key=lambda each: -each.stat().st_mtime_ns)
        total = 0
        for archive in archives:
            total += archive.stat().st_size
            if total > self._most_bytes:
                archive.unlink()

    def remove(self) -> None:
        """Remove the folder and all archives in it."""
        shutil.rmtree(self.path, ignore_errors=True)


def _has_exited(process: str) -> bool:
    """Return True if the process id belongs to no process; one that cannot be checked counts as alive."""
    if not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False
