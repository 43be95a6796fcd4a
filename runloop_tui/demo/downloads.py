"""Downloads of logs: zip archives written while they are sent, throttled so that their progress is visible.

Entries are stored, not deflated, so that Content-Length is known before a byte is made; the
checksum of each entry follows its data, so that no entry is in memory as a whole.
"""

import asyncio
import struct
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx

from runloop_tui.demo.log_files import LogFile

Sleep = Callable[[float], Awaitable[object]]

CHUNK_BYTES = 64 * 1024
CHUNKS_AT_LEAST = 40
PAUSE_S = 0.03
"""The shortest pause, in s; shorter ones are added up."""

_VERSION = 20
_CHECKSUM_FOLLOWS = 0x0008
_STORED = 0
_LOCAL = struct.Struct("<4s5H3I2H")
_FOLLOWING = struct.Struct("<4s3I")
_DIRECTORY = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")


@dataclass(frozen=True, slots=True)
class Downloads:
    """Answers download requests.

    Attributes:
        lasts_s: The duration of each download, in s.
        sleep: Sleeps for a number of seconds.
    """

    lasts_s: float = 1.5
    sleep: Sleep = asyncio.sleep

    def answer(self, name: str, files: Callable[[], Iterator[LogFile]]) -> httpx.Response:
        """Return a response that streams the archive of files, named `name`."""
        size = archive_size(files())
        return httpx.Response(
            200,
            headers={
                "Content-Type": "application/zip",
                "Content-Disposition": f'attachment; filename="{name}"',
                "Content-Length": str(size),
            },
            stream=ThrottledStream(archive_pieces(files()), size, self.lasts_s, self.sleep),
        )


class ThrottledStream(httpx.AsyncByteStream):
    """A response body sent in chunks, with pauses that add up to a duration.

    Args:
        pieces: The body, generated while it is sent.
        size: Its length in bytes.
        lasts_s: The duration of the whole stream, in s.
        sleep: Sleeps for a number of seconds.
    """

    def __init__(
        self,
        pieces: Iterator[bytes],
        size: int,
        lasts_s: float,
        sleep: Callable[[float], Awaitable[object]],
    ) -> None:
        self._pieces = pieces
        self._size = size
        self._lasts_s = lasts_s
        self._sleep = sleep

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the chunks, none longer than `CHUNK_BYTES` plus the longest piece."""
        owed_s = 0.0
        for chunk in self._chunks():
            owed_s += self._lasts_s * len(chunk) / self._size
            if owed_s >= PAUSE_S:
                await self._sleep(owed_s)
                owed_s = 0.0
            yield chunk

    def _chunks(self) -> Iterator[bytes]:
        wanted = min(CHUNK_BYTES, max(1, self._size // CHUNKS_AT_LEAST))
        gathered = bytearray()
        for piece in self._pieces:
            gathered += piece
            if len(gathered) >= wanted:
                yield bytes(gathered)
                gathered.clear()
        if gathered:
            yield bytes(gathered)


def archive_size(files: Iterable[LogFile]) -> int:
    """Return the size of the archive of these files in bytes; it must be below 4 GiB."""
    each = _LOCAL.size + _FOLLOWING.size + _DIRECTORY.size
    return _END.size + sum(each + 2 * len(file.name.encode()) + file.size for file in files)


def archive_pieces(files: Iterable[LogFile]) -> Iterator[bytes]:
    """Yield the archive of these files, piece by piece."""
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
    """Return date and time in MS-DOS format: since 1980, in steps of two seconds."""
    moment = datetime.fromtimestamp(moment_ms / 1000, UTC)
    date = max(0, moment.year - 1980) << 9 | moment.month << 5 | moment.day
    return date, moment.hour << 11 | moment.minute << 5 | moment.second // 2
