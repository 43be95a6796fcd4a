"""Paths, query parameters and request bodies of the operations."""

from collections.abc import Awaitable, Callable, Mapping
from enum import Enum
from typing import TypeVar
from urllib.parse import quote

from runloop_tui.api.errors import BadRequest, NotOffered, NotUnderstood

CURRENT_RUNS_PATH = "/v1/benchmark_runs"
OLDER_RUNS_PATH = "/v1/benchmarks/runs"

MB = 1024 * 1024

T = TypeVar("T")


class Kind(Enum):
    """The kind of an operation: decides its method, its size limit, and what a failure of it means."""

    LIST = "a list of the account's resources: on 404 the service does not offer it"
    PART = "a paged list inside one resource: on 404 the resource does not exist"
    WHOLE = "an unpaged list inside one resource"
    ONE = "one resource"
    ACTION = "a change: sent once; may have taken effect although no response came"
    DOWNLOAD = "a byte stream: requested with POST, but changes nothing"

    @property
    def acts(self) -> bool:
        """Whether the operation changes anything at Runloop."""
        return self is Kind.ACTION

    @property
    def max_bytes(self) -> int:
        """The most bytes of JSON that a response may have: 8 MB for a page, 32 MB for everything else."""
        return (8 if self in {Kind.LIST, Kind.PART} else 32) * MB

    @property
    def method(self) -> str:
        """The HTTP method of such operations."""
        return "POST" if self in {Kind.ACTION, Kind.DOWNLOAD} else "GET"


def path_to(resource: str, resource_id: str, part: str = "") -> str:
    """Return the path of one resource, or of a part of it, with the id quoted as one path segment.

    Raises:
        BadRequest: the id cannot be a path segment: it is empty, "." or "..", or not valid Unicode.
    """
    if resource_id in {"", ".", ".."}:  # quote() leaves dots alone, and they would walk up the path
        raise BadRequest("this is no id")
    try:
        segment = quote(resource_id, safe="")
    except UnicodeEncodeError:
        raise BadRequest("this is no id") from None
    return "/".join(filter(None, [resource, segment, part]))


def list_query(include_total_count: bool | None, **parameters: str | int | None) -> dict[str, str]:  # noqa: FBT001 - always the first
    """Return the query of a list: the parameters that are set, and always `include_total_count`.

    The server counts unless told not to. `include_total_count` is None for a list that has no such
    parameter.
    """
    query = {name: str(value) for name, value in parameters.items() if value not in {None, ""}}
    if include_total_count is not None:
        query["include_total_count"] = "true" if include_total_count else "false"
    # A lone surrogate (typed or pasted) cannot be encoded in a URL.
    return {name: value.encode(errors="replace").decode() for name, value in query.items()}


def start_run_body(
    benchmark_id: str,
    *,
    run_name: str = "",
    metadata: Mapping[str, str] | None = None,
    purpose: str = "",
    environment_variables: Mapping[str, str] | None = None,
    secrets: Mapping[str, str] | None = None,
) -> dict[str, object]:
    """Return the body that starts a run (StartBenchmarkRunParameters with a RunProfile), without empty fields.

    `environment_variables` are names and values, which may be secret: mask them before display.
    `secrets` maps names of variables to the names of the account's secrets.
    """
    profile = _non_empty(
        purpose=purpose, envVars=dict(environment_variables or {}), secrets=dict(secrets or {})
    )
    return {"benchmark_id": benchmark_id} | _non_empty(
        run_name=run_name, metadata=dict(metadata or {}), runProfile=profile
    )


def _non_empty(**fields: object) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value}


class RunPaths:
    """The path at which this server has benchmark runs: the current one or that of older servers.

    Only the list decides: a 404 on one run says nothing about the service.
    """

    def __init__(self) -> None:
        self.resource = CURRENT_RUNS_PATH
        """The path of the list; the path of one run begins with it."""

    async def find(
        self, fetch: Callable[[str], Awaitable[T]], fetch_other: Callable[[str], Awaitable[T]]
    ) -> T:
        """Return `fetch(path)`; where the list is not offered there, try `fetch_other` with the other path.

        Raises:
            NotOffered: neither path has a list of runs.
        """
        tried = self.resource
        try:
            return await fetch(tried)
        except NotOffered as error:
            not_offered = error
        other = OLDER_RUNS_PATH if tried == CURRENT_RUNS_PATH else CURRENT_RUNS_PATH
        try:
            answer = await fetch_other(other)
        except (NotOffered, BadRequest, NotUnderstood):
            # Where there are no older paths, "runs" may be taken for the id of a benchmark.
            raise not_offered from None
        self.resource = other
        return answer
