"""The form that starts a run: from what was typed to a request."""

import pytest

from runloop_tui.api.models import Benchmark
from runloop_tui.monitor.start_run import StartRequest
from runloop_tui.present.start_form import (
    Problem,
    StartDraft,
    parse_draft,
    parse_pairs,
    parse_secrets,
    parse_variables,
)

PLAIN = Benchmark(id="bmd_1", name="smoke", scenario_ids=("scn_1", "scn_2"))
DEMANDING = Benchmark(
    id="bmd_2",
    name="billing",
    required_environment_variables=("LEDGER_URL",),
    required_secret_names=("MODEL_KEY",),
)
HOSTILE = "\x1b[31mred\x1b[0m\u202e[bold]"


def problems(draft: StartDraft) -> list[str]:
    read = parse_draft(draft)
    assert isinstance(read, tuple), "it could be sent"
    return [problem.words for problem in read]


def test_each_line_is_a_name_and_a_value_and_blank_lines_are_nothing() -> None:
    read = parse_pairs("owner = me \n\n  \ngit_sha=a=b\nempty=")
    assert read.values == {"owner": "me", "git_sha": "a=b", "empty": ""}
    assert read.problems == ()


def test_values_of_variables_are_taken_with_their_blanks() -> None:
    assert parse_variables(" A=  x \nB=").values == {"A": "  x ", "B": ""}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("sk-secret", "line 2: there is no = in it"),
        ("=secret", "line 2: there is no name before the ="),
        ("GIVEN=secret", "line 2: this name was given before"),
        (
            "sk-s cret==",
            "line 2: the part before the = cannot be the name of a variable",
        ),
        ("1A=secret", "line 2: the part before the = cannot be the name of a variable"),
        ("A=se\x00cret", "line 2: there is a control character in it"),
        ("A=se\x1bcret", "line 2: there is a control character in it"),
    ],
)
def test_a_problem_names_its_line_without_quoting_it(line: str, problem: str) -> None:
    read = parse_variables(f"GIVEN=x\n{line}")
    assert read.problems == (problem,)
    assert read.values == {"GIVEN": "x"}
    assert "x" not in repr(read)


def test_a_secret_needs_the_name_of_a_variable_and_of_a_secret() -> None:
    read = parse_secrets("A= MY_SECRET \nB=\nno name=X")
    assert read.values == {"A": "MY_SECRET"}
    assert read.problems == (
        "line 2: there is no name of a secret behind the =",
        "line 3: the part before the = cannot be the name of a variable",
    )


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
    assert parse_draft(draft) == StartRequest(
        benchmark_id="bmd_2",
        run_name="nightly",
        metadata={"owner": "me"},
        purpose="compare",
        environment_variables={"LEDGER_URL": "http://ledger", "LEVEL": "debug"},
        secrets={"MODEL_KEY": "MY_KEY", "EXTRA": "MY_EXTRA"},
    )


def test_a_benchmark_alone_can_be_started() -> None:
    assert parse_draft(StartDraft(benchmark=PLAIN)) == StartRequest("bmd_1")


def test_without_a_benchmark_nothing_can_be_started() -> None:
    assert problems(StartDraft()) == ["a benchmark has to be chosen"]


def test_everything_that_the_benchmark_requires_and_is_missing_is_named_at_once() -> None:
    assert problems(StartDraft(benchmark=DEMANDING)) == [
        "the benchmark requires the variable LEDGER_URL",
        "the benchmark requires the secret MODEL_KEY",
    ]


def test_what_is_required_may_be_in_the_lines_as_well() -> None:
    draft = StartDraft(benchmark=DEMANDING, environment="LEDGER_URL=x", secrets="MODEL_KEY=K")
    request = parse_draft(draft)
    assert isinstance(request, StartRequest)
    assert request.environment_variables == {"LEDGER_URL": "x"}
    assert request.secrets == {"MODEL_KEY": "K"}


def test_a_name_in_a_field_and_in_a_line_is_a_problem() -> None:
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
    assert parse_draft(draft) == (
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
