"""The private folder of archives that are only read: it lives as long as the app, and holds a limited amount."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

_PREFIX = "reading-"
_MIB = 1024 * 1024
MOST_KEPT_BYTES = 1024 * _MIB
"""Archives that were read before are removed, the oldest first, where they take more together."""


class ReadingFolder:
    """A folder of this process's own, in a cache folder; made by the first download into it, for its owner alone.

    Args:
        cache: the cache folder of the app.
        most_bytes: how much of what was read before is kept.
    """

    def __init__(self, cache: Path, most_bytes: int = MOST_KEPT_BYTES) -> None:
        self.path = cache / f"{_PREFIX}{os.getpid()}"
        self._most_bytes = most_bytes

    def make_room(self) -> None:
        """Remove the oldest archives beyond the limit, and what processes have left that were killed."""
        for folder in self.path.parent.glob(f"{_PREFIX}*"):
            if _is_left_over(folder.name.removeprefix(_PREFIX)):
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
        """Remove all that was read."""
        shutil.rmtree(self.path, ignore_errors=True)


def _is_left_over(process: str) -> bool:
    """Return True where a process has ended; one that cannot be asked is taken to be alive."""
    if not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False
