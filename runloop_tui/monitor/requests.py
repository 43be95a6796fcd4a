"""Several requests at once."""

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
    """Wait for all; where one fails, or the caller is canceled, the others are called off first."""
    tasks = [asyncio.ensure_future(request) for request in requests]
    try:
        return tuple(await asyncio.gather(*tasks))
    finally:
        # Not a TaskGroup: where a request fails in the moment of a cancel, 3.11's swallows the cancel.
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
