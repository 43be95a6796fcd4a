"""States: a glyph, a word and a tone together."""

import pytest

from runloop_tui.present.states import (
    STUCK,
    Sign,
    run_sign,
    run_state_sign,
    scenario_sign,
    scenario_state_sign,
)
from tests.present.building import a_record, a_run, a_scenario_run


@pytest.mark.parametrize(
    ("state", "sign"),
    [
        ("running", Sign("●", "running", "live")),
        ("completed", Sign("✓", "completed", "good")),
        ("canceled", Sign("⊘", "canceled", "muted")),
        ("CANCELLED", Sign("⊘", "canceled", "muted")),
        ("failed", Sign("!", "failed", "bad")),
        ("hibernating", Sign("?", "hibernating", "warn")),
        ("", Sign("?", "not said", "warn")),
    ],
)
def test_a_run_has_a_sign_for_each_state_even_an_unknown_one(state: str, sign: Sign) -> None:
    assert run_sign(a_record(a_run(state=state))) == sign


@pytest.mark.parametrize(
    ("state", "score", "sign"),
    [
        ("running", None, Sign("●", "running", "live")),
        ("scoring", None, Sign("◌", "scoring", "live")),
        ("scored", 1.0, Sign("✓", "passed", "good")),
        ("completed", 1.0, Sign("✓", "passed", "good")),
        ("completed", 0.5, Sign("◐", "partial", "warn")),
        ("completed", 0.0, Sign("✗", "zero", "warn")),
        ("completed", None, Sign("–", "no score", "warn")),
        ("canceled", None, Sign("⊘", "canceled", "muted")),
        ("failed", None, Sign("!", "failed", "bad")),
        ("timeout", 0.0, Sign("!", "timeout", "bad")),
        ("hibernating", None, Sign("?", "hibernating", "warn")),
        ("", None, Sign("?", "not said", "warn")),
    ],
)
def test_a_scenario_run_has_the_sign_of_its_outcome_an_error_never_that_of_a_wrong_answer(
    state: str, score: float | None, sign: Sign
) -> None:
    assert scenario_sign(a_scenario_run(score, state=state)) == sign


def test_an_action_under_way_is_shown_instead_of_the_state_and_leaves_it_known() -> None:
    record = a_record(under_way="canceling…")
    assert run_sign(record) == Sign("◌", "canceling…", "warn")
    assert run_state_sign(record.run).word == "running"
    scenario_run = a_scenario_run()
    shown = scenario_sign(scenario_run, late="stuck", under_way="canceling…")
    assert shown == Sign("◌", "canceling…", "warn")
    assert scenario_state_sign(scenario_run).word == "running"


def test_a_run_that_the_server_no_longer_knows_is_gone() -> None:
    assert run_sign(a_record(gone=True)) == Sign("?", "gone", "bad")


def test_a_stuck_scenario_run_is_called_so_and_a_slow_one_slow() -> None:
    assert scenario_sign(a_scenario_run(), late="stuck") == STUCK == Sign("?", "stuck", "bad")
    assert scenario_sign(a_scenario_run(), late="slow") == Sign("◷", "slow", "warn")


def test_a_hostile_state_is_made_safe_and_short() -> None:
    word = run_sign(a_record(a_run(state="\x1b[2J\u202e" + "x" * 1_000))).word
    assert word == "␛" + "x" * 22 + "…"
    assert run_sign(a_record(a_run(state="\u200b"))).word == "not said"


def test_no_two_states_differ_by_colour_alone() -> None:
    signs = [
        scenario_sign(a_scenario_run(score, state=state))
        for state, score in [
            ("running", None), ("scoring", None), ("scored", 1.0), ("scored", 0.5), ("scored", 0.0),
            ("scored", None), ("canceled", None), ("failed", None), ("timeout", None),
        ]
    ]  # fmt: skip
    assert len({(sign.glyph, sign.word) for sign in signs}) == len(signs)
