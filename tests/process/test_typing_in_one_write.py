"""Keys that arrive in one write, as batching SSH and `tmux send-keys` send them, each do what they would alone."""

import pytest

from tests.process.demo_program import DemoProgram

WIDE, NARROW = (120, 40), (80, 24)
PASTED = "\x1b[200~codex\x1b[201~"


@pytest.mark.parametrize(
    ("size", "keys", "expected"),
    [
        (WIDE, "/codex", "filter: codex"),
        (WIDE, f"/{PASTED}", "filter: codex"),
        (NARROW, "3/codex", "filter: codex"),
        (NARROW, "4/codex", "search: codex"),
        (NARROW, f"b/{PASTED}", "filter: codex"),
        (WIDE, "b\r/codex", "filter: codex"),
        (WIDE, ":dark or", "goes from one to the other"),
        (WIDE, "N\rmini", "1 of "),
        (WIDE, "3jjjjj /codex\r?", "Move by a row"),
    ],
    ids=[
        "runs",
        "runs, pasted",
        "scenarios",
        "the scenario in full, zoomed",
        "jobs, pasted",
        "the runs of a job",
        "all commands",
        "the benchmarks of the form",
        "a key behind it all",
    ],
)
def test_text_behind_the_key_that_opens_a_field_lands_in_it(
    size: tuple[int, int], keys: str, expected: str
) -> None:
    columns, rows = size
    with DemoProgram(columns=columns, rows=rows) as program:
        program.wait_for("4 running")
        program.press(keys)
        program.wait_for(expected, within_s=20)
