"""The questions of confirmation dialogs: the targets by name, and the consequences."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from runloop_tui.present.text import cut
from runloop_tui.present.units import plural

if TYPE_CHECKING:
    from runloop_tui.monitor.actions import Intent, Verb
    from runloop_tui.monitor.snapshot import RunRecord

_LONGEST_NAME = 60
_MOST_NAMED = 5


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


def action_question(targets: Sequence[Target]) -> Question:
    """Return the question before one action on one or more targets, all runs or all scenario runs."""
    verb, several = targets[0].intent.verb, len(targets) > 1
    return Question(
        title=_title(verb, targets),
        lines=(
            *(_named([target.name for target in targets]) if several else ()),
            *_consequences(verb, targets),
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


def _consequences(verb: "Verb", targets: Sequence[Target]) -> list[str]:
    several = len(targets) > 1
    if targets[0].intent.scenario_run_id:
        if verb == "score":
            return ["What stands on the devbox now is scored, and that is the score."]
        if verb == "cancel":
            devboxes = "Their devboxes are" if several else "Its devbox is"
            return [f"{devboxes} shut down. What has no score yet gets none."]
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
    return lines + _losses([target.record for target in targets])


def _losses(records: Sequence["RunRecord"]) -> list[str]:
    """Return how many scenarios would stay without a score, summed over all runs, where that is known."""
    counts = [counts for record in records if (counts := record.counts) is not None]
    if len(counts) < len(records):
        return ["How many scenarios are running is not known yet."]
    unscored = sum(each.running + each.scoring for each in counts)
    scored = sum(each.scored for each in counts)
    lines = [f"{plural(unscored, 'scenario')} running or scoring would stay without a score."]
    if not unscored:
        lines = ["No scenario is running or scoring at the moment."]
    not_started = sum(
        each.not_started(record.planned) or 0 for each, record in zip(counts, records, strict=True)
    )
    if not_started:
        lines.append(f"{plural(not_started, 'scenario')} would never start.")
    if len(records) == 1:
        lines.append(
            f"The score would come from the {scored} that have one."
            if scored
            else "No scenario has a score yet."
        )
    return lines
