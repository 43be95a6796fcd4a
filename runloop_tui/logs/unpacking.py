"""One entry of an archive unpacked piece by piece, within limits, its checksum computed on the way.

    ArchiveError
    ├── Encrypted         there is no password to read it with
    ├── PackedOtherwise   in a way that is not read here
    ├── DamagedEntry      its bytes do not unpack, or are too few or too many
    ├── WrongChecksum     it unpacks, but not to what was packed
    └── TooLarge          it unpacks to more than the limits allow

What was unpacked before one of these was met is good to be shown.
"""
# ruff: noqa: N818 - the names say what happened, as those of logs.archive do

import zlib
from typing import TYPE_CHECKING, BinaryIO

from runloop_tui.logs.archive import DEFLATED, ArchiveError, TooLarge, data_at
from runloop_tui.logs.limits import Limits

if TYPE_CHECKING:
    from runloop_tui.logs.entries import Entry

_READ_AT_ONCE = 128 * 1024
_SMALL_STEP = 64
_MIB = 1024 * 1024


class Encrypted(ArchiveError):
    """The entry is encrypted."""


class PackedOtherwise(ArchiveError):
    """The entry is packed by a method other than the two that nearly all archives use."""


class DamagedEntry(ArchiveError):
    """The entry's bytes do not unpack, or are too few or too many."""


class WrongChecksum(ArchiveError):
    """The entry unpacks whole, but not to what was packed."""


class Unpacker:
    """Gives the unpacked bytes of one entry. Blocks on the disk, so use it in a thread.

    Args:
        archive: the open archive; nobody else moves its place meanwhile.
        entry: what to unpack, as `read_entries` listed it.
        limits: where to stop.

    Raises:
        Encrypted, PackedOtherwise: the entry cannot be unpacked at all.
        DamagedArchive: it is not where the directory says.
        OSError: the archive cannot be read.
    """

    def __init__(self, archive: BinaryIO, entry: "Entry", limits: Limits) -> None:
        claimed = entry.directory
        if claimed.is_encrypted:
            raise Encrypted("it is encrypted, and there is no password to read it with")
        if claimed.is_packed_otherwise:
            raise PackedOtherwise(
                f"it is packed by method {claimed.method}, which is not read here"
            )
        archive.seek(data_at(archive, claimed))
        self._archive = archive
        self._claimed = claimed
        self._limits = limits
        self._packed_left = claimed.packed_bytes
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS) if claimed.method == DEFLATED else None
        self._checksum = 0
        self._unpacked = 0

    def next_piece(self, most: int) -> bytes:
        """The next bytes, at most `most`; none are left where it gives none.

        Raises:
            DamagedEntry, WrongChecksum, TooLarge: this is as far as it can be read.
            OSError: the archive cannot be read.
        """
        self._check_limits()
        most = min(most, self._limits.most_bytes + 1 - self._unpacked)
        piece = self._stored(most) if self._inflate is None else self._inflated(most)
        self._checksum = zlib.crc32(piece, self._checksum)
        self._unpacked += len(piece)
        if not piece:
            self._check_end()
        return piece

    def _stored(self, most: int) -> bytes:
        piece = self._archive.read(min(most, self._packed_left))
        self._packed_left -= len(piece)
        if not piece and self._packed_left:
            raise DamagedEntry("the archive ends in the middle of it")
        return piece

    def _inflated(self, most: int) -> bytes:
        pieces: list[bytes] = []
        room = most
        while room and self._inflate is not None and not self._inflate.eof:
            packed = self._inflate.unconsumed_tail or self._packed()
            before = self._inflate.copy()
            try:
                piece = self._inflate.decompress(packed, room)
            except zlib.error:
                pieces.append(_salvaged(before, packed, room))
                if not any(pieces):
                    raise DamagedEntry("it does not unpack any further") from None
                break  # the next call fails at once
            if not piece and not packed:
                raise DamagedEntry("it was cut off while it was packed")
            pieces.append(piece)
            room -= len(piece)
        return b"".join(pieces)

    def _packed(self) -> bytes:
        packed = self._archive.read(min(_READ_AT_ONCE, self._packed_left))
        self._packed_left -= len(packed)
        return packed

    def _check_limits(self) -> None:
        """Looked at before a piece is read: the last one stays good to be shown."""
        unpacked, claimed, limits = self._unpacked, self._claimed, self._limits
        if unpacked > limits.most_bytes:
            raise TooLarge(
                f"more than {limits.most_bytes // _MIB:,} MiB of it are not unpacked; "
                "--disk-limit sets how much"
            )
        ratio = unpacked // max(1, claimed.packed_bytes)
        if unpacked > limits.ratio_counts_from and ratio >= limits.highest_ratio:
            raise TooLarge(
                f"it unpacks to {ratio:,} times its size and more, as bombs do; "
                f"--highest-ratio sets how many"
            )
        if unpacked > claimed.unpacked_bytes:
            raise DamagedEntry("there is more of it than the archive says")

    def _check_end(self) -> None:
        if self._unpacked < self._claimed.unpacked_bytes:
            raise DamagedEntry("there is less of it than the archive says")
        if self._checksum != self._claimed.checksum:
            raise WrongChecksum("its checksum is wrong: this is not what was packed")


def _salvaged(inflate: "zlib._Decompress", packed: bytes, room: int) -> bytes:
    """What can be unpacked up to the fault, found by going on in small steps."""
    pieces: list[bytes] = []
    for at in range(0, len(packed), _SMALL_STEP):
        try:
            pieces.append(inflate.decompress(packed[at : at + _SMALL_STEP]))
        except zlib.error:
            break
    return b"".join(pieces)[:room]
