"""Hypothesis strategies for anything the network may send, and the checks that every shown text must pass."""

import unicodedata
from dataclasses import fields
from random import Random
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from rich.cells import cell_len, get_character_cell_size

from runloop_tui.api.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    NoConnection,
    NotAuthorised,
    NotFound,
    NotOffered,
    NotUnderstood,
    RateLimited,
    RunloopError,
    ServerError,
    TimedOut,
)
from runloop_tui.api.models import (
    BenchmarkRun,
    ScenarioRun,
    ScoringFunctionResult,
    ScoringResult,
)
from runloop_tui.monitor.counts import Tally
from runloop_tui.monitor.snapshot import RunRecord, Snapshot
from runloop_tui.present.layout import Line
from tests.present.building import NOW

bounded = settings(derandomize=True, deadline=None, database=None)
"""The same examples every time, without a deadline."""

NASTY = (
    "\x1b[31m",
    "\x1b[2J",
    "\x1b]0;title\x07",
    "\x1b]52;c;cHduZWQ=\x1b\\",
    "\x1b]8;;https://example.invalid\x1b\\",
    "\x1bPq\x1b\\",
    "\x1bc",
    "\x1b",
    "\x1b[",
    "\x9b31m",
    "\x9d0;title\x9c",
    "\x90",
    "\x85",
    "\0",
    "\a",
    "\b",
    "\t",
    "\n",
    "\r\n",
    "\r",
    "\v",
    "\f",
    "\x1c",
    "\x7f",
    "\u2028",
    "\u2029",
    "\u202e",
    "\u2066",
    "\u200b",
    "\u200d",
    "\ufe0f",
    "\ufeff",
    "\u00ad",
    "\u3000",
    "\u2800",
    "\u3164",
    "\ud83d",
    "\udc80",
    "\ue000",
    "\U000e0041",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\U0001f1e9\U0001f1ea",
    "1\ufe0f\u20e3",
    "\U0001f44d\U0001f3fd",
    "\u2764\ufe0f",
    "e\u0301",
    "\u0301\u0316\u0489",
    "\u0958",
    "\u1100\u1161\u11a8",
    "\u0939\u093f",
    "漢字",
    "[red]",
    "[/]",
    "[@click=app.quit]",
    " ",
    "a",
    "score=1.0",
)
"""Fragments that drive terminals, open markup, or break columns."""

texts = st.lists(
    st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=()), max_size=5), max_size=12
).map("".join)
long_texts = texts | st.builds(lambda text, times: text * times, texts, st.sampled_from([30, 300]))
states = st.sampled_from(
    ["running", "scoring", "scored", "completed", "canceled", "timeout", "failed", ""]
)


class Chaos(Random):
    """Make models as a hostile server would send them, from one seed: drawing each text by itself is far too slow."""

    def text(self) -> str:
        """A text of hostile fragments, sometimes a very long one."""
        some = self.choices(NASTY, k=self.randrange(9))
        return "".join(some) * self.choices([1, 30, 300], [40, 4, 1])[0]

    def id(self) -> str:
        """An id of whatever form, but one that can be encoded, as the models demand of ids."""
        return self.text().encode(errors="replace").decode()[:1_000] or "bmr_1"

    def state(self) -> str:
        """A state, often one that is known."""
        known = ["running", "scoring", "scored", "completed", "canceled", "timeout", "failed"]
        return self.choice([*known, self.text()])

    def score(self) -> float | None:
        """A score, often one that makes sense."""
        return self.choice([None, 0.0, self.random(), 1.0, self.uniform(-1e6, 1e6)])

    def moment(self) -> int | None:
        """A time or a duration in ms, from none to the last that a view may hold."""
        near, far = NOW - self.randrange(10**8), self.randrange(200_000_000_000_000)
        return self.choice([None, 0, near, NOW + self.randrange(10**6), far])

    def count(self) -> int:
        """How many of something."""
        return self.randrange(self.choice([1, 20, 10_000, 10_000_000]))

    def labels(self) -> dict[str, str]:
        """Names and their values."""
        return {self.text(): self.text() for _ in range(self.randrange(4))}

    def fields(self) -> dict[str, Any]:
        """What runs and scenario runs have in common."""
        return {
            "id": self.id(),
            "name": self.text(),
            "state": self.state(),
            "start_time_ms": self.moment(),
            "duration_ms": self.moment(),
            "purpose": self.text(),
            "metadata": self.labels(),
            "environment_variables": self.labels(),
            "secrets_provided": self.labels(),
        }

    def run(self) -> BenchmarkRun:
        """A benchmark run."""
        return BenchmarkRun(benchmark_id=self.text(), score=self.score(), **self.fields())

    def scenario_run(self) -> ScenarioRun:
        """A scenario run, with scorers or without."""
        scorers = tuple(self.scorer_result() for _ in range(self.randrange(3)))
        result = ScoringResult(score=self.score(), scoring_function_results=scorers)
        return ScenarioRun(
            scenario_id=self.text(),
            devbox_id=self.text(),
            benchmark_run_id=self.text(),
            scoring_contract_result=self.choice([None, result]),
            **self.fields(),
        )

    def scorer_result(self) -> ScoringFunctionResult:
        """What a scorer said."""
        return ScoringFunctionResult(
            scoring_function_name=self.text(),
            score=self.score(),
            output=self.text(),
            state=self.choice(["complete", "error", "unknown", self.text()]),
        )

    def tally(self) -> Tally:
        """Counts of all kinds."""
        kinds = [field.name for field in fields(Tally) if field.type is int or field.type == "int"]
        return Tally(**{kind: self.count() for kind in kinds}, score_sum=self.uniform(0, 1e7))

    def record(self) -> RunRecord:
        """A record, whatever is known of it."""
        return RunRecord(
            run=self.run(),
            total=self.choice([None, self.count()]),
            tally=self.choice([None, self.tally()]),
            active=tuple(self.scenario_run() for _ in range(self.randrange(5))),
            scenario_runs=self.choice([None, ()]),
            all_read=self.random() < 0.7,
            under_way=self.choice(["", "canceling…", "completing…"]),
            gone=self.random() < 0.2,
        )

    def snapshot(self) -> Snapshot:
        """A snapshot of a few records."""
        return Snapshot(
            records=tuple(self.record() for _ in range(self.randrange(4))),
            runs_in_all=self.choice([None, self.count()]),
            more_runs=self.random() < 0.5,
            loaded=self.random() < 0.8,
        )


_seeds = st.integers(0, 2**32 - 1).map(Chaos)
records = _seeds.map(Chaos.record)
scenario_runs = _seeds.map(Chaos.scenario_run)
snapshots = _seeds.map(Chaos.snapshot)
several_records = _seeds.map(lambda chaos: [chaos.record() for _ in range(1 + chaos.randrange(7))])

ERRORS: tuple[type[RunloopError], ...] = (
    NotAuthorised,
    Forbidden,
    NotFound,
    NotOffered,
    BadRequest,
    Conflict,
    RateLimited,
    ServerError,
    TimedOut,
    NoConnection,
    NotUnderstood,
)
errors = st.builds(
    lambda kind, detail, status, seconds: kind(detail=detail, status=status, retry_after_s=seconds),
    st.sampled_from(ERRORS),
    long_texts,
    st.none() | st.integers(400, 599),
    st.none() | st.floats(0, 86_400),
)


def hazards(text: str) -> list[str]:
    """Return what makes a text unsafe to show; empty for a safe one."""
    wrong = [
        f"U+{ord(character):04X} ({unicodedata.category(character)})"
        for character in text
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
        or 0xFE00 <= ord(character) <= 0xFE0F
        or 0x1F1E6 <= ord(character) <= 0x1F1FF
        or 0x1F3FB <= ord(character) <= 0x1F3FF
        or character == "\u20e3"
    ]
    if cell_len(text) != sum(map(get_character_cell_size, text)):
        wrong.append("its width is more than the sum of its characters")
    if most_marks(text) > 2:
        wrong.append("too many marks on one letter")
    return wrong


def most_marks(text: str) -> int:
    """Return the length of the longest sequence of zero-width characters."""
    most = here = 0
    for character in text:
        here = 0 if get_character_cell_size(character) else here + 1
        most = max(most, here)
    return most


def assert_shows_safely(line: Line, width: int) -> None:
    """Fail unless the line fits, and each piece is safe and begins with a character that has a width."""
    for piece in line:
        assert hazards(piece.text) == []
        assert not piece.text or get_character_cell_size(piece.text[0]) > 0
    assert sum(cell_len(piece.text) for piece in line) <= width
