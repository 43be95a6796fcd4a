"""The questions of confirmation dialogs: the targets by name, and the consequences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from runloop_tui.analysis.attempts import attempts
from runloop_tui.analysis.cancel_cost import CancelCost, cancel_cost
from runloop_tui.present.report import end_range
from runloop_tui.present.text import cut
from runloop_tui.present.units import Times, brief, clock_time, count, percent, plural

if TYPE_CHECKING:
    from runloop_tui.analysis.end import EndRange
    from runloop_tui.monitor.actions import Intent, Verb
    from runloop_tui.monitor.snapshot import RunRecord

_LONGEST_NAME = 60
_MOST_NAMED = 5
_WIDEST = 72


@dataclass(frozen=True, slots=True)
class Question:
    """A question with two answers; the harmless one, `no`, is the default."""

    title: str
    lines: tuple[str, ...]
    yes: str
    no: str


@dataclass(frozen=True, slots=True)
class Target:
    """The run or scenario run of an intent, as it was when the key was pressed."""

    intent: "Intent"
    name: str
    """A safe text."""
    record: "RunRecord"
    """The run, or the run of the scenario run."""


def action_question(
    targets: Sequence[Target], now_ms: int, ends: "Mapping[str, EndRange]" = MappingProxyType({})
) -> Question:
    """Return the question before one action on one or more targets, all runs or all scenario runs.

    `now_ms` is now by the server; `ends` says when runs end by themselves, by their ids.
    """
    verb, several = targets[0].intent.verb, len(targets) > 1
    return Question(
        title=_title(verb, targets),
        lines=(
            *(_named([target.name for target in targets]) if several else ()),
            *_consequences(verb, targets, now_ms, ends),
            *(("Each is asked for once, one after another.",) if several else ()),
            "This cannot be undone.",
        ),
        yes=f"{verb.capitalize()} all" if several else f"{verb.capitalize()} it",
        no="Leave them running" if several else "Leave it running",
    )


def nothing_to_change(verb: "Verb") -> str:
    """Return the message where the action applies to none of the targets."""
    if verb == "score":
        return "Only a scenario run that is running can be scored."
    return "It has ended already: there is nothing to change."


def logs_question(names: Sequence[str], folder: str, *, running: int = 0) -> Question:
    """Return the question before logs are downloaded; names and folder are safe texts.

    `running`: how many of the runs are still running, so that their logs are incomplete.
    """
    several = len(names) > 1
    what = f"{len(names)} logs" if several else f"the logs of {cut(names[0], _LONGEST_NAME)}"
    return Question(
        title=f"Download {what}?",
        lines=(
            *(_named(names) if several else ()),
            "A zip file of each will be written to" if several else "A zip file will be written to",
            folder,
            "Nothing that is there is overwritten.",
            *_so_far(running, several=several),
        ),
        yes="Download",
        no="Not now",
    )


def _so_far(running: int, *, several: bool) -> tuple[str, ...]:
    if not running:
        return ()
    if not several:
        return ("It is still running: the logs are only what there is so far.",)
    return (f"Still running: {running}. Of these the logs are only what there is so far.",)


def quit_question(active: int) -> Question:
    """Return the question before quitting while downloads are active."""
    return Question(
        title=f"Quit with {plural(active, 'download')} under way?",
        lines=(
            "What was received so far is thrown away.",
            "The runs themselves go on in any case.",
        ),
        yes="Quit",
        no="Stay",
    )


def _title(verb: "Verb", targets: Sequence[Target]) -> str:
    noun = "scenario run" if targets[0].intent.scenario_run_id else "run"
    if len(targets) > 1:
        return f"{verb.capitalize()} {plural(len(targets), noun)}?"
    return f"{verb.capitalize()} the {noun} {cut(targets[0].name, _LONGEST_NAME)}?"


def _named(names: Sequence[str]) -> list[str]:
    named = [cut(name, _LONGEST_NAME) for name in names[:_MOST_NAMED]]
    if len(names) > _MOST_NAMED:
        named.append(f"and {len(names) - _MOST_NAMED} more")
    return named


def _consequences(
    verb: "Verb", targets: Sequence[Target], now_ms: int, ends: "Mapping[str, EndRange]"
) -> list[str]:
    several = len(targets) > 1
    if targets[0].intent.scenario_run_id:
        if verb == "score":
            return ["What stands on the devbox now is scored, and that is the score."]
        if verb == "cancel":
            devboxes = "Their devboxes are" if several else "Its devbox is"
            lines = [f"{devboxes} shut down. What has no score yet gets none."]
            return lines + _work_lost(targets, now_ms)
        subject = "Each ends" if several else "It ends"
        return [f"{subject} with the score it has, or with none if it was not scored yet."]
    if verb == "cancel":
        lines = ["Its running scenarios are cut off and their devboxes shut down."]
        if several:
            lines = ["Their running scenarios are cut off and the devboxes shut down."]
    elif several:
        lines = ["The runs end as completed, with the scores of what is done."]
    else:
        lines = ["The run ends as completed, with the score of what is done."]
    return lines + _losses([target.record for target in targets], now_ms, ends)


def _work_lost(targets: Sequence[Target], now_ms: int) -> list[str]:
    """Return how much work of canceled scenario runs is cut off, where their starts are known."""
    ids = {target.intent.scenario_run_id for target in targets}
    active = (run for target in targets[:1] for run in target.record.active if run.id in ids)
    cost = cancel_cost(attempts(active), None, None, now_ms)
    return [f"{brief(cost.work_ms)} of work is lost."] if cost.work_ms else []


def _losses(
    records: Sequence["RunRecord"], now_ms: int, ends: "Mapping[str, EndRange]"
) -> list[str]:
    """Return what would be cut off, summed over all runs, and of a single one the score and its end by itself."""
    counts = [counts for record in records if (counts := record.counts) is not None]
    if len(counts) < len(records):
        return ["How many scenarios are running is not known yet."]
    costs = [
        cancel_cost(attempts(record.active), each, record.planned, now_ms)
        for record, each in zip(records, counts, strict=True)
    ]
    lines = ["No scenario is running or scoring at the moment."]
    if active := sum(each.active for each in counts):
        verb = "ends" if active == 1 else "end"
        work_ms = sum(cost.work_ms for cost in costs)
        at_least = "at least " if any(cost.without_start for cost in costs) else ""
        lost = f", and {at_least}{brief(work_ms)} of work is lost" if work_ms else ""
        lines = [f"{plural(active, 'sandbox', 'es')} {verb} without a score{lost}."]
    if not_started := sum(cost.not_started or 0 for cost in costs):
        lines.append(f"{plural(not_started, 'scenario')} would never start.")
    if len(records) == 1:
        lines.extend(_reported(records[0], costs[0]))
        if (end := ends.get(records[0].id)) is not None:
            lines.append(_by_itself(end, now_ms))
    return lines


def _by_itself(end: "EndRange", now_ms: int) -> str:
    if end.high_ms is None:
        return f"By itself it would not end before {clock_time(end.low_ms, now_ms)}."
    return f"By itself it would end {end_range(end, now_ms, Times.LOCAL)}."


def _reported(record: "RunRecord", cost: CancelCost) -> list[str]:
    """Return what the score would be reported as."""
    counts = record.counts
    if counts is None or not counts.scored:
        return ["No scenario has a score yet."]
    mean = f"the mean of {count(counts.scored)} with a score"
    lines = [f"The score would be reported as {percent(cost.reported_score)}, {mean}."]
    if percent(cost.score) != percent(cost.reported_score):
        lines.append(f"With {plural(counts.error, 'error')} as 0 it is {percent(cost.score)}.")
    return [cut(line, _WIDEST) for line in lines]
