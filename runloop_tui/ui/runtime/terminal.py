"""The terminal's title and mouse modes, and whether a browser can be opened beside it."""

import os
import sys
import webbrowser
from typing import TYPE_CHECKING

from runloop_tui.ui.runtime.textual_compat import driver_of

if TYPE_CHECKING:
    from textual.app import App

_SAVE_TITLE = "\x1b[22;2t"
_RESTORE_TITLE = "\x1b[23;2t"
_MOUSE_MODES = (1000, 1003, 1015, 1006)


class Terminal:
    """The terminal that an app runs in. Texts that are passed to it must be safe already."""

    def __init__(self, app: "App[None]") -> None:
        self._app = app
        self._mouse_on = True
        self._title = ""

    def set_title(self, title: str) -> None:
        """Set the window title; the first call saves the previous one on the terminal's stack."""
        if not self._title:
            self._write(_SAVE_TITLE)
        if title != self._title:
            self._title = title
            self._write(f"\x1b]2;{title}\x07")

    def restore(self) -> None:
        """Restore the window title that was saved."""
        if self._title:
            self._write(_RESTORE_TITLE)

    def toggle_mouse(self) -> bool:
        """Switch mouse reports off, so that the terminal selects text, or on again; return True if they are on."""
        self._mouse_on = not self._mouse_on
        self._write_mouse_modes()
        return self._mouse_on

    def resume(self) -> None:
        """Switch mouse reports off again after a suspend, from which Textual returns with them on."""
        if not self._mouse_on:
            self._write_mouse_modes()

    def _write_mouse_modes(self) -> None:
        switch = "h" if self._mouse_on else "l"
        self._write("".join(f"\x1b[?{mode}{switch}" for mode in _MOUSE_MODES))

    def open_browser(self, url: str) -> bool:
        """Open a page in a browser of this machine; return False over SSH, or if there is no browser."""
        return can_open_browser(os.environ, sys.platform) and webbrowser.open(url)

    def _write(self, sequence: str) -> None:
        driver = driver_of(self._app)
        if driver is not None:
            driver.write(sequence)
            driver.flush()


def can_open_browser(environ: "os._Environ[str] | dict[str, str]", platform: str) -> bool:
    """Return True if a browser would open on the user's own display, not in this terminal or on a remote machine."""
    if "SSH_CONNECTION" in environ or "SSH_TTY" in environ:
        return False
    if platform in {"darwin", "win32"}:
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
