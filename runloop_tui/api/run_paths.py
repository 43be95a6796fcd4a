"""Benchmark runs are offered at one of two places; which of them, the list tells."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from runloop_tui.api.errors import BadRequest, NotOffered, NotUnderstood

TODAYS = "/v1/benchmark_runs"
OLDER = "/v1/benchmarks/runs"

T = TypeVar("T")


class RunPaths:
    """Remembers where the runs are, and looks at the other place when they are there no more.

    Only the list is proof: that one run is not found says nothing about the service.
    """

    def __init__(self) -> None:
        self.resource = TODAYS
        """The path of the list; that of one run begins with it."""

    async def find(
        self, ask: Callable[[str], Awaitable[T]], ask_elsewhere: Callable[[str], Awaitable[T]]
    ) -> T:
        """What `ask` gives for the path of the list, else `ask_elsewhere` for the other path.

        Raises:
            NotOffered: when neither place has a list of runs.
        """
        tried = self.resource
        try:
            return await ask(tried)
        except NotOffered as error:
            not_offered = error
        elsewhere = OLDER if tried == TODAYS else TODAYS
        try:
            answer = await ask_elsewhere(elsewhere)
        except (NotOffered, BadRequest, NotUnderstood):
            # Where there are no older paths, "runs" may be taken for the id of a benchmark.
            raise not_offered from None
        self.resource = elsewhere
        return answer
