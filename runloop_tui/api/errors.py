"""The errors of the API, as a tree of exceptions; `error_mapping.py` maps onto it.

    RunloopError
    ├── NotAuthorised   401, or a key that no header can carry
    ├── Forbidden       403
    ├── NotFound        404 on one resource
    ├── NotOffered      404, 405, 410 or 501 on a list; 410 or 501 anywhere
    ├── BadRequest      400, 422 and every other 4xx
    ├── Conflict        409
    ├── RateLimited     429
    ├── ServerError     5xx
    ├── TimedOut        408, or no connection in time
    │   └── NoAnswer    connected, but no response in time
    ├── NoConnection    could not connect
    │   └── BrokenOff   connected, then reset or closed
    └── NotUnderstood   HTML, wrong JSON, a wrong shape, a redirect
        ├── CutShort    connected, then closed in the middle of the response
        └── AnswerTooLarge

This module imports neither httpx nor pydantic, so that screens can import it before the first frame.
"""
# ruff: noqa: N818 - names without the suffix Error read as what happened

from typing import ClassVar, Final

LONGEST_PAUSE_S: Final = 900.0
"""The longest Retry-After that is honoured, in seconds: one wrong header must not stop polling for a day."""


class RunloopError(Exception):
    """A request that failed.

    Attributes:
        because: the reason in our own words; safe to display, may be "".
        status: the HTTP status, or None without a response.
        detail: the server's message, raw and hostile, may be "". Sanitise it before display.
        may_have_arrived: True for an action that may have taken effect in spite of the error.
        wanted_pause_s: the server's Retry-After, in seconds from the response.
        retry_after_s: the same, but `LONGEST_PAUSE_S` at most.
    """

    summary: str = "something went wrong"
    """A short phrase for a status line."""

    advice: str = "Try again."
    """What the user can do, as a sentence."""

    is_retryable: ClassVar[bool] = False
    """Whether the same read may succeed a moment later."""

    def __init__(
        self,
        because: str = "",
        *,
        status: int | None = None,
        detail: str = "",
        may_have_arrived: bool = False,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(because)
        self.because = because
        self.status = status
        self.detail = detail
        self.may_have_arrived = may_have_arrived
        self.wanted_pause_s = retry_after_s
        self.retry_after_s = None if retry_after_s is None else min(retry_after_s, LONGEST_PAUSE_S)

    def __str__(self) -> str:
        """Return the summary, the reason, the status and the Retry-After; all safe to display."""
        if self.wanted_pause_s is None:
            return self.seen
        if self.is_pause_capped:
            return f"{self.seen}, the server wants a pause of {self.wanted_pause_s:,.0f} s"
        return f"{self.seen}, again in {self.wanted_pause_s:.0f} s"

    @property
    def is_pause_capped(self) -> bool:
        """Whether the server's Retry-After is longer than `LONGEST_PAUSE_S`."""
        return self.wanted_pause_s != self.retry_after_s

    @property
    def seen(self) -> str:
        """The summary, the reason and the status."""
        return self._with_status(
            f"{self.summary}: {self.because}" if self.because else self.summary
        )

    @property
    def in_short(self) -> str:
        """The summary and the status."""
        return self._with_status(self.summary)

    def advise_shorter_address(self, part: str) -> None:
        """Advise to remove a part of the path from the base URL: all paths begin with /v1."""
        self.advice = f"Leave {part} out of the base address (RUNLOOP_BASE_URL)."

    def _with_status(self, text: str) -> str:
        return text if self.status is None else f"{text} ({self.status})"


class NotAuthorised(RunloopError):
    """401: no key, a wrong one or a revoked one; or a key that no header can carry."""

    summary = "not authorised"
    advice = "Set RUNLOOP_API_KEY to a valid key of your account and start again."


class Forbidden(RunloopError):
    """403: the key is valid but lacks the permission."""

    summary = "forbidden"
    advice = "This key may not do that. Use a key with the right to do so."


class NotFound(RunloopError):
    """404 on one resource: it does not exist, or not for this key."""

    summary = "not found"
    advice = "Check the id, and that the key belongs to the right account."


class NotOffered(RunloopError):
    """404, 405, 410 or 501 on a list: the service at this address has no such resources."""

    summary = "this address does not offer benchmark runs"
    advice = "Check the base address (RUNLOOP_BASE_URL). The service there may have dropped them."

    def name_resources(self, resources: str) -> None:
        """Name in the summary what is not offered, where that is something else than runs."""
        self.summary = f"this address does not offer {resources}"

    def advise_shorter_address(self, part: str) -> None:
        """Put the advice into the summary, and the reason into the advice."""
        self.summary = f"leave {part} out of the base address"
        self.advice = (
            f"Nothing is offered at {part}/v1/benchmark_runs: /v1 is added to the address."
        )


class BadRequest(RunloopError):
    """400, 422 and every 4xx without a class of its own: the request was refused."""

    summary = "request refused"
    advice = "The server did not accept this request. Its own words say why."


class Conflict(RunloopError):
    """409: the resource is in a state that does not allow the action."""

    summary = "conflict"
    advice = "It has changed in the meantime. Look again before you repeat this."


class RateLimited(RunloopError):
    """429: too many requests; `retry_after_s` is set where the server sent Retry-After."""

    summary = "rate limited"
    advice = "Wait a little, or ask less often with a longer --interval."
    is_retryable = True


class ServerError(RunloopError):
    """5xx: the server failed."""

    summary = "server error"
    advice = "The error is on the server's side. Wait a little and look again."
    is_retryable = True


class TimedOut(RunloopError):
    """No connection in time, or a 408."""

    summary = "timed out"
    advice = "The server is slow, or the network is. Wait a little and look again."
    is_retryable = True


class NoAnswer(TimedOut):
    """Connected, but no response within the time-out; not retried, because the user has waited long enough."""

    is_retryable = False


class NoConnection(RunloopError):
    """Could not connect."""

    summary = "no connection"
    advice = "Check the network and the base address (RUNLOOP_BASE_URL)."
    is_retryable = True


_BROKE_OFF = "the connection broke off"
_WHERE_IT_BROKE_OFF = "The network or the server broke it off. Look at the network and try again."


class BrokenOff(NoConnection):
    """The connection broke before the response began, or in the middle of it."""

    summary = _BROKE_OFF
    advice = _WHERE_IT_BROKE_OFF


class NotUnderstood(RunloopError):
    """A response that is not one of Runloop's; `because` says what was expected."""

    summary = "answer not understood"
    advice = "Check that the base address (RUNLOOP_BASE_URL) is a Runloop API."


class CutShort(NotUnderstood):
    """The connection was closed before the response was complete."""

    summary = _BROKE_OFF
    advice = _WHERE_IT_BROKE_OFF


class AnswerTooLarge(NotUnderstood):
    """A response with more bytes than the limit; the rest was not read."""

    summary = "answer too large"
    advice = "It was not read. What is known stays; the server should send less at once."
