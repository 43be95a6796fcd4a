"""What is in an archive: its entries, under names that stay hostile."""

from dataclasses import dataclass
from pathlib import Path

from runloop_tui.logs.archive import DirectoryEntry, directory_entries

MOST_LISTED = 100_000
"""Files of one archive that are listed; what comes behind them is counted."""

_NAME_IS_UTF8 = 0x0800


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in an archive."""

    number: int
    """Its place in the archive's directory, from 0. Names may occur twice, numbers do not."""
    name: str
    """As the archive has it: make it safe to show it, and never write a file under it."""
    directory: DirectoryEntry
    """What the archive says of it."""

    @property
    def can_be_read(self) -> bool:
        """False where the archive says already that it cannot be."""
        return not (self.directory.is_encrypted or self.directory.is_packed_otherwise)

    @property
    def unpacked_bytes(self) -> int:
        """The size that it claims to have."""
        return self.directory.unpacked_bytes

    @property
    def packed_bytes(self) -> int:
        """The size that it has in the archive."""
        return self.directory.packed_bytes


@dataclass(frozen=True, slots=True)
class Entries:
    """All that an archive holds."""

    files: tuple[Entry, ...] = ()
    folders: int = 0
    """Entries that are folders: there is nothing in them to read."""
    left_out: int = 0
    """Files beyond MOST_LISTED."""
    unreadable: int = 0
    """How many of the files cannot be read: see `Entry.can_be_read`."""


def read_entries(path: Path) -> Entries:
    """List the archive at `path`. Blocks on the disk, so call it in a thread.

    Raises:
        NotAnArchive: the file is something else.
        DamagedArchive: the file is a zip, but not a whole one.
        OSError: the file cannot be read.
    """
    files: list[Entry] = []
    folders = left_out = 0
    with path.open("rb") as archive:
        for number, found in enumerate(directory_entries(archive)):
            if found.name.endswith((b"/", b"\\")):
                folders += 1
            elif len(files) < MOST_LISTED:
                files.append(Entry(number, _name(found), found))
            else:
                left_out += 1
    return Entries(tuple(files), folders, left_out, sum(not file.can_be_read for file in files))


def _name(found: DirectoryEntry) -> str:
    """Names are UTF-8 where they say so, and where they happen to be; else of the old DOS page."""
    try:
        return found.name.decode()
    except UnicodeDecodeError:
        if found.flags & _NAME_IS_UTF8:
            return found.name.decode(errors="replace")
        return found.name.decode("cp437")
