"""The structure of a zip archive, read and checked strictly; nothing is decompressed here.

A zip is read from its end: the *end record* has the offset of the *directory*, and each of the
directory's records has the offset of a *local header*, which the compressed bytes follow. The
standard library's `zipfile` builds an object for every entry and tolerates inconsistencies; this
reader needs constant memory for any archive, and rejects them.

    ArchiveError
    ├── NotAnArchive      the file is no zip
    ├── DamagedArchive    the zip was cut off, or its parts are inconsistent
    ├── WrongLength       more or fewer bytes than Content-Length arrived
    └── TooLarge          more bytes than the limits allow
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

STORED, DEFLATED = 0, 8
"""The supported compression methods."""

_END = struct.Struct("<4s4H2LH")
_END64_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_LONGEST_COMMENT = 0xFFFF
_FULL_16, _FULL_32 = 0xFFFF, 0xFFFFFFFF  # "the value is in the 64-bit field"
_EXTRA_64 = 1
_IS_ENCRYPTED = 0x0001
_BEYOND_ANY_FILE = 1 << 63  # beyond off_t, but a zip can hold such an offset


class ArchiveError(Exception):
    """The file is not a whole, readable zip archive; the message says why, in one line."""


class NotAnArchive(ArchiveError):  # noqa: N818  the name says what happened, as those of httpx do
    """The file is no zip."""


class DamagedArchive(ArchiveError):  # noqa: N818
    """The file is a zip that was cut off, or whose parts are inconsistent."""


class WrongLength(ArchiveError):  # noqa: N818
    """More or fewer bytes arrived than the Content-Length that the server had sent."""

    def __init__(self, announced: int, received: int) -> None:
        self.announced = announced
        self.received = received
        if received < announced:
            text = f"the connection broke off after {received:,} of {announced:,} bytes"
        else:
            text = f"the server announced {announced:,} bytes and sent more"
        super().__init__(text)


class TooLarge(ArchiveError):  # noqa: N818
    """More bytes than the limits allow: a zip bomb, an endless stream, or very large logs."""


@dataclass(frozen=True, slots=True)
class ArchiveSummary:
    """The totals of an archive's directory."""

    entries: int
    """Number of files and folders."""
    unpacked_bytes: int
    """Total unpacked size according to the directory, not measured."""


class _Directory(NamedTuple):
    entries: int
    start: int
    size: int


class DirectoryEntry(NamedTuple):
    """The directory's record of one entry; none of it is verified."""

    name: bytes
    flags: int
    method: int
    checksum: int
    """CRC-32 of the unpacked bytes."""
    packed_bytes: int
    unpacked_bytes: int
    local_header_at: int

    @property
    def is_encrypted(self) -> bool:
        """True if a password is needed to read it."""
        return bool(self.flags & _IS_ENCRYPTED)

    @property
    def is_unsupported(self) -> bool:
        """True if its compression method is neither stored nor deflated."""
        return self.method not in {STORED, DEFLATED}


def check_archive(path: Path) -> ArchiveSummary:
    """Check that `path` is a whole zip: its directory, local headers and sizes are consistent.

    Reads from the disk, so call it in a thread. Names are not checked. An archive without entries
    is valid.

    Raises:
        NotAnArchive: the file is no zip.
        DamagedArchive: the zip was cut off, or its parts are inconsistent.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        directory = _find_directory(file)
        unpacked_bytes = 0
        for entry in _each_entry(file, directory):
            if data_at(file, entry) + entry.packed_bytes > directory.start:
                raise DamagedArchive("an entry does not fit into the archive")
            unpacked_bytes += entry.unpacked_bytes
    return ArchiveSummary(entries=directory.entries, unpacked_bytes=unpacked_bytes)


def directory_entries(file: BinaryIO) -> Iterator[DirectoryEntry]:
    """Yield the records of the directory of an open archive, in their order.

    Reads from the disk, so call it in a thread.

    Raises:
        NotAnArchive: the file is no zip.
        DamagedArchive: the zip was cut off, or its parts are inconsistent.
        OSError: the file cannot be read.
    """
    yield from _each_entry(file, _find_directory(file))


def data_at(file: BinaryIO, entry: DirectoryEntry) -> int:
    """Return the offset of an entry's packed bytes, which follow its local header.

    Raises:
        DamagedArchive: its local header is not where the directory says.
    """
    header = _bytes_at(file, entry.local_header_at, _LOCAL.size + len(entry.name))
    if header[:4] != b"PK\3\4" or header[_LOCAL.size :] != entry.name:
        raise DamagedArchive("an entry is not where the directory says it is")
    name_size, extra_size = _LOCAL.unpack_from(header)[-2:]
    if name_size != len(entry.name):
        raise DamagedArchive("an entry does not fit into the archive")
    return entry.local_header_at + len(header) + int(extra_size)


def _each_entry(file: BinaryIO, directory: _Directory) -> Iterator[DirectoryEntry]:
    left = directory.size
    file.seek(directory.start)
    for _ in range(directory.entries):
        entry, length = _read_entry(file)
        left -= length
        if left < 0:
            raise DamagedArchive("its directory is longer than it says")
        yield entry
    if left:
        raise DamagedArchive("its directory holds more than it says")


def _find_directory(file: BinaryIO) -> _Directory:
    end_at, (disk, first_disk, here, entries, size, start, _) = _find_end_record(file)
    limit = end_at
    if entries == _FULL_16 or _FULL_32 in {size, start}:
        wide = _find_wide_end_record(file, end_at)
        if wide is not None:
            limit, (_, _, _, disk, first_disk, here, entries, size, start) = wide
    if disk or first_disk or here != entries:
        raise DamagedArchive("it is one part of several")
    if start + size > limit:
        raise DamagedArchive("its directory does not fit into it")
    return _Directory(entries, start, size)


def _find_end_record(file: BinaryIO) -> tuple[int, tuple[int, ...]]:
    """Return the offset of the end record and its fields; only a comment may follow the record."""
    length = file.seek(0, os.SEEK_END)
    tail_at = max(0, length - _END.size - _LONGEST_COMMENT)
    file.seek(tail_at)
    tail = file.read()
    at = tail.rfind(b"PK\5\6")
    while at >= 0:
        if at + _END.size <= len(tail):
            fields = _END.unpack_from(tail, at)
            if at + _END.size + fields[-1] == len(tail):
                return tail_at + at, fields[1:]
        at = tail.rfind(b"PK\5\6", 0, at)
    file.seek(0)
    if file.read(4) == b"PK\3\4":
        raise DamagedArchive("the end of the archive is missing")
    raise NotAnArchive("what arrived is not a zip archive")


def _find_wide_end_record(file: BinaryIO, end_at: int) -> tuple[int, tuple[int, ...]] | None:
    """Return the offset of the 64-bit end record and its fields, or None if there is none."""
    locator_at = end_at - _END64_LOCATOR.size
    if locator_at < 0:
        return None
    signature, _, wide_at, _ = _END64_LOCATOR.unpack(
        _bytes_at(file, locator_at, _END64_LOCATOR.size)
    )
    if signature != b"PK\6\7":
        return None
    if wide_at + _END64.size > locator_at:
        raise DamagedArchive("its end record is not where it should be")
    fields = _END64.unpack(_bytes_at(file, wide_at, _END64.size))
    if fields[0] != b"PK\6\6":
        raise DamagedArchive("its end record is not where it should be")
    return wide_at, fields[1:]


def _read_entry(file: BinaryIO) -> tuple[DirectoryEntry, int]:
    """Return the next record of the directory, and its length in bytes."""
    fixed = file.read(_ENTRY.size)
    if len(fixed) < _ENTRY.size or fixed[:4] != b"PK\1\2":
        raise DamagedArchive("its directory cannot be read")
    fields = _ENTRY.unpack(fixed)
    packed, unpacked, name_size, extra_size, comment_size = fields[8:13]
    rest = file.read(name_size + extra_size + comment_size)
    if len(rest) < name_size + extra_size + comment_size:
        raise DamagedArchive("its directory cannot be read")
    extra = rest[name_size : name_size + extra_size]
    unpacked, packed, at = _widened(extra, unpacked, packed, fields[-1])
    flags, method, checksum = fields[3], fields[4], fields[7]
    entry = DirectoryEntry(rest[:name_size], flags, method, checksum, packed, unpacked, at)
    return entry, len(fixed) + len(rest)


def _widened(extra: bytes, *narrow: int) -> list[int]:
    """Return the sizes and the offset of an entry; those that are 0xFFFFFFFF come from its 64-bit extra field."""
    values = list(narrow)
    full = [index for index, value in enumerate(values) if value == _FULL_32]
    if not full:
        return values
    wide = _extra_field(extra, _EXTRA_64)
    if len(wide) < 8 * len(full):
        raise DamagedArchive("the size of an entry is missing")
    for position, index in enumerate(full):
        (values[index],) = struct.unpack_from("<Q", wide, 8 * position)
    return values


def _extra_field(extra: bytes, wanted: int) -> bytes:
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, at)
        if kind == wanted:
            return extra[at + 4 : at + 4 + size]
        at += 4 + size
    return b""


def _bytes_at(file: BinaryIO, at: int, size: int) -> bytes:
    """Return bytes from an offset, without moving the file position in the directory."""
    found = os.pread(file.fileno(), size, at) if at < _BEYOND_ANY_FILE else b""
    if len(found) < size:
        raise DamagedArchive("it points beyond its own end")
    return found
