"""What was chosen at the start that the screens need to know."""

from dataclasses import dataclass
from typing import Literal

DEMO_SERVER = "a made-up account"
"""What stands in the server's place in the demo."""


@dataclass(frozen=True, slots=True)
class Options:
    """Choices made at the start; none of them is a secret."""

    server: str
    """The host that is watched, for the title bar."""
    platform: str | None = None
    """The address of the web platform, or None where none belongs to the server."""
    address: str = ""
    """The base address, as it was given."""
    address_source: str = ""
    """The flag or variable that gave the address; "" where it is the default."""
    key_source: str = ""
    """The flag or variable that gave the key."""
    demo: bool = False
    interval_s: float = 5.0
    run_id: str | None = None
    job_id: str | None = None
    read_only: bool = False
    bell: bool = False
    title: bool = False
    theme: Literal["dark", "light"] = "dark"
    downloads: str = ""
    """The folder that downloads go to, to be shown."""
    without_key: bool = False
    """There is no key: nothing can be asked, and the screen says how to set one."""
