"""What is computed about a run in words: its end, its score at the end, its rate, what is late, its collapse."""

from collections.abc import Iterator
from math import ceil, floor
from typing import TYPE_CHECKING

from runloop_tui.analysis.slow import Slow, Stuck
from runloop_tui.present.layout import Line, Piece, cut_line, labelled
from runloop_tui.present.text import cut, safe_name
from runloop_tui.present.units import MINUTE, Times, brief, clock_time, plural, sparkline

if TYPE_CHECKING:
    from runloop_tui.analysis.attempts import Attempt
    from runloop_tui.analysis.collapse import Collapse, Standstill
    from runloop_tui.analysis.end import EndRange
    from runloop_tui.analysis.forecast import Forecast
    from runloop_tui.analysis.report import RunReport
    from runloop_tui.analysis.trend import Trend

_MOST_NAMED = 3
_LONGEST_NAME = 40
_SPARK_WIDTH = 24
_LEAST_CHANGE = 0.001


def report_lines(report: "RunReport", now_ms: int, times: Times, width: int) -> Iterator[Line]:
    """Yield the lines about the course of a run: end, final score, rate, collapse, what is stuck and slow."""
    if report.end is not None:
        yield from labelled("ends", end_words(report.end, now_ms, times), width)
    if report.forecast is not None:
        yield from labelled("will score", forecast_words(report.forecast), width)
    if report.trend is not None and any(report.trend.finished):
        yield _rate_line(report.trend, width)
    yield from problem_lines(report, now_ms, times, width)


def problem_lines(report: "RunReport", now_ms: int, times: Times, width: int) -> Iterator[Line]:
    """Yield a line for each thing that is wrong: a collapse, a standstill, what is stuck and slow."""
    if (collapse := report.collapse) is not None:
        yield from labelled("collapse", collapse_words(collapse, now_ms, times), width, "bad")
    if (still := report.standstill) is not None:
        yield from labelled("standstill", standstill_words(still, now_ms), width, "bad")
    stuck = list(report.stuck.values())
    if stuck:
        named = (f"{_name(each.attempt)}, {late_words(each)}" for each in stuck[:_MOST_NAMED])
        yield from labelled("stuck", _counted(len(stuck), "; ".join(named)), width, "bad")
    slow = [each for id_, each in report.slow.items() if id_ not in report.stuck]
    if slow:
        named = (f"{_name(each.attempt)}, {late_words(each)}" for each in slow[:_MOST_NAMED])
        yield from labelled("slow", _counted(len(slow), "; ".join(named)), width, "warn")


def end_words(end: "EndRange", now_ms: int, times: Times) -> str:
    """Write when a run ends: the range, what it is based on, and which scenario runs decide it."""
    because = f"by the last {brief(end.window_ms)}, {end.slots} at once"
    if end.limit_ms is not None:
        because += f", {brief(end.limit_ms)} limit"
    words = f"{end_range(end, now_ms, times)} ({because})"
    if end.deciders:
        number = len(end.deciders)
        which = "the last one decides" if number == 1 else f"the last {number} decide"
        words += f"; {which}: {', '.join(_name(each) for each in end.deciders)}"
    if end.pace_factor is not None:
        factor = end.pace_factor
        is_slower = factor < 1
        times_as = 1 / factor if is_slower and factor > 0 else factor
        words += (
            f"; finishing {times_as:.1f}× {'slower' if is_slower else 'faster'} than this lately"
        )
    return words


def end_range(end: "EndRange", now_ms: int, times: Times) -> str:
    """Write the range in which a run ends, or that only the earliest end is known."""
    if end.high_ms is not None:
        return _range(end.low_ms, end.high_ms, now_ms, times)
    if times is Times.ELAPSED:
        return f"in at least {brief(end.low_ms - now_ms)}, the latest end is unknown"
    earliest = clock_time(end.low_ms, now_ms, times.zone)
    return f"not before {earliest}, the latest end is unknown"


def end_short(end: "EndRange", now_ms: int, times: Times) -> str:
    """Write the middle of the end's range, for a row: `~13:50`, `≥13:50` where no latest end is known, `soon`."""
    if end.middle_ms < now_ms + MINUTE:
        return "soon"
    sign = "≥" if end.at_least else "~"
    if times is Times.ELAPSED:
        return f"{sign}{brief(end.middle_ms - now_ms)}"
    return f"{sign}{clock_time(end.middle_ms, now_ms, times.zone)}"


def forecast_words(forecast: "Forecast") -> str:
    """Write between what a run will score: `61–65% at the end (certain: 31–74%)`."""
    basis = "" if forecast.pairs is None else f", by {forecast.pairs} pairs with the run before"
    certain = f"certain: {_percents(forecast.least, forecast.most)}"
    return f"{_percents(forecast.low, forecast.high)} at the end ({certain}{basis})"


def collapse_words(collapse: "Collapse", now_ms: int, times: Times) -> str:
    """Write since when nearly all ends in errors: `since 03:12, 17 of 20 ended in errors; before: 4%`."""
    since = clock_time(collapse.start_ms, now_ms, times.zone)
    words = f"since {since}, {collapse.errors} of {collapse.finished} ended in errors"
    if collapse.share_before is None:
        return words
    return f"{words}; before: {collapse.share_before * 100:.0f}%"


def standstill_words(still: "Standstill", now_ms: int) -> str:
    """Write for how long nothing has finished: `nothing finished for 41m, longest gap so far 6m`."""
    since, gap = brief(now_ms - still.since_ms), brief(still.longest_gap_ms)
    return f"nothing finished for {since}, longest gap so far {gap}"


def late_words(late: "Slow | Stuck") -> str:
    """Write the evidence that an active scenario run is slow or stuck: `silent 47m, others at most 9m`."""
    if isinstance(late, Stuck):
        others = "" if late.others_ms is None else f", others at most {brief(late.others_ms)}"
        return f"silent {brief(late.silence_ms)}{others}"
    match late.evidence:
        case "limit":
            return f"over its {brief(late.against_ms)} limit"
        case "earlier":
            return f"{late.factor:.1f}× its longest earlier run"
        case "others":
            return f"{late.factor:.1f}× the median of this run"


def _rate_line(trend: "Trend", width: int) -> Line:
    """Return the line with the finished per minute, their sparkline, and the errors among the last."""
    pieces = [Piece("rate".ljust(12), "muted")]
    if trend.per_minute is not None:
        pieces.append(Piece(f"{trend.per_minute:.1f}/min ", "strong"))
    pieces.append(Piece(sparkline(trend.finished, _SPARK_WIDTH), "accent"))
    if trend.last:
        errors = trend.last_errors
        pieces.append(Piece(f"  last {len(trend.last)}: ", "muted"))
        pieces.append(Piece(plural(errors, "error"), "bad" if errors else "muted"))
    if (change := trend.score_change) is not None and abs(change) >= _LEAST_CHANGE:
        arrow = "▲" if change > 0 else "▼"
        pieces.append(Piece(f"  {arrow}{abs(change) * 100:.1f} in 30m", "muted"))
    return cut_line(tuple(pieces), width)


def _counted(number: int, named: str) -> str:
    more = f"; and {number - _MOST_NAMED} more" if number > _MOST_NAMED else ""
    return f"{number}: {named}{more}"


def _name(attempt: "Attempt") -> str:
    return cut(safe_name(attempt.name, attempt.scenario_id, attempt.id), _LONGEST_NAME)


def _percents(low: float, high: float) -> str:
    """Write a range of scores in whole percents, rounded outwards."""
    return f"{floor(low * 100)}–{ceil(high * 100)}%"


def _range(low_ms: int, high_ms: int, now_ms: int, times: Times) -> str:
    if high_ms < now_ms + MINUTE:
        return "soon"
    if times is Times.ELAPSED:
        if low_ms < now_ms + MINUTE:
            return f"within {brief(high_ms - now_ms)}"
        low, high = brief(low_ms - now_ms), brief(high_ms - now_ms)
        return f"in {low}" if low == high else f"in {low}–{high}"
    low, high = (clock_time(each, now_ms, times.zone) for each in (low_ms, high_ms))
    return low if low == high else f"{low}–{high}"
