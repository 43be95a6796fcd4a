"""From a change on the server to the screen."""

import re
import time
import urllib.request
from collections.abc import Sequence

from tests.benchmarks.driven import Driven
from tests.benchmarks.figures import Figure
from tests.benchmarks.programs import real
from tests.benchmarks.serving import Served
from tests.benchmarks.worlds import LIVE_NAME

_CHANGES = 4
_AWKWARD_S = 1.7
"""Between two changes, so that they fall on other moments between two polls."""


def measure(runs: int) -> Sequence[Figure]:
    """Cancel runs behind the program's back, and wait until their rows say so."""
    latest = []
    for _ in range(runs):
        with Served("short") as server, Driven(real(server.url)) as program:
            program.wait_for(LIVE_NAME)
            time.sleep(5.0)
            waits = []
            for run_id in _runs(server)[1 : _CHANGES + 1]:
                time.sleep(_AWKWARD_S)
                written = program.written
                _ask(server, f"/v1/benchmark_runs/{run_id}/cancel", method="POST")
                changed = time.monotonic()
                waits.append(program.wait_for("canceled", after=written) - changed)
            latest.append(max(waits))
    return [Figure("a state change is on the screen, latest of 4", "short", 5.3, "s", latest)]


def _runs(server: Served) -> list[str]:
    """The ids of the newest runs."""
    listed = _ask(server, "/v1/benchmark_runs?limit=20", method="GET")
    return re.findall(r'"id": ?"(bmr_\w+)"', listed)


def _ask(server: Served, path: str, *, method: str) -> str:
    headers = {"Authorization": "Bearer ak_of_the_benchmarks"}
    request = urllib.request.Request(server.url + path, method=method, headers=headers)
    with urllib.request.urlopen(request) as answer:
        body: bytes = answer.read()
    return body.decode()
