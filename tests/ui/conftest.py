"""What the tests of the app share."""

from typing import TYPE_CHECKING, Any

import pytest

from runloop_tui.ui.app import RunloopApp

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def notified(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The messages of all toasts so far; toasts themselves expire by the wall clock."""
    messages: list[str] = []
    show: Callable[..., None] = RunloopApp.notify

    def notify(app: RunloopApp, message: str, *, title: str = "", **how: Any) -> None:  # noqa: ANN401 - passed on
        messages.append(f"{title}: {message}" if title else message)
        show(app, message, title=title, **how)

    monkeypatch.setattr(RunloopApp, "notify", notify)
    return messages
