"""No proxy on the way to the server, and the messages of all toasts."""

import pytest

from tests.ui.conftest import notified

__all__ = ["notified"]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
