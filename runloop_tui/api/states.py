"""Which states are terminal: a run, scenario run or job in one of them never leaves it.

Imports nothing, because the first frame needs it before the models are imported.
"""

TERMINAL_STATES = frozenset({"completed", "canceled", "failed", "timeout"})


def is_terminal(state: str) -> bool:
    """Return whether a run, scenario run or job in this state will never leave it; an unknown state is not terminal."""
    return state in TERMINAL_STATES
