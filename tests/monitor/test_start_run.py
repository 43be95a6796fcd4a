"""Starting a run: sent exactly once, and never again before a look whether the first request arrived."""

import json
import re
from collections.abc import Callable

import httpx
import pytest

from runloop_tui.api.errors import (
    BadRequest,
    Forbidden,
    NoConnection,
    NotAuthorised,
    NotFound,
    NotUnderstood,
    RunloopError,
    ServerError,
)
from runloop_tui.monitor.start_run import StartRequest, Starts
from tests.api.scripted import NOW_MS, answer, ok
from tests.monitor.account import Account, Answer, Wire
from tests.monitor.scene import Scene

START = "POST /v1/benchmarks/start_run"
LIST = "^GET /v1/benchmark_runs"
NIGHTLY = StartRequest("bmd_1", run_name="nightly", metadata={"owner": "me"})


class StartableAccount(Account):
    """An account in which runs can be started; the answer to that can get lost."""

    def __init__(self) -> None:
        super().__init__()
        self.loses_answers = False
        self.bodies: list[Wire] = []

    def arrive(self, run_id: str, **fields: object) -> None:
        """A run like NIGHTLY appears, just now."""
        like_it = {"benchmark_id": "bmd_1", "name": "nightly", "metadata": {"owner": "me"}}
        self.start_run(run_id, **{**like_it, "start_time_ms": NOW_MS + 500, **fields})  # type: ignore[arg-type]

    def _answer(self, request: httpx.Request, line: str) -> Answer:
        if line == START:
            self.bodies.append(json.loads(request.content))
        if any(re.search(pattern, line) for pattern in self._broken):
            return super()._answer(request, line)
        if line == START:
            return self._start(self.bodies[-1])
        return super()._answer(request, line)

    def _start(self, body: Wire) -> Answer:
        run_id = f"bmr_new_{len(self.runs)}"
        self.arrive(run_id, name=body.get("run_name"), metadata=body.get("metadata", {}))
        return httpx.ReadError("") if self.loses_answers else ok(self.runs[run_id])


class StartScene(Scene):
    """A scene in which runs can be started."""

    def __init__(self) -> None:
        self.account = StartableAccount()
        super().__init__(self.account)
        self.starts = Starts(
            self.client,
            self.store,
            refresh=self._refresh,
        )

    @property
    def sent(self) -> int:
        """How often a start was sent."""
        return len(self.account.bodies)


def arrives(scene: StartScene, run_id: str, **fields: object) -> Callable[[], Answer]:
    """The bad answer that a start arrives, as a run with these fields, and its answer is lost."""

    def bad_answer() -> Answer:
        scene.account.arrive(run_id, **fields)
        return answer(502)

    return bad_answer


@pytest.fixture
def scene() -> StartScene:
    return StartScene()


async def test_a_start_is_sent_once_with_what_was_requested_and_nothing_else(
    scene: StartScene,
) -> None:
    request = StartRequest(
        "bmd_1",
        run_name="nightly",
        metadata={"owner": "me"},
        purpose="compare",
        environment_variables={"TOKEN": "hunter2hunter"},
        secrets={"KEY": "MY_KEY"},
    )
    outcome = await scene.starts.perform(request)
    assert (outcome.result, outcome.request) == ("started", request)
    assert scene.account.requests_for("^POST") == [START]
    assert scene.account.bodies == [
        {
            "benchmark_id": "bmd_1",
            "run_name": "nightly",
            "metadata": {"owner": "me"},
            "runProfile": {
                "purpose": "compare",
                "envVars": {"TOKEN": "hunter2hunter"},
                "secrets": {"KEY": "MY_KEY"},
            },
        }
    ]


async def test_the_new_run_is_in_the_snapshot_at_once_and_the_rest_is_looked_at_afresh(
    scene: StartScene,
) -> None:
    await scene.poll()
    outcome = await scene.starts.perform(NIGHTLY)
    assert outcome.run is not None
    assert list(scene.snapshots[-1].by_id) == [outcome.run.id]
    assert scene.refreshes == 1


@pytest.mark.parametrize(
    ("bad_answer", "error_class"),
    [
        (lambda: answer(400, {"message": "required secrets are missing: KEY"}), BadRequest),
        (lambda: answer(401), NotAuthorised),
        (lambda: answer(403), Forbidden),
        (lambda: answer(404, {"message": "no benchmark bmd_1"}), NotFound),
        (lambda: httpx.ConnectError("refused"), NoConnection),
    ],
    ids=["400", "401", "403", "404", "never sent"],
)
async def test_a_start_that_cannot_have_arrived_is_refused_and_leaves_nothing_open(
    scene: StartScene, bad_answer: Callable[[], Answer], error_class: type[RunloopError]
) -> None:
    scene.account.fail(START, bad_answer)
    outcome = await scene.starts.perform(NIGHTLY)
    assert outcome.result == "refused"
    assert isinstance(outcome.error, error_class)
    assert not scene.starts.has_open_attempt
    assert scene.account.requests[-1] == START, "there is nothing to look for"


async def test_a_start_whose_answer_is_lost_is_looked_for_and_found(scene: StartScene) -> None:
    scene.account.loses_answers = True
    outcome = await scene.starts.perform(NIGHTLY)
    assert (outcome.result, outcome.found) == ("found", 1)
    assert outcome.run is not None
    assert outcome.run.name == "nightly"
    assert isinstance(outcome.error, NoConnection)
    assert scene.store.knows_run(outcome.run.id)
    assert scene.sent == 1
    assert not scene.starts.has_open_attempt


async def test_a_start_that_did_not_arrive_stays_unknown_after_the_look(scene: StartScene) -> None:
    scene.account.fail(START, lambda: answer(502))
    outcome = await scene.starts.perform(NIGHTLY)
    assert (outcome.result, outcome.blind) == ("unknown", None)
    assert isinstance(outcome.error, ServerError)
    assert scene.sent == 1
    assert len(scene.account.requests_for(LIST)) == 2, "once before it was sent, and once after"
    assert scene.starts.has_open_attempt


async def test_it_is_sent_again_only_after_another_look(scene: StartScene) -> None:
    scene.account.fail(START, lambda: answer(502))
    await scene.starts.perform(NIGHTLY)
    scene.account.mend(START)
    scene.account.requests.clear()
    outcome = await scene.starts.perform(NIGHTLY)
    assert outcome.result == "started"
    assert [line.split("?")[0] for line in scene.account.requests] == [
        "GET /v1/benchmark_runs",
        START,
    ]
    assert not scene.starts.has_open_attempt


async def test_it_is_not_sent_again_where_its_run_has_appeared_meanwhile(scene: StartScene) -> None:
    scene.account.fail(START, lambda: answer(504))
    await scene.starts.perform(NIGHTLY)
    scene.account.mend(START)
    scene.account.arrive("bmr_late")
    await scene.poll()
    outcome = await scene.starts.perform(NIGHTLY)
    assert (outcome.result, scene.sent) == ("found", 1)
    assert outcome.run is not None
    assert outcome.run.id == "bmr_late"


async def test_it_is_not_sent_again_where_the_list_cannot_be_looked_at(scene: StartScene) -> None:
    def cut_off() -> Answer:
        scene.account.fail(LIST, lambda: answer(403))
        return answer(502)

    scene.account.fail(START, cut_off)
    first = await scene.starts.perform(NIGHTLY)
    assert first.result == "unknown"
    assert isinstance(first.blind, Forbidden)
    scene.account.mend(START)
    again = await scene.starts.perform(NIGHTLY)
    assert again.result == "unknown"
    assert isinstance(again.blind, Forbidden)
    assert scene.sent == 1
    scene.account.mend(LIST)
    assert (await scene.starts.look_again()).blind is None
    assert (await scene.starts.perform(NIGHTLY)).result == "started"
    assert scene.sent == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "weekly"},
        {"benchmark_id": "bmd_2"},
    ],
    ids=lambda fields: next(iter(fields)),
)
async def test_a_run_of_another_name_or_benchmark_is_not_taken_for_it(
    scene: StartScene, fields: dict[str, object]
) -> None:
    scene.account.fail(START, arrives(scene, "bmr_other", **fields))
    assert (await scene.starts.perform(NIGHTLY)).result == "unknown"


@pytest.mark.parametrize(
    "fields",
    [
        {"start_time_ms": NOW_MS - 11_000},
        {"start_time_ms": NOW_MS - 3_600_000},
        {"start_time_ms": NOW_MS + 3_600_000},
        {"start_time_ms": None},
        {"metadata": {}},
    ],
    ids=["11s behind", "1h behind", "1h ahead", "no time", "no metadata"],
)
@pytest.mark.parametrize("older", [0, 1, 250])
async def test_a_run_that_was_not_there_before_is_taken_for_it_whatever_its_time(
    scene: StartScene, fields: dict[str, object], older: int
) -> None:
    for number in range(older):
        scene.account.arrive(f"bmr_old_{number}", start_time_ms=NOW_MS - 60_000 * (older - number))
    scene.account.fail(START, arrives(scene, "bmr_ours", **fields))
    outcome = await scene.starts.perform(NIGHTLY)
    assert outcome.run is not None
    assert (outcome.result, outcome.run.id, outcome.found) == ("found", "bmr_ours", 1)
    assert scene.sent == 1


async def test_an_older_run_like_it_that_was_not_read_yet_is_not_taken_for_it(
    scene: StartScene,
) -> None:
    await scene.poll()
    scene.account.arrive("bmr_of_another_just_before")
    scene.account.fail(START, lambda: answer(502))
    assert (await scene.starts.perform(NIGHTLY)).result == "unknown"


async def test_where_the_list_cannot_be_looked_at_before_nothing_is_sent(
    scene: StartScene,
) -> None:
    scene.account.fail(LIST, lambda: answer(403))
    outcome = await scene.starts.perform(NIGHTLY)
    assert (outcome.result, outcome.sent, scene.sent) == ("refused", False, 0)
    assert isinstance(outcome.error, Forbidden)
    assert not scene.starts.has_open_attempt


async def test_a_list_that_cannot_be_read_in_part_is_no_proof_that_it_has_not_started(
    scene: StartScene,
) -> None:
    def breaks() -> Answer:
        scene.account.arrive("bmr_ours")
        del scene.account.runs["bmr_ours"]["id"]
        return answer(502)

    scene.account.fail(START, breaks)
    outcome = await scene.starts.perform(NIGHTLY)
    assert outcome.result == "unknown"
    assert isinstance(outcome.blind, NotUnderstood)
    again = await scene.starts.perform(NIGHTLY)
    assert (again.result, scene.sent) == ("unknown", 1)


async def test_a_run_that_could_never_be_read_does_not_block_the_start(
    scene: StartScene,
) -> None:
    scene.account.arrive("bmr_broken")
    del scene.account.runs["bmr_broken"]["id"]
    scene.account.fail(START, lambda: answer(502))
    outcome = await scene.starts.perform(NIGHTLY)
    assert (outcome.result, outcome.blind) == ("unknown", None)


async def test_a_run_that_was_known_before_is_not_taken_for_it(scene: StartScene) -> None:
    scene.account.arrive("bmr_just_before")
    await scene.poll()
    scene.account.fail(START, lambda: answer(502))
    assert (await scene.starts.perform(NIGHTLY)).result == "unknown"


async def test_the_run_of_a_start_that_was_answered_is_not_taken_for_the_next_one(
    scene: StartScene,
) -> None:
    await scene.starts.perform(NIGHTLY)
    scene.account.fail(START, lambda: answer(502))
    assert (await scene.starts.perform(NIGHTLY)).result == "unknown"


async def test_an_attempt_is_still_looked_for_from_its_first_sending_on(scene: StartScene) -> None:
    scene.account.fail(START, lambda: answer(502))
    await scene.starts.perform(NIGHTLY)
    scene.clock.advance(minutes=5)
    await scene.starts.perform(NIGHTLY)
    assert scene.sent == 2
    scene.account.arrive("bmr_of_the_first")
    assert (await scene.starts.look_again()).result == "found"


async def test_of_several_runs_like_it_the_first_is_returned_with_their_number(
    scene: StartScene,
) -> None:
    scene.account.fail(START, lambda: answer(502))
    await scene.starts.perform(NIGHTLY)
    scene.account.arrive("bmr_first")
    scene.account.arrive("bmr_second")
    outcome = await scene.starts.look_again()
    assert outcome.run is not None
    assert (outcome.run.id, outcome.found) == ("bmr_first", 2)
    assert list(scene.store.snapshot.by_id) == ["bmr_second", "bmr_first"]


async def test_a_look_reads_no_further_than_to_a_run_that_was_there_before(
    scene: StartScene,
) -> None:
    for number in range(250):
        scene.account.arrive(f"bmr_old_{number}", start_time_ms=NOW_MS - 3_600_000)
    scene.account.fail(START, lambda: answer(502))
    await scene.starts.perform(NIGHTLY)
    assert len(scene.account.requests_for(LIST)) == 2, "one page before, and one after"


async def test_values_of_the_environment_are_in_no_repr(scene: StartScene) -> None:
    request = StartRequest("bmd_1", environment_variables={"TOKEN": "hunter2hunter"})
    scene.account.fail(START, lambda: answer(400, {"message": "hunter2hunter is wrong"}))
    outcome = await scene.starts.perform(request)
    assert "hunter2" not in f"{request!r} {outcome!r} {outcome.error!r} {outcome.error}"
    assert "hunter2" not in (outcome.error.detail if outcome.error else "")


async def test_without_an_open_attempt_there_is_nothing_to_look_for(scene: StartScene) -> None:
    with pytest.raises(LookupError):
        await scene.starts.look_again()
