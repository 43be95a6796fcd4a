"""Two runs against each other: the difference in words, the changes as rows, and all of it as Markdown to copy."""

from typing import TYPE_CHECKING, Literal, NamedTuple

from runloop_tui.api.states import is_terminal
from runloop_tui.present.layout import (
    LABEL_WIDTH,
    Cells,
    Column,
    Line,
    Piece,
    Tone,
    cut_line,
    flow,
    labelled,
)
from runloop_tui.present.runs import run_name
from runloop_tui.present.states import run_sign
from runloop_tui.present.text import cut, safe, safe_name
from runloop_tui.present.units import Times, count, full_moment, moment, percent, plural, score

if TYPE_CHECKING:
    from runloop_tui.analysis.compare import Comparison, Flip, Likeness
    from runloop_tui.monitor.snapshot import RunRecord

Kind = Literal["worse", "new error", "better", "error gone"]
"""How a scenario has changed, in the order of the rows."""

FEWEST_PAIRS = 10
"""Fewer pairs say nothing that fits into three words."""
_ERROR = "error"
_SIGNS: dict[Kind, tuple[str, Tone]] = {
    "worse": ("▼", "plain"),
    "new error": ("!", "bad"),
    "better": ("▲", "plain"),
    "error gone": ("○", "plain"),
}
_LIKE: "dict[Likeness, str]" = {
    "agent": "the run before of the same agent",
    "name": "the run before of the same name",
    "benchmark": "the run before on this benchmark, of another agent or name",
}
_MOST_COPIED = 200
_TINY = 0.0005
"""Half of the last digit of a difference in points."""

CHANGE_COLUMNS = (
    Column("", "change", 12),
    Column("", "scenario", 16, stretch=1),
    Column("", "before", 6, right=True),
    Column("", "now", 6, right=True),
)


class Change(NamedTuple):
    """A scenario that came to something else than in the baseline."""

    kind: Kind
    flip: "Flip"


class Pair(NamedTuple):
    """The two runs of a comparison, and what is known of it."""

    newer: "RunRecord"
    older: "RunRecord"
    """The baseline: of the two, the one that started first."""
    like: "Likeness | None"
    """How the baseline was found; None where a person chose both."""
    comparison: "Comparison | None"
    """None until the scenario runs of both were read."""

    @property
    def both_terminal(self) -> bool:
        """Whether neither run changes any more."""
        return is_terminal(self.newer.run.state) and is_terminal(self.older.run.state)

    @property
    def total(self) -> int:
        """How many scenarios there are: by their totals, and never less than what is compared."""
        found = self.comparison
        counted = 0
        if found is not None:
            errors = len(found.new_errors) + len(found.gone_errors) + found.errors_in_both
            counted = found.pairs + errors + found.unpaired
        return max(counted, self.newer.total or 0, self.older.total or 0)


def versus_words(comparison: "Comparison") -> str:
    """Return the difference to the run before, in points: `▲3.9 vs the run before`; "" for fewer than 10 pairs."""
    if comparison.difference is None or comparison.pairs < FEWEST_PAIRS:
        return ""
    return f"{_points(comparison.difference)} vs the run before"


def versus_tone(comparison: "Comparison") -> Tone:
    """Return "good" or "bad" for a difference that is more than chance, else "plain"."""
    if not comparison.is_significant or comparison.difference is None:
        return "plain"
    return "good" if comparison.difference > 0 else "bad"


def changes(comparison: "Comparison") -> tuple[Change, ...]:
    """Return all scenarios that changed: worse, new errors, better, errors that are gone."""
    of: tuple[tuple[Kind, tuple[Flip, ...]], ...] = (
        ("worse", comparison.worse),
        ("new error", comparison.new_errors),
        ("better", comparison.better),
        ("error gone", comparison.gone_errors),
    )
    return tuple(Change(kind, flip) for kind, flips in of for flip in flips)


def change_cells(change: Change, *, is_significant: bool) -> Cells:
    """Return the row of a change, a piece for each of CHANGE_COLUMNS; coloured only where the whole is significant."""
    kind, flip = change
    sign, tone = _SIGNS[kind]
    if is_significant and kind in {"worse", "better"}:
        tone = "good" if kind == "better" else "bad"
    return (
        Piece(f"{sign} {kind}", tone),
        Piece(safe_name(flip.name, flip.scenario_id)),
        Piece(_result(flip.before), "muted"),
        Piece(_result(flip.after)),
    )


def comparison_lines(pair: Pair, now_ms: int, times: Times, width: int) -> list[Line]:
    """Return the lines above the rows: both runs, the difference with its interval, what changed how often."""
    lines = [
        _run_line("newer", pair.newer, now_ms, times, width),
        _run_line("baseline", pair.older, now_ms, times, width),
    ]
    if pair.like is not None:
        lines += labelled("", _LIKE[pair.like], width, "muted")
    if pair.newer.run.benchmark_id != pair.older.run.benchmark_id:
        words = "The runs are not of the same benchmark: only scenarios in both are compared."
        lines += labelled("", words, width, "warn")
    found = pair.comparison
    if found is None:
        lines += labelled("scores", _waiting(pair), width, "muted")
        return lines
    lines.append(_scores_line(pair, found, width))
    for words in _meaning(pair, found):
        lines += labelled("", words, width, "muted")
    *most, last = _counts(pair, found)
    lines += flow([*((each, Piece(" ·", "muted")) for each in most), (last,)], width)
    return lines


def comparison_title(pair: Pair | None) -> Line:
    """Return the title: on how many scenarios the runs are compared."""
    found = pair.comparison if pair else None
    words = f"on {count(found.pairs)} of {count(pair.total)}" if pair and found else "reading…"
    return (Piece("comparison ", "title"), Piece(words, "muted"))


def comparison_text(pair: Pair, now_ms: int) -> str:
    """Return the comparison as Markdown; at most 200 changes by name."""
    found = pair.comparison
    lines = [
        f"### {_markdown(run_name(pair.newer.run))} against {_markdown(run_name(pair.older.run))}",
        "",
        f"- newer: {_run_words(pair.newer)}",
        f"- baseline: {_run_words(pair.older)}",
    ]
    if found is None:
        return "\n".join([*lines, f"- {_waiting(pair)}"])
    on = f"on {count(found.pairs)} of {count(pair.total)}"
    lines += [
        f"- scores {on}: {percent(found.score_after)} against {percent(found.score_before)}",
        *(f"- {words}" for words in _difference_words(pair, found)),
        f"- {', '.join(piece.text for piece in _counts(pair, found))}",
        f"- as of {full_moment(now_ms)}",
    ]
    rows = changes(found)
    if rows:
        lines += ["", "| change | scenario | before | now |", "| --- | --- | --- | --- |"]
    lines += (
        f"| {kind} | {_markdown(safe_name(flip.name, flip.scenario_id))} "
        f"| {_result(flip.before)} | {_result(flip.after)} |"
        for kind, flip in rows[:_MOST_COPIED]
    )
    if len(rows) > _MOST_COPIED:
        lines += ["", f"… and {count(len(rows) - _MOST_COPIED)} more"]
    return "\n".join(lines)


def no_run_before(record: "RunRecord") -> str:
    """Return why a run has no run before."""
    if not record.run.benchmark_id:
        return "It is of no benchmark: mark two runs with Space, then = compares them."
    return "No earlier run on its benchmark has scores, of those read so far; Space marks two to compare."


def marked_too_many(number: int) -> str:
    """Return what to say where more than two runs are marked."""
    return f"{plural(number, 'run')} are marked: = compares two."


def _waiting(pair: Pair) -> str:
    gone = [run_name(each.run) for each in (pair.newer, pair.older) if each.gone]
    if gone:
        return f"The server no longer knows {gone[0]}, and its scenario runs were not read."
    return "The scenario runs are being read…"


def _run_line(label: str, record: "RunRecord", now_ms: int, times: Times, width: int) -> Line:
    sign = run_sign(record)
    started = moment(record.run.start_time_ms, now_ms, times)
    state = f"  {sign.glyph} {sign.word}"
    rest = f" · {percent(record.score)} · started {started}"
    room = max(8, width - LABEL_WIDTH - len(state) - len(rest))
    pieces = (
        Piece(label.ljust(LABEL_WIDTH), "muted"),
        Piece(cut(run_name(record.run), room), "strong"),
        Piece(state, sign.tone),
        Piece(rest, "muted"),
    )
    return cut_line(pieces, width)


def _scores_line(pair: Pair, found: "Comparison", width: int) -> Line:
    pieces = [
        Piece("scores".ljust(LABEL_WIDTH), "muted"),
        Piece(f"on {count(found.pairs)} of {count(pair.total)}"),
    ]
    if found.difference is not None:
        pieces += [
            Piece(": "),
            Piece(percent(found.score_after), "strong"),
            Piece(f" against {percent(found.score_before)}  "),
            Piece(_points(found.difference), versus_tone(found)),
        ]
        if found.low is not None and found.high is not None:
            pieces.append(Piece(f" ({_range(found.low, found.high)})"))
    return cut_line(tuple(pieces), width)


def _difference_words(pair: Pair, found: "Comparison") -> list[str]:
    words: list[str] = []
    if found.difference is not None:
        interval = ""
        if found.low is not None and found.high is not None:
            interval = f" (95 % interval {_range(found.low, found.high)})"
        words.append(f"difference in points: {_points(found.difference)}{interval}")
    return [*words, *_meaning(pair, found)]


def _meaning(pair: Pair, found: "Comparison") -> list[str]:
    """Return whether it is more than chance, and the smallest difference that could be told."""
    if found.difference is None or found.detectable is None:
        return ["No scenario has a score in both runs yet."]
    least = f"the smallest difference that could be told: {found.detectable * 100:.1f} points"
    if found.detectable > 1:
        least = "these are too few to tell any difference"
    if not pair.both_terminal:
        return ["whether it is more than chance is said once both have ended", least]
    if found.p is None:
        side = "outside" if found.is_significant else "inside"
        test = f"0 is {side} the interval"
    else:
        test = f"McNemar's mid-p {'below 0.001' if found.p < 0.001 else f'{found.p:.3f}'}"
    return [f"{'more than chance' if found.is_significant else 'may be chance'}: {test}", least]


def _counts(pair: Pair, found: "Comparison") -> list[Piece]:
    """Return how many scenarios changed how; all of them add up to the total."""
    errors = len(found.new_errors) + len(found.gone_errors) + found.errors_in_both
    unpaired = pair.total - found.pairs - errors
    same = found.pairs - len(found.better) - len(found.worse)
    new, gone, both = len(found.new_errors), len(found.gone_errors), found.errors_in_both
    parts: list[tuple[int, str, Tone]] = [
        (new, "new error" if new == 1 else "new errors", "bad"),
        (gone, "error gone" if gone == 1 else "errors gone", "plain"),
        (both, "error in both" if both == 1 else "errors in both", "muted"),
        (unpaired, "not finished in both", "muted"),
    ]
    return [
        Piece(f"{count(len(found.worse))} worse"),
        Piece(f"{count(len(found.better))} better"),
        Piece(f"{count(same)} the same", "muted"),
        *(Piece(f"{count(number)} {words}", tone) for number, words, tone in parts if number),
    ]


def _points(difference: float) -> str:
    """Write a difference of scores in points, with its direction: `▲3.9`, `▼0.4`, `±0.0`."""
    if abs(difference) < _TINY:
        return "±0.0"
    return f"{'▲' if difference > 0 else '▼'}{abs(difference) * 100:.1f}"


def _range(low: float, high: float) -> str:
    """Write an interval in points, cut to those there can be."""
    return f"{max(-1.0, low) * 100:+.1f} to {min(1.0, high) * 100:+.1f}"


def _result(value: float | None) -> str:
    return _ERROR if value is None else score(value)


def _run_words(record: "RunRecord") -> str:
    sign = run_sign(record)
    started = full_moment(record.run.start_time_ms)
    id_ = _markdown(safe(record.id))
    return f"{_markdown(run_name(record.run))} ({id_}), {sign.word}, {percent(record.score)}, started {started}"


def _markdown(text: str) -> str:
    """Quote a safe text as code, so that nothing in it is Markdown, not in a table either."""
    return "`" + text.replace("`", "'").replace("|", "\\|") + "`"
