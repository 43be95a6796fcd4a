"""Bodies: read with a bound, parsed as JSON, or taken as the words of a refusal."""

import json
import re
import zlib
from collections.abc import AsyncIterator, Callable

import httpx
from pydantic_core import from_json

LONGEST_WORDS = 4_000
"""Of what a server says about a failure; more than is shown, so that a secret in it is found whole."""

_LONGEST_INTEGER = 40
_UNPACKED_PIECE = 256 * 1024
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_PACKED = {"gzip", "x-gzip", "deflate"}
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,400})", re.IGNORECASE)


async def read_into(
    body: bytearray, response: httpx.Response, most_bytes: int, heard: Callable[[], None]
) -> None:
    """Append what comes, calling `heard` for each piece, and stop as soon as `most_bytes` are passed.

    Where the connection breaks, what came until then stands in `body`. A compressed body takes no
    more memory than another.
    """
    async for chunk in _pieces(response):
        heard()
        body += chunk
        if len(body) > most_bytes:
            return


async def _pieces(response: httpx.Response) -> AsyncIterator[bytes]:
    """The body as it comes, unpacked.

    Raises:
        httpx.DecodingError: when it is packed in a way that was not asked for, or damaged.
        httpx.RemoteProtocolError: when it ends before it should.
    """
    encoding = _encoding(response)
    if not encoding or response.is_stream_consumed:  # the latter where it never was on a wire
        async for piece in response.aiter_bytes():
            yield piece
        return
    if encoding not in _PACKED:
        raise httpx.DecodingError("packed in a way that was not asked for")
    unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
    async for packed in response.aiter_raw():
        rest = packed
        while (
            rest
        ):  # a little at a time: what httpx unpacks at once may be a thousand times as much
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
    """How the body is packed, in lower case; "" when it is not."""
    encoding: str = response.headers.get("content-encoding", "").strip().lower()
    return "" if encoding == "identity" else encoding


def announced_size(response: httpx.Response) -> int:
    """How many bytes the body has at least, by its own head; 0 when that does not tell."""
    length: str = response.headers.get("content-length", "")
    if _encoding(response) or not re.fullmatch(r"[0-9]{1,18}", length):
        return 0
    return int(length)


def parse_json(body: bytes | bytearray) -> object:
    """What a JSON body says.

    Raises:
        ValueError: when it is not JSON.
    """
    try:
        return from_json(body)
    except ValueError:
        return _parse_odd_json(body)


def _parse_odd_json(body: bytes | bytearray) -> object:
    """What the fast parser refuses although it is JSON: halves of surrogate pairs, endless numbers.

    One cut-off emoji in one scorer's output must not cost the whole page.
    """
    try:
        value = json.loads(body, parse_int=_any_integer)
        text = json.dumps(value, ensure_ascii=False)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return from_json(text.encode(errors="replace"))


def _any_integer(digits: str) -> float:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else float(digits)


def is_html(response: httpx.Response, body: bytes | bytearray) -> bool:
    """Whether this is a web page, by its label or by its looks."""
    return media_type(response) == "text/html" or body.lstrip()[:1] == b"<"


def media_type(response: httpx.Response) -> str:
    """The Content-Type without its parameters, in lower case; "" when there is none."""
    content_type: str = response.headers.get("content-type", "")
    return content_type.partition(";")[0].strip().lower()


def words_in(response: httpx.Response, body: bytes | bytearray) -> str:
    """The server's own words in a body, raw, at most 4,000 characters; "" when it has none.

    `message`, else `error`, else `detail` of a JSON object; the title of a web page; else the text.
    """
    text = body.decode(errors="replace").strip()
    if is_html(response, body):
        title = _TITLE.search(text)
        return title[1].strip()[:LONGEST_WORDS] if title else ""
    try:
        said = parse_json(body)
    except ValueError:
        said = None
    return (_message_of(said) or text)[:LONGEST_WORDS]


def _message_of(said: object) -> str:
    if not isinstance(said, dict):
        return ""
    for name in ("message", "error", "detail"):
        value = said.get(name)
        if isinstance(value, dict):
            value = value.get("message")
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""
