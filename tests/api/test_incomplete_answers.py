"""What an answer leaves out is kept from the one before; an answer about another thing is none."""

import pytest

from runloop_tui.api.errors import NotUnderstood
from runloop_tui.api.models import BenchmarkJob, ScenarioRun
from runloop_tui.api.parsing import parse_item, parse_page
from tests.api.scripted import RUN, SCENARIO_RUN, Script, ok

SCORED = {
    "id": "scr_1",
    "name": "fix-git",
    "state": "completed",
    "duration_ms": 60_000,
    "scoring_contract_result": {
        "score": 1.0,
        "scoring_function_results": [{"score": 1.0}, {"score": 1.0}],
    },
}


def read(raw: dict[str, object]) -> ScenarioRun:
    item, _ = parse_item(ScenarioRun, raw)
    assert item is not None
    return item


@pytest.mark.parametrize(
    "broken",
    [
        {"state": None},
        {"state": ["completed"]},
        {"duration_ms": "a minute"},
        {"scoring_contract_result": "1.0"},
        {"scoring_contract_result": {"score": "high", "scoring_function_results": None}},
        {
            "scoring_contract_result": {
                "score": 1.0,
                "scoring_function_results": [{"score": 1.0}, 7],
            }
        },
        {"name": None, "state": None, "scoring_contract_result": None},
    ],
)
def test_a_field_that_an_answer_leaves_out_keeps_its_last_readable_value(
    broken: dict[str, object],
) -> None:
    known = read(SCORED)
    assert read({**SCORED, **broken}).completed_from(known) == known


def test_what_an_answer_says_replaces_what_was_known() -> None:
    news = read({**SCORED, "duration_ms": 90_000, "name": None})
    filled = news.completed_from(read(SCORED))
    assert (filled.duration_ms, filled.name) == (90_000, "fix-git")


def test_a_whole_answer_is_taken_as_it_is() -> None:
    news = read({**SCORED, "duration_ms": 90_000})
    assert news.completed_from(read(SCORED)) is news


def test_a_list_with_an_unreadable_item_may_grow_but_not_shrink() -> None:
    def job(*outcomes: object) -> BenchmarkJob:
        item, _ = parse_item(BenchmarkJob, {"id": "bmj_1", "benchmark_outcomes": list(outcomes)})
        assert item is not None
        return item

    one, two = {"benchmark_run_id": "bmr_1"}, {"benchmark_run_id": "bmr_2"}
    assert job(one, None).completed_from(job(one, two)) == job(one, two)
    assert job(one, two, None).completed_from(job(one)) == job(one, two)


def test_which_fields_could_not_be_read_is_no_field_of_the_wire() -> None:
    item = read({**SCORED, "incomplete": ["state"], "complaint": "hacked"})
    assert (item.incomplete, item.complaint) == (frozenset(), "")
    broken = read({**SCORED, "state": ["x"]})
    assert broken.incomplete == {"state"}
    assert broken.complaint == "state of scr_1 not understood"


@pytest.mark.parametrize("other", ["bmr_2", 1, None])
async def test_an_answer_about_another_thing_is_not_understood(other: object) -> None:
    script = Script(ok({**RUN, "id": other}))
    async with script.client() as client:
        with pytest.raises(NotUnderstood):
            await client.get_benchmark_run("1" if other == 1 else "bmr_1")


async def test_an_action_whose_answer_is_about_another_thing_may_have_happened() -> None:
    script = Script(ok({**SCENARIO_RUN, "id": "scr_2"}))
    async with script.client() as client:
        with pytest.raises(NotUnderstood) as raised:
            await client.cancel_scenario_run("scr_1")
    assert raised.value.may_have_arrived


async def test_a_number_is_no_id_in_a_list_and_is_counted_as_unread() -> None:
    page = await parse_page(ScenarioRun, {"runs": [{"id": 7}, None, SCORED], "has_more": False})
    assert ([each.id for each in page.items], page.unread) == (["scr_1"], 2)


async def test_null_in_place_of_a_list_is_empty_only_where_nothing_is_promised() -> None:
    nothing = await parse_page(ScenarioRun, {"runs": None, "has_more": False, "total_count": 0})
    assert (nothing.items, nothing.unread) == ((), 0)
    for promise in ({"has_more": True}, {"has_more": False, "total_count": 5}):
        with pytest.raises(NotUnderstood):
            await parse_page(ScenarioRun, {"runs": None, **promise})
