"""When a read is sent again: exponential back-off with jitter, and the server's Retry-After."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

_MAX_RETRY_AFTER_S = 100 * 365 * 86_400.0
_MAX_DATE_LENGTH = 64
_PLAUSIBLE_YEARS = range(2020, 2100)


@dataclass(frozen=True, slots=True)
class Backoff:
    """How often a read is sent, and how long to wait in between."""

    first_s: float = 0.5
    """The pause after the first attempt, in seconds; doubled after each further one."""
    cap_s: float = 8.0
    """The longest pause, in seconds."""
    retry_after_cap_s: float = 0.5
    """The longest Retry-After that is waited for, in seconds; with a longer one the error is raised at once."""
    attempts: int = 2
    """The most attempts, the first included."""

    def delay(
        self, attempt: int, *, jitter: float, retry_after_s: float | None = None
    ) -> float | None:
        """Return the seconds to wait after failed attempt number `attempt` (from 1), None to give up.

        `jitter`, from 0 to 1, spreads the pause between half and whole, so that many clients do
        not come back together. A Retry-After is never shortened, and a little jitter is added; one
        longer than `retry_after_cap_s` is not waited for, so that the user sees the error.
        """
        if attempt >= self.attempts:
            return None
        if retry_after_s is not None:
            is_long = retry_after_s > self.retry_after_cap_s
            return None if is_long else retry_after_s + jitter * self.first_s
        # min() on the exponent: 2.0 ** a large attempt would overflow
        whole = min(self.cap_s, self.first_s * 2.0 ** min(attempt - 1, 60))
        return whole * (0.5 + 0.5 * jitter)


def retry_after_s(headers: Mapping[str, str], now_ms: int) -> float | None:
    """Return the Retry-After header in seconds from now; None when it is missing or unreadable.

    A date is taken relative to the response's own Date header, so that the local clock may be
    wrong; without one, relative to `now_ms`. The result is clamped to 0 to 100 years.
    """
    text = headers.get("retry-after", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        return _seconds_until(text, headers.get("date", ""), now_ms)
    return _clamped(seconds) if math.isfinite(seconds) else None


def _seconds_until(text: str, sent: str, now_ms: int) -> float | None:
    when_ms = http_date_ms(text)
    if when_ms is None:
        return None
    sent_ms = http_date_ms(sent)
    return _clamped((when_ms - (now_ms if sent_ms is None else sent_ms)) / 1_000)


def _clamped(seconds: float) -> float:
    return min(max(0.0, seconds), _MAX_RETRY_AFTER_S)


def http_date_ms(text: str) -> int | None:
    """Return an HTTP date in Unix ms; None when it is no date, or not in the years 2020 to 2099."""
    if len(text) > _MAX_DATE_LENGTH:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.year not in _PLAUSIBLE_YEARS:
        return None
    if moment.tzinfo is None:  # "-0000": UTC, local time zone unknown
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp() * 1_000)
