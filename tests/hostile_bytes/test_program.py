"""The program in a terminal, with a server that sends escape sequences in every text: none reaches the terminal."""

import asyncio
import re
import sys
import time
from contextlib import suppress
from itertools import cycle
from pathlib import Path

import pytest

from tests.hostile_bytes.hostile_server import HostileTransport
from tests.hostile_bytes.payloads import INSIDE, OUTSIDE
from tests.hostile_bytes.written import read_strictly
from tests.server import serve
from tests.terminal import Terminal, environment

ESC = "\x1b[27u"
"""Escape in the Kitty keyboard protocol: it cannot be taken for the start of the next key."""
PATIENCE_S = 30.0
"""How long a slow machine may take; a test that passes never waits for it."""
LOOK_S = 0.5
"""After how long a key is pressed again."""
MAIN_FOOTER = "\n⏎ Open / Filter s Sort z Zoom l Logs"
FOOTER_OF_NO_TABLE = MAIN_FOOTER.replace("⏎ Open ", "")
OURS = re.compile(r"(?:bmr|bmj|scr)_[A-Za-z0-9]+|/[ -~]+-logs\.zip")
"""What may be copied: an id, or the path of a download."""


class User:
    """Presses keys, and waits for what they show."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    def sees(self, *words: str) -> None:
        """Wait until each of these has been on the screen."""
        for each in words:
            self._terminal.wait_for(each, within_s=PATIENCE_S)

    def goes_back(self) -> None:
        """Go to the main screen, to its pane of one run: there Escape does nothing that matters."""
        self._presses_until(MAIN_FOOTER, ESC)
        # A dialog leaves that footer in sight, so only what answers to a key is the main screen.
        self._presses_until(FOOTER_OF_NO_TABLE, "2", ESC)

    def _presses_until(self, words: str, *keys: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        for key in cycle(keys):
            self.presses(key)
            with suppress(AssertionError):
                self._terminal.wait_for(words, within_s=LOOK_S)
                return
            assert time.monotonic() < deadline, self._terminal.text

    def goes_to(self, table: str) -> "User":
        """Go to a table of the main screen, by way of a pane that is none: the footer shows when the focus is there."""
        self._presses_until(FOOTER_OF_NO_TABLE, "2")
        self.presses(table).sees(MAIN_FOOTER)
        return self

    def presses(self, *keys: str) -> "User":
        self._terminal.press(*keys)
        return self


def look_at_runs(user: User) -> None:
    user.sees("fresh", "12, 4 not started", OUTSIDE)
    user.presses("down").goes_to("3")
    user.presses("z", "z", "enter").sees("started", OUTSIDE)
    user.presses("y").sees("Copied the id")
    user.goes_back()


def look_at_jobs(user: User) -> None:
    user.presses("b").sees("1 jobs 2", "3 runs of the job 3", OUTSIDE)
    user.presses("2", "y").sees("Copied the id of the job")
    user.presses("z").sees("created", OUTSIDE)
    user.presses("z").goes_back()


def read_an_archive(user: User) -> None:
    user.goes_to("1").presses("g").goes_to("3").presses("g", "l").sees(
        "Copy path", "logs of", "kB", OUTSIDE
    )
    user.presses("y").sees("kept only while")
    user.presses("enter").sees("this is not text", OUTSIDE)
    user.presses("/").sees("upper cas")
    user.presses(*INSIDE, "enter").sees("match 1 of", INSIDE)
    user.presses("n").sees("match 2 of")
    user.presses("w", "G").sees("wrapped")
    user.goes_back()


def read_the_log_of_a_devbox(user: User) -> None:
    user.goes_to("3").presses("g", *"jjjjj", "l").sees("follows", OUTSIDE)
    user.presses("v").sees("only")
    user.presses("v", "v", "w").sees("wrapped")
    user.goes_back()


def download(user: User) -> None:
    user.goes_to("1").presses("g", "D").sees("Not now", OUTSIDE)
    user.presses("right", "enter").sees("The logs of")
    user.presses("d").sees("downloads 2", OUTSIDE)
    user.presses("y").goes_back()


def fill_in_the_form(user: User) -> None:
    user.presses("N").sees("Start a run")
    user.presses("enter").sees("benchmarks 1", OUTSIDE)
    user.presses("down", "enter").sees("12 scenarios", OUTSIDE)
    user.goes_back()


def be_refused(user: User) -> None:
    user.presses("X").sees("This cannot be undone.", OUTSIDE)
    user.presses("right", "enter").sees("was not canceled")
    user.presses("e").sees("what happened", OUTSIDE)
    user.goes_back()
    user.presses(":").sees("Copy the link to the web page")
    user.goes_back()


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 40)])
async def test_nothing_that_a_server_says_drives_the_terminal(
    columns: int, rows: int, tmp_path: Path
) -> None:
    transport = HostileTransport()

    def walk(terminal: Terminal) -> None:
        user = User(terminal)
        look_at_runs(user)
        look_at_jobs(user)
        read_an_archive(user)
        read_the_log_of_a_devbox(user)
        download(user)
        fill_in_the_form(user)
        be_refused(user)
        transport.is_refusing = True
        user.presses("r").sees("server error (500)")
        user.presses("q")
        assert terminal.wait_for_end(within_s=PATIENCE_S) == 0

    async with serve(transport) as base_url:
        command = [sys.executable, "-m", "runloop_tui", "--base-url", base_url, "--title"]
        flags = ["--interval", "3600", "--download-dir", str(tmp_path)]
        variables = environment(RUNLOOP_API_KEY="ak_key_of_these_tests")
        with Terminal(
            [*command, *flags], columns=columns, rows=rows, environ=variables
        ) as terminal:
            try:
                await asyncio.to_thread(walk, terminal)
            finally:  # a sequence that got through may be why the walk failed
                written = read_strictly(terminal.output)
                assert written.wrong == []
    assert OUTSIDE in written.text
    assert INSIDE in written.text, "a sequence without an end is shown as the text that it is"
    assert set(written.titles) == {"runloop: 2 running"}
    assert len(written.copied) == 3
    assert all(OURS.fullmatch(copied) for copied in written.copied), written.copied
    assert terminal.modes_left_on == set()
