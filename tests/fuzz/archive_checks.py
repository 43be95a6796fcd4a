"""One archive, from the client over the disk to the lines that are read: nothing outside, nothing beyond the limits."""

import asyncio
import stat
import tempfile
from pathlib import Path

import httpx

from runloop_tui.api.client import Client
from runloop_tui.api.errors import RunloopError
from runloop_tui.logs.archive import ArchiveError
from runloop_tui.logs.downloads import Download, DownloadState
from runloop_tui.logs.entries import Entries, Entry, Unpacker, read_entries
from runloop_tui.logs.limits import Limits
from runloop_tui.logs.log_text import LogText
from runloop_tui.logs.storage import archive_name
from runloop_tui.present.archives import (
    ENTRY_COLUMNS,
    archive_line,
    download_ended_message,
    download_lines,
    entries_title,
    entry_cells,
    read_failure,
)
from runloop_tui.present.layout import cut_line, row
from runloop_tui.present.log_view import fold, text_line
from tests.api.scripted import BASE, KEY, Pieces
from tests.fuzz.archives import ArchiveCase
from tests.fuzz.shown import NOW, assert_lines_safe, assert_safe

_LIMITS = Limits(most_bytes=100_000, highest_ratio=100, ratio_counts_from=40_000)
_PIECE = 8_192
_WIDTH = 60
_MOST_LOOKED_AT = 8


def check_archive_case(case: ArchiveCase) -> str:
    """Download it, list it and read its files; say how far that went."""
    with tempfile.TemporaryDirectory() as name:
        outside = Path(name)
        folder = outside / "chosen"
        state = asyncio.run(_downloaded(case, folder))
        _check_disk(outside, folder, state)
        if state.path is None:
            return "nothing left on the disk"
        try:
            entries = read_entries(state.path)
        except ArchiveError as error:
            assert state.phase == "failed", "it was taken for a whole archive"
            assert_safe(read_failure(error))
            return "kept as a .part"
        errors = sum(_check_entry(state.path, entry) for entry in entries.files[:_MOST_LOOKED_AT])
        _check_listed(entries, state)
        _check_disk(outside, folder, state)
    return "read in part" if errors else "read whole"


async def _downloaded(case: ArchiveCase, folder: Path) -> DownloadState:
    headers = [
        (b"content-type", b"application/zip"),
        (b"content-disposition", b'attachment; filename="' + case.filename + b'"'),
    ]
    transport = httpx.MockTransport(
        lambda _: httpx.Response(200, headers=headers, stream=Pieces(case.body))
    )
    async with Client(BASE, KEY, now=lambda: NOW, transport=transport) as client:
        title = case.entries[0] if case.entries else ""
        download = Download(
            "bmr_1",
            title,
            lambda: client.download_benchmark_run_logs("bmr_1"),
            folder,
            archive_name(title, "bmr_1"),
            now=lambda: NOW,
        )
        state = await download.run()
    assert isinstance(state.error, RunloopError | ArchiveError | None)
    assert_lines_safe(download_lines(download, _WIDTH), _WIDTH)
    assert_safe(download_ended_message(download))
    return state


def _check_disk(outside: Path, folder: Path, state: DownloadState) -> None:
    """One file for its owner alone, in a folder for its owner alone, and nothing anywhere else."""
    assert list(outside.iterdir()) == [folder]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    held = list(folder.iterdir())
    assert held == ([state.path] if state.path else [])
    assert all(stat.S_IMODE(path.lstat().st_mode) == 0o600 for path in held)
    assert all(path.suffix == (".zip" if state.phase == "done" else ".part") for path in held)


def _check_listed(entries: Entries, state: DownloadState) -> None:
    title = entries_title("a", entries, len(entries.files))
    lines = [cut_line(line, _WIDTH) for line in (title, archive_line(state, entries, None))]
    assert_lines_safe(lines, _WIDTH)
    for entry in entries.files[:_MOST_LOOKED_AT]:
        assert_lines_safe([row(ENTRY_COLUMNS, entry_cells(entry), _WIDTH)], _WIDTH)


def _check_entry(path: Path, entry: Entry) -> bool:
    """Read a file within the limits, and look at its lines; True where it could not be read whole."""
    text = LogText(path.parent)
    try:
        with path.open("rb") as archive:
            unpacker = Unpacker(archive, entry, _LIMITS)
            while piece := unpacker.next_piece(_PIECE):
                assert len(piece) <= _PIECE
                text.write(piece)
                text.note(piece)
    except ArchiveError as error:
        assert_safe(read_failure(error))
        return True
    finally:
        assert text.size <= _LIMITS.most_bytes + _PIECE
        for number in range(min(3, text.lines)):
            assert_lines_safe(fold(text_line(text.line(number)), _WIDTH), _WIDTH)
        text.close()
    return False
