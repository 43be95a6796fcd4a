"""The entries of an archive: listed, and unpacked piece by piece within limits, with their checksum.

    ArchiveError
    ├── Encrypted           the entry is encrypted
    ├── UnsupportedMethod   it is compressed by a method other than stored and deflated
    ├── DamagedEntry        its bytes do not decompress, or are too few or too many
    ├── WrongChecksum       it decompresses, but its CRC-32 differs
    └── TooLarge            it decompresses to more than the limits allow

The bytes that were unpacked before one of these errors can be shown. Names are hostile text.
"""
# ruff: noqa: N818 - the names say what happened, as those of logs.archive do

import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from runloop_tui.logs.archive import (
    DEFLATED,
    ArchiveError,
    DirectoryEntry,
    TooLarge,
    data_at,
    directory_entries,
)
from runloop_tui.logs.limits import Limits

MOST_LISTED = 100_000
"""Number of files of one archive that are listed; the rest is counted."""

_NAME_IS_UTF8 = 0x0800
_READ_AT_ONCE = 128 * 1024
_SMALL_STEP = 64
_MIB = 1024 * 1024


class Encrypted(ArchiveError):
    """The entry is encrypted."""


class UnsupportedMethod(ArchiveError):
    """The entry is compressed by a method other than stored and deflated."""


class DamagedEntry(ArchiveError):
    """The entry's bytes do not decompress, or are too few or too many."""


class WrongChecksum(ArchiveError):
    """The entry decompresses to its whole length, but its CRC-32 differs."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in an archive."""

    number: int
    """Position in the archive's directory, from 0: unique, as names are not."""
    name: str
    """The name in the archive: escape it for display, and never use it as a path."""
    directory: DirectoryEntry
    """Its record in the archive's directory."""

    @property
    def can_be_read(self) -> bool:
        """False if it is encrypted, or compressed by an unsupported method."""
        return not (self.directory.is_encrypted or self.directory.is_unsupported)

    @property
    def unpacked_bytes(self) -> int:
        """Its unpacked size according to the directory."""
        return self.directory.unpacked_bytes

    @property
    def packed_bytes(self) -> int:
        """Its size in the archive."""
        return self.directory.packed_bytes


@dataclass(frozen=True, slots=True)
class Entries:
    """The listing of an archive."""

    files: tuple[Entry, ...] = ()
    folders: int = 0
    """Number of entries that are folders."""
    left_out: int = 0
    """Number of files beyond MOST_LISTED."""
    unreadable: int = 0
    """Number of listed files for which `Entry.can_be_read` is False."""


def read_entries(path: Path) -> Entries:
    """List the archive at `path`. Reads from the disk, so call it in a thread.

    Raises:
        NotAnArchive: the file is no zip.
        DamagedArchive: the zip was cut off, or its parts are inconsistent.
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
    """Decode a name as UTF-8 if its flag says so or its bytes are valid, else as code page 437."""
    try:
        return found.name.decode()
    except UnicodeDecodeError:
        if found.flags & _NAME_IS_UTF8:
            return found.name.decode(errors="replace")
        return found.name.decode("cp437")


class Unpacker:
    """Decompresses one entry piece by piece. Reads from the disk, so use it in a thread.

    Args:
        archive: the open archive; its file position belongs to the unpacker.
        entry: the entry, from `read_entries`.
        limits: where unpacking stops.

    Raises:
        Encrypted, UnsupportedMethod: the entry cannot be unpacked.
        DamagedArchive: its local header is not where the directory says.
        OSError: the archive cannot be read.
    """

    def __init__(self, archive: BinaryIO, entry: Entry, limits: Limits) -> None:
        claimed = entry.directory
        if claimed.is_encrypted:
            raise Encrypted("it is encrypted, and there is no password to read it with")
        if claimed.is_unsupported:
            raise UnsupportedMethod(
                f"it is packed by method {claimed.method}, which is not read here"
            )
        archive.seek(data_at(archive, claimed))
        self._archive = archive
        self._claimed = claimed
        self._limits = limits
        self._packed_left = claimed.packed_bytes
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS) if claimed.method == DEFLATED else None
        self._checksum = 0
        self._unpacked = 0

    def next_piece(self, most: int) -> bytes:
        """Return the next bytes, at most `most`; none at the end of a whole entry.

        Raises:
            DamagedEntry, WrongChecksum, TooLarge: no more can be unpacked.
            OSError: the archive cannot be read.
        """
        self._check_limits()
        most = min(most, self._limits.most_bytes + 1 - self._unpacked)
        piece = self._stored(most) if self._inflate is None else self._inflated(most)
        self._checksum = zlib.crc32(piece, self._checksum)
        self._unpacked += len(piece)
        if not piece:
            self._check_end()
        return piece

    def _stored(self, most: int) -> bytes:
        piece = self._archive.read(min(most, self._packed_left))
        self._packed_left -= len(piece)
        if not piece and self._packed_left:
            raise DamagedEntry("the archive ends in the middle of it")
        return piece

    def _inflated(self, most: int) -> bytes:
        pieces: list[bytes] = []
        room = most
        while room and self._inflate is not None and not self._inflate.eof:
            packed = self._inflate.unconsumed_tail or self._packed()
            before = self._inflate.copy()
            try:
                piece = self._inflate.decompress(packed, room)
            except zlib.error:
                pieces.append(_salvaged(before, packed, room))
                if not any(pieces):
                    raise DamagedEntry("it does not unpack any further") from None
                break  # the next call raises
            if not piece and not packed:
                raise DamagedEntry("it was cut off while it was packed")
            pieces.append(piece)
            room -= len(piece)
        return b"".join(pieces)

    def _packed(self) -> bytes:
        packed = self._archive.read(min(_READ_AT_ONCE, self._packed_left))
        self._packed_left -= len(packed)
        return packed

    def _check_limits(self) -> None:
        """Check the limits before a piece is read, so that the piece that exceeds them is still returned."""
        unpacked, claimed, limits = self._unpacked, self._claimed, self._limits
        if unpacked > limits.most_bytes:
            raise TooLarge(
                f"more than {limits.most_bytes // _MIB:,} MiB of it are not unpacked; "
                "--disk-limit sets how much"
            )
        ratio = unpacked // max(1, claimed.packed_bytes)
        if unpacked > limits.ratio_counts_from and ratio >= limits.highest_ratio:
            raise TooLarge(
                f"it unpacks to {ratio:,} times its size and more, as bombs do; "
                f"--highest-ratio sets how many"
            )
        if unpacked > claimed.unpacked_bytes:
            raise DamagedEntry("there is more of it than the archive says")

    def _check_end(self) -> None:
        if self._unpacked < self._claimed.unpacked_bytes:
            raise DamagedEntry("there is less of it than the archive says")
        if self._checksum != self._claimed.checksum:
            raise WrongChecksum("its checksum is wrong: this is not what was packed")


def _salvaged(inflate: "zlib._Decompress", packed: bytes, room: int) -> bytes:
    """Return the bytes before the point where decompression fails, found in steps of 64 packed bytes."""
    pieces: list[bytes] = []
    for at in range(0, len(packed), _SMALL_STEP):
        try:
            pieces.append(inflate.decompress(packed[at : at + _SMALL_STEP]))
        except zlib.error:
            break
    return b"".join(pieces)[:room]
