"""A bounded part of `python -m tests.fuzz`, the same cases every time."""

from collections import Counter

import pytest

from tests.fuzz.areas import AREAS, Area, fuzz

_CASES = 60


@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.name)
def test_whatever_comes_nothing_breaks_and_nothing_hostile_is_shown(area: Area) -> None:
    ends = Counter[str]()

    fuzz(area, _CASES, lambda end: ends.update([end]))

    assert ends.total() >= int(_CASES * area.share)
