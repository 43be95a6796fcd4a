"""When to ask again: a growing pause with jitter, and the server's own wish."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from runloop_tui.api.http_dates import http_date_ms

_LONGEST_WISH_S = 100 * 365 * 86_400.0


@dataclass(frozen=True, slots=True)
class Backoff:
    """How often a read is sent, and how long to wait in between."""

    first_s: float = 0.5
    """The pause after the first attempt, in seconds; doubled after each further one."""
    cap_s: float = 8.0
    """The longest pause, in seconds."""
    wish_cap_s: float = 0.5
    """The longest Retry-After that is waited for, in seconds; a longer one is told to whoever asks."""
    attempts: int = 2
    """How often a request is sent at most."""

    def delay(
        self, attempt: int, *, jitter: float, retry_after_s: float | None = None
    ) -> float | None:
        """Seconds to wait after attempt number `attempt` (from 1) failed; None means: give up.

        `jitter`, from 0 to 1, spreads the pause between half and whole, so that many clients do
        not come back together. A server's Retry-After is kept to, and a little jitter added; one
        longer than `wish_cap_s` is not waited for, because the user should hear of it.
        """
        if attempt >= self.attempts:
            return None
        if retry_after_s is not None:
            is_long = retry_after_s > self.wish_cap_s
            return None if is_long else retry_after_s + jitter * self.first_s
        # min() on the exponent: two to the power of a large attempt would not be a float
        whole = min(self.cap_s, self.first_s * 2.0 ** min(attempt - 1, 60))
        return whole * (0.5 + 0.5 * jitter)


def retry_after_s(headers: Mapping[str, str], now_ms: int) -> float | None:
    """The wish in a Retry-After header, in seconds from now; None when there is none to understand.

    A date is taken relative to the answer's own Date header, so that our clock may be wrong;
    without one relative to `now_ms`. More than a century is taken for one, the past for now.
    """
    text = headers.get("retry-after", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        return _seconds_until(text, headers.get("date", ""), now_ms)
    return _within_a_century(seconds) if math.isfinite(seconds) else None


def _seconds_until(text: str, sent: str, now_ms: int) -> float | None:
    when_ms = http_date_ms(text)
    if when_ms is None:
        return None
    sent_ms = http_date_ms(sent)
    return _within_a_century((when_ms - (now_ms if sent_ms is None else sent_ms)) / 1_000)


def _within_a_century(seconds: float) -> float:
    return min(max(0.0, seconds), _LONGEST_WISH_S)
