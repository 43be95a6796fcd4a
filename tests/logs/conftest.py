"""What several tests of logs start with: an empty log, and the errors that background tasks report."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from runloop_tui.logs.log_text import LogText


@pytest.fixture
def text(tmp_path: Path) -> Iterator[LogText]:
    text = LogText(tmp_path)
    yield text
    text.close()


@pytest_asyncio.fixture
async def reported() -> list[BaseException]:
    """The errors that reach the event loop's exception handler during the test."""
    errors: list[BaseException] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _loop, context: errors.append(context["exception"])
    )
    return errors
