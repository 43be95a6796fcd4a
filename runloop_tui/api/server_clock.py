"""How far the server's clock is from ours, learned from the Date headers of its answers."""

from collections.abc import Mapping

from runloop_tui.api.http_dates import http_date_ms

_DATE_STEPS_MS = 2_000
"""Date counts whole seconds and the way takes time: smaller differences are noise."""


class ServerClock:
    """The skew between two clocks; it moves only when there is a reason to."""

    def __init__(self) -> None:
        self.skew_ms = 0
        """The server's clock minus ours, in milliseconds; 0 until something is known."""

    def learn(self, headers: Mapping[str, str], now_ms: int) -> None:
        """Take in the headers of an answer that came at `now_ms` on our clock."""
        if "age" in headers:  # a cache answered, with the date at which it asked the server
            return
        server_ms = http_date_ms(headers.get("date", ""))
        if server_ms is None:
            return
        skew_ms = server_ms - now_ms
        if abs(skew_ms - self.skew_ms) > _DATE_STEPS_MS:
            self.skew_ms = skew_ms
