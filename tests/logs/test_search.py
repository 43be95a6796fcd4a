import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runloop_tui.logs import search as search_module
from runloop_tui.logs.log_text import LogText
from runloop_tui.logs.search import Search, SearchQuery, line_after, line_before


def append(text: LogText, piece: bytes) -> None:
    text.write(piece)
    text.note(piece)


async def found(text: LogText, words: str) -> list[int]:
    search = Search(text, SearchQuery(words), on_change=lambda: None)
    await scan(search, is_whole=True)
    assert search.is_over
    return list(search.found)


async def scan(search: Search, *, is_whole: bool) -> None:
    search.resume(is_whole=is_whole)
    if search._task is not None:
        await search._task


async def test_every_line_with_the_words_is_found_once(text: LogText) -> None:
    append(text, b"an error\nnothing\nerror and error\n\nerror")

    assert await found(text, "error") == [0, 2, 4]
    assert await found(text, "absent") == []


async def test_lower_case_finds_both_cases_and_upper_case_only_itself(text: LogText) -> None:
    append(text, b"Error\nERROR\nerror\n")

    assert await found(text, "error") == [0, 1, 2]
    assert await found(text, "Error") == [0]


async def test_the_case_of_letters_outside_ascii_is_not_folded(text: LogText) -> None:
    append(text, "größer\nGRÖSSER\n".encode())

    assert await found(text, "größer") == [0]


async def test_slices_cut_no_match_and_count_no_line_twice(
    text: LogText, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_module, "_SLICE", 7)
    append(text, b"12345failed failed\nfailed\n\n1234567failed")

    assert await found(text, "failed") == [0, 1, 3]


async def test_a_log_that_grows_is_searched_on_from_where_it_ended(text: LogText) -> None:
    search = Search(text, SearchQuery("failed"), on_change=lambda: None)
    append(text, b"a failed\nand a fai")
    await scan(search, is_whole=False)
    assert list(search.found) == [0]
    assert not search.is_over, "more may come"

    append(text, b"led\nfailed")
    await scan(search, is_whole=False)
    await scan(search, is_whole=True)

    assert list(search.found) == [0, 1, 2]
    assert search.is_over


async def test_on_change_is_called_at_the_end(text: LogText) -> None:
    append(text, b"failed\n" * 10)
    at_end = asyncio.Event()

    def look() -> None:
        if search.is_over:
            at_end.set()

    search = Search(text, SearchQuery("failed"), on_change=look)
    search.resume(is_whole=True)
    await at_end.wait()

    assert search.fraction == 1.0


async def test_a_search_that_is_stopped_keeps_what_it_found_and_looks_no_further(
    text: LogText, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_module, "_SLICE", 70)
    append(text, b"failed\n" * 1_000)
    search = Search(text, SearchQuery("failed"), on_change=lambda: None)
    search._on_change = search.stop
    await scan(search, is_whole=True)
    await search.close()

    assert list(search.found) == list(range(10))
    await scan(search, is_whole=True)
    assert len(search.found) == 10


async def test_too_many_lines_end_it_and_it_says_so(
    text: LogText, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_module, "MOST_FOUND", 5)
    append(text, b"failed\n" * 1_000)
    search = Search(text, SearchQuery("failed"), on_change=lambda: None)
    await scan(search, is_whole=True)

    assert list(search.found) == [0, 1, 2, 3, 4]
    assert search.is_full
    assert search.is_over


@settings(deadline=None)
@given(
    whole=st.text("ab\n", max_size=60),
    words=st.text("ab", min_size=1, max_size=3),
    size=st.integers(1, 9),
)
async def test_it_finds_what_looking_at_each_line_finds(
    tmp_path_factory: pytest.TempPathFactory, whole: str, words: str, size: int
) -> None:
    text = LogText(tmp_path_factory.getbasetemp())
    append(text, whole.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search_module, "_SLICE", size)
        lines = whole.split("\n")
        assert await found(text, words) == [n for n, line in enumerate(lines) if words in line]
    text.close()


def test_the_nearest_match_on_either_side_is_known() -> None:
    assert [line_after([2, 5], at) for at in (-1, 2, 4, 5)] == [2, 5, 5, None]
    assert [line_before([2, 5], at) for at in (9, 5, 3, 2)] == [5, 2, 2, None]


@pytest.mark.parametrize("text", ["plain", "İstanbul", "ΑΣ", "Straße"])
def test_folding_keeps_the_places_of_characters(text: str) -> None:
    assert len(SearchQuery("x").fold(text)) == len(text)


async def test_an_unexpected_error_ends_the_search_and_is_reported(
    text: LogText, monkeypatch: pytest.MonkeyPatch, reported: list[BaseException]
) -> None:
    append(text, b"an error\n")
    monkeypatch.setattr(LogText, "bytes_at", lambda *_: 1 // 0)
    at_end = asyncio.Event()
    search = Search(text, SearchQuery("error"), on_change=at_end.set)
    search.resume(is_whole=False)
    async with asyncio.timeout(60):
        await at_end.wait()
    assert search.is_over
    assert search.has_failed
    search.resume(is_whole=True)  # it does not begin again, and fail again
    await search.close()
    assert [type(error) for error in reported] == [ZeroDivisionError]
