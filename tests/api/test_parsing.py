"""Parsing: an invalid field costs no item, an invalid item no page, a missing field no known value."""

import math

import pytest

from runloop_tui.api.bodies import parse_json
from runloop_tui.api.errors import NotUnderstood
from runloop_tui.api.models import Benchmark, BenchmarkJob, BenchmarkRun, ScenarioRun
from runloop_tui.api.parsing import parse_item, parse_page
from tests.api.scripted import RUN, SCENARIO_RUN, Script, ok


@pytest.mark.parametrize(
    ("field", "nonsense"),
    [
        ("score", "high"),
        ("score", math.nan),
        ("score", math.inf),
        ("score", 1e300),
        ("score", 10**400),
        ("start_time_ms", "yesterday"),
        ("start_time_ms", -1),
        ("start_time_ms", 10**30),
        ("duration_ms", 1.5),
        ("duration_ms", math.inf),
        ("state", ["running"]),
        ("name", {"first": "a"}),
        ("metadata", "agent=codex"),
        ("environment_variables", [1]),
    ],
)
def test_a_field_that_does_not_fit_is_dropped_and_the_rest_kept(
    field: str, nonsense: object
) -> None:
    raw: dict[str, object] = {"id": "bmr_1", "purpose": "nightly", field: nonsense}
    run, warning = parse_item(BenchmarkRun, raw)
    assert run == BenchmarkRun(id="bmr_1", purpose="nightly")
    assert warning == f"{field} of bmr_1 not understood"
    assert raw[field] is nonsense  # the argument is not changed


def test_several_invalid_fields_are_in_one_warning() -> None:
    run, warning = parse_item(BenchmarkRun, {"id": "bmr_1", "score": "a", "duration_ms": "b"})
    assert run == BenchmarkRun(id="bmr_1")
    assert warning == "duration_ms, score of bmr_1 not understood"


def test_a_nested_invalid_value_is_dropped_alone() -> None:
    raw = {
        "id": "scr_1",
        "scoring_contract_result": {
            "score": 0.5,
            "scoring_function_results": [
                {"scoring_function_name": "first", "score": "NaN"},
                "no object",
                17,
                {"scoring_function_name": "last", "score": 1.0, "output": 3},
            ],
        },
        "metadata": {"agent": "codex", "tags": ["a"]},
    }
    run, warning = parse_item(ScenarioRun, raw)
    assert run is not None
    assert run.score == 0.5
    assert run.scoring_contract_result is not None
    scorers = run.scoring_contract_result.scoring_function_results
    assert [(s.scoring_function_name, s.score, s.output) for s in scorers] == [
        ("first", None, ""),
        ("last", 1.0, "3"),
    ]
    assert run.metadata == {"agent": "codex"}
    assert warning is not None
    assert warning.endswith(" of scr_1 not understood")
    assert len(warning) <= 80


def test_a_field_that_is_no_list_is_dropped() -> None:
    benchmark, warning = parse_item(Benchmark, {"id": "bmd_1", "scenarioIds": "scn_1"})
    assert benchmark == Benchmark(id="bmd_1")
    assert warning == "scenarioIds of bmd_1 not understood"


def test_an_invalid_value_under_the_models_field_name_is_dropped_alone() -> None:
    benchmark, warning = parse_item(Benchmark, {"id": "bmd_1", "scenario_ids": 3})
    assert benchmark == Benchmark(id="bmd_1")
    assert warning == "scenario_ids of bmd_1 not understood"


def test_a_list_full_of_invalid_items_keeps_the_valid_ones() -> None:
    raw = {"id": "bmd_1", "name": "swe", "scenarioIds": [None, ["x"]] * 10_000 + ["scn_1"]}
    benchmark, warning = parse_item(Benchmark, raw)
    assert benchmark == Benchmark(id="bmd_1", name="swe", scenario_ids=("scn_1",))
    assert warning == "scenarioIds of bmd_1 not understood"


@pytest.mark.parametrize(
    "raw",
    [{}, {"id": None}, {"id": ""}, {"id": ["x"]}, {"id": "x" * 5_000}],
    ids=["missing", "null", "empty", "list", "endless"],
)
def test_without_a_readable_id_there_is_no_item(raw: dict[str, object]) -> None:
    item, warning = parse_item(BenchmarkRun, raw | {"score": "high"})
    assert item is None
    assert warning == "a benchmark run without a readable id not understood"


@pytest.mark.parametrize("raw", [None, 3, "bmr_1", ["bmr_1"], math.nan])
def test_an_item_that_is_no_object_is_dropped(raw: object) -> None:
    item, warning = parse_item(BenchmarkRun, raw)
    assert item is None
    assert warning == "a benchmark run that is no object not understood"


def test_a_warning_has_at_most_80_characters() -> None:
    raw = {"id": "b" * 900, "metadata": {"k" * 5_000: []}}
    _, warning = parse_item(BenchmarkRun, raw)
    assert warning is not None
    assert len(warning) == 80
    assert warning.endswith("not understood")


async def test_a_bad_item_is_dropped_alone() -> None:
    raw = {
        "runs": [RUN, None, {"state": "running"}, RUN | {"id": "bmr_2", "score": "x"}],
        "has_more": True,
        "total_count": 4,
    }
    page = await parse_page(BenchmarkRun, raw)
    assert [run.id for run in page.items] == ["bmr_1", "bmr_2"]
    assert (page.has_more, page.total_count) == (True, 4)
    assert page.warnings == (
        "a benchmark run that is no object not understood",
        "a benchmark run without a readable id not understood",
        "score of bmr_2 not understood",
    )


async def test_equal_warnings_are_merged_and_others_limited_to_100() -> None:
    alike = await parse_page(BenchmarkRun, {"runs": [{}] * 1_000, "has_more": False})
    assert alike.warnings == ("a benchmark run without a readable id not understood",)
    others = [{"id": f"bmr_{number}", "score": "x"} for number in range(1_000)]
    page = await parse_page(BenchmarkRun, {"runs": others, "has_more": False})
    assert len(page.items) == 1_000
    assert len(page.warnings) == 100


async def test_a_page_with_more_than_10000_items_is_rejected() -> None:
    with pytest.raises(NotUnderstood, match="expected a page of benchmark runs, got 10,001"):
        await parse_page(BenchmarkRun, {"runs": [RUN] * 10_001, "has_more": False})


@pytest.mark.parametrize("has_more", [None, "true", 1])
async def test_has_more_must_be_a_boolean(has_more: object) -> None:
    raw = {"runs": [RUN], "has_more": has_more}
    page = await parse_page(BenchmarkRun, raw)
    assert not page.has_more
    assert page.warnings == ("has_more of the list not understood",)


@pytest.mark.parametrize("count", ["12", -1, True, math.inf, 10**30])
async def test_an_invalid_total_count_is_dropped(count: object) -> None:
    raw = {"runs": [RUN], "has_more": False, "total_count": count}
    page = await parse_page(BenchmarkRun, raw)
    assert page.total_count is None
    assert page.warnings == ("total_count of the list not understood",)


async def test_lenient_json_is_parsed() -> None:
    body = (
        b'{"runs": [{"id": "bmr_1", "name": "cut off \\ud83d", "score": NaN},'
        b' {"id": "bmr_2", "duration_ms": ' + b"9" * 6_000 + b'}], "has_more": false}'
    )
    async with Script(ok(body)).client() as client:
        page = await client.list_benchmark_runs()
    assert [(run.id, run.name) for run in page.items] == [("bmr_1", "cut off ?"), ("bmr_2", "")]
    assert page.warnings == (
        "score of bmr_1 not understood",
        "duration_ms of bmr_2 not understood",
    )


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"{} {}", b"\xff", b"nul", b"[" * 5_000, b"[" * 5_000 + b"]" * 5_000],
    ids=["empty", "open", "twice", "binary", "word", "deep", "deep and closed"],
)
def test_invalid_json_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_json(body)


def test_a_byte_order_mark_is_skipped() -> None:
    assert parse_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


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
def test_a_missing_field_keeps_its_last_readable_value(
    broken: dict[str, object],
) -> None:
    known = read(SCORED)
    assert read({**SCORED, **broken}).filled_from(known) == known


def test_a_readable_field_replaces_the_known_value() -> None:
    news = read({**SCORED, "duration_ms": 90_000, "name": None})
    filled = news.filled_from(read(SCORED))
    assert (filled.duration_ms, filled.name) == (90_000, "fix-git")


def test_a_complete_view_is_returned_as_it_is() -> None:
    news = read({**SCORED, "duration_ms": 90_000})
    assert news.filled_from(read(SCORED)) is news


def test_a_list_with_an_unreadable_item_may_grow_but_not_shrink() -> None:
    def job(*outcomes: object) -> BenchmarkJob:
        item, _ = parse_item(BenchmarkJob, {"id": "bmj_1", "benchmark_outcomes": list(outcomes)})
        assert item is not None
        return item

    one, two = {"benchmark_run_id": "bmr_1"}, {"benchmark_run_id": "bmr_2"}
    assert job(one, None).filled_from(job(one, two)) == job(one, two)
    assert job(one, two, None).filled_from(job(one)) == job(one, two)


def test_incomplete_is_never_set_from_json() -> None:
    item = read({**SCORED, "incomplete": ["state"], "warning": "hacked"})
    assert (item.incomplete, item.warning) == (frozenset(), "")
    broken = read({**SCORED, "state": ["x"]})
    assert broken.incomplete == {"state"}
    assert broken.warning == "state of scr_1 not understood"


@pytest.mark.parametrize("other", ["bmr_2", 1, None])
async def test_a_response_with_another_id_is_not_understood(other: object) -> None:
    script = Script(ok({**RUN, "id": other}))
    async with script.client() as client:
        with pytest.raises(NotUnderstood):
            await client.get_benchmark_run("1" if other == 1 else "bmr_1")


async def test_an_action_with_another_id_in_its_response_may_have_arrived() -> None:
    script = Script(ok({**SCENARIO_RUN, "id": "scr_2"}))
    async with script.client() as client:
        with pytest.raises(NotUnderstood) as raised:
            await client.cancel_scenario_run("scr_1")
    assert raised.value.may_have_arrived


async def test_a_number_is_no_id_in_a_list_and_is_counted_as_unread() -> None:
    page = await parse_page(ScenarioRun, {"runs": [{"id": 7}, None, SCORED], "has_more": False})
    assert ([each.id for each in page.items], page.unread) == (["scr_1"], 2)


async def test_null_is_an_empty_list_unless_the_page_claims_items() -> None:
    nothing = await parse_page(ScenarioRun, {"runs": None, "has_more": False, "total_count": 0})
    assert (nothing.items, nothing.unread) == ((), 0)
    for promise in ({"has_more": True}, {"has_more": False, "total_count": 5}):
        with pytest.raises(NotUnderstood):
            await parse_page(ScenarioRun, {"runs": None, **promise})
