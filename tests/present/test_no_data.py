"""The screen without data: what is wrong, which request failed, what to do."""

import pytest

from runloop_tui.api.errors import (
    Forbidden,
    NoConnection,
    NotAuthorised,
    NotOffered,
    RunloopError,
    TimedOut,
)
from runloop_tui.monitor.health import FetchKind, Health, InternalError, ReadFailure
from runloop_tui.present.no_data import Endpoint, empty_account_lines, no_data_lines
from tests.present.building import NOW, page_of
from tests.present.hostile import ERRORS, assert_shows_safely

ENDPOINT = Endpoint("https://runloop.example/eval", "RUNLOOP_BASE_URL", "RUNLOOP_API_KEY")
USUAL = Endpoint("https://api.runloop.ai", "", "--api-key-file")


def said(error: RunloopError | None, tried: Endpoint = ENDPOINT, width: int = 72) -> str:
    failure = ReadFailure(FetchKind.LIST, error) if error else None
    health = Health(failure=failure, next_try_ms=NOW + 9_000)
    return page_of(no_data_lines(health, tried, NOW, width))


def test_before_a_request_is_late_nothing_is_shown() -> None:
    assert said(None) == ""


def test_a_refused_key_is_shown_with_the_request_and_how_to_set_another() -> None:
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


def test_an_untrusted_certificate_is_shown_with_how_to_name_another_authority() -> None:
    words = said(NoConnection("the server's certificate cannot be trusted"))
    assert words.startswith("runloop.example cannot be trusted")
    assert "SSL_CERT_FILE" in words


@pytest.mark.parametrize("kind", [*ERRORS, InternalError], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("width", [20, 46, 72])
def test_every_error_is_shown_safely_with_advice_and_fits(
    kind: type[RunloopError], width: int
) -> None:
    error = kind("\x1b[2Jbecause", detail="\x1b]0;x\x07\u202e" + "long " * 99)
    failure = ReadFailure(FetchKind.LIST, error)
    hostile = Endpoint("https://a\x1b[31m.example", "--base-url", "RUNLOOP_API_KEY")
    lines = no_data_lines(Health(failure=failure), hostile, NOW, width)
    for line in lines:
        assert_shows_safely(line, width)
    assert "what to do" in page_of(lines)


@pytest.mark.parametrize("kind", [*ERRORS, InternalError], ids=lambda kind: kind.__name__)
def test_every_error_fits_a_screen_of_24_rows(kind: type[RunloopError]) -> None:
    failure = ReadFailure(
        FetchKind.LIST, kind("the host refused", status=599, detail="bad key " * 99)
    )
    assert len(no_data_lines(Health(failure=failure), ENDPOINT, NOW, 72)) <= 19


def test_a_long_stall_is_shown() -> None:
    health = Health(stalled_since_ms=NOW - 5_000)
    words = page_of(no_data_lines(health, ENDPOINT, NOW, 72))
    assert words.startswith("runloop.example has not answered yet")
    assert "no answer for 5s" in words
    failure = ReadFailure(FetchKind.LIST, TimedOut("no connection in time"))
    words = page_of(
        no_data_lines(Health(failure=failure, stalled_since_ms=NOW - 5_000), ENDPOINT, NOW, 72)
    )
    assert words.startswith("runloop.example does not answer in time")
    assert "no answer for 5s" in words


def test_an_empty_account_is_no_error() -> None:
    words = page_of(empty_account_lines(ENDPOINT, 72, read_only=False))
    assert words.startswith("There are no benchmark runs yet")
    assert "Press N to start one" in words
    assert "N" not in page_of(empty_account_lines(ENDPOINT, 72, read_only=True)).split()


def test_forbidden_is_distinguished_from_refused() -> None:
    assert said(Forbidden(status=403)).startswith("The API key may not read benchmark runs")
