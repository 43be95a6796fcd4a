"""Make the pictures that the README shows, from the demo with its clock standing still.

Run it from the top of the checkout: `.venv/bin/python -m screenshots.make`
"""

import asyncio
import re
import tempfile
from pathlib import Path

from tests.ui.stage import Stage

_FOLDER = Path(__file__).parent
_WIDE, _NARROW, _LARGE = (120, 40), (80, 24), (200, 60)

# Where the cursor goes first: the run with 500 scenarios.
_TO_THE_LARGE_RUN = ("down", "down", "down", "down")

_PICTURES: tuple[tuple[str, tuple[int, int], tuple[str, ...]], ...] = (
    ("runs-120x40", _WIDE, _TO_THE_LARGE_RUN),
    ("runs-80x24", _NARROW, _TO_THE_LARGE_RUN),
    ("runs-200x60", _LARGE, _TO_THE_LARGE_RUN),
    ("scenarios-120x40", _WIDE, (*_TO_THE_LARGE_RUN, "enter", "z")),
    ("scenario-80x24", _NARROW, (*_TO_THE_LARGE_RUN, "enter", *["down"] * 16, "enter")),
    ("filter-120x40", _WIDE, ("slash", *"codex")),
    ("cancel-120x40", _WIDE, (*_TO_THE_LARGE_RUN, "X")),
    ("cancel-80x24", _NARROW, (*_TO_THE_LARGE_RUN, "X")),
    ("help-120x40", _WIDE, ("question_mark",)),
    ("failures-120x40", _WIDE, (*_TO_THE_LARGE_RUN, "f")),
    ("compare-120x40", _WIDE, ("down", "equals_sign")),
    ("light-120x40", _WIDE, _TO_THE_LARGE_RUN),
    ("job-120x40", _WIDE, ("b", "down", "down")),
    ("log-120x40", _WIDE, ("down", "down", "l", "enter")),
    ("start-120x40", _WIDE, ("N",)),
)


async def _make(name: str, size: tuple[int, int], keys: tuple[str, ...]) -> None:
    with tempfile.TemporaryDirectory() as downloads:
        theme = "light" if name.startswith("light") else "dark"
        stage = Stage(theme=theme, downloads=Path(downloads))
        async with stage.running(size) as pilot:
            for key in keys:
                await pilot.press(key)
                await stage.settle(pilot)
            stage.app.clear_notifications()
            await pilot.pause()
            svg = stage.app.export_screenshot(title="runloop-tui")
    (_FOLDER / f"{name}.svg").write_text(_without_fetched_fonts(svg), encoding="utf-8")


def _without_fetched_fonts(svg: str) -> str:
    """The picture must show the same everywhere, and fetch nothing from anywhere."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


async def _make_all() -> None:
    for name, size, keys in _PICTURES:
        await _make(name, size, keys)


if __name__ == "__main__":
    asyncio.run(_make_all())
