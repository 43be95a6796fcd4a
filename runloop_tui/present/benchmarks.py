"""Benchmarks to choose from, as rows, and the one that was chosen in a few words."""

from typing import TYPE_CHECKING

from runloop_tui.monitor.arrange import has_words
from runloop_tui.present.cells import Cells, Column, Line, Piece
from runloop_tui.present.numbers import count, plural
from runloop_tui.present.text import cut, safe, safe_name
from runloop_tui.present.troubles import error_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from runloop_tui.api.models import Benchmark
    from runloop_tui.monitor.fetch_benchmarks import Benchmarks

BENCHMARK_COLUMNS = (
    Column("", "benchmark", 24, stretch=2),
    Column("", "scenarios", 9, right=True),
    Column("", "whose", 6),
    Column("", "description", 20, stretch=3, optional=1),
)
"""The columns of the list to choose from."""


def benchmark_name(benchmark: "Benchmark") -> str:
    """The name, or the id where it has none that shows."""
    return safe_name(benchmark.name, benchmark.id)


def benchmark_cells(benchmark: "Benchmark") -> Cells:
    """A row's cells, in the order of BENCHMARK_COLUMNS."""
    number = len(benchmark.scenario_ids)
    return (
        Piece(benchmark_name(benchmark), "strong"),
        Piece(count(number) if number else "?"),
        Piece("public" if benchmark.is_public else "yours", "muted"),
        Piece(safe(benchmark.description), "muted"),
    )


def benchmark_words(benchmark: "Benchmark", width: int) -> str:
    """The chosen benchmark in a line: its name and how many scenarios it has."""
    number = len(benchmark.scenario_ids)
    rest = f"  {plural(number, 'scenario')}" if number else ""
    return cut(benchmark_name(benchmark), max(1, width - len(rest))) + rest


def arrange_benchmarks(benchmarks: "Iterable[Benchmark]", needle: str) -> "list[Benchmark]":
    """Those in which all words occur (name, id, description, attribution), the account's own first, by name."""
    found = [
        each
        for each in benchmarks
        if has_words(needle, each.name, each.id, each.description, each.attribution)
    ]
    return sorted(found, key=lambda each: (each.is_public, each.name.casefold(), each.id))


def benchmarks_title(shown: int, benchmarks: "Benchmarks") -> Line:
    """How many are shown of how many."""
    held = len(benchmarks.items)
    number = count(shown) if shown == held else f"{count(shown)} of {count(held)}"
    line = [Piece("benchmarks ", "title"), Piece(number, "muted")]
    if not benchmarks.whole:
        line.append(Piece("  reading…", "muted"))
    elif not held and not benchmarks.troubles:
        line.append(Piece("  there are none", "muted"))
    if benchmarks.complaints:
        line.append(
            Piece(f"  {plural(len(benchmarks.complaints), 'problem')} in what was read", "warn")
        )
    return tuple(line)


def benchmarks_trouble(benchmarks: "Benchmarks") -> str:
    """What could not be read and why; "" where all was."""
    return "\n".join(
        f"! {trouble.what} could not be read: {error_words(trouble.error)}"
        for trouble in benchmarks.troubles
    )
