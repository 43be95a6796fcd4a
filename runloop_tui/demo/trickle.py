"""A download that takes its time, so that its progress can be seen."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import httpx

CHUNK_BYTES = 64 * 1024
CHUNKS_AT_LEAST = 40
PAUSE_S = 0.03
"""The shortest pause worth making."""


class Trickle(httpx.AsyncByteStream):
    """Sends pieces in chunks, with pauses that add up to a given time.

    Args:
        pieces: What is sent; made while it is sent.
        size: Its length in bytes.
        lasts_s: How long sending all of it takes, in s.
        sleep: Waits for some s.
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
        """Give the chunks, none longer than `CHUNK_BYTES` and the longest piece together."""
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
