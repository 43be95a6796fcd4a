"""Several requests at once: all, or the first error and nothing left running."""

import asyncio
from contextlib import suppress

import pytest

from runloop_tui.api.errors import NoConnection, ServerError
from runloop_tui.monitor.concurrency import together
from tests.monitor.scene import ticks


async def answer(value: int) -> int:
    await asyncio.sleep(0)
    return value


class Endless:
    """A request whose answer never comes."""

    def __init__(self) -> None:
        self.called_off = False

    async def request(self) -> int:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.called_off = True
            raise
        return 0


async def fail(error: Exception) -> int:
    await asyncio.sleep(0)
    raise error


async def test_all_answers_come_in_the_order_of_the_requests() -> None:
    assert await together(answer(1), answer(2), answer(3)) == (1, 2, 3)


async def test_no_requests_have_no_answers() -> None:
    assert await together() == ()


async def test_an_error_is_raised_bare_and_the_others_are_called_off_before() -> None:
    other = Endless()
    with pytest.raises(ServerError):
        await together(other.request(), fail(ServerError()), other.request())
    assert other.called_off


async def test_a_canceled_caller_leaves_nothing_running() -> None:
    other = Endless()
    task = asyncio.create_task(together(other.request(), answer(1), other.request()))
    await ticks()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert task.cancelled()
    assert other.called_off


async def test_a_cancel_in_the_moment_of_an_error_is_still_a_cancel() -> None:
    failed = asyncio.Event()

    async def fail_on_signal() -> int:
        await failed.wait()
        raise NoConnection

    task = asyncio.create_task(together(fail_on_signal(), answer(1), answer(2)))
    await ticks()
    failed.set()
    await asyncio.sleep(0)  # the request has failed; the caller has not heard of it yet
    task.cancel()
    with suppress(asyncio.CancelledError, NoConnection):
        await task
    assert task.cancelled()
