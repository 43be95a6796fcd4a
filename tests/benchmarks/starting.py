"""From launch to the first frame, and to runs on the screen."""

from collections.abc import Sequence
from importlib.util import cache_from_source
from pathlib import Path

import runloop_tui.ui.app
from tests.benchmarks.driven import Driven
from tests.benchmarks.figures import Figure, median
from tests.benchmarks.programs import bare, real
from tests.benchmarks.serving import Served
from tests.benchmarks.worlds import LIVE_NAME


def measure(runs: int) -> Sequence[Figure]:
    """Start our program and a bare Textual app alternately, each once before it counts."""
    frames, bare_frames, lists, bare_cpus, cpus = [], [], [], [], []
    with Served("live 500") as server:
        for number in range(runs + 1):
            with Driven(bare()) as program:
                bare_frame = program.wait_for("connecting") - program.started
                bare_cpu = program.cpu_s
            with Driven(real(server.url)) as program:
                frame = program.wait_for("connecting") - program.started
                cpu = program.cpu_s
                shown = program.wait_for(LIVE_NAME) - program.started
            if number == 0:  # files come into the system's memory, bytecode is written
                assert Path(cache_from_source(runloop_tui.ui.app.__file__)).exists()
                continue
            frames.append(frame)
            bare_frames.append(bare_frame)
            lists.append(shown)
            cpus.append(cpu)
            bare_cpus.append(bare_cpu)
    ratios = [ours / theirs for ours, theirs in zip(frames, bare_frames, strict=True)]
    work = f"{median(cpus) / median(bare_cpus):.2f}× its CPU"
    return [
        Figure("launch to first frame", "live 500", 0.20, "s", frames, work),
        Figure(
            "the same, to a bare Textual app",
            "live 500",
            1.4,
            "×",
            ratios,
            f"bare: {median(bare_frames):.3f} s",
        ),
        Figure("launch to runs on screen", "live 500", 0.45, "s", lists),
    ]
