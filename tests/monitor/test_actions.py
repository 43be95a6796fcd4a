"""Cancel and complete: sent exactly once, then checked; done, refused or unknown."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import httpx
import pytest

from runloop_tui.api.client import Client
from runloop_tui.api.errors import (
    BadRequest,
    BrokenOff,
    Conflict,
    Forbidden,
    NoAnswer,
    NoConnection,
    NotAuthorised,
    NotFound,
    NotUnderstood,
    RateLimited,
    RunloopError,
    ServerError,
    TimedOut,
)
from runloop_tui.monitor.actions import Actions, Intent, Outcome, Verb
from runloop_tui.monitor.schedule import Viewport
from tests.api.scripted import answer
from tests.monitor.account import Answer
from tests.monitor.scene import AccountScene, ticks

CANCEL_RUN = Intent("cancel", "bmr_1")
EACH_TARGET = [
    (Intent("cancel", "bmr_1"), "/v1/benchmark_runs/bmr_1"),
    (Intent("complete", "bmr_1"), "/v1/benchmark_runs/bmr_1"),
    (Intent("cancel", "bmr_1", "scr_1"), "/v1/scenarios/runs/scr_1"),
    (Intent("complete", "bmr_1", "scr_1"), "/v1/scenarios/runs/scr_1"),
]
POSTS = "^POST"
LOOK_UPS = r"^GET /v1/(benchmark_runs|scenarios/runs)/\w+$"


@pytest.fixture
async def live(scene: AccountScene) -> AccountScene:
    """A live run with two scenario runs that is watched and was read."""
    scene.account.start_run()
    scene.account.start_scenario_runs("scr_1", "scr_2")
    scene.poller.show(Viewport("bmr_1", ("bmr_1",)))
    await scene.poll()
    scene.account.requests.clear()
    return scene


def overlay(scene: AccountScene) -> dict[str, str]:
    return dict(scene.store.snapshot.under_way)


def state_of(scene: AccountScene, intent: Intent) -> str:
    if intent.scenario_run_id is None:
        return scene.record().run.state
    held = scene.record().scenario_runs or ()
    return next(each.state for each in held if each.id == intent.scenario_run_id)


@pytest.mark.parametrize(("intent", "path"), EACH_TARGET)
async def test_it_is_sent_once_checked_once_and_returned_as_done(
    live: AccountScene, intent: Intent, path: str
) -> None:
    outcome = await live.actions.perform(intent)
    state = {"cancel": "canceled", "complete": "completed"}[intent.verb]
    assert outcome == Outcome(intent, "done", state)
    assert live.account.requests == [f"POST {path}/{intent.verb}", f"GET {path}"]
    assert state_of(live, intent) == state
    assert live.refreshes == 1


@pytest.mark.parametrize(("verb", "words"), [("cancel", "canceling…"), ("complete", "completing…")])
async def test_while_it_is_under_way_an_overlay_says_so_and_the_truth_stays(
    live: AccountScene, verb: Verb, words: str
) -> None:
    gate = live.account.hold(POSTS)
    acting = asyncio.create_task(live.actions.perform(Intent(verb, "bmr_1")))
    await gate.reached.wait()
    assert live.record().under_way == words
    assert live.record().run.state == "running"
    gate.open.set()
    await acting
    assert (live.record().under_way, overlay(live)) == ("", {})


async def test_the_overlay_stays_until_a_fresh_look_was_taken(live: AccountScene) -> None:
    gate = live.account.hold(LOOK_UPS)
    acting = asyncio.create_task(live.actions.perform(Intent("cancel", "bmr_1", "scr_1")))
    await gate.reached.wait()
    assert overlay(live) == {"scr_1": "canceling…"}
    gate.open.set()
    await acting
    assert overlay(live) == {}


@pytest.mark.parametrize("again", [CANCEL_RUN, Intent("complete", "bmr_1")])
async def test_what_is_under_way_is_not_sent_again(live: AccountScene, again: Intent) -> None:
    gate = live.account.hold(POSTS)
    acting = asyncio.create_task(live.actions.perform(CANCEL_RUN))
    await gate.reached.wait()
    before = len(live.account.requests)
    assert await live.actions.perform(again) == Outcome(again, "repeated")
    assert len(live.account.requests) == before
    assert live.record().under_way == "canceling…"
    gate.open.set()
    assert (await acting).result == "done"


async def test_two_targets_are_acted_upon_at_the_same_time(live: AccountScene) -> None:
    first, second = (Intent("cancel", "bmr_1", f"scr_{number}") for number in (1, 2))
    gate = live.account.hold(POSTS)
    acting = asyncio.create_task(live.actions.perform(first))
    await gate.reached.wait()
    assert (await live.actions.perform(second)).result == "done"
    assert overlay(live) == {"scr_1": "canceling…"}
    gate.open.set()
    await acting
    assert {state_of(live, first), state_of(live, second)} == {"canceled"}


@pytest.mark.parametrize("intent", [intent for intent, _ in EACH_TARGET])
async def test_an_action_on_what_became_terminal_is_not_sent_again(
    live: AccountScene, intent: Intent
) -> None:
    await live.actions.perform(intent)
    again = await live.actions.perform(intent)
    assert again == Outcome(intent, "refused", state_of(live, intent), sent=False)
    assert len(live.account.requests_for(POSTS)) == 1


async def test_what_was_refused_while_it_goes_on_can_be_requested_again(live: AccountScene) -> None:
    live.account.fail(POSTS, lambda: answer(429, retry_after="1"))
    assert (await live.actions.perform(CANCEL_RUN)).result == "refused"
    live.account.mend(POSTS)
    assert (await live.actions.perform(CANCEL_RUN)).result == "done"
    assert len(live.account.requests_for(POSTS)) == 2


# Refused


@pytest.mark.parametrize(
    ("bad_answer", "kind"),
    [
        (lambda: answer(400, {"message": "no"}), BadRequest),
        (lambda: answer(401), NotAuthorised),
        (lambda: answer(403), Forbidden),
        (lambda: answer(404), NotFound),
        (lambda: answer(409), Conflict),
        (lambda: answer(429, retry_after="1"), RateLimited),
        (lambda: httpx.ConnectError("refused"), NoConnection),
        (lambda: httpx.ConnectTimeout("slow"), TimedOut),
    ],
)
async def test_what_was_surely_not_done_is_refused_and_not_sent_again(
    live: AccountScene, bad_answer: Callable[[], Answer], kind: type[RunloopError]
) -> None:
    live.account.fail(POSTS, bad_answer)
    outcome = await live.actions.perform(CANCEL_RUN)
    assert (outcome.result, outcome.state) == ("refused", "running")
    assert type(outcome.error) is kind
    assert len(live.account.requests_for(POSTS)) == 1
    assert (live.record().run.state, live.record().under_way) == ("running", "")
    assert live.refreshes == 1


async def test_a_run_that_became_terminal_is_refused_and_seen_to_be_terminal(
    live: AccountScene,
) -> None:
    live.account.move("bmr_1", "completed", score=0.5)
    outcome = await live.actions.perform(CANCEL_RUN)
    assert (outcome.result, outcome.state) == ("refused", "completed")
    assert live.record().run.score == 0.5


# During an outage


@pytest.mark.parametrize(
    ("bad_answer", "kind"),
    [
        (lambda: httpx.ConnectError("refused"), NoConnection),
        (lambda: httpx.ReadTimeout("slow"), NoAnswer),
        (lambda: answer(401), NotAuthorised),
        (lambda: answer(429, retry_after="90"), RateLimited),
    ],
)
@pytest.mark.parametrize("intent", [intent for intent, _ in EACH_TARGET])
async def test_while_nothing_can_be_reached_it_is_looked_first_and_nothing_is_sent(
    live: AccountScene, bad_answer: Callable[[], Answer], kind: type[RunloopError], intent: Intent
) -> None:
    live.account.fail("", bad_answer)
    await live.poll()
    outcome = await live.actions.perform(intent)
    assert (outcome.result, outcome.sent, type(outcome.error)) == ("refused", False, kind)
    assert live.account.requests_for(POSTS) == []
    assert (overlay(live), live.refreshes) == ({}, 1)


async def test_after_an_outage_actions_are_sent(live: AccountScene) -> None:
    live.account.fail("", lambda: httpx.ConnectError("refused"))
    await live.poll()
    live.account.mend("")
    assert await live.actions.perform(CANCEL_RUN) == Outcome(CANCEL_RUN, "done", "canceled")
    assert len(live.account.requests_for(POSTS)) == 1


async def test_what_became_terminal_during_an_outage_is_seen_to_be_terminal_and_nothing_is_sent(
    live: AccountScene,
) -> None:
    live.account.fail("", lambda: httpx.ConnectError("refused"))
    await live.poll()
    live.account.mend("")
    live.account.move("bmr_1", "completed", score=0.5)
    outcome = await live.actions.perform(CANCEL_RUN)
    assert outcome == Outcome(CANCEL_RUN, "refused", "completed", sent=False)
    assert live.record().run.score == 0.5
    assert live.account.requests_for(POSTS) == []


async def test_nothing_is_sent_during_a_long_stall(live: AccountScene) -> None:
    gate = live.account.hold("benchmark_runs")
    polling = asyncio.create_task(live.poller.poll())
    await gate.reached.wait()
    live.clock.advance(s=3)
    live.poller.check_time()
    live.account.fail(LOOK_UPS, lambda: httpx.ReadTimeout("slow"))
    outcome = await live.actions.perform(CANCEL_RUN)
    assert (outcome.result, outcome.sent, type(outcome.error)) == ("refused", False, NoAnswer)
    assert live.account.requests_for(POSTS) == []
    gate.open.set()
    await polling
    assert not live.poller.is_unreachable


async def test_an_error_of_one_run_is_no_outage_for_another(live: AccountScene) -> None:
    live.account.start_run("bmr_2")
    live.account.fail("/bmr_1/scenario_runs", lambda: answer(500))
    await live.poll(2)
    assert live.health.failure is not None
    mark = len(live.account.requests)
    await live.actions.perform(Intent("cancel", "bmr_2"))
    assert live.requests_since(mark)[0] == "POST /v1/benchmark_runs/bmr_2/cancel"


# Unknown

LOST: list[tuple[Callable[[], Answer], type[RunloopError]]] = [
    (lambda: httpx.ReadError("reset"), BrokenOff),
    (lambda: httpx.ReadTimeout("slow"), NoAnswer),
    (lambda: answer(500), ServerError),
    (lambda: answer(503, retry_after="1"), ServerError),
    (lambda: answer(408), TimedOut),
    (lambda: answer(200, b"<html>"), NotUnderstood),
    (lambda: answer(302, location="https://elsewhere.test"), NotUnderstood),
]
LOST_NAMES = [f"{number} {kind.__name__}" for number, (_, kind) in enumerate(LOST)]


@pytest.mark.parametrize(("bad_answer", "kind"), LOST, ids=LOST_NAMES)
async def test_an_action_whose_answer_is_lost_is_not_sent_again(
    live: AccountScene, bad_answer: Callable[[], Answer], kind: type[RunloopError]
) -> None:
    live.account.fail(POSTS, bad_answer)
    outcome = await live.actions.perform(CANCEL_RUN)
    assert (outcome.result, outcome.state) == ("unknown", "running")
    assert type(outcome.error) is kind
    assert len(live.account.requests_for(POSTS)) == 1


@pytest.mark.parametrize(("intent", "path"), EACH_TARGET)
async def test_an_action_whose_answer_is_lost_is_done_when_a_look_up_returns_a_terminal_state(
    live: AccountScene, intent: Intent, path: str
) -> None:
    def take_effect_and_break() -> Answer:
        live.account.move(intent.target_id, "canceled")
        return httpx.ReadError("reset")

    live.account.fail(POSTS, take_effect_and_break)
    outcome = await live.actions.perform(intent)
    assert (outcome.result, outcome.state) == ("done", "canceled")
    assert isinstance(outcome.error, NoConnection)
    assert state_of(live, intent) == "canceled"


async def test_an_action_whose_answer_is_lost_is_unknown_when_the_look_fails_too(
    live: AccountScene,
) -> None:
    live.account.fail(POSTS, lambda: httpx.ReadError("reset"))
    live.account.fail(LOOK_UPS, lambda: httpx.ConnectError("refused"))
    outcome = await live.actions.perform(CANCEL_RUN)
    assert (outcome.result, outcome.state) == ("unknown", "")
    assert live.record().under_way == ""
    assert live.refreshes == 1


async def test_an_unknown_state_does_not_prove_that_a_lost_action_took_effect(
    live: AccountScene,
) -> None:
    live.account.fail(POSTS, lambda: httpx.ReadError("reset"))
    live.account.move("bmr_1", "canceling")
    outcome = await live.actions.perform(CANCEL_RUN)
    assert (outcome.result, outcome.state) == ("unknown", "canceling")


async def test_a_done_action_stays_done_when_only_the_look_up_fails(live: AccountScene) -> None:
    live.account.fail(LOOK_UPS, lambda: answer(500))
    assert await live.actions.perform(CANCEL_RUN) == Outcome(CANCEL_RUN, "done", "canceled")
    assert live.record().run.state == "canceled"


# Against polls


async def test_a_poll_in_flight_does_not_bring_the_old_state_of_a_run_back(
    live: AccountScene,
) -> None:
    gate = live.account.hold(r"benchmark_runs\?state=running")
    polling = asyncio.create_task(live.poller.poll())
    await gate.reached.wait()
    await live.actions.perform(CANCEL_RUN)
    seen = len(live.snapshots)
    gate.open.set()
    await polling
    states = [snapshot.by_id["bmr_1"].run.state for snapshot in live.snapshots[seen:]]
    assert set(states) <= {"canceled"}
    assert live.record().run.state == "canceled"


@pytest.mark.parametrize("verb", ["cancel", "complete"])
async def test_a_poll_in_flight_does_not_bring_the_old_state_of_a_scenario_run_back(
    live: AccountScene, verb: Verb
) -> None:
    intent = Intent(verb, "bmr_1", "scr_1")
    gate = live.account.hold("scenario_runs.state=running")
    polling = asyncio.create_task(live.poller.poll())
    await gate.reached.wait()
    await live.actions.perform(intent)
    gate.open.set()
    await polling
    assert state_of(live, intent) == {"cancel": "canceled", "complete": "completed"}[verb]


async def test_a_poll_sent_before_an_action_does_not_undo_a_state_that_is_not_final(
    live: AccountScene,
) -> None:
    live.account.fail(POSTS, lambda: answer(200, {"id": "bmr_1", "state": "canceling"}))
    live.account.fail(LOOK_UPS, lambda: answer(200, {"id": "bmr_1", "state": "canceling"}))
    gate = live.account.hold(r"benchmark_runs\?state=running")
    polling = asyncio.create_task(live.poller.poll())
    await gate.reached.wait()
    await live.actions.perform(CANCEL_RUN)
    gate.open.set()
    await polling
    assert live.record().run.state == "canceling"


async def test_what_a_canceled_run_leaves_behind_is_read_at_the_next_poll(
    live: AccountScene,
) -> None:
    await live.actions.perform(CANCEL_RUN)
    for id_ in ("scr_1", "scr_2"):
        live.account.move(id_, "canceled")
    await live.poller.poll()
    counts = live.record().tally
    assert counts is not None
    assert (counts.canceled, counts.running) == (2, 0)


# Whatever happens


async def test_the_overlay_goes_when_the_action_is_called_off(live: AccountScene) -> None:
    gate = live.account.hold(POSTS)
    acting = asyncio.create_task(live.actions.perform(CANCEL_RUN))
    await gate.reached.wait()
    acting.cancel()
    with suppress(asyncio.CancelledError):
        await acting
    assert acting.cancelled()
    assert (overlay(live), live.refreshes) == ({}, 1)


class Broken(httpx.AsyncBaseTransport):
    """A transport with a mistake in it."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise ZeroDivisionError


async def test_the_overlay_goes_when_something_unforeseen_is_raised(live: AccountScene) -> None:
    client = Client("https://api.test", None, now=live.clock, transport=Broken())
    actions = Actions(client, live.store, refresh=live.poller.refresh)
    with pytest.raises(ZeroDivisionError):
        await actions.perform(CANCEL_RUN)
    assert live.record().under_way == ""
    assert not live.store.is_under_way("bmr_1")


async def test_the_loop_polls_as_soon_as_an_action_has_ended(live: AccountScene) -> None:
    async with live.running():
        await ticks()
        polls = len(live.account.requests_for("^GET /v1/benchmark_runs[?]"))
        await live.actions.perform(CANCEL_RUN)
        await ticks()
        assert len(live.account.requests_for("^GET /v1/benchmark_runs[?]")) == polls + 1
