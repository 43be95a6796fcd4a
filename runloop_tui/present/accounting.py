"""The outcomes of a run's scenarios as a sum that adds up to the total, and its score: with and without errors."""

from typing import TYPE_CHECKING

from runloop_tui.present.layout import Line, Piece, Tone, cut_line, flow
from runloop_tui.present.units import bar, count, percent, plural

if TYPE_CHECKING:
    from runloop_tui.monitor.counts import Tally
    from runloop_tui.monitor.snapshot import RunRecord

_WIDEST_BAR = 40


def done_line(counts: "Tally", total: int, width: int, *, over: str = "", tone: Tone) -> Line:
    """Return the line with the number done, the total, the number canceled, the percentage done and its bar.

    `over` follows "done", such as " in 3 runs".
    """
    text = f"{counts.finished} of {total} done{over}{cut_off(counts)}"
    percentage = f" {counts.finished * 100 // total if total else 0:>3}% "
    room = min(_WIDEST_BAR, max(0, width - len(text) - len(percentage)))
    drawn = Piece(bar(counts.finished, total, room), tone)
    return cut_line((Piece(text, "strong"), Piece(percentage), drawn), width)


def cut_off(counts: "Tally") -> str:
    """Write how many were canceled, which does not count as done: `, 16 cut off`; "" for none."""
    return f", {counts.canceled} cut off" if counts.canceled else ""


def accounting(
    counts: "Tally", total: int | None, width: int, *, rest: str = "not started"
) -> list[Line]:
    """Return the sum of all outcomes, which adds up to the total, or says that the total is unknown.

    `rest` labels the scenarios that are in no count.
    """
    terms: list[tuple[str, int, Tone]] = [
        ("passed", counts.passed, "good"),
        ("partial", counts.partial, "warn"),
        ("zero", counts.zero, "warn"),
        ("error", counts.error, "bad"),
        ("canceled", counts.canceled, "muted"),
        ("running", counts.running, "live"),
        ("scoring", counts.scoring, "live"),
    ]
    if counts.unscored:
        terms.append(("no score", counts.unscored, "warn"))
    if counts.unread:
        terms.append(("not understood", counts.unread, "warn"))
    if counts.other:
        terms.append(("in an unknown state", counts.other, "warn"))
    not_started = counts.not_started(total)
    if not_started is not None:
        terms.append((rest, not_started, "plain"))
    groups: list[Line] = [
        (
            Piece("+ " if index else "", "muted"),
            Piece(f"{number} ", tone if number else "muted"),
            Piece(label, "muted"),
        )
        for index, (label, number, tone) in enumerate(terms)
    ]
    if total is None:
        groups.append((Piece(f"= {counts.started} started, total unknown", "muted"),))
    else:
        groups.append((Piece(f"= {total}", "strong"),))
    return flow(groups, width)


def score_words(record: "RunRecord") -> str:
    """Return the score of a run, whether it is final, and how it differs from the other reading."""
    score, counts = record.score, record.counts
    if score is None:
        return "none yet" if record.run.is_live else "none"
    reading = other_reading(record)
    beside = f"  ({reading})" if reading else ""
    if record.run.score is not None:
        return f"{percent(score)} final{_why_different(record)}{beside}"
    if counts is None:
        return f"{percent(score)}, by the outcomes that its job lists"
    judged = count(counts.scored + counts.error)
    if record.run.is_live:
        return f"{percent(score)} so far, over {judged} finished{beside}"
    return f"{percent(score)} over {judged} finished, the server gives none{beside}"


def never_started_words(record: "RunRecord") -> str:
    """Return how many in the sum have no scenario run, since they ended before one was created; "" for none."""
    outcomes = record.job.never_started if record.job else None
    if outcomes is None or record.counts is None:
        return ""
    errors = plural(outcomes.error, "error") if outcomes.error else ""
    canceled = f"{count(outcomes.canceled)} canceled" if outcomes.canceled else ""
    numbers = " and ".join(each for each in (errors, canceled) if each)
    return f"{numbers} ended before there was a scenario run, its job says"


def other_reading(record: "RunRecord") -> str:
    """Return the score without errors: `56.0% of the 86 that ran`; "" where there are no errors."""
    counts = _comparable_counts(record)
    if counts is None or not counts.error or not _is_as_we_count(record.score, counts):
        return ""
    if not counts.scored:
        return "none has a score"
    return f"{percent(counts.score_without_errors)} of the {_ran(counts)}"


def _why_different(record: "RunRecord") -> str:
    """Return why the server's final score differs from the score of the counts; "" where it does not."""
    counts, final = _comparable_counts(record), record.run.score
    if counts is None or final is None or _is_as_we_count(final, counts):
        return ""
    ours = percent(counts.score)
    if counts.scored and percent(final) == percent(counts.score_without_errors):
        errors = plural(counts.error, "error")
        return f", the server's mean of the {_ran(counts)}; {ours} with the {errors} as 0"
    left_out = counts.canceled + counts.unscored
    if left_out and percent(final) == percent(counts.score_sum / counts.terminal):
        what = "canceled" if not counts.unscored else "without a score"
        if counts.canceled and counts.unscored:
            what = "canceled or without a score"
        return f", the server counts the {count(left_out)} {what} as 0; {ours} without them"
    return f", as the server reckons it; {ours} by the counts above"


def _comparable_counts(record: "RunRecord") -> "Tally | None":
    """Return the counts to compare the score with; None while they are incomplete."""
    counts = record.counts
    is_lagging = counts is not None and counts.active and not record.run.is_live
    return None if counts is None or counts.score is None or is_lagging else counts


def _is_as_we_count(score: float | None, counts: "Tally") -> bool:
    return percent(score) == percent(counts.score)


def _ran(counts: "Tally") -> str:
    return f"{count(counts.scored)} {'with a score' if counts.unscored else 'that ran'}"
