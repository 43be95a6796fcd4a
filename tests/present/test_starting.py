"""Starting a run: the benchmarks, the request and the outcome as text."""

from dataclasses import replace

from runloop_tui.api.errors import BadRequest, Forbidden, NoConnection, NotAuthorised
from runloop_tui.api.models import Benchmark
from runloop_tui.monitor.fetch_benchmarks import Benchmarks
from runloop_tui.monitor.health import ReadFailure
from runloop_tui.monitor.start_run import StartOutcome, StartRequest
from runloop_tui.present.layout import line_width
from runloop_tui.present.starting import (
    arrange_benchmarks,
    benchmark_cells,
    benchmark_words,
    benchmarks_errors,
    benchmarks_title,
    consequences,
    look_again_question,
    request_lines,
    start_words,
)
from tests.monitor.making import run
from tests.present.building import page_of

PLAIN = Benchmark(id="bmd_1", name="smoke", scenario_ids=("scn_1", "scn_2"))
DEMANDING = Benchmark(
    id="bmd_2",
    name="billing",
    required_environment_variables=("LEDGER_URL",),
    required_secret_names=("MODEL_KEY",),
)
HOSTILE = "\x1b[31mred\x1b[0m\u202e[bold]"


# The request


FULL = StartRequest(
    "bmd_1",
    run_name="nightly",
    metadata={"owner": "me", "team": "evals"},
    purpose="compare",
    environment_variables={"TOKEN": "hunter2hunter", "EMPTY": ""},
    secrets={"KEY": "MY_KEY"},
)


def test_all_that_will_be_sent_is_shown_with_values_of_the_environment_masked() -> None:
    assert page_of(request_lines(FULL, PLAIN, 60)) == (
        "benchmark   smoke\n"
        "            bmd_1\n"
        "run name    nightly\n"
        "purpose     compare\n"
        "metadata    owner  me\n"
        "            team  evals\n"
        "environment TOKEN  ••••••\n"
        "            EMPTY  (empty)\n"
        "secrets     KEY  ← MY_KEY"
    )


def test_a_run_without_a_name_shows_none() -> None:
    assert "run name    none" in page_of(request_lines(StartRequest("bmd_1"), PLAIN, 60))


def test_what_will_be_sent_is_safe_and_no_wider_than_its_argument() -> None:
    hostile = replace(FULL, run_name=HOSTILE * 40, metadata={HOSTILE: "日本語" * 60})
    lines = request_lines(hostile, replace_name(PLAIN, HOSTILE), 40)
    assert all(line_width(line) <= 40 for line in lines)
    assert "\x1b" not in page_of(lines)
    assert "\u202e" not in page_of(lines)


def replace_name(benchmark: Benchmark, name: str) -> Benchmark:
    return benchmark.model_copy(update={"name": name})


def test_the_number_of_scenarios_that_begin_is_shown_where_it_is_known() -> None:
    assert consequences(PLAIN).startswith("A run of 2 scenarios begins.")
    assert consequences(DEMANDING).startswith("A run of its scenarios begins.")


# The outcome


REFUSED = StartOutcome(
    FULL, "refused", error=BadRequest(status=400, detail="required secrets are missing: KEY")
)
LOST = NoConnection("the connection broke")


def test_a_started_run_is_named() -> None:
    outcome = StartOutcome(FULL, "started", run(name="nightly"))
    assert start_words(outcome) == "nightly was started."


def test_a_refused_start_says_why_in_the_servers_words() -> None:
    assert start_words(REFUSED) == (
        "nightly was not started: request refused (400): required secrets are missing: KEY. "
        "The server did not accept this request. Its own words say why."
    )


def test_a_start_with_a_wrong_key_says_what_to_do() -> None:
    unsent = start_words(StartOutcome(FULL, "refused", error=LOST, sent=False))
    assert unsent.startswith("nightly was not started: nothing was sent, for the runs that")
    words = start_words(StartOutcome(FULL, "refused", error=NotAuthorised(status=401)))
    assert "not authorised (401). Set RUNLOOP_API_KEY" in words


def test_an_unknown_start_says_that_it_was_looked_for() -> None:
    assert start_words(StartOutcome(FULL, "unknown", error=LOST)) == (
        "It is unknown whether nightly was started (no connection: the connection broke). "
        "A look at the runs found none like it that has started since. "
        "Before it is sent again, this will be looked at once more."
    )


def test_an_unknown_start_that_could_not_be_looked_for_says_so_and_offers_another_look() -> None:
    outcome = StartOutcome(StartRequest("bmd_1"), "unknown", error=LOST, blind=Forbidden())
    words = start_words(outcome)
    assert words.startswith("It is unknown whether the run was started")
    assert words.endswith("The runs could not be looked at either: forbidden.")
    question = look_again_question(outcome)
    assert words in question.lines
    assert (question.yes, question.no) == ("Look again", "Leave it for now")


def test_a_found_run_is_described_as_one_like_it() -> None:
    one = StartOutcome(FULL, "found", run(name="nightly"), 1, LOST)
    assert start_words(one) == (
        "The answer was lost, but a run like it has started since: nightly is selected, "
        "and nothing was sent again."
    )
    several = replace(one, found=3)
    assert "3 runs like nightly have started since" in start_words(several)


def test_hostile_words_of_the_server_are_made_safe() -> None:
    error = BadRequest(status=400, detail=HOSTILE)
    assert "␛red␛[bold]" in start_words(StartOutcome(FULL, "refused", error=error))


# The benchmarks


def test_benchmarks_are_found_by_all_words_the_accounts_own_first_by_name() -> None:
    public = Benchmark(id="bmd_a", name="Alpha", is_public=True, description="hard tasks")
    mine = Benchmark(id="bmd_z", name="zeta", description="tasks")
    other = Benchmark(id="bmd_b", name="Beta", attribution="Tasks Inc.")
    every = [public, mine, other]
    assert arrange_benchmarks(every, "") == [other, mine, public]
    assert arrange_benchmarks(every, "TASKS hard") == [public]
    assert arrange_benchmarks(every, "bmd_z") == [mine]


def test_a_row_says_how_many_scenarios_and_whose() -> None:
    assert [cell.text for cell in benchmark_cells(PLAIN)] == ["smoke", "2", "yours", ""]
    unsized = Benchmark(id="bmd_9", is_public=True, description=HOSTILE)
    assert [cell.text for cell in benchmark_cells(unsized)] == [
        "bmd_9",
        "?",
        "public",
        "␛red␛[bold]",
    ]


def test_the_chosen_one_keeps_its_count_where_its_name_is_too_long() -> None:
    assert benchmark_words(PLAIN, 40) == "smoke  2 scenarios"
    assert benchmark_words(replace_name(PLAIN, "x" * 80), 24) == "xxxxxxxxxx…  2 scenarios"
    assert benchmark_words(DEMANDING, 40) == "billing"


def test_the_title_says_how_many_of_how_many_and_what_is_still_to_come() -> None:
    some = Benchmarks((PLAIN, DEMANDING))
    assert page_of([benchmarks_title(1, some)]) == "benchmarks 1 of 2  reading…"
    whole = replace(some, whole=True, warnings=("no id",))
    assert page_of([benchmarks_title(2, whole)]) == "benchmarks 2  1 problem in what was read"
    assert page_of([benchmarks_title(0, Benchmarks(whole=True))]) == "benchmarks 0  there are none"


def test_a_list_that_failed_is_never_shown_as_empty() -> None:
    failed = Benchmarks(whole=True, failures=(ReadFailure("the public benchmarks", Forbidden()),))
    assert "there are none" not in page_of([benchmarks_title(0, failed)])
    assert benchmarks_errors(failed) == "! the public benchmarks could not be read: forbidden"
