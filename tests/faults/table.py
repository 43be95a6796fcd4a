"""The failure matrix as a table for people, written from the rows."""

from pathlib import Path

from tests.faults.rows import ROWS

README = Path(__file__).with_name("README.md")

_HEAD = """\
# What the user sees when something fails

Each row is a test: the app runs against a server on a real socket, healthy, into the failure, and out of it again, with
an interval of 5 s. In each the data that was there stays on the screen, nothing is shown that the server did not say,
and no request is sent beyond those of the polls. Beside what begins with `!` are the time of the next try and the
age of the data: `! server error (500)  next try in 5s  data of 14:13, 12s old`. `r` always retries at once.

This file is written from the rows of the tests by `python -m tests.faults --table`. To see a row in a terminal, start
`python -m tests.faults --port 8899`, let the app watch it with
`RUNLOOP_API_KEY=any runloop-tui --base-url http://127.0.0.1:8899 --interval 1`, and type the name of a failure.

| failure | what the user sees | recovered after it has gone |
| --- | --- | --- |
"""


def table() -> str:
    """The text of README.md."""
    lines = [
        f"| {_cell(row.failure)} | {_cell(' … '.join(row.sees))} | {_cell(row.recovers)} |"
        for row in ROWS
    ]
    return _HEAD + "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
