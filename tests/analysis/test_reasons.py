"""Reasons: why a scenario run failed, and what two reasons of one cause have in common."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runloop_tui.analysis.reasons import Reason, fingerprint, reason_of_run
from runloop_tui.api.models import FailureReason
from runloop_tui.api.redact import add_secret
from tests.analysis.failing import because, failed, output, wrong
from tests.key_forms import KEY, shows_key

# Reasons


def test_the_failure_that_the_job_reports_comes_before_what_a_scorer_said() -> None:
    run = wrong(1, "2 failed").model_copy(update={"state": "failed"})
    assert reason_of_run(run, because("RateLimit", "429\nmore")) == Reason("RateLimit", "429")
    assert reason_of_run(run) == Reason(text="2 failed")
    assert reason_of_run(run, because("", "")) == Reason(text="2 failed")


def test_of_a_traceback_the_last_line_is_the_reason() -> None:
    message = "Traceback (most recent call last):\n  File x\nValueError: bad\n"
    assert reason_of_run(failed(1), because("", message)).text == "ValueError: bad"


def test_a_wrong_answer_has_the_last_line_of_its_worst_scorer_without_the_score() -> None:
    run = wrong(1, output("fine", 1.0), output("first\n== 2 failed ==\nscore=0.0\n\n", 0.0))
    assert reason_of_run(run).text == "2 failed"
    run = wrong(1, output("no", 0.0), output("crashed", 1.0, state="error"))
    assert reason_of_run(run).text == "crashed"


@pytest.mark.parametrize(
    ("said", "telling"),
    [
        ("one\n\x1b[31mtwo\x1b[0m\n\x1b[0m\n\u200b\n", "two"),
        ("one\r\ntwo\u2028 \x0b", "two"),
        ("said" + "\n" * 100_000, "said"),
        ("x" * 100_000 + "\nend", "end"),
        ("\n \n", "tests"),
    ],
)
def test_colours_and_lines_that_show_nothing_do_not_count(said: str, telling: str) -> None:
    assert reason_of_run(wrong(1, said)).text == telling


def test_a_scorer_that_said_nothing_is_named() -> None:
    assert reason_of_run(wrong(1, output("score=0.0", name="pytest"))).text == "pytest"


@pytest.mark.parametrize("state", ["failed", "timeout"])
def test_an_error_without_any_reason_has_its_state(state: str) -> None:
    assert reason_of_run(failed(1, state)) == Reason(text=state)


def test_the_key_is_masked_before_its_digits_are_replaced() -> None:
    add_secret(KEY)
    for run, failure in (
        (wrong(1, f"said {KEY[:20]}\n{KEY[20:]}"), None),
        (wrong(1, output("", name=f"score by {KEY}")), None),
        (failed(1), because(KEY, f"with {KEY}")),
    ):
        reason = reason_of_run(run, failure)
        assert not shows_key(reason.sample)
        assert fingerprint(reason) == reason.sample


# Fingerprints


@pytest.mark.parametrize(
    ("text", "common"),
    [
        ("claude-code was not done after 7200 s", "claude-code was not done after # s"),
        ("3 failed, 12 passed in 75.21s", "# failed, # passed in #s"),
        ("since 2026-01-02T03:04:05.678Z", "since <time>"),
        ("since 2026-01-02 03:04 on", "since <time> on"),
        ("devbox dbx_32kXy7Qm0aPz9 is gone", "devbox <id> is gone"),
        ("job 123e4567-e89b-12d3-a456-426614174000 failed", "job <id> failed"),
        ("<Foo object at 0x7f3a2c> leaked", "<Foo object at <id>> leaked"),
        ("commit 9f86d081884c7d65 not found", "commit <id> not found"),
        ("No such file: '/app/result.txt'", "No such file: '<path>'"),
        ("django/core.py:117: KeyError", "<path>:#: KeyError"),
        ("core.py: patch does not apply", "<path>: patch does not apply"),
        ("FAILED tests/t.py::test_a[1] - Boom", "FAILED <path>[#] - Boom"),
        ("10/12 tests passed", "#/# tests passed"),
        ("GET https://api.example.com/v1/x?q=1", "GET https:<path>?q=#"),
        ("Über 3 Zeichen", "Über # Zeichen"),
        ("  wide \t  gaps ", "wide gaps"),
        ("defaced facade", "defaced facade"),
        ("", ""),
    ],
)
def test_what_differs_between_two_runs_of_one_cause_is_replaced(text: str, common: str) -> None:
    assert fingerprint(Reason(text=text)) == common


def test_the_type_of_the_exception_is_kept_as_it_is() -> None:
    assert fingerprint(Reason("Http503Error", "after 6 tries")) == "Http503Error: after # tries"
    assert fingerprint(Reason("Http503Error")) == "Http503Error"


@pytest.mark.parametrize("ended", ["out_of_memory", "out_of_disk", "keep_alive_timeout"])
def test_the_end_of_the_devbox_is_the_cause_whichever_agent_met_it(ended: str) -> None:
    def of(agent: str) -> str:
        text = f"{agent} exited with status 137 (devbox: {ended})"
        return fingerprint(Reason("NonZeroAgentExitCodeError", text))

    assert of("codex") == of("goose") == f"NonZeroAgentExitCodeError: {ended}"


@given(st.text("aFz_09./-: \n×", max_size=40))
def test_the_fingerprint_of_any_reason_has_no_digit_and_no_run_of_spaces(text: str) -> None:
    common = fingerprint(Reason("Http503Error", text)).removeprefix("Http503Error")
    assert not any(each in "0123456789" for each in common)
    assert "  " not in common.removeprefix(": ")


HOSTILE = [
    "a", "/", "a/", "1", "1,", "1.", ":", "::a", "a_", "0x", "-", "f0", "2026-", "\n", " \n", "score=\n",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_reasons_of_megabytes_take_no_longer_than_short_ones(piece: str) -> None:
    text = piece * (2_000_000 // len(piece))
    failure = FailureReason(exception_type=text, exception_message=text)
    began = time.process_time()
    for number in range(20):
        reason = reason_of_run(wrong(number, text))
        assert len(reason.text) <= 2_000
        assert len(fingerprint(reason)) <= 2_000
        assert len(fingerprint(reason_of_run(failed(number), failure))) <= 2_500
    assert time.process_time() - began < 1.0
