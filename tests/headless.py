"""Textual in tests, without the work whose result no test reads.

Parse each style sheet once for all apps, compose no frame only to drop it, and query no widget in each round of a loop
that waits. Tests marked `frames` compose frames and pause as Textual does.
"""

import asyncio
from typing import TYPE_CHECKING

import pytest
from textual._compositor import Compositor
from textual.css.stylesheet import Stylesheet
from textual.pilot import Pilot

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.css.model import RuleSet
    from textual.css.types import CSSLocation
    from textual.screen import Screen

_ROUND_S = 0.005
"""The pause of one round of a loop that waits until the app is quiet."""

_parse = Stylesheet._parse_rules
_compose = Compositor.render_update
_pause = Pilot.pause
_parsed: "dict[object, list[RuleSet]]" = {}


def share_parsed_styles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Share the parsed rules among the apps of this process: Textual reads them and never changes them.

    Textual keeps them for each app; the key here is the one of Textual and the values of all variables.
    """
    monkeypatch.setattr(Stylesheet, "_parse_rules", _parse_once)


def drop_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compose only the frames that a screenshot takes: a headless app drops all others.

    Tests read the screen from the compositor, which renders it then.
    """
    monkeypatch.setattr(Compositor, "render_update", _compose_if_full)


def sleep_in_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the shortest pauses sleep and update the screen, and not wait for each widget first.

    Such a pause is one round of a loop that ends when the app is quiet; to query each widget for unprocessed messages
    takes some 35 messages a round, a third of the CPU of a test that starts an app.
    """
    monkeypatch.setattr(Pilot, "pause", _sleep_or_pause)


def _parse_once(
    stylesheet: Stylesheet,
    css: str,
    read_from: "CSSLocation",
    is_default_rules: bool = False,
    tie_breaker: int = 0,
    scope: str = "",
) -> "list[RuleSet]":
    variables = frozenset(stylesheet._variables.items())
    key = (css, read_from, is_default_rules, tie_breaker, scope, variables)
    if key not in _parsed:
        _parsed[key] = _parse(stylesheet, css, read_from, is_default_rules, tie_breaker, scope)
    return _parsed[key]


def _compose_if_full(
    compositor: Compositor,
    full: bool = False,
    screen_stack: "list[Screen[object]] | None" = None,
    simplify: bool = False,
) -> "RenderableType | None":
    if full:
        return _compose(compositor, full, screen_stack, simplify)
    compositor._dirty_regions.clear()
    return None


async def _sleep_or_pause(pilot: "Pilot[object]", delay: float | None = None) -> None:
    if delay is None or delay > _ROUND_S:
        await _pause(pilot, delay)
    else:
        await asyncio.sleep(delay)
        pilot.app.screen._on_timer_update()
