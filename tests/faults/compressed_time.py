"""Time that a test lets pass: the app's clock and the event loop's timers advance together, without waiting."""

import asyncio

from tests.demo.clock import ORIGIN_MS


class CompressedTime:
    """The time of the running loop, which a test can let leap, and a clock that shows it.

    The little real time that a test takes passes as well, for both.
    """

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self._real_time = loop.time
        self._began_s = loop.time()
        self._skipped_s = 0.0
        self._slept_s = 0.0
        loop.time = self._time  # type: ignore[method-assign]

    def _time(self) -> float:
        return self._real_time() + self._skipped_s

    def clock(self) -> int:
        """Now, in Unix ms."""
        return ORIGIN_MS + int((self._time() - self._began_s + self._slept_s) * 1000)

    def skip(self, seconds: float) -> None:
        """Let time pass, for the clock and for all that waits in the loop."""
        self._skipped_s += seconds

    def sleep_through(self, seconds: float) -> None:
        """Let the clock alone go on, as it does where the machine sleeps."""
        self._slept_s += seconds

    async def pause(self, seconds: float) -> None:
        """Wait that long, without waiting."""
        self.skip(seconds)
        await asyncio.sleep(0)
