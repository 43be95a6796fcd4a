"""How far an error reaches: to one thing alone, or to all that could be asked for."""

from runloop_tui.api.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    NotFound,
    NotUnderstood,
    RunloopError,
    ServerError,
)
from runloop_tui.monitor.faults import Unexpected

_OF_ONE_THING = (BadRequest, Conflict, Forbidden, NotFound, NotUnderstood, ServerError, Unexpected)


def concerns_all(error: RunloopError) -> bool:
    """Tell whether asking for something else would fare no better, or was asked not to happen yet.

    A wrong key, a dead line and a server that is too slow or says when to come back concern all; what the server
    says of one thing does not.
    """
    return error.retry_after_s is not None or not isinstance(error, _OF_ONE_THING)
