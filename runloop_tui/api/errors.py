"""What can go wrong between us and Runloop, as a small tree of exceptions.

    RunloopError
    ├── NotAuthorised   401, or a key that no header can carry
    ├── Forbidden       403
    ├── NotFound        404 on one thing
    ├── NotOffered      404, 405, 410 or 501 on a list; 410 or 501 anywhere
    ├── BadRequest      400, 422 and every other 4xx
    ├── Conflict        409
    ├── RateLimited     429
    ├── ServerError     5xx
    ├── TimedOut        408, or no connection in time
    │   └── NoAnswer    connected, and then nothing, or far too slowly
    ├── NoConnection    no way there
    │   └── BrokenOff   the line was there, and broke
    └── NotUnderstood   HTML, wrong JSON, a wrong shape, a redirect
        ├── CutShort    a part of the answer came, and then the line broke
        └── AnswerTooLarge

This module imports neither httpx nor pydantic, so that a screen can name an error without paying
for them.
"""
# ruff: noqa: N818 - the names say what happened, as a person would

from typing import ClassVar, Final

LONGEST_PAUSE_S: Final = 900.0
"""The longest pause that a server can ask for, in seconds: one wrong header must not blind for a day."""


class RunloopError(Exception):
    """A request that did not end well.

    Attributes:
        because: our own words on what was seen; safe to show, may be "".
        status: the HTTP status, or None when no answer came.
        detail: the server's own words, raw and hostile, may be "". Make them safe to show them.
        may_have_arrived: True when it was an action that could have taken effect all the same.
        wanted_pause_s: when the server wants to be asked again, in seconds from the answer.
        retry_after_s: when it will be: the same, but `LONGEST_PAUSE_S` at most.
    """

    summary: str = "something went wrong"
    """A short phrase for a status line."""

    advice: str = "Try again."
    """What the user can do, as a sentence."""

    worth_repeating: ClassVar[bool] = False
    """True when the same read may well succeed a moment later."""

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
        """The summary and what is safe to add: our own words, the status, when to come back."""
        if self.wanted_pause_s is None:
            return self.seen
        if self.is_pause_capped:
            return f"{self.seen}, the server wants a pause of {self.wanted_pause_s:,.0f} s"
        return f"{self.seen}, again in {self.wanted_pause_s:.0f} s"

    @property
    def is_pause_capped(self) -> bool:
        """Whether the server wants a longer pause than it gets."""
        return self.wanted_pause_s != self.retry_after_s

    @property
    def seen(self) -> str:
        """The summary, our own words, the status."""
        return self._with_status(
            f"{self.summary}: {self.because}" if self.because else self.summary
        )

    @property
    def in_short(self) -> str:
        """The summary and the status."""
        return self._with_status(self.summary)

    def blame_address(self, part: str) -> None:
        """Advise to leave a part of the path out of the base address: all paths begin with /v1."""
        self.advice = f"Leave {part} out of the base address (RUNLOOP_BASE_URL)."

    def _with_status(self, text: str) -> str:
        return text if self.status is None else f"{text} ({self.status})"


class NotAuthorised(RunloopError):
    """401: there is no key, or it is wrong, or it was revoked."""

    summary = "not authorised"
    advice = "Set RUNLOOP_API_KEY to a valid key of your account and start again."


class Forbidden(RunloopError):
    """403: the key is known but may not do this."""

    summary = "forbidden"
    advice = "This key may not do that. Use a key with the right to do so."


class NotFound(RunloopError):
    """404 on one thing: it does not exist, or not for this key."""

    summary = "not found"
    advice = "Check the id, and that the key belongs to the right account."


class NotOffered(RunloopError):
    """404, 405, 410 or 501 on a list: the service at this address has no such resource."""

    summary = "this address does not offer benchmark runs"
    advice = "Check the base address (RUNLOOP_BASE_URL). The service there may have dropped them."

    def say_of(self, things: str) -> None:
        """Say in the summary what is not offered, where that is something else than runs."""
        self.summary = f"this address does not offer {things}"

    def blame_address(self, part: str) -> None:
        """Say first what to leave out of the base address, and then why."""
        self.summary = f"leave {part} out of the base address"
        self.advice = (
            f"Nothing is offered at {part}/v1/benchmark_runs: /v1 is added to the address."
        )


class BadRequest(RunloopError):
    """400, 422 and every 4xx without a class of its own: the request was refused as it stands."""

    summary = "request refused"
    advice = "The server did not accept this request. Its own words say why."


class Conflict(RunloopError):
    """409: the thing is in a state in which this cannot be done."""

    summary = "conflict"
    advice = "It has changed in the meantime. Look again before you repeat this."


class RateLimited(RunloopError):
    """429: too many requests; `retry_after_s` says when to come back, where the server told."""

    summary = "rate limited"
    advice = "Wait a little, or ask less often with a longer --interval."
    worth_repeating = True


class ServerError(RunloopError):
    """5xx: the server failed."""

    summary = "server error"
    advice = "The trouble is on the server's side. Wait a little and look again."
    worth_repeating = True


class TimedOut(RunloopError):
    """No connection in time, or the server's own 408."""

    summary = "timed out"
    advice = "The server is slow, or the network is. Wait a little and look again."
    worth_repeating = True


class NoAnswer(TimedOut):
    """Asked, and nothing came; so long was waited that whoever waits should hear of it first."""

    worth_repeating = False


class NoConnection(RunloopError):
    """No way there."""

    summary = "no connection"
    advice = "Check the network and the base address (RUNLOOP_BASE_URL)."
    worth_repeating = True


_BROKE_OFF = "the connection broke off"
_WHERE_IT_BROKE_OFF = "The network or the server broke it off. Look at the network and try again."


class BrokenOff(NoConnection):
    """There was a connection, and it broke before a whole answer had come."""

    summary = _BROKE_OFF
    advice = _WHERE_IT_BROKE_OFF


class NotUnderstood(RunloopError):
    """An answer came, but it is not what Runloop would say; `because` tells what was expected."""

    summary = "answer not understood"
    advice = "Check that the base address (RUNLOOP_BASE_URL) is a Runloop API."


class CutShort(NotUnderstood):
    """The beginning of an answer came, and the connection ended before the rest did."""

    summary = _BROKE_OFF
    advice = _WHERE_IT_BROKE_OFF


class AnswerTooLarge(NotUnderstood):
    """An answer has more bytes than any that Runloop would give; it was not read further."""

    summary = "answer too large"
    advice = "It was not read. What is known stays; the server should send less at once."
