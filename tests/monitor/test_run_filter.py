"""What is typed to find runs."""

import pytest

from runloop_tui.api.models import BenchmarkRun
from runloop_tui.monitor.query import RunFilter, parse_run_filter

RUN = BenchmarkRun(
    id="bmr_1", name="nightly", state="failed", benchmark_id="bmd_7", metadata={"agent": "Codex"}
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", RunFilter()),
        ("codex nightly", RunFilter(words="codex nightly")),
        ("state:FAILED", RunFilter(state="failed")),
        ("state:cancelled", RunFilter(state="canceled")),
        ("name:nightly benchmark:bmd_7 x", RunFilter("x", "nightly", "", "bmd_7")),
        ("state: other:thing", RunFilter(words="state: other:thing")),
    ],
)
def test_words_and_fields_are_told_apart(text: str, wanted: RunFilter) -> None:
    assert parse_run_filter(text) == wanted


@pytest.mark.parametrize(
    "text", ["", "codex", "NIGHT bmd_7", "state:failed", "name:nightly", "benchmark:bmd_7 codex"]
)
def test_a_run_passes_where_all_of_it_holds(text: str) -> None:
    assert parse_run_filter(text).holds_for(RUN)


@pytest.mark.parametrize(
    "text", ["goose", "codex goose", "state:running", "name:night", "benchmark:bmd_8 codex"]
)
def test_a_run_does_not_pass_where_something_does_not(text: str) -> None:
    assert not parse_run_filter(text).holds_for(RUN)
