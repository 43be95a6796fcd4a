"""A scene with an empty account."""

import pytest

from tests.monitor.account import Account
from tests.monitor.scene import AccountScene


@pytest.fixture
def scene() -> AccountScene:
    return AccountScene()


@pytest.fixture
def account(scene: AccountScene) -> Account:
    return scene.account
