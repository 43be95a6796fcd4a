"""Failures in groups: the rows of the dialog for a run and for the agents of a job, and a group in full."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.cells import cell_len

from runloop_tui.analysis.failures import GroupOfAgents
from runloop_tui.present.layout import (
    Cells,
    Column,
    Line,
    Piece,
    Tone,
    cut_line,
    labelled,
    wrap,
)
from runloop_tui.present.scenarios import scenario_name
from runloop_tui.present.text import cut, safe
from runloop_tui.present.units import (
    clock_time,
    count,
    full_moment,
    plural,
    second_of_day,
    sparkline,
)

if TYPE_CHECKING:
    from datetime import tzinfo

    from runloop_tui.analysis.failures import FailureGroup, Failures
    from runloop_tui.api.models import ScenarioRun

BUCKETS = 24
"""Into how many parts the time axis of a run is divided."""

_DAY_WIDTH, _MOMENT_WIDTH = len("Nov 20"), len("Nov 20 14:05")
_COUNT = Column("", "count", 5, right=True)
_WHY = Column("", " why", 24, stretch=1)
_LATELY = Column("", "last 20", 7, right=True)


def _columns(chart: int, moment: int) -> tuple[Column, ...]:
    first, last = (Column("", title, moment, right=True) for title in ("first", "last"))
    return _COUNT, Column("", "over time", chart), first, last, _LATELY, _WHY


_NARROW_COLUMNS = _columns(BUCKETS // 2, _DAY_WIDTH)
_WIDE_COLUMNS = _columns(BUCKETS, _MOMENT_WIDTH)
_WIDE_FROM = 100
_AGENT_WIDTH = 12
_LONGEST_NAME = 40
_SHORTEST_NAME = 8
_MOST_NAMED = 100
_SAMPLE_LINES = 3


@dataclass(frozen=True, slots=True)
class RunFailures:
    """The failures of one run."""

    run_id: str
    """"" where there is no run yet."""
    name: str
    """Its agent, in a job: a safe text."""
    failures: "Failures | None"
    """None while its scenario runs are not read."""
    is_whole: bool = True
    """False while only the first pages of its scenario runs were read."""
    is_gone: bool = False
    """The server no longer knows it."""
    is_outcome: bool = False
    """Its scenario runs are not read: the failures are what its job says of its end."""


@dataclass(frozen=True, slots=True)
class FailureView:
    """What the dialog shows."""

    name: str
    """Of the run or the job: a safe text."""
    is_job: bool = False
    runs: tuple[RunFailures, ...] = ()
    """The run; of a job, all of its runs."""
    groups: "tuple[FailureGroup | GroupOfAgents, ...]" = ()
    """Errors first."""
    scenario_runs: "Mapping[str, ScenarioRun]" = field(default_factory=dict)
    """Those that are held, by id."""


def group_name(group: "FailureGroup | GroupOfAgents") -> str:
    """Return what the reasons of a group have in common."""
    return safe(group.fingerprint).strip() or "no reason is known"


def short_name(group: "FailureGroup | GroupOfAgents") -> str:
    """Return the type of the exception, where there is one, else all of what the reasons have in common."""
    name = group_name(group)
    head = name.partition(":")[0]
    return head if head.isidentifier() else name


def filter_words(group: "FailureGroup", shown: int, width: int) -> str:
    """Return what the title of the scenario table says: `group: ApiRateLimitError × 12`."""
    end = f" × {count(shown)}"
    room = max(_SHORTEST_NAME, width - cell_len("group: ") - len(end))
    return f"group: {cut(short_name(group), min(room, _LONGEST_NAME))}{end}"


# The dialog


def title_line(view: FailureView, width: int) -> Line:
    """Return whose failures these are, how many, and in how many groups they grow."""
    pieces = [Piece("failures ", "title")]
    pieces.append(Piece(f"of {cut(view.name, max(_SHORTEST_NAME, width // 2))}", "strong"))
    growing = sum(group.is_growing for group in view.groups)
    if growing:
        pieces.append(Piece(f" · {plural(growing, 'group')} growing", "warn"))
    return cut_line(tuple(pieces), width)


def notice_line(view: FailureView, width: int) -> Line:
    """Return what is not read, or that nothing has failed; empty where there is nothing to say."""
    unread = [run for run in view.runs if run.failures is None]
    if unread and all(run.is_gone for run in unread):
        which = f": {_names(unread)}" if view.is_job else " this run"
        return cut_line((Piece(f"the server no longer knows{which}", "warn"),), width)
    if unread:
        words = f"reading {_names(unread)}…" if view.is_job else "reading its scenario runs…"
    elif any(run.is_outcome for run in view.runs):
        words = "by the outcome in its job; reading its scenario runs…"
        if view.is_job:
            words = f"by the outcome alone: {_names([run for run in view.runs if run.is_outcome])}"
    elif not all(run.is_whole for run in view.runs):
        words = "reading: of the first scenario runs only, so far…"
    else:
        words = "" if view.groups else "Nothing has failed."
    return cut_line((Piece(words, "muted"),), width) if words else ()


def _names(runs: Sequence[RunFailures]) -> str:
    return ", ".join(run.name for run in runs)


def section_line(groups: "Sequence[FailureGroup | GroupOfAgents]") -> Line:
    """Return the line above the errors, or above the wrong answers: how many, in how many groups."""
    number = sum(group.count for group in groups)
    words = "error" if groups[0].is_error else "wrong answer"
    tone: Tone = "bad" if groups[0].is_error else "accent"
    many = f" in {plural(len(groups), 'group')}"
    return Piece(plural(number, words), tone), Piece(many, "muted")


def group_columns(width: int) -> tuple[Column, ...]:
    """Return the columns of the groups of a run, in a table of `width` cells."""
    return _WIDE_COLUMNS if width >= _WIDE_FROM else _NARROW_COLUMNS


def group_cells(
    group: "FailureGroup", now_ms: int, zone: "tzinfo | None", columns: Sequence[Column]
) -> Cells:
    """Return the row of a group of a run."""
    chart, room = columns[1].width, columns[2].width
    is_timed = group.last_ms is not None
    return (
        Piece(count(group.count), "strong"),
        Piece(sparkline(group.buckets, chart) if is_timed else "", _tone(group)),
        Piece(_moment(group.first_ms, now_ms, zone, room), "muted"),
        Piece(_moment(group.last_ms, now_ms, zone, room)),
        Piece(str(group.of_last) if is_timed else "–", "strong" if group.of_last else "muted"),
        _why(group),
    )


def agent_columns(runs: Sequence[RunFailures], width: int) -> tuple[Column, ...]:
    """Return the columns of the groups of a job: one for each agent, as far as there is room."""
    room = width - _COUNT.width - 1 - _WHY.width - 1
    shown = runs[: max(0, room // (_AGENT_WIDTH + 1))]
    agents = (Column("", run.name, _AGENT_WIDTH, right=True) for run in shown)
    return (_COUNT, *agents, _WHY)


def agents_cells(group: "GroupOfAgents", columns: Sequence[Column]) -> Cells:
    """Return the row of a group of a job."""
    agents = group.by_agent[: len(columns) - 2]
    return (
        Piece(count(group.count), "strong"),
        *(
            Piece(count(each.count), _tone(each)) if each else Piece("·", "muted")
            for each in agents
        ),
        _why(group),
    )


def _tone(group: "FailureGroup") -> Tone:
    return "bad" if group.is_error else "accent"


def _why(group: "FailureGroup | GroupOfAgents") -> Piece:
    name = group_name(group)
    return Piece(f" growing · {name}", "warn") if group.is_growing else Piece(f" {name}")


def _moment(
    moment_ms: int | None, now_ms: int, zone: "tzinfo | None", room: int = _MOMENT_WIDTH
) -> str:
    """Write a moment as `14:05`; of another day as `Nov 20 14:05`, or without the time where there is no room."""
    if moment_ms is None:
        return "–"
    day = clock_time(moment_ms, now_ms, zone)
    if ":" in day or room < _MOMENT_WIDTH:
        return day
    return f"{day} {second_of_day(moment_ms, zone)[:5]}"


# A group in full


def group_lines(
    view: FailureView,
    group: "FailureGroup | GroupOfAgents",
    now_ms: int,
    zone: "tzinfo | None",
    width: int,
) -> list[Line]:
    """Return the selected group in full: of a run, or of the agents of a job."""
    lines: list[Line] = [
        (Piece(part, "strong"),) for part in wrap(group_name(group), max(2, width))
    ]
    if not isinstance(group, GroupOfAgents):
        return [*lines, *_in_full(view, group, zone, width)]
    for run, each in zip(view.runs, group.by_agent, strict=False):
        if each is not None:
            lines.extend(_agent_lines(run, each, now_ms, zone, width))
    return lines


def _in_full(
    view: FailureView, group: "FailureGroup", zone: "tzinfo | None", width: int
) -> list[Line]:
    lines: list[Line] = []
    if group.is_growing:
        words = f"{group.of_last} of the last 20 that finished, a larger share than before"
        lines += labelled("growing", words, width, "warn")
    elif group.last_ms is not None:
        lines += labelled("lately", f"{group.of_last} of the last 20 that finished", width)
    if group.sample:
        lines += [*labelled("the latest", safe(group.sample), width)][:_SAMPLE_LINES]
    if group.first_ms is not None:
        first, last = full_moment(group.first_ms, zone), full_moment(group.last_ms, zone)
        lines += labelled("when", first if first == last else f"{first} to {last}", width)
    held = [view.scenario_runs[id_] for id_ in group.ids if id_ in view.scenario_runs]
    names = [scenario_name(each) for each in held[:_MOST_NAMED]]
    if len(held) > _MOST_NAMED:
        names.append(f"and {count(len(held) - _MOST_NAMED)} more")
    if names:
        lines += labelled("scenarios", ", ".join(names), width)
    if group.without_id:
        lines += labelled("not begun", f"{count(group.without_id)} before there was a run", width)
    return lines


def _agent_lines(
    run: RunFailures, group: "FailureGroup", now_ms: int, zone: "tzinfo | None", width: int
) -> list[Line]:
    parts = [f"{count(group.count)}"]
    if group.last_ms is not None:
        first, last = _moment(group.first_ms, now_ms, zone), _moment(group.last_ms, now_ms, zone)
        parts.append(first if first == last else f"{first}–{last}")
        parts.append(f"{group.of_last} of the last 20")
    if group.is_growing:
        parts.append("growing")
    figures = ", ".join(parts)
    pieces = [Piece(f"{cut(run.name, _LONGEST_NAME)}  ", "accent")]
    pieces.append(Piece(figures, "warn" if group.is_growing else "plain"))
    if group.sample:
        pieces.append(Piece(f"  {safe(group.sample)}", "muted"))
    return [cut_line(tuple(pieces), width)]


NOTHING_HELD = "Its scenario runs are not read: ⏎ goes to them."
NEVER_BEGUN = "It has no scenario run: all failed before they had one."
"""Messages for keys that find no scenario run in a group."""


def copied_words(number: int) -> str:
    """Return what was copied: the ids of so many scenario runs."""
    return f"ids of {plural(number, 'scenario run')}" if number != 1 else "id of the scenario run"
