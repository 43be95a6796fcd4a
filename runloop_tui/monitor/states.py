"""Which states are final. A state that nobody has heard of is neither running nor final."""

NOT_STARTED = "not started"
"""The state of what a job or a benchmark promises and nobody has heard of yet; no server says it."""

_ENDED = frozenset({"completed", "canceled", "failed", "timeout"})


def has_ended(state: str) -> bool:
    """Tell whether a run or scenario run in this state will never leave it."""
    return state in _ENDED
