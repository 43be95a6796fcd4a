"""What a person types to find runs: words, and `field:value` for what the server can be asked for by itself."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runloop_tui.monitor.query import Found, Query, parse

if TYPE_CHECKING:
    from runloop_tui.api.models import BenchmarkRun

_FIELDS = ("name", "state", "benchmark")


@dataclass(frozen=True, slots=True)
class RunFilter:
    """A filter of runs. All of it must hold; "" asks for nothing."""

    words: str = ""
    """Words that must occur in name, id, state, benchmark, purpose or metadata."""
    name: str = ""
    """The exact name."""
    state: str = ""
    benchmark: str = ""
    """The exact id of the benchmark."""

    def holds_for(self, run: "BenchmarkRun", shown_state: str = "") -> bool:
        """Tell whether a run passes; it is what narrows the runs that were read, whoever was asked.

        `shown_state` is the word that stands in the run's row, where that is not the server's own.
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
    """Read what was typed: `state:failed`, `benchmark:bmd_…`, `name:nightly`, and words."""
    query = parse(text, _FIELDS)
    return RunFilter(words=" ".join(query.words), **query.fields)
