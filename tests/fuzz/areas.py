"""What is fuzzed: for each area what the cases are made of, and what must be true of each."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from tests.fuzz.answer_checks import check_answer
from tests.fuzz.answers import answers
from tests.fuzz.archive_checks import check_archive_case
from tests.fuzz.archives import archives
from tests.fuzz.poll_checks import check_polls
from tests.fuzz.screen_checks import check_screens
from tests.fuzz.text_checks import check_text
from tests.monitor.test_convergence import live_through
from tests.present.hostile import long_texts

Check = Callable[[Any], str]
"""Raises where something is not as it must be; else says in a few words how the case ended."""


@dataclass(frozen=True)
class Area:
    """One kind of cases."""

    name: str
    cases: st.SearchStrategy[Any]
    check: Check
    share: float = 1.0
    """Of the number of cases requested: some are many in one."""


def check_converging(seed: int) -> str:
    """Let a monitor live through broken, late and missing answers; raises where a healthy server does not heal all."""
    asyncio.run(live_through(random.Random(seed)))
    return "healed"


AREAS = (
    Area("answers", answers(), check_answer),
    Area("texts", long_texts, check_text),
    Area("archives", archives(), check_archive_case),
    Area("polls", st.data(), check_polls, share=0.05),
    Area("converging", st.integers(0, 2**32 - 1), check_converging, share=0.2),
    Area("screens", st.integers(0, 2**32 - 1), check_screens, share=0.01),
)


def fuzz(area: Area, cases: int, note: Callable[[str], object], *, seed: int | None = None) -> None:
    """Try so many cases of an area and note how each ended; the same ones each time where there is no seed.

    Raises:
        Exception: what was found, made as small as possible; several are an ExceptionGroup.
    """

    @settings(
        max_examples=max(1, int(cases * area.share)),
        derandomize=seed is None,
        database=None,
        deadline=None,
        print_blob=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(area.cases)
    def each(case: object) -> None:
        note(area.check(case))

    (each if seed is None else seeded(seed)(each))()
