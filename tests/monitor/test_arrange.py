"""Search, filters, and each order in both directions."""

import pytest

from runloop_tui.api.models import ScenarioRun
from runloop_tui.monitor.arrange import (
    JOB_ORDERS,
    JOB_RUN_ORDERS,
    RUN_ORDERS,
    SCENARIO_ORDERS,
    Order,
    arrange_runs,
    arrange_scenario_runs,
    has_words,
    in_order,
)
from runloop_tui.monitor.counts import Tally
from runloop_tui.monitor.snapshot import RunRecord
from runloop_tui.present.archives import ENTRY_ORDERS
from tests.api.scripted import NOW_MS
from tests.monitor.making import HOUR_MS, MINUTE_MS, run, scenario_run


def record(id_: str, state: str = "completed", **fields: object) -> RunRecord:
    return RunRecord(run(id_, state, **fields))


def order_of(records: list[RunRecord], key: str, *, reverse: bool = False) -> str:
    arranged = arrange_runs(records, "", Order(key, reverse), NOW_MS)
    return " ".join(each.id for each in arranged)


def scenario_order_of(
    scenario_runs: list[ScenarioRun],
    key: str,
    *,
    reverse: bool = False,
    late: dict[str, str] | None = None,
) -> str:
    arranged = arrange_scenario_runs(
        scenario_runs,
        "",
        Order(key, reverse),
        reasons=lambda each: each.purpose,
        late=late or {},
        now_ms=NOW_MS,
    )
    return " ".join(each.id for each in arranged)


@pytest.mark.parametrize(
    ("search_query", "is_there"),
    [
        ("swe", True),
        ("SWE Codex", True),
        ("codex swe", True),
        ("swe goose", False),
        ("", True),
        ("   ", True),
        ("SWECODEX", False),
    ],
)
def test_each_word_has_to_match_somewhere(search_query: str, *, is_there: bool) -> None:
    assert has_words(search_query, "swe-lite", None, "", "Codex") is is_there


@pytest.mark.parametrize(
    "search_query", ["nightly", "bmr_7", "failed", "bmd_tb", "smoke", "b7720d1", "codex NIGHTLY"]
)
def test_a_run_is_found_by_all_that_names_it(search_query: str) -> None:
    wanted = record(
        "bmr_7",
        "failed",
        name="tb2-nightly",
        benchmark_id="bmd_tb2",
        purpose="smoke",
        metadata={"git_sha": "b7720d1", "agent": "codex"},
    )
    other = record("bmr_8", "completed", name="swe-lite")
    assert arrange_runs([other, wanted], search_query, Order("started"), NOW_MS) == [wanted]


def test_a_run_is_not_found_by_its_environment() -> None:
    held = [record("bmr_1", environment_variables={"TOKEN": "hunter2"})]
    assert arrange_runs(held, "hunter2", Order("started"), NOW_MS) == []


@pytest.mark.parametrize(
    "search_query", ["django", "scr_7", "scn_9", "completed", "zero", "2 tests"]
)
def test_a_scenario_run_is_found_by_all_that_names_it_and_by_its_outcome_and_reason(
    search_query: str,
) -> None:
    wanted = scenario_run("scr_7", "completed", 0.0, name="django-1", scenario_id="scn_9")
    other = scenario_run("scr_8", "running", name="flask-2")
    found = arrange_scenario_runs(
        [other, wanted],
        search_query,
        Order("problems"),
        reasons=lambda each: "pytest: 2 tests failed" if each is wanted else "",
        late={},
        now_ms=NOW_MS,
    )
    assert found == [wanted]


RECORDS = [
    # a started first, d last; e says nothing about itself
    RunRecord(
        run("a", "completed", name="Zeta", start_time_ms=1000, duration_ms=50, score=0.5),
        total=10,
        tally=Tally(passed=5, zero=5, score_sum=5),
        all_read=True,
    ),
    RunRecord(
        run("b", "running", name="beta", start_time_ms=NOW_MS - 40),
        total=100,
        tally=Tally(passed=9, error=3, running=2, score_sum=9),
        all_read=True,
    ),
    RunRecord(
        run("c", "failed", name="Alpha", start_time_ms=2000, duration_ms=60),
        total=100,
        tally=Tally(error=40, canceled=60),
        all_read=True,
    ),
    RunRecord(
        run("d", "running", name="gamma", start_time_ms=NOW_MS - 10),
        total=None,
        tally=Tally(partial=1, running=1, score_sum=0.25),
        all_read=True,
    ),
    RunRecord(run("e", "canceled")),
]


@pytest.mark.parametrize(
    ("key", "forwards", "backwards"),
    [
        ("started", "d b c a e", "a c b d e"),
        ("name", "c b e d a", "a d e b c"),
        ("state", "d b e a c", "c a e d b"),
        ("progress", "a c b d e", "b c a d e"),
        ("score", "b a d c e", "c d a b e"),
        ("errors", "c b d a e", "d a b c e"),
        ("elapsed", "c a b d e", "d b a c e"),
    ],
)
def test_runs_in_each_order(key: str, forwards: str, backwards: str) -> None:
    assert order_of(RECORDS, key) == forwards
    assert order_of(RECORDS, key, reverse=True) == backwards


@pytest.mark.parametrize("key", ["progress", "score", "errors"])
def test_counts_of_the_first_pages_are_not_sorted_by_as_they_are_not_shown(key: str) -> None:
    counts = Tally(passed=90, error=9, score_sum=90)
    part = RunRecord(run("part", start_time_ms=2), total=100, tally=counts, all_read=False)
    whole = RunRecord(run("whole", start_time_ms=1), total=100, tally=Tally(zero=1), all_read=True)
    for reverse in (False, True):
        assert order_of([part, whole], key, reverse=reverse) == "whole part"


def test_a_run_is_found_by_the_state_that_its_row_shows() -> None:
    gone = RunRecord(run("gone_one", "running"), gone=True)
    leaving = RunRecord(run("leaving", "running"), under_way="canceling…")
    live = record("live", "running")

    def found(search_query: str) -> list[str]:
        return [
            each.id
            for each in arrange_runs([gone, leaving, live], search_query, Order("name"), NOW_MS)
        ]

    assert found("gone") == found("state:gone") == ["gone_one"]
    assert found("canceling") == found("state:canceling") == ["leaving"]
    assert found("running") == found("state:running") == ["leaving", "live"]


@pytest.mark.parametrize(
    "key", [*RUN_ORDERS, *SCENARIO_ORDERS, *JOB_ORDERS, *JOB_RUN_ORDERS, *ENTRY_ORDERS]
)
def test_an_order_has_the_same_direction_in_all_tables_and_its_arrow_says_which(key: str) -> None:
    rises = {"name", "state", "reason", "agent", "model", "problems", "listed", "archive"}
    assert Order(key).descending == (key not in rises)
    assert Order(key, reverse=True).descending != Order(key).descending
    rows = in_order([2, None, 1, 3], lambda row: row, Order(key))
    assert rows == ([1, 2, 3, None] if key in rises else [3, 2, 1, None])


def test_every_order_of_runs_is_tried_here() -> None:
    assert RUN_ORDERS == ("started", "name", "state", "progress", "score", "errors", "elapsed")


@pytest.mark.parametrize("key", RUN_ORDERS)
def test_runs_that_are_equal_are_newest_first_in_both_directions(key: str) -> None:
    same = [
        RunRecord(run(id_, name="same", start_time_ms=start_ms), tally=Tally(running=1))
        for id_, start_ms in (("x", 1), ("z", 3), ("y", 2))
    ]
    if key in {"started", "elapsed"}:
        same = [record(each.id, "completed", name="same", duration_ms=9) for each in same]
    expected = "x y z" if key in {"started", "elapsed"} else "z y x"
    assert order_of(same, key) == expected
    assert order_of(same, key, reverse=True) == expected
    assert order_of(same[::-1], key) == expected


def test_a_gone_run_is_not_among_the_running_ones() -> None:
    gone = RunRecord(run("gone", "running", start_time_ms=9), gone=True)
    live = RunRecord(run("live", "running", start_time_ms=1))
    assert order_of([gone, live], "state") == "live gone"


def test_the_elapsed_time_of_a_terminal_run_does_not_go_on() -> None:
    terminal = record("terminal", "canceled", start_time_ms=NOW_MS - HOUR_MS)
    live = record("live", "running", start_time_ms=NOW_MS - MINUTE_MS)
    assert order_of([terminal, live], "elapsed") == "live terminal"


def found_by(search_query: str) -> str:
    """The scenario runs that are found, by name."""
    reasons = {"zero": "pytest: 3 failed in 75 s", "failed": "patch did not apply"}
    reasons["timeout"] = "AgentTimeoutError: 900 s"
    arranged = arrange_scenario_runs(
        SCENARIO_RUNS,
        search_query,
        Order("name"),
        reasons=lambda each: reasons.get(each.id, ""),
        late={"stuck": "stuck"},
        now_ms=NOW_MS,
        under_way=lambda id_: "canceling…" if id_ == "scoring" else "",
    )
    return " ".join(each.id for each in arranged)


@pytest.mark.parametrize(
    ("search_query", "found"),
    [
        ("stuck", "stuck"),
        ("STUCK h", "stuck"),
        ("failed", "failed"),
        ("zero", "zero"),
        ("timeout", "timeout"),
        ("canceled", "canceled"),
        ("cancelled", "canceled"),
        ("canceling", "scoring"),
        ("passed", "passed"),
        ("no score", "unscored"),
        ("hibernating", "odd"),
        ("running", "running stuck"),
        ("completed", "passed zero unscored"),
        ("state:timeout", "timeout"),
        ("state:Failed", "failed"),
        ("state:cancelled", "canceled"),
        ("state:error", "failed timeout"),
        ("state:no-score", "unscored"),
        ("state:stuck", "stuck"),
        ("state:fail", ""),
        ("reason:failed", "zero"),
        ("reason:patch", "failed"),
        ("reason:TIMEOUT", "timeout"),
        ("patch", "failed"),
        ("3 in 75", "zero"),
        ("state:zero reason:pytest b", "zero"),
        ("state:zero reason:patch", ""),
        ("colour:red", ""),
    ],
)
def test_scenarios_are_found_by_the_words_on_the_screen(search_query: str, found: str) -> None:
    assert found_by(search_query) == found


SCENARIO_RUNS = [
    scenario_run("passed", "completed", 1.0, name="a", duration_ms=5, purpose="fine"),
    scenario_run("zero", "completed", 0.0, name="b", duration_ms=7, purpose="2 tests failed"),
    scenario_run("partial", "scored", 0.5, name="c", start_time_ms=NOW_MS - 20 * MINUTE_MS),
    scenario_run("failed", "failed", name="d", duration_ms=1, purpose="No devbox"),
    scenario_run("timeout", "timeout", name="e", duration_ms=99),
    scenario_run("canceled", "canceled", name="f", start_time_ms=1),
    scenario_run("running", "running", name="g", start_time_ms=NOW_MS - 6),
    scenario_run("stuck", "running", name="h", start_time_ms=NOW_MS - HOUR_MS),
    scenario_run("scoring", "scoring", name="i", start_time_ms=NOW_MS - 3),
    scenario_run("unscored", "completed", name="j", duration_ms=2),
    scenario_run("odd", "hibernating", name="k"),
]


@pytest.mark.parametrize(
    ("key", "forwards", "backwards"),
    [
        (
            "problems",
            "stuck failed timeout odd unscored zero partial canceled running scoring passed",
            "passed scoring running canceled partial zero unscored odd failed timeout stuck",
        ),
        (
            "state",
            "odd running scoring stuck canceled failed unscored partial passed timeout zero",
            "zero timeout passed partial unscored failed canceled stuck scoring running odd",
        ),
        (
            "name",
            "passed zero partial failed timeout canceled running stuck scoring unscored odd",
            "odd unscored scoring stuck running canceled timeout failed partial zero passed",
        ),
        (
            "score",
            "passed partial zero failed timeout canceled running stuck scoring unscored odd",
            "zero partial passed failed timeout canceled running stuck scoring unscored odd",
        ),
        (
            "elapsed",
            "stuck partial timeout zero running passed scoring unscored failed canceled odd",
            "failed unscored scoring passed running zero timeout partial stuck canceled odd",
        ),
        (
            "reason",
            "zero passed failed partial timeout canceled running stuck scoring unscored odd",
            "failed passed zero partial timeout canceled running stuck scoring unscored odd",
        ),
    ],
)
def test_scenario_runs_in_each_order(key: str, forwards: str, backwards: str) -> None:
    late = {"stuck": "stuck"}
    assert scenario_order_of(SCENARIO_RUNS, key, late=late) == forwards
    assert scenario_order_of(SCENARIO_RUNS, key, late=late, reverse=True) == backwards


def test_every_order_of_scenario_runs_is_tried_here() -> None:
    assert SCENARIO_ORDERS == ("problems", "state", "name", "score", "elapsed", "reason")


@pytest.mark.parametrize("key", SCENARIO_ORDERS)
def test_scenario_runs_that_are_equal_are_sorted_by_name_and_id_in_both_directions(
    key: str,
) -> None:
    named = [scenario_run("1", name="b"), scenario_run("3", name="A"), scenario_run("2", name="b")]
    expected = "3 1 2"
    assert scenario_order_of(named[::-1], key) == expected
    backwards = "1 2 3" if key == "name" else expected
    assert scenario_order_of(named, key, reverse=True) == backwards


def test_a_scenario_run_without_a_name_is_sorted_by_its_scenario_or_its_own_id() -> None:
    held = [
        scenario_run("scr_1", scenario_id="scn_b"),
        scenario_run("scn_a"),
        scenario_run("scr_3", name="Scn_c"),
    ]
    assert scenario_order_of(held, "name") == "scn_a scr_1 scr_3"


def test_without_a_usual_duration_nothing_is_among_the_stuck() -> None:
    assert scenario_order_of(SCENARIO_RUNS, "problems").startswith("failed timeout odd")
