"""Why a scenario run failed, and what that has in common with others of the same cause.

A reason is reduced to its fingerprint, in which everything that differs between two runs of one cause is replaced by
a placeholder. Both are text from outside: sanitise them before display. A reason may have megabytes, so at most 2,000
characters of one line are read, by patterns that take linear time. The API key is masked before a line is selected: it
may span lines.
"""

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from runloop_tui.api.redact import redact
from runloop_tui.monitor.counts import is_error

if TYPE_CHECKING:
    from runloop_tui.api.models import FailureReason, ScenarioRun, ScoringFunctionResult

_CHARACTERS = 2_000
_FINGERPRINT_CHARACTERS = 500
_EXCEPTION_CHARACTERS = 200
_TAIL_CHARACTERS = 4_000
_LONGEST_KEY = 512
_LINES_LOOKED_AT = 4
_COLOURS = re.compile("(?:\x1b\\[|\x9b)[0-9:;]*+m")
_RULE = "=-_*# >\t\r\f\v"
"""The characters that test runners draw around their last line."""

_TOKEN = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?Z?|[\w./~%+-]+(?:::[\w.]+)*", re.ASCII
)
"""A moment, or a run of the characters of words, numbers and paths, with the name of a test behind it."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ].*", re.DOTALL)
_ID = re.compile(
    r"[a-z]{2,8}_(?=[A-Za-z]*\d)[A-Za-z0-9]{12,}|[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}"
    r"|(?:0x)?(?=[a-f]*\d)(?=\d*[a-f])[\da-f]{7,}|0x[\da-f]+",
    re.ASCII | re.IGNORECASE,
)
"""An id of the server, a UUID, a hash, an address in memory."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*", re.ASCII)
_FRACTION = re.compile(r"[\d.]+/[\d.]+", re.ASCII)
_FILE = re.compile(
    r"\.(?:py|js|ts|tsx|go|rs|java|rb|php|c|h|cc|cpp|sh|txt|json|toml|ya?ml|cfg|ini|md|log|diff|patch|html|csv)$"
)
_END_OF_DEVBOX = re.compile(
    r"\b(out_of_memory|out_of_disk|execution_failed|keep_alive_timeout|devbox: idle)\b", re.ASCII
)


class Reason(NamedTuple):
    """Why a scenario run failed: raw text from outside."""

    exception: str = ""
    """The type of the exception; "" where only a scorer said something."""
    text: str = ""
    """The line that tells most, at most 2,000 characters."""

    @property
    def sample(self) -> str:
        """Both in one line, at most 2,000 characters."""
        return ": ".join(part for part in self if part)[:_CHARACTERS]


def reason_of_run(run: "ScenarioRun", failure: "FailureReason | None" = None) -> Reason:
    """Return why a scenario run failed: the failure that its job reports, else what its worst scorer said last.

    Of an error of which neither is known it is the state: a live run has no more to say.
    """
    found = reason_of_failure(failure) if is_error(run.state) else None
    if found:
        return found
    worst = worst_result(run)
    text = (_telling_line(worst.output) or _masked(worst.scoring_function_name)) if worst else ""
    return Reason(text=text[:_CHARACTERS] or (run.state if is_error(run.state) else ""))


def worst_result(run: "ScenarioRun") -> "ScoringFunctionResult | None":
    """Return the result of the scorer that failed, else of the one with the least score; None before any."""
    result = run.scoring_contract_result
    if result is None or not result.scoring_function_results:
        return None
    return min(result.scoring_function_results, key=_badness)


def _badness(scored: "ScoringFunctionResult") -> tuple[bool, float]:
    return (scored.state != "error", scored.score if scored.score is not None else 0.0)


def _telling_line(output: str) -> str:
    """Return the last line of an output that is not the score; of one beyond 4,000 characters, a part.

    Only the last 4 lines that are not blank are looked at.
    """
    end = _COLOURS.sub("", output.rstrip()[-_TAIL_CHARACTERS - _LONGEST_KEY :])
    lines = reversed(redact(end)[-_TAIL_CHARACTERS:].splitlines())
    for line in islice(filter(_is_visible, lines), _LINES_LOOKED_AT):
        text = line.strip(_RULE)
        if text and not text.startswith("score="):
            return text
    return ""


def _masked(text: str) -> str:
    """Return the first 2,000 characters without the API key: a placeholder must not stand for a part of it alone."""
    return redact(text[: _CHARACTERS + _LONGEST_KEY])[:_CHARACTERS]


def _is_visible(line: str) -> bool:
    return any(each.isprintable() and not each.isspace() for each in line)


def reason_of_failure(failure: "FailureReason | None") -> Reason | None:
    """Return the exception and the line of its message that tells most; None where it says neither.

    That is the first line, but the last one of a traceback.
    """
    if failure is None:
        return None
    exception = _masked(failure.exception_type).strip()
    message = _masked(failure.exception_message).strip()
    text = next(iter(message.splitlines()), "").strip()
    if text.startswith("Traceback ("):
        text = _telling_line(failure.exception_message)[:_CHARACTERS]
    return Reason(exception, text) if exception or text else None


def fingerprint(reason: Reason) -> str:
    """Return what this reason has in common with others of the same cause: text from outside.

    The type of the exception is kept as it is. Of the line, how the devbox ended where it says so, else its first 500
    characters with moments, ids, hexadecimal numbers, paths and numbers replaced by placeholders.
    """
    exception = " ".join(reason.exception[:_EXCEPTION_CHARACTERS].split())
    text = reason.text[:_FINGERPRINT_CHARACTERS]
    ended = _END_OF_DEVBOX.search(text)
    text = ended[1] if ended else " ".join(_TOKEN.sub(_placeholder, text).split())
    return f"{exception}: {text}" if exception and text else exception or text


def _placeholder(found: "re.Match[str]") -> str:
    """Return the placeholder for a token, or the token itself."""
    token = found[0]
    if token.isalpha():
        return token
    if _MOMENT.fullmatch(token):
        return "<time>"
    path = token.partition("::")[0].rstrip(".")
    if ("/" in path and not _FRACTION.fullmatch(path)) or _FILE.search(path):
        return "<path>"
    return "<id>" if _ID.fullmatch(path) else _NUMBER.sub("#", token)
