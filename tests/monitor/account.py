"""An account whose runs a test writes by hand, behind an httpx transport: newest first, paged, counted, filtered."""

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any

import httpx

from tests.api.scripted import NOW_MS, ok
from tests.monitor.job_making import job_wire

Wire = dict[str, Any]
Answer = httpx.Response | httpx.TransportError


class Gate:
    """Holds the next answer that it fits back: the request has arrived, its answer is made, but not sent."""

    def __init__(self, pattern: str) -> None:
        self.pattern = re.compile(pattern)
        self.reached = asyncio.Event()
        self.open = asyncio.Event()


class Account(httpx.AsyncBaseTransport):
    """Runs, scenario runs and benchmarks as they are on the wire; a test changes them as it likes."""

    def __init__(self) -> None:
        self.runs: dict[str, Wire] = {}
        self.scenario_runs: dict[str, dict[str, Wire]] = {}
        self.benchmarks: dict[str, list[str]] = {}
        self.jobs: dict[str, Wire] = {}
        self.devbox_logs: dict[str, list[Wire]] = {}
        self.requests: list[str] = []
        self.filters_by_state = True
        self.miscounts_by = 0
        self.dated: str | None = None
        """The Date that answers carry, if they carry one."""
        self.answers_left: int | None = None
        """How many more requests are answered; the others hang for ever. None is all."""
        self._broken: dict[str, Callable[[], Answer]] = {}
        self._gates: list[Gate] = []

    # What a test does to it

    def start_run(self, run_id: str = "bmr_1", /, state: str = "running", **fields: object) -> Wire:
        """Put a run on top of the list."""
        run = {"id": run_id, "state": state, "start_time_ms": NOW_MS - 3_600_000, **fields}
        self.runs = {run_id: run, **self.runs}
        self.scenario_runs[run_id] = {}
        return run

    def start_scenario_runs(self, *ids: str, run_id: str = "bmr_1", state: str = "running") -> None:
        """Start scenario runs of a run, each newer than the one before."""
        for id_ in ids:
            started: Wire = {"id": id_, "state": state, "start_time_ms": NOW_MS - 600_000}
            self.scenario_runs[run_id] = {id_: started, **self.scenario_runs[run_id]}

    def log(self, devbox_id: str, message: str, *, at: int, **fields: object) -> None:
        """Write a line to a devbox's log."""
        line = {"message": message, "timestamp_ms": at, "source": "exec", "level": "info", **fields}
        self.devbox_logs.setdefault(devbox_id, []).append(line)

    def put_job(self, *args: Any, **fields: Any) -> None:  # noqa: ANN401 - those of job_wire
        """Put a job on top of the list, or another in its place."""
        job = job_wire(*args, **fields)
        rest = self.jobs if job["id"] in self.jobs else {job["id"]: job, **self.jobs}
        self.jobs = {**rest, job["id"]: job}

    def move(self, id_: str, state: str, **fields: object) -> None:
        """Bring a run or a scenario run into a state."""
        holders = (self.runs, *self.scenario_runs.values())
        next(held[id_] for held in holders if id_ in held).update({"state": state, **fields})

    def score(self, id_: str, score: float) -> None:
        """Complete a scenario run with a score, 5 minutes after its start."""
        self.move(id_, "completed", duration_ms=300_000, scoring_contract_result={"score": score})

    def fail(self, pattern: str, answer: Callable[[], Answer]) -> None:
        """Answer every request that fits in another way, until `mend`."""
        self._broken[pattern] = answer

    def mend(self, pattern: str) -> None:
        """Answer as before."""
        del self._broken[pattern]

    def hold(self, pattern: str) -> Gate:
        """Hold back the next answer to a request that fits."""
        gate = Gate(pattern)
        self._gates.append(gate)
        return gate

    def requests_for(self, pattern: str) -> list[str]:
        """The requests so far that fit."""
        return [line for line in self.requests if re.search(pattern, line)]

    # What it answers

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        line = f"{request.method} {request.url.raw_path.decode()}"
        self.requests.append(line)
        if self.answers_left == 0:
            await asyncio.Event().wait()
        if self.answers_left is not None:
            self.answers_left -= 1
        answer = self._answer(request, line)
        for gate in [gate for gate in self._gates if gate.pattern.search(line)]:
            self._gates.remove(gate)
            gate.reached.set()
            await gate.open.wait()
        if isinstance(answer, httpx.TransportError):
            raise answer
        if self.dated is not None:
            answer.headers["Date"] = self.dated
        return answer

    def _answer(self, request: httpx.Request, line: str) -> Answer:
        for pattern, bad_answer in self._broken.items():
            if re.search(pattern, line):
                return bad_answer()
        match request.url.path.removeprefix("/v1/").split("/"):
            case ["benchmark_runs"]:
                return self._page(self.runs, request.url.params)
            case ["benchmark_jobs"]:
                return self._page(self.jobs, request.url.params, under="jobs")
            case ["benchmark_jobs", id_] if id_ in self.jobs:
                return ok(self.jobs[id_])
            case ["benchmark_runs", id_, "scenario_runs"] if id_ in self.scenario_runs:
                return self._page(self.scenario_runs[id_], request.url.params)
            case ["benchmark_runs", id_] if id_ in self.runs:
                return ok(self.runs[id_])
            case ["benchmark_runs", id_, "cancel" | "complete" as verb] if id_ in self.runs:
                return self._act(self.runs[id_], verb)
            case ["scenarios", "runs", id_, *verb]:
                for held in self.scenario_runs.values():
                    if id_ in held:
                        return self._act(held[id_], verb[0]) if verb else ok(held[id_])
            case ["benchmarks", id_] if id_ in self.benchmarks:
                return ok({"id": id_, "scenarioIds": self.benchmarks[id_]})
            case ["devboxes", id_, "logs"] if id_ in self.devbox_logs:
                return ok({"logs": self.devbox_logs[id_]})
        return httpx.Response(404, json={"message": "no such thing"})

    def _act(self, thing: Wire, verb: str) -> httpx.Response:
        if thing["state"] in {"completed", "canceled", "failed"}:
            return httpx.Response(400, json={"message": f"already {thing['state']}"})
        thing["state"] = {"cancel": "canceled", "complete": "completed"}[verb]
        return ok(thing)

    def _page(
        self, held: dict[str, Wire], query: httpx.QueryParams, *, under: str = "runs"
    ) -> httpx.Response:
        wanted = query.get("state") if self.filters_by_state else None
        after, limit = query.get("starting_after"), int(query["limit"])
        below = 0 if after is None else list(held).index(after) + 1
        found = [
            item for item in list(held.values())[below:] if wanted in {None, item.get("state")}
        ]
        count = None
        if query["include_total_count"] == "true":
            count = len(found) + self.miscounts_by
        # Copied, as the wire would: what a test changes later must not change an answer that is on its way.
        page = json.loads(json.dumps(found[:limit]))
        return ok({under: page, "has_more": len(found) > limit, "total_count": count})
