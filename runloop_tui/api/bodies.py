"""Response bodies: read with a size limit, parsed as JSON, or searched for an error message."""

import json
import re
import zlib
from collections.abc import AsyncIterator, Callable

import httpx
from pydantic_core import from_json

MAX_MESSAGE_LENGTH = 4_000
"""Of a server's error message; more than is displayed, so that a secret in it is masked whole."""

MAX_ERROR_BYTES = 64 * 1024
"""So much of a body is searched for an error message."""

_MAX_INTEGER_DIGITS = 40
_UNPACKED_PIECE = 256 * 1024
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_ENCODINGS = {"gzip", "x-gzip", "deflate"}
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,400})", re.IGNORECASE)


async def read_into(
    body: bytearray, response: httpx.Response, max_bytes: int, on_bytes: Callable[[], None]
) -> None:
    """Append the body as it arrives, and stop as soon as it has more than `max_bytes`.

    `on_bytes` is called for each piece. When the connection breaks, `body` keeps what had arrived.
    A compressed body takes no more memory than another.

    Raises:
        httpx.DecodingError: the body has an unsupported Content-Encoding, or is damaged.
        httpx.TransportError: the connection failed, or ended before the body did.
    """
    async for chunk in _pieces(response):
        on_bytes()
        body += chunk
        if len(body) > max_bytes:
            return


async def _pieces(response: httpx.Response) -> AsyncIterator[bytes]:
    """Yield the decompressed body, at most `_UNPACKED_PIECE` bytes at once."""
    encoding = _encoding(response)
    if not encoding or response.is_stream_consumed:  # the latter with a mock transport
        async for piece in response.aiter_bytes():
            yield piece
        return
    if encoding not in _ENCODINGS:
        raise httpx.DecodingError("unsupported Content-Encoding")
    unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
    async for packed in response.aiter_raw():
        rest = packed
        while rest:  # in bounded pieces: httpx would decompress a bomb a thousandfold at once
            try:
                piece = unpacker.decompress(rest, _UNPACKED_PIECE)
            except zlib.error:
                raise httpx.DecodingError("damaged") from None
            rest = unpacker.unconsumed_tail
            yield piece
    yield unpacker.flush()
    if not unpacker.eof:
        raise httpx.RemoteProtocolError("peer closed connection within a compressed body")


def _encoding(response: httpx.Response) -> str:
    """Return the Content-Encoding in lower case; "" for none or identity."""
    encoding: str = response.headers.get("content-encoding", "").strip().lower()
    return "" if encoding == "identity" else encoding


def content_length(response: httpx.Response) -> int | None:
    """Return the length of the body by its headers; None when unknown, as for a compressed body."""
    length: str = response.headers.get("content-length", "")
    if _encoding(response) or not re.fullmatch(r"[0-9]{1,18}", length):
        return None
    return int(length)


def media_type(response: httpx.Response) -> str:
    """Return the Content-Type in lower case, without parameters; "" when there is none."""
    content_type: str = response.headers.get("content-type", "")
    return content_type.partition(";")[0].strip().lower()


def is_html(response: httpx.Response, body: bytes | bytearray) -> bool:
    """Return whether the body is a web page, by its Content-Type or its first character."""
    return media_type(response) == "text/html" or body.lstrip()[:1] == b"<"


def parse_json(body: bytes | bytearray) -> object:
    """Parse a JSON body.

    Raises:
        ValueError: the body is not JSON.
    """
    try:
        return from_json(body)
    except ValueError:
        return _parse_lenient_json(body)


def _parse_lenient_json(body: bytes | bytearray) -> object:
    """Parse JSON with lone surrogates or very long integers, which pydantic-core rejects.

    One cut-off emoji in one scorer's output must not cost the whole page.
    """
    try:
        value = json.loads(body, parse_int=_bounded_integer)
        text = json.dumps(value, ensure_ascii=False)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return from_json(text.encode(errors="replace"))


def _bounded_integer(digits: str) -> float:
    return int(digits) if len(digits) <= _MAX_INTEGER_DIGITS else float(digits)


def error_message(response: httpx.Response, body: bytes | bytearray) -> str:
    """Return the server's message in a body, raw, at most `MAX_MESSAGE_LENGTH` characters; "" for none.

    That is `message`, else `error`, else `detail` of a JSON object; the title of a web page; else the text.
    """
    text = body.decode(errors="replace").strip()
    if is_html(response, body):
        title = _TITLE.search(text)
        return title[1].strip()[:MAX_MESSAGE_LENGTH] if title else ""
    try:
        parsed = parse_json(body)
    except ValueError:
        parsed = None
    return (_message_field(parsed) or text)[:MAX_MESSAGE_LENGTH]


def _message_field(parsed: object) -> str:
    if not isinstance(parsed, dict):
        return ""
    for name in ("message", "error", "detail"):
        value = parsed.get(name)
        if isinstance(value, dict):
            value = value.get("message")
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""
