"""How long to rest between two polls."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runloop_tui.api.errors import LONGEST_PAUSE_S, Forbidden, NotAuthorised, NotOffered

if TYPE_CHECKING:
    from runloop_tui.api.errors import RunloopError

_JITTER = 0.1
_LONGEST_S = 60.0


@dataclass(frozen=True, slots=True)
class Pacing:
    """Rests of `interval_s`, growing up to a minute while polls fail."""

    interval_s: float

    def rest_s(self, failures: int, error: "RunloopError | None", jitter: float) -> float:
        """Seconds until the next poll, after `failures` failed ones in a row; `jitter` is from 0 to 1.

        An answer that says when to come back is obeyed, for `LONGEST_PAUSE_S` at most; what a person has to mend (a
        key, an address) is asked for once a minute.
        """
        if error is None:
            return self.interval_s * (1 + _JITTER * (jitter - 0.5))
        if isinstance(error, NotAuthorised | Forbidden | NotOffered):
            rest = max(_LONGEST_S, self.interval_s)
        else:
            longest = max(_LONGEST_S, self.interval_s)
            rest = min(longest, self.interval_s * 2 ** min(failures - 1, 10))
        spread = 1 + _JITTER * jitter
        wanted = min((error.retry_after_s or 0.0) * spread, LONGEST_PAUSE_S)
        return max(rest * spread, wanted)
