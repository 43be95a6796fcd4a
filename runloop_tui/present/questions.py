"""What a dialog asks before something happens: the target by name, and what will happen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from runloop_tui.present.numbers import plural
from runloop_tui.present.text import cut

if TYPE_CHECKING:
    from runloop_tui.monitor.actions import Intent, Verb
    from runloop_tui.monitor.snapshot import RunRecord

_LONGEST_NAME = 60
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Question:
    """A question with two answers, of which the harmless one is the default."""

    title: str
    lines: tuple[str, ...]
    yes: str
    no: str


@dataclass(frozen=True, slots=True)
class Target:
    """What an intent is about, as it stood when the key was pressed."""

    intent: "Intent"
    name: str
    """A safe text."""
    record: "RunRecord"
    """The run, or the run of the scenario run."""


def action_question(targets: Sequence[Target]) -> Question:
    """The question before a cancel or a complete of one or more targets, all of one kind."""
    verb = targets[0].intent.verb
    lines = _consequences(targets[0]) if len(targets) == 1 else _for_several(targets)
    return Question(
        title=_title(verb, targets),
        lines=(*lines, "This cannot be undone."),
        yes=f"{verb.capitalize()} it" if len(targets) == 1 else f"{verb.capitalize()} all",
        no="Leave it running" if len(targets) == 1 else "Leave them running",
    )


def logs_question(names: Sequence[str], folder: str) -> Question:
    """The question before logs are downloaded."""
    what = (
        f"the logs of {cut(names[0], _LONGEST_NAME)}" if len(names) == 1 else f"{len(names)} logs"
    )
    return Question(
        title=f"Download {what}?",
        lines=(
            *(cut(name, _LONGEST_NAME) for name in names[:_MOST_NAMED] if len(names) > 1),
            "A zip file will be written to",
            folder,
            "Nothing that is there is overwritten.",
        ),
        yes="Download",
        no="Not now",
    )


def quit_question(active: int) -> Question:
    """The question before quitting while downloads are under way."""
    what = plural(active, "download")
    return Question(
        title=f"Quit with {what} under way?",
        lines=(
            "What was received stays behind as a .part file.",
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


def _for_several(targets: Sequence[Target]) -> list[str]:
    named = [cut(target.name, _LONGEST_NAME) for target in targets[:_MOST_NAMED]]
    if len(targets) > _MOST_NAMED:
        named.append(f"and {len(targets) - _MOST_NAMED} more")
    return [*named, "They are sent one after another, each once."]


def _consequences(target: Target) -> list[str]:
    if target.intent.scenario_run_id:
        if target.intent.verb == "cancel":
            return ["Its devbox is shut down. It will have no score."]
        return ["It ends with the score it has, or with none if it was not scored yet."]
    counts, total = target.record.tally, target.record.planned
    if target.intent.verb == "cancel":
        lines = ["All its running scenarios are cut off and their devboxes shut down."]
    else:
        lines = ["The run ends as completed, with the score of what is done."]
    if counts is None or not target.record.all_read:
        return [*lines, "How many are running is not known yet."]
    unscored = counts.running + counts.scoring
    lines.append(f"{plural(unscored, 'scenario')} running or scoring would stay without a score.")
    if not_started := counts.not_started(total):
        lines.append(f"{plural(not_started, 'scenario')} would never start.")
    lines.append(f"The score would come from the {counts.scored} that have one.")
    return lines
