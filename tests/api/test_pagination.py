"""Fetching a list to its end whatever the server returns, and smaller pages where they are too large."""

from collections.abc import Sequence
from dataclasses import dataclass

import httpx
import pytest

from runloop_tui.api.errors import AnswerTooLarge, NoConnection, NotUnderstood
from runloop_tui.api.pagination import MOST_PAGES, Page, each_page
from tests.api.scripted import RUN, Script, listing


@dataclass(frozen=True)
class Thing:
    id: str


def page(*ids: str, more: bool, warnings: tuple[str, ...] = ()) -> Page[Thing]:
    return Page(tuple(Thing(i) for i in ids), has_more=more, warnings=warnings)


class Walk:
    """Fetches these pages and records the cursors that are requested."""

    def __init__(self, pages: Sequence[Page[Thing]]) -> None:
        self._pages = list(pages)
        self.cursors: list[str | None] = []
        self.seen: list[str] = []
        self.warnings: list[str] = []

    async def fetch(self, starting_after: str | None) -> Page[Thing]:
        self.cursors.append(starting_after)
        return self._pages[len(self.cursors) - 1]

    async def to_the_end(self) -> None:
        async for walked in each_page(self.fetch):
            self.seen += [item.id for item in walked.items]
            self.warnings += walked.warnings


async def test_each_page_starts_after_the_last_id_of_the_one_before() -> None:
    walk = Walk([page("a", "b", more=True), page("c", "d", more=True), page("e", more=False)])
    await walk.to_the_end()
    assert walk.cursors == [None, "b", "d"]
    assert walk.seen == ["a", "b", "c", "d", "e"]


async def test_the_client_fetches_its_own_pages() -> None:
    script = Script(listing([RUN], has_more=True), listing([RUN | {"id": "bmr_2"}]))
    async with script.client() as client:
        pages = each_page(lambda after: client.list_benchmark_runs(limit=1, starting_after=after))
        ids = [run.id async for walked in pages for run in walked.items]
    assert ids == ["bmr_1", "bmr_2"]
    assert "starting_after" not in script.request_lines[0]
    assert "starting_after=bmr_1" in script.request_lines[1]


async def test_an_empty_list_is_one_empty_page() -> None:
    walk = Walk([page(more=False)])
    pages = [walked async for walked in each_page(walk.fetch)]
    assert [walked.items for walked in pages] == [()]


async def test_a_last_page_may_be_empty() -> None:
    walk = Walk([page("a", more=True), page(more=False)])
    await walk.to_the_end()
    assert walk.seen == ["a"]


@pytest.mark.parametrize("more", [True, False])
async def test_a_repeated_page_is_an_error(more: bool) -> None:
    walk = Walk([page("a", "b", more=True), page("a", "b", more=more)])
    with pytest.raises(NotUnderstood, match="expected the next page"):
        await walk.to_the_end()
    assert walk.seen == ["a", "b"]


async def test_pages_may_overlap_as_long_as_each_has_a_new_id() -> None:
    walk = Walk([page("a", "b", more=True), page("b", "c", more=False)])
    await walk.to_the_end()
    assert walk.seen == ["a", "b", "b", "c"]


async def test_alternating_pages_are_an_error() -> None:
    walk = Walk([page("a", more=True), page("b", more=True), page("a", more=True)])
    with pytest.raises(NotUnderstood):
        await walk.to_the_end()
    assert walk.cursors == [None, "a", "b"]


async def test_an_empty_page_with_has_more_is_an_error() -> None:
    walk = Walk([page("a", more=True), page(more=True)])
    with pytest.raises(NotUnderstood, match="got none"):
        await walk.to_the_end()
    assert walk.cursors == [None, "a"]


async def test_an_unreadable_page_is_yielded_before_the_error() -> None:
    walk = Walk([page(more=True, warnings=("an item without a readable id not understood",))])
    with pytest.raises(NotUnderstood, match="none that could be read"):
        await walk.to_the_end()
    assert walk.warnings == ["an item without a readable id not understood"]
    assert walk.cursors == [None]


async def test_an_unreadable_last_page_is_yielded() -> None:
    walk = Walk([page("a", more=True), page(more=False, warnings=("bad",))])
    await walk.to_the_end()
    assert walk.warnings == ["bad"]


async def test_an_endless_list_is_an_error_after_1000_pages() -> None:
    walk = Walk([page(str(n), more=True) for n in range(MOST_PAGES + 1)])
    with pytest.raises(NotUnderstood, match="more than 1,000 pages"):
        await walk.to_the_end()
    assert len(walk.cursors) == MOST_PAGES


async def test_the_error_of_a_page_is_raised() -> None:
    async def fetch(starting_after: str | None) -> Page[Thing]:
        if starting_after is None:
            return page("a", more=True)
        raise NoConnection

    pages = each_page(fetch)
    assert await anext(pages) == page("a", more=True)
    with pytest.raises(NoConnection):
        await anext(pages)


# Page sizes


def page_of(runs: int, *, size: int = 100) -> httpx.Response:
    return listing([RUN | {"id": f"bmr_{n}", "name": "x" * size} for n in range(runs)])


async def test_a_page_that_is_too_large_is_requested_with_a_smaller_limit_and_so_are_the_next() -> (
    None
):
    script = Script(page_of(50), page_of(2), page_of(2), *[page_of(2)] * 22)
    async with script.client(max_body_bytes=5_000) as client:
        for _ in range(2):
            page = await client.list_benchmark_runs(limit=100, starting_after="bmr_0")
            assert len(page.items) == 2
        assert limits(script) == ["100", "10", "10"]
        assert script.requests[1].url.params["starting_after"] == "bmr_0"
        await client.list_benchmark_runs(limit=5)
        assert limits(script)[3:] == ["5"]
        for _ in range(20):  # now and then it is tried whether they have become smaller
            await client.list_benchmark_runs(limit=100)
    assert limits(script)[4:] == ["10"] * 19 + ["100"]


async def test_a_page_that_is_too_large_with_the_smaller_limit_is_an_error() -> None:
    script = Script(page_of(50), page_of(50), page_of(50), page_of(50))
    async with script.client(max_body_bytes=5_000) as client:
        for _ in range(2):
            with pytest.raises(AnswerTooLarge):
                await client.list_benchmark_runs(limit=100)
    assert limits(script) == ["100", "10", "100", "10"]


async def test_one_item_that_is_too_large_is_requested_once() -> None:
    script = Script(page_of(1, size=9_000))
    async with script.client(max_body_bytes=5_000) as client:
        with pytest.raises(AnswerTooLarge):
            await client.list_benchmark_runs(limit=1)
    assert limits(script) == ["1"]


def limits(script: Script) -> list[str]:
    return [request.url.params["limit"] for request in script.requests]
