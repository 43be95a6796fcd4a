"""What is asked of Runloop: the kinds of operations, the way to each, and what a list is asked for."""

from enum import Enum
from urllib.parse import quote

from runloop_tui.api.errors import BadRequest

MB = 1024 * 1024


class Kind(Enum):
    """What a failure of an operation means depends on what was asked."""

    LIST = "a list of everything: if it is not found, the service does not have it"
    PART = "a list inside one thing: if it is not found, the thing is missing"
    WHOLE = "the same, but without pages: all of it comes at once"
    ONE = "one thing"
    ACTION = "a change: sent once, and it may have arrived although no answer came"
    DOWNLOAD = "a stream of bytes: asked for with POST, but it changes nothing"

    @property
    def acts(self) -> bool:
        """Whether it changes anything at Runloop."""
        return self is Kind.ACTION

    @property
    def most_bytes(self) -> int:
        """The most bytes of JSON that an answer may have: a page is small, one thing can be large."""
        return (8 if self in {Kind.LIST, Kind.PART} else 32) * MB

    @property
    def method(self) -> str:
        """The HTTP method that such operations use."""
        return "POST" if self in {Kind.ACTION, Kind.DOWNLOAD} else "GET"


def path_to(resource: str, thing_id: str, part: str = "") -> str:
    """The path of one thing, or of a part of it, with its id quoted so that it stays one segment.

    Raises:
        BadRequest: when the id can be no segment of a path: empty, one or two dots, or no text.
    """
    if thing_id in {"", ".", ".."}:  # quoting leaves dots alone, and they would walk up the path
        raise BadRequest("this is no id")
    try:
        segment = quote(thing_id, safe="")
    except UnicodeEncodeError:
        raise BadRequest("this is no id") from None
    return "/".join(filter(None, [resource, segment, part]))


def list_query(include_total_count: bool | None, **parameters: str | int | None) -> dict[str, str]:  # noqa: FBT001 - always the first
    """Only what is set; whether to count is always said, because the server's default counts.

    `include_total_count` is None for a list that does not count.
    """
    said = {name: str(value) for name, value in parameters.items() if value not in {None, ""}}
    if include_total_count is not None:
        said["include_total_count"] = "true" if include_total_count else "false"
    # Half a surrogate pair (typed or pasted) has no place in an address.
    return {name: value.encode(errors="replace").decode() for name, value in said.items()}
