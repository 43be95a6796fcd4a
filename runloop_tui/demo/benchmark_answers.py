"""Answers about benchmarks, and the starting of runs of them."""

from collections.abc import Iterator

import httpx

from runloop_tui.demo import wire, wire_older
from runloop_tui.demo.answers import Route, json_answer, page_answer
from runloop_tui.demo.plans import BenchmarkPlan
from runloop_tui.demo.requests import Rejected, cut, read_page_wish
from runloop_tui.demo.starting import check_requirements, plan_of, read_start_wish
from runloop_tui.demo.world import World


class BenchmarkAnswers:
    """Answers every operation on benchmarks.

    Args:
        world: The account that is shown.
        in_older_shape: Whether a run that was started is written as older servers write it.
    """

    def __init__(self, world: World, *, in_older_shape: bool) -> None:
        self._world = world
        self._in_older_shape = in_older_shape

    def routes(self) -> list[Route]:
        """List what is answered about benchmarks; literal paths stand above those with an id."""
        return [
            ("GET", "/v1/benchmarks", self._list),
            ("GET", "/v1/benchmarks/list_public", self._list_public),
            ("POST", "/v1/benchmarks/start_run", self._start_run),
            ("GET", "/v1/benchmarks/{}", self._get),
            ("GET", "/v1/benchmarks/{}/definitions", self._definitions),
        ]

    def _list(self, request: httpx.Request, _: str) -> httpx.Response:
        return self._page(request, is_public=False)

    def _list_public(self, request: httpx.Request, _: str) -> httpx.Response:
        return self._page(request, is_public=True)

    def _page(self, request: httpx.Request, *, is_public: bool) -> httpx.Response:
        name = request.url.params.get("name")
        known = dict(self._world.benchmarks(is_public=is_public))
        ids = list(known)

        def after(last: str | None) -> list[tuple[str, BenchmarkPlan]]:
            if last is not None and last not in known:
                raise KeyError(last)
            first = 0 if last is None else ids.index(last) + 1
            return [(benchmark_id, known[benchmark_id]) for benchmark_id in ids[first:]]

        page = cut(
            read_page_wish(request.url.params),
            lambda last: iter(after(last)),
            lambda item: not name or item[1].name == name,
        )
        views = [wire.benchmark(self._world, *item) for item in page.items]
        return page_answer("benchmarks", page, views)

    def _get(self, _: httpx.Request, benchmark_id: str) -> httpx.Response:
        return json_answer(wire.benchmark(self._world, benchmark_id, self._find(benchmark_id)))

    def _definitions(self, request: httpx.Request, benchmark_id: str) -> httpx.Response:
        benchmark = self._find(benchmark_id)
        places = {
            self._world.scenario_id(benchmark, place): place
            for place in range(len(benchmark.scenarios))
        }

        def after(last: str | None) -> Iterator[int]:
            return iter(range(0 if last is None else places[last] + 1, len(places)))

        page = cut(read_page_wish(request.url.params), after)
        views = [wire.scenario_definition(self._world, benchmark, place) for place in page.items]
        return page_answer("scenarios", page, views)

    def _start_run(self, request: httpx.Request, _: str) -> httpx.Response:
        wish = read_start_wish(request.content)
        benchmark = self._find(wish.benchmark_id)
        check_requirements(wish, benchmark)
        run = self._world.start_run(plan_of(wish, benchmark))
        view = wire_older.benchmark_run if self._in_older_shape else wire.benchmark_run
        return json_answer(view(self._world, run))

    def _find(self, benchmark_id: str) -> BenchmarkPlan:
        try:
            return self._world.benchmark(benchmark_id)
        except KeyError:
            raise Rejected(404, f"no benchmark {benchmark_id}") from None
