"""The forms of an API call: get one resource, get a page, post an action, download an archive."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

import httpx

from runloop_tui.api.bodies import MAX_ERROR_BYTES, content_length, is_html, media_type
from runloop_tui.api.error_mapping import mapped_errors, not_understood
from runloop_tui.api.errors import (
    AnswerTooLarge,
    CutShort,
    NotOffered,
    NotUnderstood,
    RunloopError,
)
from runloop_tui.api.models import Benchmark, BenchmarkJob, BenchmarkRun, ScenarioRun
from runloop_tui.api.pagination import Page, PageSizes
from runloop_tui.api.parsing import V, parse_item, parse_page, parse_unpaged
from runloop_tui.api.paths import Kind
from runloop_tui.api.retry import Backoff
from runloop_tui.api.transport import Transport

_LOGGER = logging.getLogger(__name__)

T = TypeVar("T", Benchmark, BenchmarkJob, BenchmarkRun, ScenarioRun)
"""A resource that can be requested by its id."""

ONCE = Backoff(attempts=1)
"""For a read that is not retried."""

_NO_ARCHIVES = {"text/html", "application/json"}


class Calls:
    """Sends requests through the transport and parses their responses; retries reads only."""

    def __init__(
        self,
        transport: Transport,
        *,
        backoff: Backoff,
        sleep: Callable[[float], Awaitable[object]],
        jitter: Callable[[], float],
    ) -> None:
        self._transport = transport
        self._backoff = backoff
        self._sleep = sleep
        self._jitter = jitter
        self._page_sizes = PageSizes()

    async def one(self, model: type[T], path: str, id_: str) -> T:
        """GET the resource with this id.

        Raises:
            NotUnderstood: the response has no id, or another one.
        """
        return _expect_id(model, await self._read(Kind.ONE, path), Kind.ONE, id_)

    async def act(
        self,
        model: type[T],
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        id_: str | None = None,
    ) -> T:
        """POST an action on one resource, exactly once, and return the resource.

        `id_` is None when the action creates the resource.

        Raises:
            NotUnderstood: the response has no id, or another one; the action may have taken effect.
        """
        raw = await self._transport.json(Kind.ACTION, path, body=body)
        return _expect_id(model, raw, Kind.ACTION, id_)

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
        """GET a page of a list; its items are in the field `under`."""
        with self._errors_about(f"{model.noun}s"):
            raw = await self._read_page(model.noun, kind, path, query, backoff)
        return await parse_page(model, raw, under=under, slice_of=slice_of)

    async def _read_page(
        self,
        noun: str,
        kind: Kind,
        path: str,
        query: Mapping[str, str],
        backoff: Backoff | None,
    ) -> object:
        """Return the JSON of a page; when it is too large, request it once more with a smaller limit."""
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

    async def unpaged(self, model: type[V], path: str, *, under: str) -> Page[V]:
        """GET a list that has no pages; its items are in the field `under`."""
        with self._errors_about(f"{model.noun}s"):
            raw = await self._read(Kind.WHOLE, path)
        return await parse_unpaged(model, raw, under=under)

    @asynccontextmanager
    async def download(self, path: str) -> AsyncIterator["LogStream"]:
        """POST for a zip archive, once.

        Raises:
            NotUnderstood: the response is a web page or JSON.
        """
        async with self._transport.open(Kind.DOWNLOAD, path) as response:
            if media_type(response) in _NO_ARCHIVES:
                body = await self._transport.read(response, Kind.DOWNLOAD, MAX_ERROR_BYTES)
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
        """Return the JSON of a GET, retried while the error is retryable and the back-off allows it."""
        backoff = backoff or self._backoff
        attempt = 1
        while True:
            try:
                return await self._transport.json(kind, path, query)
            except RunloopError as error:
                if not error.is_retryable:
                    raise
                pause_s = backoff.delay(
                    attempt, jitter=self._jitter(), retry_after_s=error.retry_after_s
                )
                if pause_s is None:
                    raise
            await self._sleep(pause_s)
            attempt += 1

    @contextmanager
    def _errors_about(self, resources: str) -> Iterator[None]:
        """Name the resources that are not offered: an older service may have runs, but no jobs.

        Where the base URL already ends in /v1, the advice is to remove it.
        """
        try:
            yield
        except (NotOffered, NotUnderstood) as error:
            if isinstance(error, NotOffered):
                error.name_resources(resources)
            extra_path = self._transport.extra_path
            if extra_path and type(error) in {NotOffered, NotUnderstood}:
                error.advise_shorter_address(extra_path)
            raise


def _expect_id(model: type[T], raw: object, kind: Kind, id_: str | None) -> T:
    """Parse a response about one resource; fields that do not fit are logged as a warning.

    Raises:
        NotUnderstood: it has no readable id, or another than `id_` where that is known.
    """
    item, warning = parse_item(model, raw)
    if item is None:
        raise NotUnderstood(f"expected a {model.noun} with an id", may_have_arrived=kind.acts)
    if id_ is not None and item.id != id_:
        because = f"expected the {model.noun} with the requested id, got another"
        raise NotUnderstood(because, may_have_arrived=kind.acts)
    if warning is not None:
        _LOGGER.warning("%r", warning)  # %r, because it has text from the server in it
    return item


class LogStream:
    """A zip archive that is being downloaded. Valid inside the `async with` that returned it."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        self.size = content_length(response)
        """The length in bytes, or None when the server does not send it."""

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the bytes as they arrive; can be iterated once.

        Raises:
            BrokenOff: the connection broke.
            CutShort: the body ended too early.
            TimedOut: no byte arrived for 30 s.
            NotUnderstood: the body is too long or cannot be decoded.
        """
        received = 0
        with mapped_errors(Kind.DOWNLOAD):
            async for piece in self._response.aiter_bytes():
                received += len(piece)
                yield piece
        if self.size is not None and received != self.size:
            error = CutShort if received < self.size else NotUnderstood
            raise error(f"expected {self.size:,} bytes, got {received:,}")
