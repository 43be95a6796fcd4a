"""httpx exceptions and HTTP statuses mapped onto the tree in `errors.py`; nothing else does this."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from socket import gaierror

import httpx

from runloop_tui.api.bodies import MAX_ERROR_BYTES, MAX_MESSAGE_LENGTH, error_message
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
from runloop_tui.api.paths import Kind
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
def mapped_errors(kind: Kind) -> Iterator[None]:
    """Raise a RunloopError in place of any httpx exception and of an expired `asyncio.timeout`.

    Without its cause: the frames below have the headers with the key in them, and a traceback with
    local variables would show them.
    """
    try:
        yield
    except (httpx.InvalidURL, UnicodeError):  # the latter: a host that IDNA cannot encode
        raise BadRequest("this is no address that can be requested") from None
    except TimeoutError:
        raise NoAnswer("the answer took too long", may_have_arrived=kind.acts) from None
    except (httpx.TransportError, httpx.DecodingError) as exception:
        raise _error_of_exception(exception, kind) from None


def _error_of_exception(exception: httpx.RequestError, kind: Kind) -> RunloopError:
    """Return the error for a request that got no complete response."""
    match exception:
        case httpx.ConnectTimeout():
            return TimedOut("no connection in time")
        case httpx.PoolTimeout():
            return NoAnswer("too many requests at once")
        case httpx.TimeoutException():
            return NoAnswer("no answer in time", may_have_arrived=kind.acts)
        case httpx.ConnectError():
            return NoConnection(_why_unreachable(exception))
        case httpx.ProxyError():
            return NoConnection("the proxy refused")
        case httpx.UnsupportedProtocol() | httpx.LocalProtocolError():
            return BadRequest("this request cannot be sent")
        case httpx.DecodingError():
            return NotUnderstood(
                "expected a body that can be decoded, got a damaged one", may_have_arrived=kind.acts
            )
        case httpx.RemoteProtocolError() if "peer closed connection" in str(exception):
            return CutShort("a part of the answer is missing", may_have_arrived=kind.acts)
        case httpx.RemoteProtocolError() if "without sending a response" not in str(exception):
            return NotUnderstood(
                "expected a whole HTTP answer, got something else or a part of one",
                may_have_arrived=kind.acts,
            )
        case _:
            return BrokenOff(may_have_arrived=kind.acts)


def _why_unreachable(exception: BaseException) -> str:
    """Return the reason in fixed words: the operating system's differ from machine to machine."""
    causes = list(_causes(exception))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return "the server's certificate cannot be trusted"
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return "no secure connection could be agreed on"
    if any(isinstance(cause, gaierror) for cause in causes):
        return "the host's name is not known"
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return "the host refused"
    return "the host cannot be reached"


def _causes(exception: BaseException | None) -> Iterator[BaseException]:
    while exception is not None:
        yield exception
        if isinstance(exception, BaseExceptionGroup):
            for part in exception.exceptions:
                yield from _causes(part)
        exception = exception.__cause__ or exception.__context__


def error_of(
    response: httpx.Response, body: bytes | bytearray, kind: Kind, now_ms: int
) -> RunloopError:
    """Return the error for a response without a 2xx status; `body` is the beginning of its body."""
    status = response.status_code
    if not 400 <= status <= 599:
        location = response.headers.get("location", "")
        return NotUnderstood(
            f"expected an answer, got {'a redirect' if location else 'an unknown status'}",
            status=status,
            detail=location[:MAX_MESSAGE_LENGTH],
            may_have_arrived=kind.acts,
        )
    # A 4xx means that the action was not done; a 408 or a 5xx does not.
    is_unclear = status == 408 or status >= 500
    return _class_for(status, kind)(
        status=status,
        detail=error_message(response, body),
        may_have_arrived=kind.acts and is_unclear,
        retry_after_s=retry_after_s(response.headers, now_ms),
    )


def _class_for(status: int, kind: Kind) -> type[RunloopError]:
    not_offered = {Kind.LIST: {404, 405}, Kind.PART: {405}, Kind.WHOLE: {405}}.get(kind, set())
    if status in not_offered:
        return NotOffered
    return _BY_STATUS.get(status, ServerError if status >= 500 else BadRequest)


def not_understood(
    because: str, response: httpx.Response, body: bytes | bytearray, kind: Kind
) -> NotUnderstood:
    """Return the error for a 2xx response whose body is not what the operation returns."""
    return NotUnderstood(
        because,
        status=response.status_code,
        detail=error_message(response, body[:MAX_ERROR_BYTES]),
        may_have_arrived=kind.acts,
    )
