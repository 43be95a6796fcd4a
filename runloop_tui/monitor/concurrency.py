"""Several requests at once, and work that can be canceled from outside while it waits."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar, overload

A = TypeVar("A")
B = TypeVar("B")


@overload
async def together(a: Coroutine[Any, Any, A], b: Coroutine[Any, Any, B], /) -> tuple[A, B]: ...
@overload
async def together(*requests: Coroutine[Any, Any, A]) -> tuple[A, ...]: ...
async def together(*requests: Coroutine[Any, Any, Any]) -> tuple[Any, ...]:
    """Await all requests; where one fails, or the caller is canceled, cancel the others first."""
    tasks = [asyncio.ensure_future(request) for request in requests]
    try:
        return tuple(await asyncio.gather(*tasks))
    finally:
        # Not a TaskGroup: where a request fails while the caller is being canceled, 3.11's swallows the cancel.
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Abandonable:
    """Runs one coroutine at a time, which can be canceled from outside without canceling its caller."""

    def __init__(self) -> None:
        self._task: asyncio.Task[Any] | None = None

    async def run(self, work: Coroutine[Any, Any, A]) -> A | None:
        """Return what the work returns, or None where it was canceled by `give_up`.

        Raises:
            CancelledError: the caller was canceled; the work has ended by then.
        """
        task = self._task = asyncio.ensure_future(work)
        try:
            await asyncio.wait({task})
        finally:
            self._task = None
            if not task.done():
                task.cancel()
                await asyncio.wait({task})
        return None if task.cancelled() else task.result()

    def give_up(self) -> bool:
        """Cancel the work, so that `run` returns None; return False where there is none."""
        return self._task is not None and self._task.cancel()
