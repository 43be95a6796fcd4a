"""Zip archives written as they are sent, with a length that is known beforehand.

Entries are stored, not deflated, so that the sizes add up before a byte is made; the checksum of
each follows its data, so that no entry is ever whole in memory.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from runloop_tui.demo.logs import LogFile

_VERSION = 20
_CHECKSUM_FOLLOWS = 0x0008
_STORED = 0
_LOCAL = struct.Struct("<4s5H3I2H")
_FOLLOWING = struct.Struct("<4s3I")
_DIRECTORY = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")


def archive_size(files: Iterable[LogFile]) -> int:
    """Say how long the archive of these files is, in bytes; it must stay below 4 GiB."""
    each = _LOCAL.size + _FOLLOWING.size + _DIRECTORY.size
    return _END.size + sum(each + 2 * len(file.name.encode()) + file.size for file in files)


def archive_pieces(files: Iterable[LogFile]) -> Iterator[bytes]:
    """Make the archive of these files, piece by piece."""
    directory: list[bytes] = []
    offset = 0
    for file in files:
        name = file.name.encode()
        date, time = _dos_moment(file.written_ms)
        about = (_VERSION, _CHECKSUM_FOLLOWS, _STORED, time, date)
        yield _LOCAL.pack(b"PK\x03\x04", *about, 0, 0, 0, len(name), 0) + name
        checksum = 0
        for piece in file.pieces():
            checksum = zlib.crc32(piece, checksum)
            yield piece
        sums = (checksum, file.size, file.size)
        yield _FOLLOWING.pack(b"PK\x07\x08", *sums)
        row = (_VERSION, *about, *sums, len(name), 0, 0, 0, 0, 0, offset)
        directory.append(_DIRECTORY.pack(b"PK\x01\x02", *row) + name)
        offset += _LOCAL.size + len(name) + file.size + _FOLLOWING.size
    length = sum(map(len, directory))
    yield from directory
    count = len(directory)
    yield _END.pack(b"PK\x05\x06", 0, 0, count, count, length, offset, 0)


def _dos_moment(moment_ms: int) -> tuple[int, int]:
    """Give date and time as zip archives hold them: since 1980, in steps of two seconds."""
    moment = datetime.fromtimestamp(moment_ms / 1000, UTC)
    date = max(0, moment.year - 1980) << 9 | moment.month << 5 | moment.day
    return date, moment.hour << 11 | moment.minute << 5 | moment.second // 2
