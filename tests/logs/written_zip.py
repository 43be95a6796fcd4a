"""Archives with given names, contents and defects."""

import struct
import warnings
import zipfile
from pathlib import Path

from runloop_tui.logs.entries import Entry, read_entries

DEFLATED, STORED = zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED

FLAGS, METHOD, CHECKSUM, UNPACKED = (8, "<H"), (10, "<H"), (16, "<L"), (24, "<L")
"""Offset and format of fields in a directory record."""


def written_zip(
    folder: Path, *entries: tuple[str, bytes], method: int = DEFLATED, name: str = "logs.zip"
) -> Path:
    """Write an archive of these names and contents, in this order."""
    path = folder / name
    with zipfile.ZipFile(path, "w", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name that occurs twice is meant
        for entry_name, content in entries:
            archive.writestr(entry_name, content)
    return path


def rewrite(path: Path, field: tuple[int, str], value: int) -> Path:
    """Overwrite a field of the first directory record."""
    content = bytearray(path.read_bytes())
    at, form = field
    struct.pack_into(form, content, content.index(b"PK\1\2") + at, value)
    path.write_bytes(content)
    return path


def only_entry(path: Path) -> Entry:
    """Return the only file of an archive."""
    (entry,) = read_entries(path).files
    return entry


def damaged_in_the_middle(path: Path) -> Path:
    """Invert 40 bytes in the middle of the first entry's packed bytes."""
    content = bytearray(path.read_bytes())
    middle = content.index(b"PK\1\2") // 2
    content[middle : middle + 40] = bytes(byte ^ 0xFF for byte in content[middle : middle + 40])
    path.write_bytes(content)
    return path
