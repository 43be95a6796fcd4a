"""How the programs that are measured are called."""

import sys
from pathlib import Path

_HERE = Path(__file__).parent


def real(url: str, *flags: str) -> list[str]:
    """The program as a user starts it, polling every 5 s."""
    return [str(Path(sys.executable).parent / "runloop-tui"), "--base-url", url, *flags]


def bare() -> list[str]:
    """A Textual app that says one word."""
    return [sys.executable, str(_HERE / "bare.py")]


def timed(iterations: Path, url: str, *flags: str) -> list[str]:
    """The program with each iteration of its event loop timed into a file."""
    return [sys.executable, str(_HERE / "timed.py"), str(iterations), "--base-url", url, *flags]
