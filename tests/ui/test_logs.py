"""Logs of terminal runs: the archive, its files, and one of them on the whole screen."""

import os
import struct
from pathlib import Path

import httpx
import pytest

from runloop_tui.config import Settings
from runloop_tui.logs.entries import Unpacker
from runloop_tui.logs.limits import Limits
from runloop_tui.ui.screens.archive import ArchiveScreen
from runloop_tui.ui.screens.entry import EntryScreen
from runloop_tui.ui.screens.runs import RunsScreen
from runloop_tui.ui.widgets.lines_view import LinesView
from tests.ui.log_scenes import (
    archive_opened,
    entry_opened,
    file_names,
    lines_on_screen,
    notice,
    numbered,
    stage_with_archive,
    status,
    until,
    zipped,
)
from tests.ui.seeing import NARROW, WIDE
from tests.ui.worlds import ALPHA, BETA, stage_of

LONG = zipped(("agent.log", numbered(5_000)))
"""On a screen of 24 lines 21 of it are shown: title, status and keys take three."""


def reading_folder() -> Path:
    """Where archives are that are only read."""
    return Settings().cache_folder() / f"reading-{os.getpid()}"


# The list of files


async def test_l_on_a_terminal_scenario_downloads_its_archive_without_a_question_and_lists_it(
    tmp_path: Path, notified: list[str]
) -> None:
    stage = stage_of(ALPHA, BETA, downloads=tmp_path)
    async with stage.running(WIDE) as pilot:
        screen = await archive_opened(stage, pilot)

        assert [name.rsplit("_", 1)[-1] for name in file_names(screen)] == [
            "agent.log",
            "output.log",
        ]
        assert len(stage.requests.posts) == 1
        assert list(tmp_path.iterdir()) == [], "nothing is put there unasked"  # noqa: ASYNC240
        (archive,) = reading_folder().iterdir()
        assert archive.stat().st_mode & 0o077 == 0
        assert reading_folder().stat().st_mode & 0o077 == 0
        assert "kept only while runloop-tui runs; D downloads it" in status(screen)
        assert notified == [], "the screen itself says it"
    assert not reading_folder().exists()


async def test_d_in_a_list_of_files_asks_and_downloads_the_archive_to_stay(tmp_path: Path) -> None:
    stage = stage_of(ALPHA, downloads=tmp_path)
    async with stage.running(WIDE) as pilot:
        await archive_opened(stage, pilot)
        await pilot.press("D", "tab", "enter")
        await stage.settle(pilot)
        (archive,) = tmp_path.iterdir()  # noqa: ASYNC240 - a small folder of ours
        await pilot.press("escape")
        screen = await archive_opened(stage, pilot, "l")
        assert str(archive) in status(screen), "what stays is read there"
        assert len(stage.requests.posts) == 2


async def test_l_on_a_terminal_run_lists_the_logs_of_all_its_scenarios(tmp_path: Path) -> None:
    stage = stage_of(ALPHA, BETA, downloads=tmp_path)
    async with stage.running(WIDE) as pilot:
        screen = await archive_opened(stage, pilot, "j", "l")

        assert len(file_names(screen)) > 12
        assert stage.requests.posts[0].startswith("/v1/benchmark_runs/")


async def test_l_and_d_on_a_live_run_give_what_there_is_and_say_that_it_is_not_all(
    tmp_path: Path, notified: list[str]
) -> None:
    stage = stage_of(ALPHA, downloads=tmp_path)
    async with stage.running(WIDE) as pilot:
        screen = await archive_opened(stage, pilot, "l")
        assert file_names(screen)
        assert "only what there was so far: it was still running; r reads it again" in status(
            screen
        )
        await pilot.press("r")
        await until(pilot, lambda: len(stage.requests.posts) == 2, "another look")
        await stage.settle(pilot)

        await pilot.press("escape", "D")
        assert "It is still running: the logs are only what there is so far." in stage.text()
        await pilot.press("tab", "enter")
        await stage.settle(pilot)
        (archive,) = tmp_path.iterdir()  # noqa: ASYNC240 - a small folder of ours
        assert archive.name.endswith("-so-far-logs.zip")
        assert "only what there was so far" in notified[-1]


async def test_l_on_a_scenario_that_has_not_started_says_so(notified: list[str]) -> None:
    stage = stage_of(ALPHA)
    async with stage.running(NARROW) as pilot:
        await pilot.press("3", "G", "l")
        await pilot.pause()
        assert notified == ["It has not started, so there is no log yet."]
        assert isinstance(stage.app.screen, RunsScreen)


async def test_what_was_downloaded_in_this_session_is_not_downloaded_again(tmp_path: Path) -> None:
    stage = stage_of(ALPHA, downloads=tmp_path)
    async with stage.running(NARROW) as pilot:
        await archive_opened(stage, pilot)
        await pilot.press("escape")
        await archive_opened(stage, pilot, "l")
        assert len(stage.requests.posts) == 1

        for archive in reading_folder().iterdir():
            archive.unlink()
        await pilot.press("escape")
        await archive_opened(stage, pilot, "l")
        assert len(stage.requests.posts) == 2, "what is gone from the disk is fetched anew"


async def test_a_failed_download_says_why_and_r_tries_again(tmp_path: Path) -> None:
    stage = stage_of(ALPHA, downloads=tmp_path)
    stage.requests.instead = lambda request: (
        httpx.Response(404, json={"message": "no logs yet"}) if request.method == "POST" else None
    )
    async with stage.running(WIDE) as pilot:
        screen = await archive_opened(stage, pilot)
        assert "no logs yet" in status(screen)
        stage.requests.instead = None
        await pilot.press("r")
        await until(pilot, lambda: screen.entries, "a list of files")
        assert len(file_names(screen)) == 2


async def test_files_are_filtered_and_sorted_as_rows_are(tmp_path: Path) -> None:
    archive = zipped(("b_test.log", b"x"), ("a_agent.log", b"xxx"), ("c_agent.log", b"xx"))
    stage = stage_with_archive(tmp_path, archive)
    async with stage.running(NARROW) as pilot:
        screen = await archive_opened(stage, pilot)
        await pilot.press("s", "s")
        assert file_names(screen) == ["a_agent.log", "c_agent.log", "b_test.log"]
        await pilot.press("S", "slash", *"agent", "enter")
        assert file_names(screen) == ["c_agent.log", "a_agent.log"]
        await pilot.press("escape")
        assert len(file_names(screen)) == 3
        await pilot.press("escape")
        assert isinstance(stage.app.screen, RunsScreen)


async def test_y_copies_the_path_of_an_archive_that_stays(
    tmp_path: Path, notified: list[str]
) -> None:
    stage = stage_with_archive(tmp_path, LONG)
    async with stage.running(NARROW) as pilot:
        await archive_opened(stage, pilot)
        await pilot.press("y")
        await pilot.pause()
        assert notified == ["It is kept only while runloop-tui runs: D downloads it."]
        await pilot.press("D", "tab", "enter")
        await stage.settle(pilot)
        await pilot.press("escape")
        await archive_opened(stage, pilot, "l")
        await pilot.press("y")
        await pilot.pause()
        assert notified[-1].startswith("Copied the path: ")
        assert notified[-1].endswith("-logs.zip")


@pytest.mark.parametrize(
    ("archive", "words"),
    [
        (zipped(), "there is nothing in this archive"),
        (zipped(("a/", b""), ("b/", b"")), "there is nothing but folders in this archive"),
        (LONG[:-10], "the logs were not downloaded: the end of the archive is missing"),
        (b"<html>", "the logs were not downloaded: what arrived is not a zip archive"),
    ],
    ids=["empty", "folders", "cut off", "no zip"],
)
async def test_an_archive_with_nothing_to_read_is_shown_in_a_line(
    tmp_path: Path, archive: bytes, words: str
) -> None:
    stage = stage_with_archive(tmp_path, archive)
    async with stage.running(WIDE) as pilot:
        screen = await archive_opened(stage, pilot)
        assert words in status(screen)
        await pilot.press("enter", "escape")
        assert isinstance(stage.app.screen, RunsScreen)


async def test_hostile_names_duplicates_and_folders_are_shown_safely_and_open(
    tmp_path: Path,
) -> None:
    archive = zipped(
        ("../../\x1b]0;owned\x07evil", b"from above\n"),
        ("a.log", b"1\n"),
        ("a.log", b"22\n"),
        ("f/", b""),
    )
    stage = stage_with_archive(tmp_path, archive)
    async with stage.running(NARROW) as pilot:
        await archive_opened(stage, pilot)
        shown = stage.text()
        assert "../../␛evil" in shown
        assert "3 files, 1 folder" in shown
        assert "\x1b" not in shown
        await pilot.press("G", "enter")
        await until(pilot, lambda: isinstance(stage.app.screen, EntryScreen), "a file")
        screen = stage.app.screen
        assert isinstance(screen, EntryScreen)
        await until(pilot, lambda: screen.opened.phase == "whole", "a file that is read")
        assert lines_on_screen(screen) == ["22"]
        assert len(list(reading_folder().iterdir())) == 1, (
            "nothing is written under a name of the archive"
        )


# One file


async def test_enter_opens_a_file_and_escape_goes_back_step_by_step(tmp_path: Path) -> None:
    stage = stage_with_archive(tmp_path, LONG)
    async with stage.running(NARROW) as pilot:
        screen = await entry_opened(stage, pilot)
        assert lines_on_screen(screen)[0] == "line 1 of the log"
        assert status(screen) == "line 1–21 of 5,000"
        await pilot.press("escape")
        assert isinstance(stage.app.screen, ArchiveScreen)
        assert screen.opened.text is None, "what was unpacked is given back"
        await pilot.press("escape")
        assert isinstance(stage.app.screen, RunsScreen)


async def test_the_keys_of_reading_move_and_stop_at_both_ends(tmp_path: Path) -> None:
    stage = stage_with_archive(tmp_path, LONG)
    async with stage.running(NARROW) as pilot:
        screen = await entry_opened(stage, pilot)
        for key, first in (
            ("k", 1), ("j", 2), ("down", 3), ("up", 2), ("pagedown", 22), ("space", 42),
            ("pageup", 22), ("G", 4_980), ("j", 4_980), ("pagedown", 4_980), ("k", 4_979),
            ("end", 4_980), ("g", 1), ("pageup", 1), ("end", 4_980), ("home", 1),
        ):  # fmt: skip
            await pilot.press(key)
            assert screen.view.place.first + 1 == first, key
        await pilot.press("G")
        assert lines_on_screen(screen)[-1] == "line 5000 of the log"


async def test_a_line_is_gone_to_by_its_number(tmp_path: Path, notified: list[str]) -> None:
    stage = stage_with_archive(tmp_path, LONG)
    async with stage.running(NARROW) as pilot:
        screen = await entry_opened(stage, pilot)
        await pilot.press("number_sign", *"2500", "enter")
        assert screen.view.here == 2_499
        assert "line 2500 of the log" in lines_on_screen(screen)
        await pilot.press("ctrl+g", *"999999", "enter")
        assert screen.view.here == 4_999
        assert notified[-1] == "There are only 5,000 lines so far."
        await pilot.press("number_sign", *"abc", "enter")
        assert notified[-1] == "That is not the number of a line."
        await pilot.press("number_sign", *"77", "escape")
        assert screen.view.here == 4_999, "Esc leaves what is typed, and nothing else"
        assert stage.app.screen is screen


async def test_long_lines_are_wrapped_and_shifted(tmp_path: Path) -> None:
    archive = zipped(("a.log", b"0123456789" * 20 + b"\nshort\n"))
    stage = stage_with_archive(tmp_path, archive)
    async with stage.running(NARROW) as pilot:
        screen = await entry_opened(stage, pilot)
        assert [len(line) for line in lines_on_screen(screen)] == [80, 5]
        assert lines_on_screen(screen)[0].endswith("…")
        await pilot.press("right")
        assert lines_on_screen(screen)[0].startswith("6789")
        assert lines_on_screen(screen)[1] == ""
        assert "from column 17" in status(screen)
        await pilot.press("w")
        assert [len(line) for line in lines_on_screen(screen)] == [80, 80, 40, 5]
        assert "wrapped" in status(screen)
        await pilot.press("w")
        assert len(lines_on_screen(screen)) == 2


async def test_rows_of_a_wrapped_line_are_scrolled_one_by_one(tmp_path: Path) -> None:
    body = b"\n".join(bytes([65 + line]) * 400 for line in range(10))
    stage = stage_with_archive(tmp_path, zipped(("a.log", body)))
    async with stage.running(NARROW) as pilot:
        screen = await entry_opened(stage, pilot)
        await pilot.press("w", "j", "j")
        assert [line[0] for line in lines_on_screen(screen)] == [*"AAABBBBBCCCCCDDDDDEEE"]
        await pilot.press("G")
        assert [line[0] for line in lines_on_screen(screen)] == [*"FGGGGGHHHHHIIIIIJJJJJ"]
        await pilot.press("k")
        assert [line[0] for line in lines_on_screen(screen)][:3] == [*"FFG"]
        await pilot.press("pagedown", "pageup", "g")
        assert screen.view.place.first == 0


async def test_matches_are_found_counted_and_gone_through_round_the_ends(tmp_path: Path) -> None:
    body = numbered(3_000).replace(b"line 2000 ", b"an ERROR ").replace(b"line 30 ", b"an error ")
    stage = stage_with_archive(tmp_path, zipped(("a.log", body)))
    async with stage.running(NARROW) as pilot:
        screen = await entry_opened(stage, pilot)

        async def standing(*keys: str) -> tuple[int | None, str]:
            await pilot.press(*keys)
            matches = screen.matches
            assert matches is not None
            await until(pilot, lambda: matches.is_over, "the end of the search")
            return screen.view.here, status(screen).partition("match")[2]

        assert await standing("slash", *"error", "enter") == (29, " 1 of 2")
        assert "an error of the log" in lines_on_screen(screen)
        assert await standing("n") == (1_999, " 2 of 2")
        assert "an ERROR of the log" in lines_on_screen(screen)
        assert await standing("n") == (29, " 1 of 2  went round the end")
        assert await standing("N") == (1_999, " 2 of 2  went round the end")
        assert await standing("N") == (29, " 1 of 2")
        assert await standing("slash", *"ERROR", "enter") == (1_999, " 1 of 1")
        assert await standing("slash", *"absent", "enter") == (1_999, " for absent")
        assert "no match for absent" in status(screen)


async def test_a_search_goes_on_from_where_one_reads(tmp_path: Path) -> None:
    stage = stage_with_archive(tmp_path, LONG)
    async with stage.running(NARROW) as pilot:
        screen = await entry_opened(stage, pilot)
        await pilot.press("number_sign", *"1000", "enter", "pagedown", "pagedown")
        first = screen.view.place.first
        await pilot.press("slash", *"line", "enter")
        await until(pilot, lambda: screen.view.here == first, "the first match on the screen")


async def test_escape_ends_the_search_before_it_leaves(tmp_path: Path) -> None:
    stage = stage_with_archive(tmp_path, LONG)
    async with stage.running(NARROW) as pilot:
        screen = await entry_opened(stage, pilot)
        await pilot.press("slash", *"line 7", "enter", "escape")
        assert stage.app.screen is screen
        assert screen.matches is None
        assert "match" not in status(screen)
        await pilot.press("n")
        assert screen._ask.display, "without a search n asks for one"
        await pilot.press("escape", "q")
        assert isinstance(stage.app.screen, ArchiveScreen)


async def test_f_stays_at_the_end_and_going_up_ends_it(tmp_path: Path) -> None:
    stage = stage_with_archive(tmp_path, LONG)
    async with stage.running(NARROW) as pilot:
        screen = await entry_opened(stage, pilot)
        await pilot.press("f")
        assert lines_on_screen(screen)[-1] == "line 5000 of the log"
        assert "follows" in status(screen)
        await pilot.press("k")
        assert "follows" not in status(screen)


async def test_a_screen_of_another_size_shows_the_same_place(tmp_path: Path) -> None:
    stage = stage_with_archive(tmp_path, LONG)
    async with stage.running(NARROW) as pilot:
        screen = await entry_opened(stage, pilot)
        await pilot.press("number_sign", *"2500", "enter")
        first = screen.view.place.first
        await pilot.resize_terminal(*WIDE)
        await pilot.pause()
        assert screen.view.place.first == first
        assert len(lines_on_screen(screen)) == 37


# Bad input


async def test_a_line_of_very_many_bytes_is_shown_cut_with_its_size(tmp_path: Path) -> None:
    archive = zipped(("a.log", b"before\n" + b"x" * 20_000_000 + b"\nafter\n"))
    stage = stage_with_archive(tmp_path, archive)
    async with stage.running(NARROW) as pilot:
        screen = await entry_opened(stage, pilot)
        assert [line[:6] for line in lines_on_screen(screen)] == ["before", "xxxxxx", "after"]
        await pilot.press("j", "w", "G")
        assert "20.0 MB in this line" in stage.text()
        assert lines_on_screen(screen)[-1] == "after"


async def test_binary_content_is_said_and_shown_safely(tmp_path: Path) -> None:
    stage = stage_with_archive(tmp_path, zipped(("core", bytes(range(256)) * 20)))
    async with stage.running(NARROW) as pilot:
        screen = await entry_opened(stage, pilot)
        assert "not text" in notice(screen)
        assert all(line.isprintable() for line in stage.text().split("\n"))


async def test_nothing_in_a_log_can_drive_the_terminal(tmp_path: Path) -> None:
    hostile = b"\x1b]0;owned\x07\x1b[2J[red]\x1b[31mbold[/]\xc2\x9b5A\n\xe2\x80\xaeevil\n" * 3
    stage = stage_with_archive(tmp_path, zipped(("a.log", hostile)))
    async with stage.running(NARROW) as pilot:
        screen = await entry_opened(stage, pilot)
        assert lines_on_screen(screen)[:2] == ["␛␛[red]bold[/]␛", "evil"]
        assert all(line.isprintable() for line in stage.text().split("\n"))


async def test_an_empty_file_says_so(tmp_path: Path) -> None:
    stage = stage_with_archive(tmp_path, zipped(("a.log", b"")))
    async with stage.running(NARROW) as pilot:
        screen = await entry_opened(stage, pilot)
        assert "this file is empty" in notice(screen)
        assert status(screen) == "no lines"
        await pilot.press("j", "G", "n", "escape", "w", "f", "slash", *"x", "enter")
        assert "no match for x" in status(screen)


def patched(archive: bytes, at: int, form: str, value: int) -> bytes:
    """The archive with another value in the directory's first entry."""
    content = bytearray(archive)
    struct.pack_into(form, content, content.index(b"PK\1\2") + at, value)
    return bytes(content)


@pytest.mark.parametrize(
    ("archive", "words", "lines"),
    [
        (patched(LONG, 8, "<H", 1), "cannot be read: it is encrypted", 0),
        (patched(LONG, 10, "<H", 93), "cannot be read: it is packed by method 93", 0),
        (patched(LONG, 16, "<L", 7), "cannot be read further: its checksum is wrong", 5_000),
        (patched(LONG, 24, "<L", 99), "cannot be read further: there is more of it", 5_000),
    ],
    ids=["encrypted", "method", "checksum", "length"],
)
async def test_a_file_that_cannot_be_read_says_why_and_the_rest_works(
    tmp_path: Path, archive: bytes, words: str, lines: int
) -> None:
    stage = stage_with_archive(tmp_path, archive)
    async with stage.running(WIDE) as pilot:
        screen = await entry_opened(stage, pilot)
        assert words in notice(screen)
        assert screen.view.place.lines == lines
        await pilot.press("escape", "escape")
        assert isinstance(stage.app.screen, RunsScreen)


async def test_a_bomb_is_cut_off_and_said(tmp_path: Path) -> None:
    limits = Limits(highest_ratio=100, ratio_counts_from=300_000)
    stage = stage_with_archive(tmp_path, zipped(("bomb", b"\n" * 20_000_000)), limits)
    async with stage.running(WIDE) as pilot:
        screen = await entry_opened(stage, pilot)
        assert "times its size" in notice(screen)
        assert 300_000 < screen.view.place.lines < 10_000_000


async def test_an_archive_beyond_the_disk_limit_is_refused_and_said(tmp_path: Path) -> None:
    stage = stage_with_archive(tmp_path, LONG, Limits(most_bytes=1_000))
    async with stage.running(WIDE) as pilot:
        screen = await archive_opened(stage, pilot)
        assert "--disk-limit sets how much" in status(screen)
    assert not any(tmp_path.iterdir())  # noqa: ASYNC240 - a small folder of ours


async def test_the_palette_offers_the_keys_of_the_log_and_not_those_behind_it(
    tmp_path: Path,
) -> None:
    stage = stage_with_archive(tmp_path, LONG)
    async with stage.running(NARROW) as pilot:
        await entry_opened(stage, pilot)
        offered = {command.title for command in stage.app.get_system_commands(stage.app.screen)}
        assert "Go to a line" in offered
        assert "Show this help" in offered
        assert "Cancel (asks first)" not in offered


async def test_the_app_is_left_in_the_middle_of_a_file_and_leaves_nothing(
    tmp_path: Path,
) -> None:
    stage = stage_with_archive(tmp_path, zipped(("a.log", numbered(2_000_000))))
    async with stage.running(NARROW) as pilot:
        await archive_opened(stage, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(stage.app.screen, EntryScreen), "a file")
        screen = stage.app.screen
        assert isinstance(screen, EntryScreen)
        await until(pilot, lambda: screen.opened.text, "its first lines")
        await pilot.press("slash", *"nothing", "enter")
    assert screen.opened.text is None
    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240


async def test_the_help_lists_the_keys_of_logs(tmp_path: Path) -> None:
    stage = stage_with_archive(tmp_path, LONG)
    async with stage.running(NARROW) as pilot:
        await entry_opened(stage, pilot)
        await pilot.press("question_mark")
        await pilot.pause()
        shown = stage.app.screen.query_one(LinesView).text
        assert "To the next match" in shown
        assert "Only the next source, then all" in shown


# Unexpected errors


async def test_a_file_whose_reading_fails_unexpectedly_is_not_read_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Unpacker, "next_piece", lambda *_: 1 // 0)
    stage = stage_with_archive(tmp_path, LONG)
    async with stage.running(WIDE) as pilot:
        screen = await entry_opened(stage, pilot)
        assert "reading" not in status(screen)
        assert "cannot be read: an internal error" in notice(screen)
        await pilot.press("escape")
        assert isinstance(stage.app.screen, ArchiveScreen)


async def test_an_archive_whose_listing_fails_unexpectedly_is_not_read_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runloop_tui.ui.screens.archive.read_entries", lambda _: 1 // 0)
    stage = stage_with_archive(tmp_path, LONG)
    async with stage.running(WIDE) as pilot:
        screen = await archive_opened(stage, pilot)
        assert "the archive cannot be read: an internal error" in status(screen)
        assert isinstance(stage.app._exception, Exception), "it is notified and logged as well"
        stage.app._exception = None  # else it fails the test, though the app has survived it
