"""Whatever mixture of answers comes, what is shown is what was read last; and a healthy server heals all of it."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from random import Random
from typing import Any

import httpx
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from runloop_tui.api.models import BenchmarkJob, BenchmarkRun, ScenarioRun
from runloop_tui.monitor.counts import outcome
from runloop_tui.monitor.schedule import JobsViewport, Viewport
from tests.api.scripted import NOW_MS, answer
from tests.monitor.account import Account, Answer, Wire
from tests.monitor.job_making import FAILED, PASSED, going_on
from tests.monitor.job_making import outcome as job_outcome
from tests.monitor.scene import INTERVAL_S, Scene

_RANKS = {"": 0, "running": 0, "queued": 0, "scoring": 1, "scored": 2, "completed": 3, "failed": 3}
_KINDS_OF_REQUESTS = (
    "^GET /v1/benchmark_runs[?]",
    "^GET /v1/benchmark_runs/[^/]*$",
    "/scenario_runs",
    "^GET /v1/scenarios/runs/",
    "^GET /v1/benchmark_jobs",
    "^GET /v1/benchmarks/",
    "^GET ",
)


class SpoiledAccount(Account):
    """An account whose answers a test may spoil on their way."""

    def __init__(self) -> None:
        super().__init__()
        self.spoil: Callable[[str, Wire], Answer | Wire] | None = None

    def _answer(self, request: httpx.Request, line: str) -> Answer:
        given_answer = super()._answer(request, line)
        if self.spoil is None or not isinstance(given_answer, httpx.Response):
            return given_answer
        body = json.loads(given_answer.content)
        spoiled = self.spoil(line, body)
        if isinstance(spoiled, dict):
            return answer(given_answer.status_code, spoiled)
        return spoiled


def _broken_thing(dice: Random, thing: Wire) -> object:
    """A thing of which something could not be read."""
    how = dice.choice(["null", "number", "no id", "number as id", "field", "no state"])
    match how:
        case "null":
            return None
        case "number":
            return 7
        case "no id":
            return {name: value for name, value in thing.items() if name != "id"}
        case "number as id":
            return {**thing, "id": 7}
        case "no state":
            return {**thing, "state": None}
    field = dice.choice(sorted(thing.keys() - {"id"}) or ["state"])
    return {**thing, field: dice.choice([["?"], True])}


def _spoiler(dice: Random) -> Callable[[str, Wire], Answer | Wire]:
    pattern = re.compile(dice.choice(_KINDS_OF_REQUESTS))
    how = dice.choice(["500", "html", "reset", "empty", "null", "items", "other"])

    def spoil(line: str, body: Wire) -> Answer | Wire:
        if not pattern.search(line) or "message" in body:
            return body
        under = next((name for name in ("runs", "jobs") if name in body), None)
        match how:
            case "500":
                return answer(500)
            case "html":
                return answer(200, b"<html>")
            case "reset":
                return httpx.ReadError("reset")
            case "empty" if under:
                return {under: [], "has_more": False, "total_count": len(body[under]) or None}
            case "null" if under:
                return {**body, under: None}
            case "items" if under:
                return {
                    **body,
                    under: [
                        _broken_thing(dice, each) if (dice.random() < 0.5) else each
                        for each in body[under]
                    ],
                }
            case "other" if not under:
                return {**body, "id": "another"}
        if under:
            return {under: "?"}
        broken = _broken_thing(dice, body)
        return broken if isinstance(broken, dict) else answer(200, broken)

    return spoil


class World:
    """What is true: two live runs of a job, one terminal run, and another job; it only moves forwards."""

    def __init__(self) -> None:
        self.account = SpoiledAccount()
        self.scene = Scene(self.account)
        self.account.benchmarks = {"bmd_1": [f"scn_{number}" for number in range(9)]}
        for run_id, state in (("bmr_0", "completed"), ("bmr_1", "running"), ("bmr_2", "running")):
            self._start_run(run_id, state)
            for number in range(4):
                self.start(run_id, number)
        for number in range(4):
            self.account.score(f"scr_bmr_0_{number}", 0.5)
        self.account.put_job("bmj_0", "completed", create_time_ms=1)
        self._update_job()
        self.news = 0
        self.old: list[tuple[int, list[Wire], list[Wire], list[Wire]]] = []

    def _start_run(self, run_id: str, state: str) -> None:
        started_ms = NOW_MS - 3_600_000 + 1_000 * len(self.account.runs)
        self.account.start_run(
            run_id, state, benchmark_id="bmd_1", name=run_id, start_time_ms=started_ms
        )

    def start(self, run_id: str, number: int, state: str = "running") -> None:
        """Start a scenario run."""
        id_ = f"scr_{run_id}_{number}"
        self.account.start_scenario_runs(id_, run_id=run_id, state=state)
        self.account.move(id_, state, name=id_, scenario_id=f"scn_{number}")

    def _update_job(self) -> None:
        if self.account.jobs.get("bmj_1", {}).get("state") == "completed":
            return
        terminal = [
            job_outcome(id_, "a", PASSED, FAILED)
            for id_, run in self.account.runs.items()
            if run["state"] != "running"
        ]
        live = [
            going_on(id_, "a")
            for id_, run in self.account.runs.items()
            if run["state"] == "running"
        ]
        self.account.put_job(
            "bmj_1",
            "running" if live else "completed",
            outcomes=tuple(terminal),
            in_progress=tuple(live),
            agents=("a", "a", "a"),
            scenarios=9,
            create_time_ms=2,
        )

    def move(self, dice: Random) -> None:
        """Let something happen at the server."""
        live = [id_ for id_, run in self.account.runs.items() if run["state"] == "running"]
        what = dice.choice(["start", "score", "scoring", "fail", "end", "run"])
        if what == "run":
            self.news += 1
            self._start_run(f"bmr_new_{self.news}", "running")
        elif live:
            self._move_run(dice, what, dice.choice(sorted(live)))
        self._update_job()

    def _move_run(self, dice: Random, what: str, run_id: str) -> None:
        held = self.account.scenario_runs[run_id]
        active = sorted(id_ for id_, each in held.items() if _RANKS[each["state"]] < 2)
        if what == "end":
            for id_ in active:
                self.account.move(id_, "failed", duration_ms=1_000)
            self.account.move(run_id, "completed", score=0.25, duration_ms=9_000)
        elif what == "start" and len(held) < 9:
            self.start(run_id, len(held), dice.choice(["running", "queued"]))
        elif active:
            id_ = dice.choice(active)
            if what == "score":
                self.account.score(id_, dice.choice([0.0, 0.5, 1.0]))
            else:
                state = {"scoring": "scoring", "fail": "failed"}.get(what, "failed")
                self.account.move(id_, state)

    def remember(self) -> None:
        """Keep what a request that is sent now would be answered with."""
        copied = json.loads(
            json.dumps(
                [
                    list(self.account.runs.values()),
                    [
                        each
                        for held in self.account.scenario_runs.values()
                        for each in held.values()
                    ],
                    list(self.account.jobs.values()),
                ]
            )
        )
        self.old.append((self.scene.store.stamp(), *copied))

    def late(self, dice: Random) -> None:
        """Let an answer land that was made some while ago."""
        if not self.old:
            return
        stamp, raw_runs, raw_scenario_runs, raw_jobs = dice.choice(self.old)
        runs = [BenchmarkRun.model_validate(each) for each in raw_runs]
        scenario_runs = [ScenarioRun.model_validate(each) for each in raw_scenario_runs]
        jobs = [BenchmarkJob.model_validate(each) for each in raw_jobs]
        store = self.scene.store
        for run in runs:
            store.learn_run(run, stamp)
        for run_id, held in self.account.scenario_runs.items():
            of_run = [each for each in scenario_runs if each.id in held]
            store.learn_scenario_runs(run_id, of_run, stamp)
        store.learn_jobs(jobs, stamp)
        self.scene.poller.warnings.hear([*runs, *scenario_runs, *jobs])

    # What is shown

    def attend(self) -> None:
        """Look at all of it."""
        newest = next(iter(self.account.runs))
        self.scene.poller.show(Viewport(newest, tuple(self.account.runs)))
        self.scene.poller.show_jobs(JobsViewport("bmj_1", ("bmj_0", "bmj_1")))

    def shown(self) -> dict[str, dict[str, tuple[str, Any]]]:
        """By run: what is shown of its scenario runs."""
        return {
            record.id: {each.id: (each.state, each.score) for each in record.scenario_runs or ()}
            for record in self.scene.store.snapshot.records
        }

    def true(self) -> dict[str, dict[str, tuple[str, Any]]]:
        """What would be shown if all were known."""
        return {
            run_id: {
                id_: (each["state"], (each.get("scoring_contract_result") or {}).get("score"))
                for id_, each in held.items()
            }
            for run_id, held in self.account.scenario_runs.items()
        }

    def facts(self) -> dict[tuple[str, str], object]:
        """What is shown, fact by fact."""
        snapshot = self.scene.store.snapshot
        facts: dict[tuple[str, str], object] = {}
        for record in snapshot.records:
            run = record.run
            facts["run", run.id] = (run.state, run.score, run.name, record.gone)
            facts["total", run.id] = record.total
            facts["unread", run.id] = record.tally.unread if record.tally else None
            for each in record.scenario_runs or ():
                facts["scenario run", each.id] = (each.state, each.score)
        for job in snapshot.jobs.items:
            facts["job", job.id] = job
        facts["jobs", "gone"] = snapshot.jobs.gone
        facts["jobs", "failure"] = snapshot.jobs.failure
        return facts

    def facts_of_account(self) -> dict[tuple[str, str], object]:
        """What would be shown if all were known, fact by fact."""
        facts: dict[tuple[str, str], object] = {}
        for run_id, run in self.account.runs.items():
            facts["run", run_id] = (run["state"], run.get("score"), run["name"], False)
            facts["total", run_id] = 9
            facts["unread", run_id] = 0
            for id_, state_and_score in self.true()[run_id].items():
                facts["scenario run", id_] = state_and_score
        for job in self.account.jobs.values():
            facts["job", job["id"]] = BenchmarkJob.model_validate(job)
        facts["jobs", "gone"] = frozenset()
        facts["jobs", "failure"] = None
        return facts

    def check_sums(self) -> None:
        """Counts are the sum of what is shown."""
        for record in self.scene.store.snapshot.records:
            if record.tally is None or record.scenario_runs is None:
                continue
            kinds = Counter(outcome(each) for each in record.scenario_runs)
            assert all(getattr(record.tally, kind) == number for kind, number in kinds.items())
            assert record.tally.started == len(record.scenario_runs) + record.tally.unread

    def check_forwards(self, before: dict[str, dict[str, tuple[str, Any]]]) -> None:
        """Nothing that was read is lost, goes back, or is ahead of the truth."""
        now, true = self.shown(), self.true()
        for run_id, held in before.items():
            for id_, (state, score) in held.items():
                assert id_ in now[run_id]
                shown_state, shown_score = now[run_id][id_]
                assert _RANKS[state] <= _RANKS[shown_state] <= _RANKS[true[run_id][id_][0]]
                assert score is None or shown_score == score


async def live_through(dice: Random) -> None:
    """Live through failures, then heal: by a refresh, or unattended, beside a twin without failures or for long."""
    seed, way = dice.randrange(1 << 32), dice.choice(["refresh", "refresh", "twin", "wait"])
    world = World()
    worlds = [world, World()] if way == "twin" else [world]
    async with AsyncExitStack() as clients:
        for each in worlds:
            await clients.enter_async_context(each.scene.client)
        quiet, polls = dice.randint(0, 2), dice.randint(1, 4)
        for each in worlds:
            await _live(each, quiet, polls, Random(seed), dice if each is world else None)
        world.account.spoil = None
        if way == "refresh":
            world.scene.poller.refresh()
        for each in worlds:
            await each.scene.poll(2)
        if way == "twin":
            check_as_if_nothing_had_happened(*worlds)
            return
        if way == "wait":
            await world.scene.poll(12)  # each thing is read at every 12th poll at the latest
        check_true(world)


async def _live(world: World, quiet: int, polls: int, moves: Random, faults: Random | None) -> None:
    """Let the same things happen for each `moves`; with `faults` answers are spoiled, and come late."""
    world.attend()
    await world.scene.poll(quiet)
    for _ in range(polls):
        before = world.shown()
        if faults:
            world.account.spoil = _spoiler(faults) if faults.random() < 0.5 else None
            world.remember()
        world.move(moves)
        world.attend()
        await world.scene.poll()
        if faults and faults.random() < 0.5:
            world.late(faults)
            world.scene.store.publish()
        world.check_sums()
        world.check_forwards(before)


def check_as_if_nothing_had_happened(world: World, twin: World) -> None:
    """No failure is reported, and what the twin shows truly is shown truly."""
    health = world.scene.health
    assert (health.failure, health.warnings) == (None, ())
    true, seen_by_twin, seen = world.facts_of_account(), twin.facts(), world.facts()
    for fact, value in true.items():
        if seen_by_twin.get(fact) == value:
            assert seen.get(fact) == value, fact


def check_true(world: World) -> None:
    """All that is shown is true, and no failure is reported."""
    snapshot = world.scene.store.snapshot
    assert world.scene.health.failure is None
    assert world.scene.health.fresh_ms == world.scene.clock() - int(INTERVAL_S * 1000)
    assert world.shown() == world.true()
    assert {record.id: record.run.state for record in snapshot.records} == {
        id_: run["state"] for id_, run in world.account.runs.items()
    }
    for record in snapshot.records:
        run = world.account.runs[record.id]
        assert (record.run.score, record.run.name, record.total) == (
            run.get("score"),
            run["name"],
            9,
        )
        assert not record.gone
        assert record.tally is None or record.tally.unread == 0
    true_jobs = [BenchmarkJob.model_validate(each) for each in world.account.jobs.values()]
    assert sorted(snapshot.jobs.items, key=lambda job: job.id) == sorted(
        true_jobs, key=lambda job: job.id
    )
    assert (snapshot.jobs.failure, snapshot.jobs.gone) == (None, frozenset())


@settings(phases=(Phase.generate,), max_examples=100)
@given(st.randoms(use_true_random=False))
def test_what_is_shown_was_read_last_and_a_healthy_server_heals_it(dice: Random) -> None:
    asyncio.run(live_through(dice))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(8))
def test_what_is_shown_was_read_last_and_a_healthy_server_heals_it_in_many_interleavings(
    part: int,
) -> None:
    for seed in range(250 * part, 250 * (part + 1)):
        asyncio.run(live_through(Random(seed)))
