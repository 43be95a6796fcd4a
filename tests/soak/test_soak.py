"""A little of the soak, in every run of the tests; `python -m tests.soak` is the whole."""

from pathlib import Path

from tests.soak.soaking import Soak
from tests.soak.visits import VISITS

POLLS = 3 * len(VISITS)
"""Enough that everything is opened and left three times."""


async def test_what_is_opened_and_left_while_polls_go_on_is_let_go(tmp_path: Path) -> None:
    soak = Soak(POLLS, polls_between_visits=1, downloads=tmp_path)
    _, early, *_, late = [held async for held in soak.run(len(VISITS))]
    assert late.polls == POLLS
    assert late.descriptors == early.descriptors
    assert late.threads <= early.threads
    assert late.tasks <= early.tasks + 20  # a toast or two, and the keys of another pane
    visits = late.polls - early.polls
    assert late.objects - early.objects < 500 * visits  # a footer or a form that is kept has more
