"""Requests parsed strictly, and the responses to them: pages of a list, the start of a run, JSON, errors."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, TypeVar

import httpx

from runloop_tui.demo.names import MODELS
from runloop_tui.demo.plans import BenchmarkPlan, RunPlan
from runloop_tui.demo.wire import Wire

DEFAULT_LIMIT = 20
LARGEST_LIMIT = 5000
STEP_MS = 7000
"""Average time between two events of a started run, in ms of the world's time."""
FEWEST_AT_ONCE, MOST_AT_ONCE = 4, 32
SCENARIOS_PER_SLOT = 5
"""Number of scenarios in the benchmark per scenario run at once."""

Handler = Callable[[httpx.Request, str], httpx.Response]
"""Answers a request; the second argument is the id in its path, or an empty string."""
Route = tuple[str, str, Handler]
"""An HTTP method, a path with `{}` for an id, and the handler."""

T = TypeVar("T")


class Rejected(Exception):  # noqa: N818 - a response with an error status, not a defect
    """The request is answered with an error status and a message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def json_response(body: Wire, *, status: int = 200) -> httpx.Response:
    """Return a JSON response."""
    content = json.dumps(body, separators=(",", ":")).encode()
    return httpx.Response(status, headers={"Content-Type": "application/json"}, content=content)


def found(look_up: Callable[[str], T], kind: str, thing_id: str) -> T:
    """Return what `look_up` returns for an id.

    Raises:
        Rejected: 404, if it raises KeyError.
    """
    try:
        return look_up(thing_id)
    except KeyError:
        raise Rejected(404, f"no {kind} {thing_id}") from None


@dataclass(frozen=True, slots=True)
class PageRequest:
    """The query parameters of a list operation.

    Attributes:
        limit: The largest number of items.
        starting_after: The id of the item before the page; None for the first page.
        wants_total: Whether to count all items that match.
    """

    limit: int
    starting_after: str | None
    wants_total: bool


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a list; `total_count` is None unless it was requested."""

    items: list[T]
    has_more: bool
    total_count: int | None


def read_page_request(query: httpx.QueryParams) -> PageRequest:
    """Parse limit, starting_after and include_total_count.

    Raises:
        Rejected: 400, if one of them is invalid.
    """
    return PageRequest(
        limit=_read_limit(query.get("limit")),
        starting_after=query.get("starting_after") or None,
        wants_total=_read_flag(query.get("include_total_count")),
    )


def page_of(
    request: PageRequest,
    items_after: Callable[[str | None], Iterator[T]],
    is_wanted: Callable[[T], bool] = lambda _: True,
) -> Page[T]:
    """Return one page of a list.

    Args:
        request: The page to return.
        items_after: Returns the items after the one with an id, or all for None; raises KeyError
            if there is no such item.
        is_wanted: The filter for the items of the page and for the total.

    Raises:
        Rejected: 400, if `starting_after` is not in the list.
    """
    try:
        rest = filter(is_wanted, items_after(request.starting_after))
        items = list(islice(rest, request.limit))
        has_more = next(rest, None) is not None
        total = (
            sum(1 for _ in filter(is_wanted, items_after(None))) if request.wants_total else None
        )
    except KeyError:
        message = f"starting_after: no such item: {request.starting_after}"
        raise Rejected(400, message) from None
    return Page(items, has_more, total)


def page_response(key: str, page: Page[Any], views: list[Wire]) -> httpx.Response:
    """Return a response with one page; `key` is the name of the list in it."""
    return json_response({key: views, "has_more": page.has_more, "total_count": page.total_count})


def _read_limit(text: str | None) -> int:
    if not text:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:9]) <= LARGEST_LIMIT:
        raise Rejected(400, f"limit must be a whole number from 1 to {LARGEST_LIMIT}")
    return int(text)


def _read_flag(text: str | None) -> bool:
    if text in {None, "", "true"}:
        return True
    if text == "false":
        return False
    raise Rejected(400, "include_total_count must be true or false")


@dataclass(frozen=True, slots=True)
class StartRequest:
    """The API's StartBenchmarkRunParameters; fields that are not set are None."""

    benchmark_id: str
    run_name: str | None
    metadata: Mapping[str, str]
    purpose: str | None
    environment_variables: Mapping[str, str] | None
    secrets: Mapping[str, str] | None


def read_start_request(body: bytes) -> StartRequest:
    """Parse the body of a request to start a run.

    Raises:
        Rejected: 400, if it does not match the OpenAPI description.
    """
    try:
        parsed = json.loads(body)
    except ValueError:
        raise Rejected(400, "the body must be JSON") from None
    fields = _Fields(parsed, "", ("benchmark_id", "run_name", "metadata", "runProfile"))
    profile_fields = ("purpose", "envVars", "secrets", "launchParameters", "mounts")
    profile = _Fields(fields.given.get("runProfile") or {}, "runProfile.", profile_fields)
    benchmark_id = fields.text("benchmark_id")
    if not benchmark_id:
        raise Rejected(400, "benchmark_id is missing")
    return StartRequest(
        benchmark_id=benchmark_id,
        run_name=fields.text("run_name"),
        metadata=fields.texts("metadata") or {},
        purpose=profile.text("purpose"),
        environment_variables=profile.texts("envVars"),
        secrets=profile.texts("secrets"),
    )


def check_requirements(request: StartRequest, benchmark: BenchmarkPlan) -> None:
    """Check that the request sets all variables and secrets that the benchmark requires.

    Raises:
        Rejected: 400, naming all that are missing.
    """
    variables = _missing(benchmark.required_environment_variables, request.environment_variables)
    secrets = _missing(benchmark.required_secret_names, request.secrets)
    missing = []
    if variables:
        missing.append(f"required environment variables are missing: {', '.join(variables)}")
    if secrets:
        missing.append(f"required secrets are missing: {', '.join(secrets)}")
    if missing:
        raise Rejected(400, "; ".join(missing))


def plan_of(request: StartRequest, benchmark: BenchmarkPlan) -> RunPlan:
    """Return the plan of the requested run; a small benchmark completes within minutes."""
    size = len(benchmark.scenarios)
    concurrency = min(MOST_AT_ONCE, max(FEWEST_AT_ONCE, size // SCENARIOS_PER_SLOT))
    agent = request.metadata.get("agent") or "claude-code"
    return RunPlan(
        request.run_name or None,
        benchmark,
        agent=agent,
        model=request.metadata.get("model") or MODELS.get(agent, "unknown"),
        names_agent=False,
        concurrency=concurrency,
        typical_ms=STEP_MS * 4 * concurrency,
        metadata=request.metadata,
        purpose=request.purpose,
        environment_variables=request.environment_variables,
        secrets_provided=request.secrets,
    )


class _Fields:
    """The fields of a JSON object, checked for their types when they are read."""

    def __init__(self, parsed: object, prefix: str, allowed: tuple[str, ...]) -> None:
        if not isinstance(parsed, dict):
            raise Rejected(400, f"{prefix.rstrip('.') or 'the body'} must be an object")
        self.given: dict[str, Any] = parsed
        self._prefix = prefix
        for field in self.given:
            if field not in allowed:
                raise Rejected(400, f"unknown field: {prefix}{field}")

    def text(self, field: str) -> str | None:
        value = self.given.get(field)
        if value is None or isinstance(value, str):
            return value
        raise Rejected(400, f"{self._prefix}{field} must be a string")

    def texts(self, field: str) -> dict[str, str] | None:
        value = self.given.get(field)
        if value is None:
            return None
        if isinstance(value, dict) and all(isinstance(each, str) for each in value.values()):
            return value
        raise Rejected(400, f"{self._prefix}{field} must map names to strings")


def _missing(required: tuple[str, ...], given: Mapping[str, str] | None) -> list[str]:
    return [name for name in required if not (given or {}).get(name)]
