"""The web pages of runs and scenario runs. Kept apart and small: it is imported before the first frame."""

from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from runloop_tui.api.redact import redact

if TYPE_CHECKING:
    from runloop_tui.api.models import BenchmarkRun, ScenarioRun


def platform_address(base_url: str) -> str | None:
    """Return the URL of the web platform for a base URL of the API; None where it is not known.

    It is `https://platform.<domain>` for `https://api.<domain>`.
    """
    address = urlsplit(base_url)
    host = address.hostname or ""
    if address.scheme != "https" or not host.startswith("api.") or address.port is not None:
        return None
    return f"https://platform.{host.removeprefix('api.')}"


def run_link(platform: str, run: "BenchmarkRun") -> str:
    """Return the URL of the web page of a benchmark run."""
    benchmark = _part(run.benchmark_id or "single")
    return f"{platform}/benchmarks/custom/{benchmark}/runs/{_part(run.id)}"


def scenario_run_link(platform: str, scenario_run: "ScenarioRun") -> str:
    """Return the URL of the web page of a scenario run."""
    scenario = _part(scenario_run.scenario_id)
    return f"{platform}/scenarios/{scenario}/runs/{_part(scenario_run.id)}"


def _part(raw: str) -> str:
    """Return an id as one percent-encoded segment of a path."""
    return quote(redact(raw), safe="", errors="replace")
