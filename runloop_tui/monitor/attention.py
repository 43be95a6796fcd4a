"""What the person is looking at: it is asked for first, and most often."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attention:
    """What is on the screen."""

    watched: str | None = None
    """The run whose scenario runs are on the screen."""
    visible: tuple[str, ...] = ()
    """The runs whose rows are on the screen."""
