"""What flags take: each function reads a text, or says what is wrong with it without repeating it.

All raise `argparse.ArgumentTypeError` with a phrase that follows the name of the flag.
"""

import argparse
import re
from collections.abc import Callable
from pathlib import Path

_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4}
_LEAST_BYTES, _MOST_BYTES = 1024**2, 1024**5


def one_of(*choices: str) -> Callable[[str], str]:
    """Reads one of some words, in upper or lower case."""

    def read(text: str) -> str:
        if text.lower() not in choices:
            raise argparse.ArgumentTypeError(
                f"must be {', '.join(choices[:-1])} or {choices[-1]}",
            )
        return text.lower()

    return read


def interval(text: str) -> float:
    """Seconds between two polls."""
    message = "must be a number of seconds from 1 to 3600"
    try:
        seconds = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(message) from None
    if not 1 <= seconds <= 3600:  # not-a-number fails this too
        raise argparse.ArgumentTypeError(message)
    return seconds


def size(text: str) -> int:
    """Bytes, written as `500M` or `16G`."""
    message = "must be a size from 1M to 1024T, such as 500M or 16G"
    found = re.fullmatch(r"([0-9]{1,16})([kmgt]?)", text.strip().lower())
    if found is None:
        raise argparse.ArgumentTypeError(message)
    amount = int(found[1]) * _UNITS[found[2]]
    if not _LEAST_BYTES <= amount <= _MOST_BYTES:
        raise argparse.ArgumentTypeError(message)
    return amount


def ratio(text: str) -> int:
    """How many times its packed size something may have."""
    if re.fullmatch(r"[0-9]{1,6}", text) is None or int(text) < 2:
        raise argparse.ArgumentTypeError("must be a whole number from 2 to 999999")
    return int(text)


def id_of(noun: str) -> Callable[[str], str]:
    """Reads an id, of whatever form."""

    def read(text: str) -> str:
        if not text.strip():
            raise argparse.ArgumentTypeError(f"needs the id of a {noun}")
        return text.strip()

    return read


def folder(text: str) -> Path:
    """A folder, which need not be there yet."""
    path = _path(text)
    if _is_there(path) and not path.is_dir():
        raise argparse.ArgumentTypeError("is a file, not a folder")
    return path


def file_to_write(text: str) -> Path:
    """A file in a folder that is there."""
    path = _path(text)
    if not _is_there(path.parent):
        raise argparse.ArgumentTypeError("is in a folder that does not exist")
    if _is_there(path) and path.is_dir():
        raise argparse.ArgumentTypeError("is a folder, not a file")
    return path


def _path(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("needs a path")
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise argparse.ArgumentTypeError("begins with a home folder nobody has") from None


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise argparse.ArgumentTypeError(f"cannot be used: {error.strerror}") from None
