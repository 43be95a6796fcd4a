"""What changed since a person last looked: one line of it, and a line for each run that changed."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from runloop_tui.present.layout import Line, Piece, Tone, flow, wrap
from runloop_tui.present.text import cut, safe, safe_name
from runloop_tui.present.units import brief, clock_time, count, percent, plural, second_of_day

if TYPE_CHECKING:
    from runloop_tui.history.queries import RunSince
    from runloop_tui.history.rows import RunRow

_LONGEST_NAME = 40
_LONGEST_REASON = 28
_LONGEST_STATE = 24
_MOST_ENDED_NAMED = 2
_REASONS_OF_RUN = 2
_NARROWEST = 20
_INDENT = "  "


class Episode(NamedTuple):
    """A collapse, in Unix ms on the server's clock."""

    start_ms: int
    end_ms: int | None
    """None while it lasts."""


class Away(NamedTuple):
    """What changed since a moment at which a person last looked. Moments are in Unix ms on the server's clock."""

    since_ms: int
    until_ms: int
    runs: "tuple[RunSince, ...]"
    """Those of `changed_runs`."""
    collapses: Mapping[str, tuple[Episode, ...]]
    """By run id: those that began since, of the runs whose scenario runs are held."""
    is_before_start: bool
    """It began before this start of the app."""
    more_runs: bool
    """There are older runs that were not read."""


class AwayRow(NamedTuple):
    """A line, and the run that it is about; "" where it is about none."""

    line: Line
    run_id: str = ""


def changed_runs(runs: "Iterable[RunSince]", since_ms: int) -> "tuple[RunSince, ...]":
    """Return the runs that started or ended since a moment (on the server's clock), or of which a scenario did."""
    return tuple(
        each
        for each in runs
        if each.ended or each.finished or each.canceled or _has_started(each.run, since_ms)
    )


def away_text(away: Away) -> str:
    """Write what changed in one line: `since 09:12 (3h 04m) · 212 finished, +18 errors (16 ApiRateLimitError), …`."""
    parts = [
        part
        for part in (
            *_counts(away.runs, 1),
            _score_of(away.runs),
            *(words for each in away.runs for words in _collapses(away, each.run.id)),
            *_ended(away.runs),
        )
        if part
    ]
    if not parts:
        parts = [f"{plural(len(away.runs), 'run')} started"]
    return f"since {_since(away)} · {', '.join(parts)}"


def away_rows(away: Away, width: int) -> list[AwayRow]:
    """Return the line, then each run that changed, the latest first, then what cannot be known; all wrapped."""
    width = max(_NARROWEST, width)
    head = [
        AwayRow((Piece(part, "title" if number == 0 else "plain"),))
        for number, part in enumerate(wrap(away_text(away), width))
    ]
    runs = [
        AwayRow((Piece(_INDENT * (1 if number == 0 else 2)), *line), each.run.id)
        for each in away.runs
        for number, line in enumerate(flow(_run_groups(away, each), width - 2 * len(_INDENT)))
    ]
    notes = [
        AwayRow((Piece(part, "muted"),))
        for note in _unknown(away)
        for part in wrap(note, width - len(_INDENT))
    ]
    return [*head, *runs, *notes]


def history_begins_now() -> str:
    """Return what to say where the history has just been begun."""
    return "The history begins with this start: what was before it is known as far as the server says it."


def history_problem(problem: str) -> str:
    """Return the sentence for what is wrong with the file of the history."""
    words = safe(problem)
    sentence = f"{words[:1].upper()}{words[1:]}."
    return sentence if "goes on" in sentence else f"{sentence} The app goes on."


def _run_groups(away: Away, since: "RunSince") -> list[Line]:
    """Return what there is to say of a run, in groups that stay together on a line."""
    run = since.run
    words, tone = _state(since, away)
    parts = [
        *_counts((since,), _REASONS_OF_RUN),
        _score_of((since,)),
        *_collapses(away, run.id),
    ]
    if since.ended and not since.finished and not since.canceled:
        parts = ["its scenarios were not read"]
    name = Piece(cut(_name(run), _LONGEST_NAME), "strong")
    return [
        (name, Piece(" "), Piece(words, tone)),
        *((Piece(f"· {each}"),) for each in parts if each),
    ]


def _state(since: "RunSince", away: Away) -> tuple[str, Tone]:
    run = since.run
    state = cut(safe(run.state).strip(), _LONGEST_STATE)
    if since.ended:
        score = f", {percent(since.score)}" if since.score is not None else ""
        return f"ended: {state}{score}", "bad" if run.state == "failed" else "good"
    return ("started" if _has_started(run, away.since_ms) else state), "live"


def _has_started(run: "RunRow", since_ms: int) -> bool:
    return run.start_ms is not None and run.start_ms >= since_ms


def _counts(runs: "Iterable[RunSince]", most_reasons: int) -> list[str]:
    """Write how many finished, were canceled and failed, with the most frequent reasons of these."""
    runs = tuple(runs)
    finished, canceled = sum(run.finished for run in runs), sum(run.canceled for run in runs)
    errors: Counter[str] = Counter()
    for run in runs:
        for fingerprint, number in run.errors.items():
            errors[_reason(fingerprint)] += number
    parts = [f"{count(finished)} finished"] if finished else []
    if errors:
        named = [(name, number) for name, number in errors.most_common(most_reasons) if name]
        why = " · ".join(f"{count(number)} {name}" for name, number in named)
        parts.append(f"+{plural(errors.total(), 'error')}" + (f" ({why})" if why else ""))
    if canceled:
        parts.append(f"{count(canceled)} canceled")
    return parts


def _reason(fingerprint: str) -> str:
    """Return the type of the exception, else the beginning of the reason; "" where none is known."""
    kind, colon, text = safe(fingerprint).strip().partition(": ")
    if kind == "failed":  # the state, in place of a reason
        return ""
    return cut(kind if colon and " " not in kind else f"{kind}{colon}{text}", _LONGEST_REASON)


def _score_of(runs: "Iterable[RunSince]") -> str:
    """Write how the score changed, where one run alone had one before; of several runs, also of which."""
    runs = tuple(runs)
    scored = [each for each in runs if each.score_before is not None and each.score is not None]
    if len(scored) != 1:
        return ""
    before, after = percent(scored[0].score_before), percent(scored[0].score)
    words = f"score {before} → {after}" if before != after else f"score still {after}"
    return words if len(runs) == 1 else f"{words} in {cut(_name(scored[0].run), _LONGEST_NAME)}"


def _ended(runs: "Iterable[RunSince]") -> list[str]:
    ended = [each for each in runs if each.ended]
    words = [
        f"{cut(_name(each.run), _LONGEST_NAME)} ended {percent(each.score)}"
        for each in ended[:_MOST_ENDED_NAMED]
    ]
    more = len(ended) - _MOST_ENDED_NAMED
    return [*words, f"{plural(more, 'more run')} ended"] if more > 0 else words


def _collapses(away: Away, run_id: str) -> list[str]:
    return [
        f"collapse {_hour(each.start_ms)}–{_hour(each.end_ms) if each.end_ms else 'now'}"
        for each in away.collapses.get(run_id, ())
    ]


def _unknown(away: Away) -> list[str]:
    notes = []
    if away.is_before_start:
        notes.append(
            "Of the time before this start only what the server still says is known: not what was stuck."
        )
    if away.more_runs:
        notes.append("Older runs that were not read are not among these.")
    return notes


def _name(run: "RunRow") -> str:
    return safe_name(run.name, run.id)


def _since(away: Away) -> str:
    day = clock_time(away.since_ms, away.until_ms)
    moment = day if ":" in day else f"{day} {_hour(away.since_ms)}"
    return f"{moment} ({brief(away.until_ms - away.since_ms)})"


def _hour(at_ms: int) -> str:
    return second_of_day(at_ms)[:5]
