"""Our reader of zip archives against the standard library's `zipfile`: same names, same bytes, or a typed error."""

import io
import re
import struct
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runloop_tui.logs.archive import ArchiveError, check_archive
from runloop_tui.logs.entries import Entry, Unpacker, UnsupportedMethod, read_entries
from runloop_tui.logs.limits import Limits

SUPPORTED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
OTHERS = (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
FOLDER_ENDS = ("/", "\\")

CONTENTS = st.one_of(
    st.binary(max_size=300),
    st.builds(
        lambda piece, times: piece * times, st.binary(min_size=1, max_size=40), st.integers(0, 4000)
    ),
    st.builds(
        lambda seed, size: bytes(zlib.crc32(b"%d %d" % (seed, at)) & 0xFF for at in range(size)),
        st.integers(0, 9),
        st.integers(0, 3000),
    ),
)
NAMES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40
)

COMMENTS = st.binary(max_size=60).filter(lambda comment: b"PK\5\6" not in comment)
"""Comments without the signature of the end record, with which `zipfile` cannot read its own archives."""


@dataclass(frozen=True)
class File:
    """One file of a generated archive, and how `zipfile` writes it."""

    name: str
    content: bytes
    method: int
    level: int
    extra: bytes
    comment: bytes
    is_forced_wide: bool


def extras(payload: bytes) -> bytes:
    return struct.pack("<2H", 0x7075, len(payload)) + payload if payload else b""


FILES = st.lists(
    st.builds(
        File,
        NAMES,
        CONTENTS,
        st.sampled_from(SUPPORTED),
        st.integers(0, 9),
        st.builds(extras, st.binary(max_size=12)),
        st.binary(max_size=12),
        st.booleans(),
    ),
    max_size=5,
)


class Pipe(io.RawIOBase):
    """A file that is not seekable: `zipfile` writes sizes and checksums after the data (flag 0x0008)."""

    def __init__(self) -> None:
        self.content = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: object) -> int:
        self.content += memoryview(piece)  # type: ignore[arg-type]  # any buffer
        return len(memoryview(piece))  # type: ignore[arg-type]


def written(files: list[File], *, is_streamed: bool, comment: bytes) -> bytes:
    target: io.BytesIO | Pipe = Pipe() if is_streamed else io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # duplicate names are intended
        with zipfile.ZipFile(target, "w") as archive:
            archive.comment = comment
            for file in files:
                info = zipfile.ZipInfo(file.name)
                info.compress_type, info.extra, info.comment = file.method, file.extra, file.comment
                info._compresslevel = file.level  # type: ignore[attr-defined]
                with archive.open(info, "w", force_zip64=file.is_forced_wide) as entry:
                    entry.write(file.content)
    return bytes(target.content if isinstance(target, Pipe) else target.getvalue())


def unpacked(path: Path, entry: Entry, most: int = 4096) -> bytes:
    pieces: list[bytes] = []
    with path.open("rb") as archive:
        unpacker = Unpacker(archive, entry, Limits(most_bytes=1_000_000))
        while piece := unpacker.next_piece(most):
            pieces.append(piece)
    return b"".join(pieces)


def read_by_zipfile(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes | None:
    """The content of an entry, or None if `zipfile` does not read it whole."""
    try:
        return archive.read(info)
    except Exception:  # noqa: BLE001 - damaged archives raise a dozen types there
        return None


@pytest.fixture(name="path", scope="module")
def _path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("zips") / "logs.zip"


@settings(deadline=None)
@given(
    files=FILES,
    is_streamed=st.booleans(),
    comment=COMMENTS,
    most=st.integers(1, 5000),
)
def test_what_zipfile_writes_has_the_same_names_and_bytes_in_both(
    path: Path, files: list[File], *, is_streamed: bool, comment: bytes, most: int
) -> None:
    path.write_bytes(written(files, is_streamed=is_streamed, comment=comment))

    ours = read_entries(path)
    with zipfile.ZipFile(path) as archive:
        infos = archive.infolist()
        theirs = [info for info in infos if not info.orig_filename.endswith(FOLDER_ENDS)]
        summary = check_archive(path)

        assert summary.entries == len(infos)
        assert summary.unpacked_bytes == sum(info.file_size for info in infos)
        assert ours.folders == len(infos) - len(theirs)
        assert [entry.name for entry in ours.files] == [info.orig_filename for info in theirs]
        for entry, info in zip(ours.files, theirs, strict=True):
            assert entry.directory.checksum == info.CRC
            assert unpacked(path, entry, most) == archive.read(info)
    assert [unpacked(path, entry) for entry in ours.files] == [
        file.content for file in files if not file.name.endswith(FOLDER_ENDS)
    ]


@pytest.mark.parametrize("method", OTHERS)
def test_a_method_that_only_zipfile_reads_is_refused(path: Path, method: int) -> None:
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("a.log", b"text" * 100)

    (entry,) = read_entries(path).files

    with pytest.raises(UnsupportedMethod):
        unpacked(path, entry)


RECORDS = {b"PK\3\4": 30, b"PK\1\2": 46, b"PK\5\6": 22}
"""Signatures of local headers, of directory records and of the end record, with their lengths."""


def overwritten(content: bytes, at: int, new: bytes, *, is_cut: bool) -> bytes:
    return content[:at] + (b"" if is_cut else new) + content[at + len(new) :]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """An archive with bytes overwritten or cut out, anywhere or in the fields of a record."""
    content = written(draw(FILES), is_streamed=draw(st.booleans()), comment=b"")
    for _ in range(draw(st.integers(1, 3))):
        signature = draw(st.sampled_from([None, None, *RECORDS]))
        if signature is None:
            at = draw(st.integers(0, len(content)))
        else:
            places = [found.start() for found in re.finditer(re.escape(signature), content)]
            field = draw(st.integers(4, RECORDS[signature] - 1))
            at = draw(st.sampled_from(places or [0])) + field
        new = draw(st.binary(min_size=1, max_size=6))
        content = overwritten(content, at, new, is_cut=draw(st.integers(0, 4)) == 0)
    return content


@settings(deadline=None)
@given(content=damaged())
def test_of_a_damaged_archive_both_read_the_same_bytes_or_ours_refuses(
    path: Path, content: bytes
) -> None:
    path.write_bytes(content)

    try:
        ours = read_entries(path).files
    except ArchiveError:
        return  # refused as a whole
    try:
        archive = zipfile.ZipFile(path)
    except Exception:  # noqa: BLE001 - zipfile reads nothing of it: there is nothing to compare
        return
    with archive:
        theirs = dict(enumerate(archive.infolist()))
        for entry in ours:
            info = theirs.get(entry.number)
            expected = None if info is None else read_by_zipfile(archive, info)
            try:
                found = unpacked(path, entry)
            except ArchiveError:
                continue
            assert expected is None or found == expected
