"""What a user opens, and leaves again, while the polls go on."""

from itertools import cycle
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.pilot import Pilot

VISITS: tuple[tuple[str, ...], ...] = (
    ("question_mark", "G", "escape"),
    ("colon", "escape"),
    ("d", "escape"),
    ("X", "escape"),
    ("D", "escape"),
    ("slash", "d", "j", "escape"),
    ("s", "S"),
    ("3", "j", "j", "enter", "escape"),
    ("z", "j", "z"),
    ("b", "escape"),
    ("N", "escape"),
    ("3", "j", "l", "G", "escape", "escape"),
    ("percent_sign", "percent_sign"),
    ("1", "j", "k"),
)
"""Keys, each row of which ends where it began: on the main screen with nothing over it."""
SIZES = ((120, 40), (80, 24), (200, 60), (10, 5), (120, 40))


class Visits:
    """Makes one visit after the other."""

    def __init__(self) -> None:
        self._next: Iterator[tuple[str, ...]] = cycle(VISITS)

    async def make(self, pilot: "Pilot[None]") -> None:
        """Open the next thing and leave it.

        Raises:
            AssertionError: it could not be left.
        """
        keys = next(self._next)
        await pilot.press(*keys)
        while len(pilot.app.screen_stack) > 1:
            await pilot.press("escape")
        if keys is VISITS[-1]:
            for size in SIZES:
                await pilot.resize_terminal(*size)
