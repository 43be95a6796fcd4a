"""The run that a run is compared with when none is chosen."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from runloop_tui.analysis.compare import likeness, run_before
from runloop_tui.api.models import BenchmarkJob
from runloop_tui.monitor.counts import Tally
from runloop_tui.monitor.snapshot import JobOfRun, Jobs, RunRecord, Snapshot
from tests.monitor.job_making import going_on, job_wire, outcome
from tests.monitor.making import run

SCORED = Tally(passed=3, score_sum=3.0)


def record(
    id_: str,
    start_ms: int | None,
    state: str = "completed",
    *,
    job: str = "",
    **fields: Any,  # noqa: ANN401
) -> RunRecord:
    """A run of the benchmark bmd_1 of which three scenarios passed."""
    known: dict[str, Any] = {"tally": SCORED, "all_read": True, "gone": False}
    known |= {name: fields.pop(name) for name in [*fields] if name in known}
    wire = {"benchmark_id": "bmd_1", "name": f"run {id_}", "start_time_ms": start_ms} | fields
    of = JobOfRun(job) if job else None
    return RunRecord(run(id_, state, **wire), job=of, **known)


def before(record_: RunRecord, *others: RunRecord, jobs: tuple[BenchmarkJob, ...] = ()) -> str:
    """The id of the run before, "" for none."""
    found = run_before(record_, Snapshot((record_, *others), jobs=Jobs(jobs)))
    return found.id if found else ""


HERE = record("here", 100)


def test_it_is_the_last_one_that_started_earlier_on_the_same_benchmark() -> None:
    others = (record("old", 10), record("last", 99), record("same time", 100), record("new", 101))
    assert before(HERE, *others, record("elsewhere", 99, benchmark_id="bmd_2")) == "last"


def test_one_of_the_same_name_is_preferred_and_one_of_the_same_agent_to_that() -> None:
    any_, named = record("any", 90), record("named", 80, name="run here")
    agent = record("agent", 70, metadata={"agent": "codex", "model": "m"})
    here = record("here", 100, metadata={"agent": "codex", "model": "m"})
    assert before(here, any_) == "any"
    assert before(here, any_, named) == "named"
    assert before(here, any_, named, agent) == "agent"
    assert before(here, record("other model", 95, metadata={"agent": "codex"}), agent) == "agent"
    snapshot = Snapshot((here, any_, named, agent))
    alike = [likeness(here, each, snapshot) for each in (any_, named, agent)]
    assert alike == ["benchmark", "name", "agent"]


def test_the_agent_is_the_one_that_the_job_says() -> None:
    tonight = job_wire("bmj_2", in_progress=(going_on("here", "codex"), going_on("rival", "goose")))
    last_night = job_wire(
        "bmj_1", outcomes=(outcome("was", "codex"), outcome("was rival", "goose"))
    )
    jobs = tuple(BenchmarkJob.model_validate(each) for each in (tonight, last_night))
    here = record("here", 100, job="bmj_2", metadata={"agent": "goose"})
    was, rival = record("was", 10, job="bmj_1"), record("was rival", 20, job="bmj_1")
    assert before(here, was, rival, jobs=jobs) == "was"


def test_runs_without_a_score_and_runs_that_are_gone_are_passed_over() -> None:
    old = record("old", 10)
    assert before(HERE, old, record("gone", 90, gone=True)) == "old"
    assert before(HERE, old, record("all failed", 90, tally=Tally(error=40))) == "old"
    assert before(HERE, old, record("just begun", 90, "running", tally=Tally(running=4))) == "old"
    assert before(HERE, old, record("live", 90, "running")) == "live"


def test_a_run_that_was_not_read_yet_counts_if_it_is_terminal() -> None:
    old = record("old", 10)
    assert before(HERE, old, record("not read", 90, tally=None)) == "not read"
    assert before(HERE, old, record("not read", 90, "running", tally=None)) == "old"


def test_without_a_benchmark_or_a_start_there_is_none() -> None:
    other = record("other", 10, benchmark_id="")
    assert before(record("here", 100, benchmark_id=""), other) == ""
    assert before(record("here", None), record("old", 10)) == ""
    assert before(HERE, record("unknown start", None)) == ""


_records = st.lists(
    st.tuples(
        st.sampled_from([None, 0, 1, 2, 3]),
        st.sampled_from(["running", "completed", "odd"]),
        st.sampled_from(["", "bmd_1", "bmd_2"]),
        st.sampled_from(["", "a", "b"]),
        st.booleans(),
    ),
    max_size=6,
)


@given(_records)
def test_it_is_never_the_run_itself_nor_a_later_one(drawn: list[tuple[Any, ...]]) -> None:
    records = tuple(
        record(f"bmr_{number}", start, state, benchmark_id=benchmark, name=name, gone=gone)
        for number, (start, state, benchmark, name, gone) in enumerate(drawn)
    )
    for each in records:
        found = run_before(each, Snapshot(records))
        if found is not None:
            assert found.run.start_time_ms < each.run.start_time_ms  # type: ignore[operator]
            assert found.run.benchmark_id == each.run.benchmark_id != ""
