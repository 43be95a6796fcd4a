"""What runs can be started of: the account's benchmarks, and the public ones."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from runloop_tui.api.errors import RunloopError
from runloop_tui.api.pagination import Page, each_page
from runloop_tui.monitor.health import Trouble

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from runloop_tui.api.client import Client
    from runloop_tui.api.models import Benchmark

_PAGE = 100


@dataclass(frozen=True, slots=True)
class Benchmarks:
    """The benchmarks that were read so far, the account's own first."""

    items: tuple["Benchmark", ...] = ()
    whole: bool = False
    """All has been read, but for what `troubles` names."""
    troubles: tuple[Trouble, ...] = ()
    complaints: tuple[str, ...] = field(default=(), repr=False)
    """What could not be understood; raw text."""


class BenchmarkList:
    """Reads both lists of benchmarks to their ends."""

    def __init__(self, client: "Client") -> None:
        self._client = client
        self._known: dict[str, Benchmark] = {}

    async def read(self) -> "AsyncIterator[Benchmarks]":
        """Give what is known after each page; what was read before stays until all was read. Raises no RunloopError.

        Rests on listBenchmarks and listPublicBenchmarks; where one of them fails, the other is read all the same.
        """
        found: dict[str, Benchmark] = {}
        troubles: list[Trouble] = []
        complaints: list[str] = []
        yield Benchmarks(tuple(self._known.values()))
        for what, ask in (
            ("the account's benchmarks", self._client.list_benchmarks),
            ("the public benchmarks", self._client.list_public_benchmarks),
        ):
            try:
                async for page in each_page(_pages(ask)):
                    for benchmark in page.items:
                        found.setdefault(benchmark.id, benchmark)
                    complaints.extend(page.complaints)
                    yield Benchmarks(tuple((self._known | found).values()))
            except RunloopError as error:
                troubles.append(Trouble(what, error))
        self._known = self._known | found if troubles else found
        yield Benchmarks(
            tuple(self._known.values()),
            whole=True,
            troubles=tuple(troubles),
            complaints=tuple(complaints),
        )


def _pages(
    ask: "Callable[..., Awaitable[Page[Benchmark]]]",
) -> "Callable[[str | None], Awaitable[Page[Benchmark]]]":
    return lambda after: ask(limit=_PAGE, starting_after=after)
