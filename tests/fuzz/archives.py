"""Archives that were good once: bytes turned over, headers that lie, names that climb out, ends that are missing."""

import io
import random
import struct
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st

from tests.present.hostile import texts

HOSTILE_NAMES = (
    "agent.log",
    "../../climbs-out",
    "/etc/absolute",
    "C:\\drive\\letter",
    "\\\\host\\share",
    "a/../../b",
    "CON",
    "nul.txt",
    "AGENT.LOG",
    ".",
    "..",
    "a/",
    "-rf",
    "$(id)",
    "x" * 4_000,
    "\x1b]0;title\x07.log",
    "\u202egol.txt",
)

_TEXT = b"".join(b"line %05d of a log\n" % number for number in range(400))
_CONTENTS = (b"", b"x", _TEXT, bytes(300_000), random.Random(7).randbytes(3_000), b"\x1b[2J\n" * 9)

_LOCAL, _DIRECTORY, _END = b"PK\3\4", b"PK\1\2", b"PK\5\6"
_FIELDS = (
    *((_LOCAL, at, form) for at, form in ((6, "<H"), (8, "<H"), (26, "<H"), (28, "<H"))),
    *(
        (_DIRECTORY, at, form)
        for at, form in (
            (8, "<H"),
            (10, "<H"),
            (16, "<L"),
            (20, "<L"),
            (24, "<L"),
            (28, "<H"),
            (30, "<H"),
            (32, "<H"),
            (38, "<L"),
            (42, "<L"),
        )
    ),
    *(
        (_END, at, form)
        for at, form in ((4, "<H"), (8, "<H"), (10, "<H"), (12, "<L"), (16, "<L"), (20, "<H"))
    ),
)
"""Where headers say flags, methods, sums, sizes, places and numbers of entries."""
_LIES = (0, 1, 8, 12, 99, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFE, 0xFFFF_FFFF)


@dataclass(frozen=True)
class ArchiveCase:
    """What a server sends for an archive."""

    body: bytes = field(repr=False)
    entries: tuple[str, ...]
    done: tuple[str, ...]
    """What was done to it."""
    filename: bytes
    """The name that the server proposes."""


@st.composite
def archives(draw: st.DrawFn) -> ArchiveCase:
    """An archive, sometimes a good one."""
    names = draw(st.lists(st.sampled_from(HOSTILE_NAMES) | texts, max_size=6))
    body = bytearray(_zipped(draw, names))
    done = [_change(draw, body) for _ in range(draw(st.integers(0, 3)))]
    filename = draw(st.sampled_from(HOSTILE_NAMES)).encode(errors="replace")
    return ArchiveCase(bytes(body), tuple(names), tuple(done), filename)


def _zipped(draw: st.DrawFn, names: Sequence[str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # names that occur twice are meant
        for name in names:
            info = zipfile.ZipInfo(name.encode(errors="replace").decode() or "empty")
            info.compress_type = draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))
            info.external_attr = draw(st.sampled_from([0o600, 0o120777, 0o60777, 0o20777])) << 16
            archive.writestr(info, draw(st.sampled_from(_CONTENTS)))
    return buffer.getvalue()


def _change(draw: st.DrawFn, body: bytearray) -> str:
    kind = draw(st.sampled_from(["lie", "lie", "lie", "bytes", "cut", "put in", "end twice"]))
    at = draw(st.integers(0, max(0, len(body) - 1)))
    if kind == "lie":
        return _lie(draw, body)
    if kind == "bytes":
        body[at : at + 4] = draw(st.binary(min_size=1, max_size=4))
    elif kind == "cut":
        del body[at : at + draw(st.sampled_from([1, 22, 1_000_000]))]
    elif kind == "put in":
        body[at:at] = draw(st.binary(max_size=40))
    else:
        body += body[-22:]
    return f"{kind} at {at}"


def _lie(draw: st.DrawFn, body: bytearray) -> str:
    signature, offset, form = draw(st.sampled_from(_FIELDS))
    places = [at for at in range(len(body)) if body.startswith(signature, at)][:6]
    if not places:
        return "no lie"
    place, value = draw(st.sampled_from(places)), draw(st.sampled_from(_LIES))
    size = struct.calcsize(form)
    if place + offset + size <= len(body):
        struct.pack_into(form, body, place + offset, value & ((1 << 8 * size) - 1))
    return f"{value} at {offset} of {signature!r}"
