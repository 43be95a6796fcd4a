"""The query language of all tables: words that must all occur, and `field:value`."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from runloop_tui.api.models import BenchmarkRun


_STATE_WORDS = frozenset(
    {
        "canceled",
        "completed",
        "ended",
        "failed",
        "gone",
        "initializing",
        "partial",
        "passed",
        "queued",
        "running",
        "scored",
        "scoring",
        "stuck",
        "timeout",
        "waiting",
        "zero",
    }
)
"""Words that mean a state: typed alone, they are not searched in reasons, which say "3 failed in 75 s"."""
_OTHER_SPELLINGS = {"cancelled": "canceled", "cancel": "canceled"}
_BETWEEN = str.maketrans("-_", "  ", "…")


class Found(NamedTuple):
    """The texts by which a row can be found; some are raw texts from outside."""

    names: Iterable[str | None]
    """Its names and ids, and whatever else names it."""
    states: Iterable[str]
    """The word that is shown for its state, and the server's own."""
    reason: str = ""
    """Its failure reason."""


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: all of it must match; an empty one matches every row."""

    words: tuple[str, ...] = ()
    """Ignoring case, each must be in a name, a state or the reason; those that mean a state not in the reason."""
    fields: dict[str, str] = field(default_factory=dict)
    """What follows `field:`, as it was typed."""

    def finds(self, row: Found) -> bool:
        """Return whether a row matches."""
        state, wanted = self.fields.get("state"), self.fields.get("reason")
        if state is not None and not _is_state(state, row.states):
            return False
        if wanted is not None and wanted.casefold() not in row.reason.casefold():
            return False
        if not self.words:
            return True
        text = "\n".join(filter(None, (*row.names, *row.states))).casefold()
        missing = [word for word in self.words if word not in text]
        if not missing:
            return True
        if not _STATE_WORDS.isdisjoint(missing):
            return False
        reason = row.reason.casefold()
        return all(word in reason for word in missing)


def parse(text: str, fields: Collection[str] = ("state",)) -> Query:
    """Parse a query; of a field that occurs twice the last counts, an unknown field is a word."""
    known: dict[str, str] = {}
    words: list[str] = []
    for word in text.split():
        name, colon, value = word.partition(":")
        if colon and value and name.casefold() in fields:
            known[name.casefold()] = value
        else:
            words.append(_spelled(word))
    if "state" in known:
        known["state"] = _spelled(known["state"])
    return Query(tuple(words), known)


def _spelled(word: str) -> str:
    word = word.casefold()
    return _OTHER_SPELLINGS.get(word, word)


def _is_state(wanted: str, states: Iterable[str]) -> bool:
    """Return whether one of the states is wanted; "no-score" means "no score"."""
    plain = wanted.translate(_BETWEEN)
    return any(plain == state.casefold().translate(_BETWEEN) for state in states)


_FIELDS = ("name", "state", "benchmark")


@dataclass(frozen=True, slots=True)
class RunFilter:
    """A filter of runs, which the server can apply too. All of it must match; "" matches everything."""

    words: str = ""
    """Words that must occur in name, id, state, benchmark, purpose or metadata."""
    name: str = ""
    """The exact name."""
    state: str = ""
    benchmark: str = ""
    """The exact id of the benchmark."""

    def holds_for(self, run: "BenchmarkRun", shown_state: str = "") -> bool:
        """Return whether a run matches; applied to the server's answers to a search, too.

        `shown_state` is the word in the run's row, where that is not the server's own.
        """
        if (self.name and run.name != self.name) or (
            self.benchmark and run.benchmark_id != self.benchmark
        ):
            return False
        fields = {"state": self.state} if self.state else {}
        names = (run.name, run.id, run.benchmark_id, run.purpose, *run.metadata.values())
        states = (shown_state or run.state, run.state if shown_state != "gone" else "")
        return Query(tuple(self.words.split()), fields).finds(Found(names, states))


def parse_run_filter(text: str) -> RunFilter:
    """Parse a filter of runs: `state:failed`, `benchmark:bmd_…`, `name:nightly`, and words."""
    query = parse(text, _FIELDS)
    return RunFilter(words=" ".join(query.words), **query.fields)
