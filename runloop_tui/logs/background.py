"""Background tasks whose unexpected errors are reported to the event loop's exception handler as soon as they end.

Both the unpacking of an entry and the search through it run as such tasks. Without the report, asyncio
would log the error only when the task is garbage-collected.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any


def start_task(work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
    """Start a task on the running event loop, and report the error that ends it, if one does."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_report)
    return task


def _report(task: asyncio.Task[None]) -> None:
    if task.cancelled() or (error := task.exception()) is None:
        return
    words = f"an unexpected error ended the task {task.get_name()!r}"
    task.get_loop().call_exception_handler({"message": words, "exception": error, "task": task})
