"""The log of a devbox as rows, its filter, title and notices."""

import pytest

from runloop_tui.api.models import DevboxLog
from runloop_tui.api.pagination import Page
from runloop_tui.monitor.back_off import PollInterval
from runloop_tui.monitor.fetch_devbox_logs import DevboxLine, DevboxLogFetcher
from runloop_tui.present.devbox_logs import (
    LiveFilter,
    filter_words,
    live_line,
    live_notice,
    live_rows,
    live_title,
    sources_of,
)
from runloop_tui.present.layout import Line
from runloop_tui.present.states import Sign

NOON_MS = 1_790_078_400_000
PASSED = Sign("✓", "passed", "good")
ALL = LiveFilter()
NO_GAPS: frozenset[int] = frozenset()


def entry(
    message: str = "", level: str = "info", source: str = "exec", **fields: object
) -> DevboxLine:
    known = {"cmd": "", "cmd_id": "", "shell_name": "", "exit_code": None, **fields}
    return DevboxLine(NOON_MS, source, level, message, **known)  # type: ignore[arg-type]


def words(line: Line) -> str:
    return "".join(piece.text for piece in line)


def shown(*entries: DevboxLine, holding: LiveFilter = ALL) -> list[str]:
    return [words(live_line(row)) for row in live_rows(entries, holding, NO_GAPS)]


def test_a_row_says_when_where_from_how_grave_and_what() -> None:
    assert shown(entry("429, trying again", "warn", "entrypoint")) == [
        "12:00:00 entrypoint     warn  429, trying again"
    ]


def test_a_command_its_output_and_its_exit_code_look_different() -> None:
    rows = shown(entry(cmd="pytest -q"), entry("2 failed"), entry(exit_code=1, level="error"))

    assert [row[30:] for row in rows] == ["$ pytest -q", "2 failed", "exit 1"]


def test_a_message_of_several_lines_has_a_row_for_each_under_the_first() -> None:
    rows = shown(entry("Traceback:\n  File x\nKeyError\n"))

    assert [row[30:] for row in rows] == ["Traceback:", "  File x", "KeyError"]
    assert rows[1][:30].isspace()


def test_an_entry_that_says_nothing_still_has_its_row() -> None:
    assert len(shown(entry())) == 1


def test_what_a_devbox_logs_cannot_drive_the_terminal() -> None:
    (row,) = shown(entry("\x1b[2Jx\x07", source="\x1b]0;y\x07", level="\u202eevil"))

    assert row.isprintable()


def test_a_level_lets_pass_what_is_as_grave_and_what_is_not_known() -> None:
    every = [entry(level, level) for level in ("debug", "info", "warning", "error", "", "odd")]

    def passing(holding: LiveFilter) -> list[str]:
        return [one.message for one in every if holding.passes(one)]

    assert passing(LiveFilter()) == ["debug", "info", "warning", "error", "", "odd"]
    assert passing(LiveFilter(least_level="warn")) == ["warning", "error", "", "odd"]


def test_a_source_lets_pass_only_its_own() -> None:
    every = [entry("a", source="exec"), entry("b", source="stats"), entry("c", source="")]

    assert sources_of(every) == ["exec", "stats"]
    assert len(shown(*every, holding=LiveFilter("stats"))) == 1


def test_sources_and_levels_are_gone_through_and_come_round() -> None:
    holding = LiveFilter()
    sources = [(holding := holding.next_source(["exec", "stats"])).source for _ in range(3)]
    levels = [(holding := holding.next_level()).least_level for _ in range(4)]

    assert sources == ["exec", "stats", ""]
    assert levels == ["info", "warn", "error", "debug"]


def test_a_source_that_no_longer_occurs_is_left_for_all() -> None:
    assert LiveFilter("gone").next_source(["exec"]).source == ""


@pytest.mark.parametrize(
    ("holding", "said"),
    [
        (LiveFilter(), ""),
        (LiveFilter("exec"), "  only source exec"),
        (LiveFilter(least_level="warn"), "  only level warn and above"),
        (LiveFilter("exec", "error"), "  only source exec, level error"),
    ],
)
def test_the_active_filter_is_shown(holding: LiveFilter, said: str) -> None:
    assert words(filter_words(holding)) == said


def test_where_lines_may_be_missing_the_next_that_is_shown_says_so() -> None:
    every = [entry("a"), entry("b", "debug"), entry("c"), entry("d")]
    rows = live_rows(every, LiveFilter(least_level="info"), frozenset({1}))

    assert [row.follows_gap for row in rows] == [False, True, False]


async def live_of(*messages: str, now_ms: int = NOON_MS) -> DevboxLogFetcher:
    async def read(_devbox_id: str) -> Page[DevboxLog]:
        items = tuple(DevboxLog(message=text, timestamp_ms=NOON_MS) for text in messages)
        return Page(items, has_more=False, warnings=("one line was odd\x1b[2J",))

    live = DevboxLogFetcher(
        "dbx_1", read, PollInterval(2.0), now=lambda: now_ms, jitter=lambda: 0.5
    )
    await live.look()
    return live


async def test_the_title_says_how_old_the_last_line_is() -> None:
    live = await live_of("a", now_ms=NOON_MS + 130_000)

    said = words(live_title("fix-git", PASSED, live, 80, is_over=False))

    assert said.startswith(" fix-git  ✓ passed  devbox dbx_1")
    assert said.endswith("last line 2m ago ")
    assert len(said) == 80


async def test_on_a_narrow_screen_the_age_stays_and_the_rest_is_cut() -> None:
    live = await live_of("a", now_ms=NOON_MS + 42_000)

    said = words(live_title("a-name-of-thirty-characters-ok", PASSED, live, 60, is_over=False))

    assert said.endswith("…  last line 42s ago ")
    assert len(said) == 60


async def test_a_log_without_a_line_says_so() -> None:
    assert "nothing logged yet" in words(
        live_title("x", PASSED, await live_of(), 80, is_over=False)
    )


async def test_that_the_scenario_run_is_terminal_comes_before_all_else() -> None:
    live = await live_of("a")

    assert words(live_notice(live, 80, ended=None)) == "one line was odd␛"
    assert "has ended: ✓ passed.  l opens its archive" in words(live_notice(live, 80, ended=PASSED))
