"""Watch Runloop benchmark runs live in a terminal."""

__version__ = "0.1.0"
