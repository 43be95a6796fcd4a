"""Where the styles are: packaged beside the code, or at the top of a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).parent.parent


def stylesheets() -> list[Path]:
    """The .tcss files of the app, in the order in which they are read."""
    packaged = _PACKAGE / "styles"
    folder = packaged if packaged.is_dir() else _PACKAGE.parent / "styles"
    return sorted(folder.glob("*.tcss"))
