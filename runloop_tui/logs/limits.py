"""How much of the disk logs may take, whatever a server sends."""

from dataclasses import dataclass

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Where downloading and unpacking stop. Only one file of an archive is unpacked at a time."""

    most_bytes: int = 16 * 1024 * _MIB
    """Of one archive on its way, and of one file in it once it is unpacked, however it is packed."""
    highest_ratio: int = 200
    """Unpacked to packed bytes, once there are `ratio_counts_from` of them: logs that repeat
    themselves are packed this well too, and harmless while they are small."""
    ratio_counts_from: int = 256 * _MIB
