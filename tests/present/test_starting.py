"""The form that starts a run, read and put into words."""

from dataclasses import replace

import pytest

from runloop_tui.api.errors import BadRequest, Forbidden, NoConnection, NotAuthorised
from runloop_tui.api.models import Benchmark
from runloop_tui.monitor.fetch_benchmarks import Benchmarks
from runloop_tui.monitor.health import ReadFailure
from runloop_tui.monitor.start_run import StartOutcome, StartRequest
from runloop_tui.present.benchmarks import (
    arrange_benchmarks,
    benchmark_cells,
    benchmark_words,
    benchmarks_title,
    benchmarks_trouble,
)
from runloop_tui.present.cells import Line
from runloop_tui.present.flow import line_width
from runloop_tui.present.name_values import read_pairs, read_secrets, read_variables
from runloop_tui.present.start_draft import Problem, StartDraft, read_draft
from runloop_tui.present.starting import (
    consequences,
    look_again_question,
    request_lines,
    start_words,
)
from tests.monitor.making import run

PLAIN = Benchmark(id="bmd_1", name="smoke", scenario_ids=("scn_1", "scn_2"))
DEMANDING = Benchmark(
    id="bmd_2",
    name="billing",
    required_environment_variables=("LEDGER_URL",),
    required_secret_names=("MODEL_KEY",),
)
HOSTILE = "\x1b[31mred\x1b[0m\u202e[bold]"


def text(lines: list[Line]) -> str:
    return "\n".join("".join(piece.text for piece in line).rstrip() for line in lines)


def problems(draft: StartDraft) -> list[str]:
    read = read_draft(draft)
    assert isinstance(read, tuple), "it could be sent"
    return [problem.words for problem in read]


# Lines of name=value


def test_each_line_is_a_name_and_a_value_and_blank_lines_are_nothing() -> None:
    read = read_pairs("owner = me \n\n  \ngit_sha=a=b\nempty=")
    assert read.values == {"owner": "me", "git_sha": "a=b", "empty": ""}
    assert read.problems == ()


def test_values_of_variables_are_taken_with_their_blanks() -> None:
    assert read_variables(" A=  x \nB=").values == {"A": "  x ", "B": ""}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("sk-secret", "line 2: there is no = in it"),
        ("=secret", "line 2: there is no name before the ="),
        ("GIVEN=secret", "line 2: this name was given before"),
        (
            "sk-s cret==",
            "line 2: what stands before the = cannot be the name of a variable",
        ),
        ("1A=secret", "line 2: what stands before the = cannot be the name of a variable"),
        ("A=se\x00cret", "line 2: there is a control character in it"),
        ("A=se\x1bcret", "line 2: there is a control character in it"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_without_what_stands_there(
    line: str, problem: str
) -> None:
    read = read_variables(f"GIVEN=x\n{line}")
    assert read.problems == (problem,)
    assert read.values == {"GIVEN": "x"}
    assert "x" not in repr(read)


def test_a_secret_needs_the_name_of_a_variable_and_of_a_secret() -> None:
    read = read_secrets("A= MY_SECRET \nB=\nno name=X")
    assert read.values == {"A": "MY_SECRET"}
    assert read.problems == (
        "line 2: there is no name of a secret behind the =",
        "line 3: what stands before the = cannot be the name of a variable",
    )


# From a draft to a request


def test_a_draft_becomes_a_request_of_what_is_set() -> None:
    draft = StartDraft(
        benchmark=DEMANDING,
        run_name=" nightly ",
        purpose="compare",
        metadata="owner=me",
        environment="LEVEL=debug",
        secrets="EXTRA=MY_EXTRA",
        required_variables={"LEDGER_URL": "http://ledger", "OF_ANOTHER": ""},
        required_secrets={"MODEL_KEY": "MY_KEY"},
    )
    assert read_draft(draft) == StartRequest(
        benchmark_id="bmd_2",
        run_name="nightly",
        metadata={"owner": "me"},
        purpose="compare",
        environment_variables={"LEDGER_URL": "http://ledger", "LEVEL": "debug"},
        secrets={"MODEL_KEY": "MY_KEY", "EXTRA": "MY_EXTRA"},
    )


def test_a_benchmark_alone_can_be_started() -> None:
    assert read_draft(StartDraft(benchmark=PLAIN)) == StartRequest("bmd_1")


def test_without_a_benchmark_nothing_can_be_started() -> None:
    assert problems(StartDraft()) == ["a benchmark has to be chosen"]


def test_everything_that_the_benchmark_requires_and_is_missing_is_named_at_once() -> None:
    assert problems(StartDraft(benchmark=DEMANDING)) == [
        "the benchmark requires the variable LEDGER_URL",
        "the benchmark requires the secret MODEL_KEY",
    ]


def test_what_is_required_may_stand_in_the_lines_as_well() -> None:
    draft = StartDraft(benchmark=DEMANDING, environment="LEDGER_URL=x", secrets="MODEL_KEY=K")
    request = read_draft(draft)
    assert isinstance(request, StartRequest)
    assert request.environment_variables == {"LEDGER_URL": "x"}
    assert request.secrets == {"MODEL_KEY": "K"}


def test_what_stands_in_a_field_and_in_a_line_is_not_guessed_at() -> None:
    draft = StartDraft(
        benchmark=DEMANDING,
        required_variables={"LEDGER_URL": "x"},
        environment="LEDGER_URL=y",
        required_secrets={"MODEL_KEY": "K"},
        secrets="MODEL_KEY=L",
    )
    assert problems(draft) == [
        "environment: LEDGER_URL has a field of its own above",
        "secrets: MODEL_KEY has a field of its own above",
    ]


def test_a_variable_cannot_be_a_value_and_a_secret_at_once() -> None:
    draft = StartDraft(benchmark=PLAIN, environment="A=x", secrets="A=K")
    assert problems(draft) == ["secrets: A is an environment variable as well"]


def test_a_problem_says_in_which_part_of_the_form_it_is() -> None:
    draft = StartDraft(benchmark=PLAIN, metadata="x", environment="y", secrets="z=")
    assert read_draft(draft) == (
        Problem("metadata", "metadata, line 1: there is no = in it"),
        Problem("environment", "environment, line 1: there is no = in it"),
        Problem("secrets", "secrets, line 1: there is no name of a secret behind the ="),
    )


def test_names_that_a_benchmark_requires_are_made_safe() -> None:
    hostile = Benchmark(id="bmd_3", required_secret_names=(HOSTILE,))
    assert problems(StartDraft(benchmark=hostile)) == [
        "the benchmark requires the secret ␛red␛[bold]"
    ]


def test_nothing_that_was_typed_as_a_value_is_in_a_repr() -> None:
    draft = StartDraft(environment="A=hunter2", required_variables={"B": "hunter2"})
    assert "hunter2" not in repr(draft)


# What will be sent


FULL = StartRequest(
    "bmd_1",
    run_name="nightly",
    metadata={"owner": "me", "team": "evals"},
    purpose="compare",
    environment_variables={"TOKEN": "hunter2hunter", "EMPTY": ""},
    secrets={"KEY": "MY_KEY"},
)


def test_all_that_will_be_sent_is_shown_with_values_of_the_environment_masked() -> None:
    assert text(request_lines(FULL, PLAIN, 60)) == (
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


def test_a_run_without_a_name_is_said_to_have_none() -> None:
    assert "run name    none" in text(request_lines(StartRequest("bmd_1"), PLAIN, 60))


def test_what_will_be_sent_is_safe_and_no_wider_than_asked() -> None:
    hostile = replace(FULL, run_name=HOSTILE * 40, metadata={HOSTILE: "日本語" * 60})
    lines = request_lines(hostile, replace_name(PLAIN, HOSTILE), 40)
    assert all(line_width(line) <= 40 for line in lines)
    assert "\x1b" not in text(lines)
    assert "\u202e" not in text(lines)


def replace_name(benchmark: Benchmark, name: str) -> Benchmark:
    return benchmark.model_copy(update={"name": name})


def test_it_is_said_how_many_scenarios_begin_where_that_is_known() -> None:
    assert consequences(PLAIN).startswith("A run of 2 scenarios begins.")
    assert consequences(DEMANDING).startswith("A run of its scenarios begins.")


# What became of it


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


def test_a_found_run_is_told_as_one_that_looks_like_it() -> None:
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


# What can be chosen


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
    assert text([benchmarks_title(1, some)]) == "benchmarks 1 of 2  reading…"
    whole = replace(some, whole=True, complaints=("no id",))
    assert text([benchmarks_title(2, whole)]) == "benchmarks 2  1 problem in what was read"
    assert text([benchmarks_title(0, Benchmarks(whole=True))]) == "benchmarks 0  there are none"


def test_a_list_that_failed_is_never_told_as_empty() -> None:
    failed = Benchmarks(whole=True, troubles=(ReadFailure("the public benchmarks", Forbidden()),))
    assert "there are none" not in text([benchmarks_title(0, failed)])
    assert benchmarks_trouble(failed) == "! the public benchmarks could not be read: forbidden"
