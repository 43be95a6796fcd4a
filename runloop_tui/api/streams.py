"""A download that is under way: what is known of it, and its bytes as they come."""

import re
from collections.abc import AsyncIterator
from urllib.parse import unquote

import httpx

from runloop_tui.api.errors import CutShort, NotUnderstood
from runloop_tui.api.operations import Kind
from runloop_tui.api.translating import our_errors

_LONGEST_HEADER = 2_000
_PLAIN_NAME = re.compile(
    r'(?:^|;)\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^";]*))', re.IGNORECASE
)
_ENCODED_NAME = re.compile(r"(?:^|;)\s*filename\*\s*=\s*utf-8'[^']*'([^;]*)", re.IGNORECASE)


class LogStream:
    """A zip archive on its way to us. Valid inside the `async with` that gave it."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        self.size = _size_of(response)
        """How many bytes there will be, or None when the server does not say."""
        self.filename = _filename_of(response)
        """The name that the server proposes, raw and hostile; "" when it proposes none."""

    async def chunks(self) -> AsyncIterator[bytes]:
        """The bytes, in pieces as they arrive; can be walked through once.

        Raises:
            BrokenOff: when the line breaks in the middle.
            CutShort: when the body ends too early.
            TimedOut: when nothing came for 30 s.
            NotUnderstood: when the body is too long or cannot be decoded.
        """
        received = 0
        with our_errors(Kind.DOWNLOAD):
            async for piece in self._response.aiter_bytes():
                received += len(piece)
                yield piece
        if self.size is not None and received != self.size:
            error = CutShort if received < self.size else NotUnderstood
            raise error(f"expected {self.size:,} bytes, got {received:,}")


def _size_of(response: httpx.Response) -> int | None:
    length = response.headers.get("content-length", "")
    encoded = response.headers.get("content-encoding", "identity") != "identity"
    if encoded or not re.fullmatch(r"[0-9]{1,18}", length):
        return None  # the length of an encoded body is not the length of what is in it
    return int(length)


def _filename_of(response: httpx.Response) -> str:
    disposition = response.headers.get("content-disposition", "")[:_LONGEST_HEADER]
    if encoded := _ENCODED_NAME.search(disposition):
        return unquote(encoded[1].strip(), errors="replace")
    if plain := _PLAIN_NAME.search(disposition):
        quoted, bare = plain.groups()
        return bare.strip() if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
    return ""
