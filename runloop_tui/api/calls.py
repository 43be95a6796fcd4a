"""The forms that operations take: one thing, a page, an action, a download."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

from runloop_tui.api.bodies import is_html, media_type
from runloop_tui.api.errors import AnswerTooLarge, NotOffered, NotUnderstood, RunloopError
from runloop_tui.api.exchange import BEGINNING_BYTES, Exchange, not_understood
from runloop_tui.api.models import Benchmark, BenchmarkJob, BenchmarkRun, ScenarioRun
from runloop_tui.api.operations import Kind
from runloop_tui.api.page_sizes import PageSizes
from runloop_tui.api.paging import Page
from runloop_tui.api.reading import V, read_item, read_page, read_whole_list
from runloop_tui.api.retry import Backoff
from runloop_tui.api.streams import LogStream

_LOGGER = logging.getLogger(__name__)

T = TypeVar("T", Benchmark, BenchmarkJob, BenchmarkRun, ScenarioRun)
"""What has an id by which it can be asked for."""

_NO_ARCHIVES = {"text/html", "application/json"}

ONCE = Backoff(attempts=1)
"""For a read that is not repeated, whatever happens to it."""


class Calls:
    """Makes views of answers; repeats reads where that may help, and nothing else."""

    def __init__(
        self,
        exchange: Exchange,
        *,
        backoff: Backoff,
        sleep: Callable[[float], Awaitable[object]],
        jitter: Callable[[], float],
    ) -> None:
        self._exchange = exchange
        self._backoff = backoff
        self._sleep = sleep
        self._jitter = jitter
        self._page_sizes = PageSizes()

    async def one(self, model: type[T], path: str, id_: str) -> T:
        """GET the one thing with this id.

        Raises:
            NotUnderstood: the answer is about no thing, or about another one.
        """
        return _only(model, await self._read(Kind.ONE, path), Kind.ONE, id_)

    async def act(
        self,
        model: type[T],
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        id_: str | None = None,
    ) -> T:
        """POST, exactly once, what changes one thing; the answer is that thing.

        `id_` is None for a thing that is only made by this.

        Raises:
            NotUnderstood: the answer is about no thing, or about another one; it may have been done all the same.
        """
        raw = await self._exchange.json(Kind.ACTION, path, body=body)
        return _only(model, raw, Kind.ACTION, id_)

    async def page(
        self,
        model: type[V],
        path: str,
        query: Mapping[str, str],
        *,
        kind: Kind = Kind.LIST,
        under: str = "runs",
        slice_of: int = 100,
        backoff: Backoff | None = None,
    ) -> Page[V]:
        """GET a page of a list whose items stand under `under`."""
        with _named(f"{model.noun}s", self._exchange.superfluous):
            raw = await self._read_page(model.noun, kind, path, query, backoff)
        return await read_page(model, raw, under=under, slice_of=slice_of)

    async def _read_page(
        self,
        noun: str,
        kind: Kind,
        path: str,
        query: Mapping[str, str],
        backoff: Backoff | None,
    ) -> object:
        """The JSON of a page; one that is too large is asked for once more with fewer items."""
        query = self._page_sizes.query(noun, query)
        try:
            return await self._read(kind, path, query, backoff)
        except AnswerTooLarge:
            smaller = self._page_sizes.smaller(query)
            if smaller is None:
                raise
        raw = await self._read(kind, path, smaller, backoff)
        self._page_sizes.was_too_large(noun)
        return raw

    async def whole_list(self, model: type[V], path: str, *, under: str) -> Page[V]:
        """GET a list inside one thing that has no pages."""
        with _named(f"{model.noun}s", self._exchange.superfluous):
            raw = await self._read(Kind.WHOLE, path)
        return await read_whole_list(model, raw, under=under)

    @asynccontextmanager
    async def download(self, path: str) -> AsyncIterator[LogStream]:
        """POST for a zip archive, once."""
        async with self._exchange.open(Kind.DOWNLOAD, path) as response:
            if media_type(response) in _NO_ARCHIVES:
                body = await self._exchange.read(response, Kind.DOWNLOAD, BEGINNING_BYTES)
                got = "a web page" if is_html(response, body) else "JSON"
                because = f"expected a zip archive, got {got}"
                raise not_understood(because, response, body, Kind.DOWNLOAD)
            yield LogStream(response)

    async def _read(
        self,
        kind: Kind,
        path: str,
        query: Mapping[str, str] | None = None,
        backoff: Backoff | None = None,
    ) -> object:
        """The JSON of a GET, which is repeated for as long as that may help."""
        backoff = backoff or self._backoff
        attempt = 1
        while True:
            try:
                return await self._exchange.json(kind, path, query)
            except RunloopError as error:
                if not error.worth_repeating:
                    raise
                pause_s = backoff.delay(
                    attempt, jitter=self._jitter(), retry_after_s=error.retry_after_s
                )
                if pause_s is None:
                    raise
            await self._sleep(pause_s)
            attempt += 1


@contextmanager
def _named(things: str, superfluous: str) -> Iterator[None]:
    """Where they are not offered, say what: an older service may have runs, but no jobs.

    Where nothing of Runloop is found, and the base address has a /v1 too much, say that.
    """
    try:
        yield
    except (NotOffered, NotUnderstood) as error:
        if isinstance(error, NotOffered):
            error.say_of(things)
        if superfluous and type(error) in {NotOffered, NotUnderstood}:
            error.blame_address(superfluous)
        raise


def _only(model: type[T], raw: object, kind: Kind, id_: str | None) -> T:
    """The one thing that an answer is about: the one with the id `id_`, where that is known.

    Raises:
        NotUnderstood: when it has no readable id, or another; for fields that do not fit, the log has a line.
    """
    item, complaint = read_item(model, raw)
    if item is None:
        raise NotUnderstood(f"expected a {model.noun} with an id", may_have_arrived=kind.acts)
    if id_ is not None and item.id != id_:
        because = f"expected the {model.noun} with the id asked for, got another"
        raise NotUnderstood(because, may_have_arrived=kind.acts)
    if complaint is not None:
        _LOGGER.warning("%r", complaint)  # quoted, because it holds the server's words
    return item
