"""Limits on the disk space of logs. A module of its own: the settings import nothing else of this room."""

from dataclasses import dataclass

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Where downloading and unpacking stop. Only one file of an archive is unpacked at a time."""

    most_bytes: int = 16 * 1024 * _MIB
    """Largest size of an archive, and of one unpacked file in it, in bytes."""
    highest_ratio: int = 200
    """Highest ratio of unpacked to packed bytes; checked only beyond `ratio_counts_from`, because
    small repetitive logs compress this well, too."""
    ratio_counts_from: int = 256 * _MIB
    """Unpacked bytes from which `highest_ratio` is checked."""
