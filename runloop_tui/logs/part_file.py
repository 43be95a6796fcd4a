"""The `.part` file that bytes go to, and its way to the final name without overwriting anything."""

import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from runloop_tui.logs.names import free_path, part_path


def create_part(folder: Path, name: str) -> tuple[Path, BinaryIO]:
    """Make `folder` if need be (for its owner alone) and a new, empty `.part` file in it.

    Gives the path that the file is meant to have in the end, and the open file.

    Raises:
        OSError: the folder or the file cannot be made.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    while True:
        final = free_path(folder, name)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with suppress(FileExistsError):  # taken since we looked: look again
            return final, os.fdopen(os.open(part_path(final), flags, 0o600), "wb")


def settle(part: Path, final: Path) -> Path:
    """Give `part` its final name, or the next free one if that was taken meanwhile.

    Raises:
        OSError: the file system refuses; `part` is still there.
    """
    name = final.name
    while True:
        with suppress(FileExistsError):
            _move_without_overwriting(part, final)
            return final
        final = free_path(final.parent, name)


def _move_without_overwriting(source: Path, target: Path) -> None:
    """Rename, but raise FileExistsError where `os.rename` would overwrite."""
    try:
        target.hardlink_to(source)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links; each says so by another errno
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
        try:
            source.replace(target)  # over the empty file that is ours
        except OSError:
            target.unlink()
            raise
    else:
        with suppress(OSError):  # the archive is in place; its second name harms nobody
            source.unlink()


def drop(part: Path) -> None:
    """Remove `part` if it can be removed."""
    with suppress(OSError):
        part.unlink()


def drop_if_empty(part: Path) -> bool:
    """Remove `part` if nothing was written to it; True if it is gone."""
    try:
        if part.stat().st_size > 0:
            return False
        part.unlink()
    except FileNotFoundError:
        return True
    except OSError:  # the disk has its own troubles; those that brought us here are told already
        return False
    return True
