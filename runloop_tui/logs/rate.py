"""How fast bytes are coming in just now."""

from collections import deque

_WINDOW_MS = 5_000
_STEP_MS = 250  # moments closer together than this are one: a fast stream must not fill the memory


class RateMeter:
    """Bytes per second over the last five seconds, from the moments it is told."""

    def __init__(self) -> None:
        self._moments: deque[tuple[int, int]] = deque()

    def note(self, now_ms: int, received: int) -> None:
        """`received` bytes in all have come in by `now_ms` (Unix ms)."""
        moments = self._moments
        if moments and now_ms < moments[-1][0]:  # the clock was set back: begin anew
            moments.clear()
        if len(moments) > 1 and now_ms - moments[-2][0] < _STEP_MS:
            moments.pop()
        moments.append((now_ms, received))
        # One moment from before the window stays: the rate needs where the window began.
        while len(moments) > 1 and moments[1][0] <= now_ms - _WINDOW_MS:
            moments.popleft()

    def rate(self, now_ms: int, received: int) -> float | None:
        """Bytes per second up to `now_ms`, or None as long as too little is known.

        It falls while nothing comes in.
        """
        start = self._start(now_ms)
        if start is None or now_ms - start[0] < _STEP_MS:
            return None
        return (received - start[1]) * 1000 / (now_ms - start[0])

    def _start(self, now_ms: int) -> tuple[int, int] | None:
        """The last moment at or before the window, else the first that is known."""
        before = [moment for moment in self._moments if moment[0] <= now_ms - _WINDOW_MS]
        if before:
            return before[-1]
        return self._moments[0] if self._moments else None
