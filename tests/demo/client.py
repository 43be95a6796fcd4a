"""An HTTP client of a world, without a network."""

from typing import Any

import httpx

from runloop_tui.demo.transport import DemoTransport
from runloop_tui.demo.world import World

Wire = dict[str, Any]


async def no_sleep(seconds: float) -> None:
    """Return at once."""


class DemoClient:
    """A client of a world, with a method for each common request of the tests."""

    def __init__(self, world: World, *, older: bool = False, offers_runs: bool = True) -> None:
        transport = DemoTransport(world, sleep=no_sleep, older=older, offers_runs=offers_runs)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://demo")

    async def get(self, path: str, **query: object) -> Wire:
        response = await self.http.get(path, params={k: str(v) for k, v in query.items()})
        assert response.status_code == 200, response.text
        return self._object(response)

    async def post(self, path: str, body: Wire | None = None) -> Wire:
        response = await self.http.post(path, json=body)
        assert response.status_code == 200, response.text
        return self._object(response)

    async def refusal(self, method: str, path: str, **query: object) -> tuple[int, str]:
        """Return the status and the message of an error response."""
        params = {k: str(v) for k, v in query.items()}
        response = await self.http.request(method, path, params=params)
        return response.status_code, self._object(response)["message"]

    async def runs(self, **query: object) -> list[Wire]:
        found: list[Wire] = (await self.get("/v1/benchmark_runs", limit=5000, **query))["runs"]
        return found

    async def run_named(self, name: str) -> Wire:
        return (await self.runs(name=name))[0]

    async def run(self, run_id: str) -> Wire:
        return await self.get(f"/v1/benchmark_runs/{run_id}")

    async def scenario_runs(self, run_id: str, **query: object) -> list[Wire]:
        path = f"/v1/benchmark_runs/{run_id}/scenario_runs"
        found: list[Wire] = (await self.get(path, limit=5000, **query))["runs"]
        return found

    async def job_named(self, name: str) -> Wire:
        jobs: list[Wire] = (await self.get("/v1/benchmark_jobs", name=name))["jobs"]
        return jobs[0]

    async def benchmark_named(self, name: str) -> Wire:
        for path in ("/v1/benchmarks", "/v1/benchmarks/list_public"):
            for benchmark in (await self.get(path, limit=5000))["benchmarks"]:
                if benchmark["name"] == name:
                    found: Wire = benchmark
                    return found
        raise AssertionError(f"no benchmark {name}")

    async def devbox_logs(self, devbox_id: str, **query: object) -> list[Wire]:
        found: list[Wire] = (await self.get(f"/v1/devboxes/{devbox_id}/logs", **query))["logs"]
        return found

    def _object(self, response: httpx.Response) -> Wire:
        body = response.json()
        assert isinstance(body, dict)
        return body
