"""Several requests at once."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar, overload

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")


@overload
async def together(
    a: Coroutine[Any, Any, A], b: Coroutine[Any, Any, B], c: Coroutine[Any, Any, C], /
) -> tuple[A, B, C]: ...
@overload
async def together(*requests: Coroutine[Any, Any, Any]) -> tuple[Any, ...]: ...
async def together(*requests: Coroutine[Any, Any, Any]) -> tuple[Any, ...]:
    """Wait for all; where one fails the others are called off and its error is raised, bare of a group."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(request) for request in requests]
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return tuple(task.result() for task in tasks)
