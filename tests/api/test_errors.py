"""The errors: their texts for the user, and that they are cheap to import."""

import re
import subprocess
import sys

import pytest

from runloop_tui.api.errors import NoConnection, RateLimited, RunloopError


@pytest.mark.parametrize("error_class", RunloopError.__subclasses__())
def test_each_error_has_a_summary_and_an_advice(
    error_class: type[RunloopError],
) -> None:
    assert error_class.summary != RunloopError.summary
    assert re.fullmatch(r"[a-z].*[a-z]", error_class.summary)
    assert re.fullmatch(r"[A-Z].*\.", error_class.advice)


def test_the_attributes_of_an_error_default_to_empty() -> None:
    error = NoConnection()
    assert str(error) == "no connection"
    assert (error.because, error.detail, error.status) == ("", "", None)
    assert (error.may_have_arrived, error.retry_after_s) == (False, None)


def test_the_text_of_an_error_leaves_out_the_servers_message() -> None:
    error = RateLimited("too eager", status=429, detail="\x1b[2J", retry_after_s=12.4)
    assert str(error) == "rate limited: too eager (429), again in 12 s"


def test_errors_import_neither_httpx_nor_pydantic() -> None:
    script = (
        "import runloop_tui.api.errors, sys; "
        "print([name for name in ('httpx', 'pydantic') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_a_long_retry_after_is_capped_but_reported_in_full() -> None:
    error = RateLimited(status=429, retry_after_s=1e9)
    assert error.retry_after_s == 900.0
    assert error.wanted_pause_s == 1e9
    assert str(error) == "rate limited (429), the server wants a pause of 1,000,000,000 s"
