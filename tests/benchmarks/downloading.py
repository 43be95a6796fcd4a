"""A log archive of a gigabyte over loopback, against curl."""

import subprocess
import tempfile
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.driven import Driven
from tests.benchmarks.figures import Figure, median
from tests.benchmarks.programs import real
from tests.benchmarks.serving import Served
from tests.benchmarks.worlds import LIVE_NAME
from tests.terminal import environment

_BLOCK = bytes(range(256)) * 4096
_SIZE_MB = 1024
_WITHIN_S = 300.0


def measure(runs: int) -> Sequence[Figure]:
    """Download the same archive with curl and with the program alternately."""
    shares, grown = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive = _archive(folder / "logs.zip")
        with Served("ended", archive=archive) as server:
            for number in range(runs):
                theirs = _curl_s(server, folder / "curl.zip")
                ours, megabytes = _ours_s(server, folder / f"ours-{number}")
                shares.append(theirs / ours)
                grown.append(megabytes)
    return [
        Figure(
            "download of 1 GB, rate to curl's",
            "ended",
            0.7,
            "×",
            shares,
            f"memory grew by {median(grown):.1f} MB",
            at_least=True,
        )
    ]


def _archive(path: Path) -> Path:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive,
        archive.open("agent.log", "w", force_zip64=True) as entry,
    ):
        for _ in range(_SIZE_MB):
            entry.write(_BLOCK)
    return path


def _curl_s(server: Served, path: Path) -> float:
    url = f"{server.url}/v1/benchmark_runs/any/download_logs"
    began = time.monotonic()
    headers = ["-H", "Authorization: Bearer ak_of_the_benchmarks"]
    subprocess.run(
        ["curl", "-sf", "-X", "POST", *headers, "-o", str(path), url], check=True, env=environment()
    )
    took = time.monotonic() - began
    path.unlink()
    return took


def _ours_s(server: Served, folder: Path) -> tuple[float, float]:
    """How long it took from the answer to the question, and by how many MB memory grew."""
    with Driven(real(server.url, "--download-dir", str(folder))) as program:
        program.wait_for(LIVE_NAME)
        time.sleep(4.0)
        program.press("D")
        time.sleep(1.0)
        before = program.memory.rss_mb
        began = program.press("\t\r")
        deadline = began + _WITHIN_S
        while not list(folder.glob("*.zip")):
            assert time.monotonic() < deadline, "the download does not end"
            time.sleep(0.01)
        took = time.monotonic() - began
        grown = program.memory.rss_mb - before
    for path in folder.iterdir():
        path.unlink()
    return took, grown
