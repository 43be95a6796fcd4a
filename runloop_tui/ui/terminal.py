"""What is asked of the terminal itself: its bell, its title, its mouse, a browser beside it."""

import os
import sys
import webbrowser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App

_SAVE_TITLE = "\x1b[22;2t"
_RESTORE_TITLE = "\x1b[23;2t"
_MOUSE_MODES = (1000, 1003, 1015, 1006)


class Terminal:
    """The terminal that an app runs in. Whatever reaches it as text must be safe already."""

    def __init__(self, app: "App[None]") -> None:
        self._app = app
        self._mouse_on = True
        self._title = ""

    def set_title(self, title: str) -> None:
        """Set the title of the window; a safe text."""
        if not self._title:
            self._write(_SAVE_TITLE)
        if title != self._title:
            self._title = title
            self._write(f"\x1b]2;{title}\x07")

    def restore(self) -> None:
        """Give the window back the title it had."""
        if self._title:
            self._write(_RESTORE_TITLE)

    def toggle_mouse(self) -> bool:
        """Let the terminal have the mouse, so that text can be selected, or take it back; True where it is ours."""
        self._mouse_on = not self._mouse_on
        self._switch_mouse()
        return self._mouse_on

    def resume(self) -> None:
        """Leave the mouse with the terminal after a pause, where it was before: Textual takes it back."""
        if not self._mouse_on:
            self._switch_mouse()

    def _switch_mouse(self) -> None:
        switch = "h" if self._mouse_on else "l"
        self._write("".join(f"\x1b[?{mode}{switch}" for mode in _MOUSE_MODES))

    def open_browser(self, url: str) -> bool:
        """Open a page in a browser of this machine; False where the person sits elsewhere, or there is none."""
        return can_open_browser(os.environ, sys.platform) and webbrowser.open(url)

    def _write(self, sequence: str) -> None:
        driver = self._app._driver  # noqa: SLF001 - Textual has no other way to the terminal
        if driver is not None:
            driver.write(sequence)
            driver.flush()


def can_open_browser(environ: "os._Environ[str] | dict[str, str]", platform: str) -> bool:
    """Tell whether a browser would open before the person's eyes, and not inside this terminal or far away."""
    if "SSH_CONNECTION" in environ or "SSH_TTY" in environ:
        return False
    if platform in {"darwin", "win32"}:
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
