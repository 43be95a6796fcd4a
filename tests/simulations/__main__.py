"""Prints how often each formula was right on simulated runs: `python -m tests.simulations [--runs 200]`."""

import argparse
import sys
from collections.abc import Iterable

from tests.simulations.cover import (
    STAGES,
    Cover,
    false_slow,
    of_end,
    of_forecast,
    of_forecast_hard_last,
)
from tests.simulations.simulated_run import LIMIT_MS, Link, World

_SIZES = ((500, 50), (89, 10), (500, 10), (89, 64))
_LINKS: tuple[Link, ...] = ("none", "fast pass", "fast fail")


def forecasts(seeds: range) -> Iterable[str]:
    """The cover and width of the forecast, by how the chance to pass depends on the duration."""
    yield "### Final score: cover (width)"
    yield from _head("scenarios / slots, fast ones")
    for total, slots in _SIZES:
        for link in _LINKS:
            world = World(total, slots, link)
            covers = [of_forecast(world, done, seeds) for done in STAGES]
            yield _row(f"{total} / {slots}, {link}", map(_score_cell, covers))
    for total, slots in _SIZES[:2]:
        world = World(total, slots)
        for with_baseline, words in ((False, ""), (True, ", with a run before")):
            covers = [
                of_forecast_hard_last(world, done, seeds, with_baseline=with_baseline)
                for done in STAGES
            ]
            yield _row(f"{total} / {slots}, hard ones last{words}", map(_score_cell, covers))


def ends(seeds: range) -> Iterable[str]:
    """The cover of the end, and its ends over the truth, with the limit known or not."""
    yield "### End: cover (earliest–latest over the truth, share of the runs with a latest end)"
    yield from _head("scenarios / slots, limit")
    for total, slots in _SIZES:
        world = World(total, slots)
        for limit, word in ((LIMIT_MS, "known"), (None, "unknown")):
            covers = [of_end(world, done, seeds, limit) for done in STAGES]
            yield _row(f"{total} / {slots}, {word}", map(_end_cell, covers))


def flags(seeds: range) -> Iterable[str]:
    """How many healthy scenarios are ever called slow."""
    yield "### Slow: healthy scenarios that were ever called slow, without a limit"
    yield from ("| sigma | flagged | of | share |", "| --- | --- | --- | --- |")
    for sigma in (0.6, 0.9, 1.2):
        flagged, number = false_slow(World(200, 20, sigma=sigma, limit_ms=None), seeds)
        yield f"| {sigma} | {flagged} | {number} | {flagged / number:.2%} |"


def _head(first: str) -> tuple[str, str]:
    stages = " | ".join(f"{done:.0%} done" for done in STAGES)
    return f"| {first} | {stages} |", "| --- " * (len(STAGES) + 1) + "|"


def _score_cell(cover: Cover) -> str:
    return f"{cover.cover:.2f} ({cover.width:.2f})" if cover.given else "–"


def _end_cell(cover: Cover) -> str:
    if not cover.given:
        return "–"
    share = "" if cover.given == cover.runs else f", {cover.given / cover.runs:.0%}"
    return f"{cover.cover:.2f} ({cover.low:.2f}–{cover.high:.2f}{share})"


def _row(title: str, cells: Iterable[str]) -> str:
    return f"| {title} | {' | '.join(cells)} |"


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulations", description=__doc__)
    parser.add_argument("--runs", type=int, default=200, help="simulated runs for each cell")
    seeds = range(parser.parse_args().runs)
    for table in (forecasts, ends, flags):
        for line in table(seeds):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
        sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
