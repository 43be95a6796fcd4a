"""No proxy on the way to the server, and all that is told in toasts."""

import pytest

from tests.ui.conftest import told

__all__ = ["told"]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
