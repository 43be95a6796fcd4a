"""Time that a test lets pass: the app's clock and the event loop's go on together, and nobody waits."""

import asyncio

from tests.demo.clock import Clock


class CompressedTime:
    """Moves the clock and the running loop's timers.

    The loop sees the little real time that passes as well; it is taken off the next step, so that the two stay
    together however slow the machine is.
    """

    def __init__(self) -> None:
        self.clock = Clock()
        loop = asyncio.get_running_loop()
        self._real_time = loop.time
        self._began_s = loop.time()
        self._passed_s = 0.0
        self._ahead_s = 0.0
        loop.time = lambda: self._real_time() + self._ahead_s  # type: ignore[method-assign]

    def skip(self, seconds: float) -> None:
        """Let time pass, for the clock and for all that waits in the loop."""
        self._passed_s += seconds
        really_passed_s = self._real_time() - self._began_s
        self._ahead_s = max(self._ahead_s, self._passed_s - really_passed_s)
        self.clock.advance(ms=round(seconds * 1000))

    def sleep_through(self, seconds: float) -> None:
        """Let the clock alone go on, as it does where the machine sleeps."""
        self.clock.advance(ms=round(seconds * 1000))

    async def pause(self, seconds: float) -> None:
        """Wait that long, without waiting."""
        self.skip(seconds)
        await asyncio.sleep(0)
