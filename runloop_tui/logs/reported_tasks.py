"""Background tasks whose unexpected errors go to the event loop's exception handler as soon as they end."""

import asyncio
from collections.abc import Coroutine
from typing import Any


def start_task(work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
    """Start a task; needs a running event loop. An error that ends it is reported at once, not when it is freed."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_report)
    return task


def _report(task: asyncio.Task[None]) -> None:
    if task.cancelled() or (error := task.exception()) is None:
        return
    words = f"an unexpected error ended the task {task.get_name()!r}"
    task.get_loop().call_exception_handler({"message": words, "exception": error, "task": task})
