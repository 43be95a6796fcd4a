"""The table in README.md is that of the rows."""

from tests.faults.rows import ROWS
from tests.faults.table import README, table


def test_the_readme_says_what_the_tests_hold() -> None:
    assert README.read_text(encoding="utf-8") == table(), "run: python -m tests.faults --table"


def test_every_failure_is_listed_once() -> None:
    names = [row.failure for row in ROWS]
    assert len(set(names)) == len(names)
