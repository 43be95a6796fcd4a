"""How fresh the data is, and what is wrong when it is not."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runloop_tui.api.errors import RunloopError


@dataclass(frozen=True, slots=True)
class Trouble:
    """What could not be asked, and why."""

    what: str
    """What was asked for, such as "the list of runs"."""
    error: "RunloopError"


@dataclass(frozen=True, slots=True)
class Health:
    """The state of the polling after its last try."""

    fresh_ms: int | None = None
    """When the last complete poll ended (our clock); None before the first."""
    trouble: Trouble | None = None
    next_try_ms: int | None = None
    """When the next poll is due; None while one is under way."""
    skew_ms: int = 0
    """The server's clock minus ours."""
    complaints: tuple[str, ...] = ()
    """What of the last answers could not be understood; raw text."""
