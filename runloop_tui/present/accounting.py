"""A sum of outcomes, written as a sum."""

from collections.abc import Sequence

from runloop_tui.present.cells import Line, Piece, Tone
from runloop_tui.present.flow import flow

Term = tuple[str, int, Tone]
"""What is counted, how many there are, and the tone of a number above 0."""


def written_sum(
    terms: Sequence[Term], *, started: int, total: int | None, width: int
) -> list[Line]:
    """The terms with a plus between them, and the total, or how many have started where nobody says it."""
    groups: list[Line] = [
        (
            Piece("+ " if index else "", "muted"),
            Piece(f"{number} ", tone if number else "muted"),
            Piece(label, "muted"),
        )
        for index, (label, number, tone) in enumerate(terms)
    ]
    if total is None:
        groups.append((Piece(f"= {started} started, total unknown", "muted"),))
    else:
        groups.append((Piece(f"= {total}", "strong"),))
    return flow(groups, width)
