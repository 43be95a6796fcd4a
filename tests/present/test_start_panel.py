"""Why there is nothing to show: what is wrong, what was tried, what to do."""

import pytest

from runloop_tui.api.errors import (
    Forbidden,
    NoConnection,
    NotAuthorised,
    NotOffered,
    RunloopError,
    TimedOut,
)
from runloop_tui.monitor.health import Health, ReadFailure, InternalError, What
from runloop_tui.present.start_panel import Tried, empty_account_lines, no_data_lines
from tests.present.building import NOW, page_of
from tests.present.hostile import ERRORS, assert_shows_safely

TRIED = Tried("https://runloop.example/eval", "RUNLOOP_BASE_URL", "RUNLOOP_API_KEY")
USUAL = Tried("https://api.runloop.ai", "", "--api-key-file")


def said(error: RunloopError | None, tried: Tried = TRIED, width: int = 72) -> str:
    trouble = ReadFailure(What.LIST, error) if error else None
    health = Health(trouble=trouble, next_try_ms=NOW + 9_000)
    return page_of(no_data_lines(health, tried, NOW, width))


def test_while_an_answer_may_still_come_soon_nothing_is_said() -> None:
    assert said(None) == ""


def test_a_refused_key_is_said_with_what_was_tried_and_how_to_set_another() -> None:
    assert said(NotAuthorised(status=401, detail="unknown key")) == (
        "The API key was refused\n"
        "\n"
        "what        not authorised (401)\n"
        "            The server says: unknown key\n"
        "tried       GET https://runloop.example/eval/v1/benchmark_runs\n"
        "            with the key of RUNLOOP_API_KEY\n"
        "            next try in 9s\n"
        "\n"
        "what to do  Keys are made on the web page of your account; each belongs\n"
        "            to one account and server.\n"
        "            Set the right one, and start again:\n"
        "                export RUNLOOP_API_KEY=…\n"
        "                runloop-tui\n"
        "\n"
        "r tries again now · ? help · q quits"
    )


def test_a_key_of_a_file_is_to_be_put_there() -> None:
    words = said(NotAuthorised(status=401), USUAL)
    assert "with the key of --api-key-file" in words
    assert "runloop-tui --api-key-file PATH" in words
    assert "export" not in words


def test_where_runs_are_not_offered_both_places_were_tried() -> None:
    words = said(NotOffered(status=404))
    assert "https://runloop.example/eval/v1/benchmark_runs" in words
    assert "/v1/benchmarks/runs" in words
    assert "given by RUNLOOP_BASE_URL" in words
    assert "--base-url" not in said(NotOffered(status=404), USUAL)


def test_a_certificate_that_cannot_be_trusted_is_said_with_how_to_name_another_authority() -> None:
    words = said(NoConnection("the server's certificate cannot be trusted"))
    assert words.startswith("runloop.example cannot be trusted")
    assert "SSL_CERT_FILE" in words


@pytest.mark.parametrize("kind", [*ERRORS, InternalError], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("width", [20, 46, 72])
def test_every_error_is_said_safely_with_advice_and_fits(
    kind: type[RunloopError], width: int
) -> None:
    error = kind("\x1b[2Jbecause", detail="\x1b]0;x\x07\u202e" + "long " * 99)
    trouble = ReadFailure(What.LIST, error)
    hostile = Tried("https://a\x1b[31m.example", "--base-url", "RUNLOOP_API_KEY")
    lines = no_data_lines(Health(trouble=trouble), hostile, NOW, width)
    for line in lines:
        assert_shows_safely(line, width)
    assert "what to do" in page_of(lines)


@pytest.mark.parametrize("kind", [*ERRORS, InternalError], ids=lambda kind: kind.__name__)
def test_every_error_fits_a_screen_of_24_rows(kind: type[RunloopError]) -> None:
    trouble = ReadFailure(What.LIST, kind("the host refused", status=599, detail="bad key " * 99))
    assert len(no_data_lines(Health(trouble=trouble), TRIED, NOW, 72)) <= 19


def test_a_long_silence_is_said() -> None:
    health = Health(silent_since_ms=NOW - 5_000)
    words = page_of(no_data_lines(health, TRIED, NOW, 72))
    assert words.startswith("runloop.example has not answered yet")
    assert "no answer for 5s" in words
    trouble = ReadFailure(What.LIST, TimedOut("no connection in time"))
    words = page_of(
        no_data_lines(Health(trouble=trouble, silent_since_ms=NOW - 5_000), TRIED, NOW, 72)
    )
    assert words.startswith("runloop.example does not answer in time")
    assert "no answer for 5s" in words


def test_an_empty_account_is_no_error() -> None:
    words = page_of(empty_account_lines(TRIED, 72, read_only=False))
    assert words.startswith("There are no benchmark runs yet")
    assert "Press N to start one" in words
    assert "N" not in page_of(empty_account_lines(TRIED, 72, read_only=True)).split()


def test_forbidden_is_told_from_refused() -> None:
    assert said(Forbidden(status=403)).startswith("The API key may not read benchmark runs")
