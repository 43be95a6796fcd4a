"""What a person types to find runs: words, and `field:value` for what the server can be asked for by itself."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runloop_tui.api.models import BenchmarkRun

_CANCELED = frozenset({"cancelled", "cancel"})


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

    def holds_for(self, run: "BenchmarkRun") -> bool:
        """Tell whether a run passes; it is what narrows the runs that were read, whoever was asked."""
        return (
            (not self.name or run.name == self.name)
            and (not self.state or run.state == self.state)
            and (not self.benchmark or run.benchmark_id == self.benchmark)
            and _has_words(
                self.words,
                run.name,
                run.id,
                run.state,
                run.benchmark_id,
                run.purpose,
                *run.metadata.values(),
            )
        )


def parse_run_filter(text: str) -> RunFilter:
    """Read what was typed: `state:failed`, `benchmark:bmd_…`, `name:nightly`, and words."""
    fields = {"name": "", "state": "", "benchmark": ""}
    words: list[str] = []
    for word in text.split():
        field, colon, value = word.partition(":")
        if colon and value and field.lower() in fields:
            fields[field.lower()] = value
        else:
            words.append(word)
    state = fields["state"].lower()
    fields["state"] = "canceled" if state in _CANCELED else state
    return RunFilter(words=" ".join(words), **fields)


def _has_words(needle: str, *haystacks: str) -> bool:
    text = "\n".join(haystacks).casefold()
    return all(word in text for word in needle.casefold().split())
