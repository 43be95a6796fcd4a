"""A clock that moves only when a test advances it."""

ORIGIN_MS = 1_790_000_000_000


class Clock:
    """Returns Unix ms, as `World` expects."""

    def __init__(self, now_ms: int = ORIGIN_MS) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        return self.now_ms

    def advance(self, *, ms: int = 0, s: int = 0, minutes: int = 0) -> None:
        self.now_ms += ms + 1000 * s + 60_000 * minutes
