"""What a process holds at one moment."""

import asyncio
import gc
import os
import threading
from dataclasses import dataclass
from pathlib import Path

_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 2**20


@dataclass(frozen=True, slots=True)
class Holdings:
    """What this process holds after so many polls."""

    polls: int
    rss_mb: float
    objects: int
    """What the garbage collector looks after."""
    tasks: int
    threads: int
    descriptors: int

    @property
    def row(self) -> str:
        """It as a row of the table."""
        return (
            f"| {self.polls:,} | {self.rss_mb:.1f} MB | {self.objects:,} | {self.tasks} "
            f"| {self.threads} | {self.descriptors} |"
        )


HEAD = (
    "| polls | memory | objects | tasks | threads | descriptors |\n"
    "| --- | --- | --- | --- | --- | --- |"
)


def holdings(polls: int) -> Holdings:
    """Count, after garbage collection; in a running loop, on Linux."""
    gc.collect()
    resident_pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return Holdings(
        polls,
        rss_mb=resident_pages * _PAGE_MB,
        objects=len(gc.get_objects()),
        tasks=len(asyncio.all_tasks()),
        threads=threading.active_count(),
        descriptors=len([*Path("/proc/self/fd").iterdir()]),
    )
