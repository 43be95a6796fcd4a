"""The border: httpx's exceptions and HTTP's statuses become our own errors, here and only here."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from socket import gaierror

import httpx

from runloop_tui.api.bodies import LONGEST_WORDS, words_in
from runloop_tui.api.errors import (
    BadRequest,
    BrokenOff,
    Conflict,
    CutShort,
    Forbidden,
    NoAnswer,
    NoConnection,
    NotAuthorised,
    NotFound,
    NotOffered,
    NotUnderstood,
    RateLimited,
    RunloopError,
    ServerError,
    TimedOut,
)
from runloop_tui.api.operations import Kind
from runloop_tui.api.retry import retry_after_s

_BY_STATUS: dict[int, type[RunloopError]] = {
    401: NotAuthorised,
    403: Forbidden,
    404: NotFound,
    408: TimedOut,
    409: Conflict,
    410: NotOffered,
    429: RateLimited,
    501: NotOffered,
}


@contextmanager
def our_errors(kind: Kind) -> Iterator[None]:
    """Turn whatever httpx raises inside into a RunloopError.

    The cause is cut off: the frames below hold the headers with the key, and a crash screen that
    prints local variables would show them.
    """
    try:
        yield
    except (httpx.InvalidURL, UnicodeError):  # the latter where punycode is none
        raise BadRequest("this is no address that can be asked for") from None
    except TimeoutError:
        raise NoAnswer("the answer took too long", may_have_arrived=kind.acts) from None
    except (httpx.TransportError, httpx.DecodingError) as fault:
        raise _breakdown(fault, kind) from None


def _breakdown(fault: httpx.RequestError, kind: Kind) -> RunloopError:
    """What it means that no whole answer came."""
    match fault:
        case httpx.ConnectTimeout():
            return TimedOut("no connection in time")
        case httpx.PoolTimeout():
            return NoAnswer("too many requests at once")
        case httpx.TimeoutException():
            return NoAnswer("no answer in time", may_have_arrived=kind.acts)
        case httpx.ConnectError():
            return NoConnection(_why_unreachable(fault))
        case httpx.ProxyError():
            return NoConnection("the proxy refused")
        case httpx.UnsupportedProtocol() | httpx.LocalProtocolError():
            return BadRequest("this request cannot be sent")
        case httpx.DecodingError():
            return NotUnderstood(
                "expected a body that can be decoded, got a damaged one", may_have_arrived=kind.acts
            )
        case httpx.RemoteProtocolError() if "peer closed connection" in str(fault):
            return CutShort("a part of the answer is missing", may_have_arrived=kind.acts)
        case httpx.RemoteProtocolError() if "without sending a response" not in str(fault):
            return NotUnderstood(
                "expected a whole HTTP answer, got something else or a part of one",
                may_have_arrived=kind.acts,
            )
        case _:
            return BrokenOff(may_have_arrived=kind.acts)


def _why_unreachable(fault: BaseException) -> str:
    """In our own words, because the system's differ from machine to machine."""
    causes = list(_causes(fault))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return "the server's certificate cannot be trusted"
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return "no secure connection could be agreed on"
    if any(isinstance(cause, gaierror) for cause in causes):
        return "the host's name is not known"
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return "the host refused"
    return "the host cannot be reached"


def _causes(fault: BaseException | None) -> Iterator[BaseException]:
    while fault is not None:
        yield fault
        if isinstance(fault, BaseExceptionGroup):
            for part in fault.exceptions:
                yield from _causes(part)
        fault = fault.__cause__ or fault.__context__


def refusal(
    response: httpx.Response, body: bytes | bytearray, kind: Kind, now_ms: int
) -> RunloopError:
    """What it means that this answer, with this beginning of a body, is not a success."""
    status = response.status_code
    if not 400 <= status <= 599:
        elsewhere = response.headers.get("location", "")
        return NotUnderstood(
            f"expected an answer, got {'a redirect' if elsewhere else 'an unknown status'}",
            status=status,
            detail=elsewhere[:LONGEST_WORDS],
            may_have_arrived=kind.acts,
        )
    # What a 4xx refuses has not been done; a 408 or a 5xx can come when it has.
    unclear = status == 408 or status >= 500
    return _class_for(status, kind)(
        status=status,
        detail=words_in(response, body),
        may_have_arrived=kind.acts and unclear,
        retry_after_s=retry_after_s(response.headers, now_ms),
    )


def _class_for(status: int, kind: Kind) -> type[RunloopError]:
    not_offered = {Kind.LIST: {404, 405}, Kind.PART: {405}, Kind.WHOLE: {405}}.get(kind, set())
    if status in not_offered:
        return NotOffered
    return _BY_STATUS.get(status, ServerError if status >= 500 else BadRequest)
