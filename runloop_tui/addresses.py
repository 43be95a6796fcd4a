"""Which addresses the key may be sent to."""

import re
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

if TYPE_CHECKING:
    import ipaddress


_NUMBERS = r"[0-9]+.[0-9]+.[0-9]+.[0-9]+"  # with any separator, as httpx has it
_LABEL = r"[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?"


class BadAddress(Exception):  # noqa: N818 - reads as what it says
    """What is wrong with an address, as a phrase that follows the name of the flag or variable holding it."""


def base_address(url: str, *, insecure_http: bool) -> str:
    """The address as requests are built on it: without a slash at the end.

    Args:
        url: what was given.
        insecure_http: take plain http to another machine as well, where all can read the key.

    Raises:
        BadAddress: the key must not go there; its text quotes nothing of the address.
    """
    if not url:
        raise BadAddress("is empty")
    # urlsplit drops tabs and line breaks silently, and browsers take \ for /.
    if not re.fullmatch(r"[!-\[\]-~]+", url):
        raise BadAddress("must have no spaces, backslashes or letters beyond ASCII")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadAddress("has a host or a port that cannot be") from None
    if parts.scheme not in {"http", "https"}:
        raise BadAddress("must begin with https:// or http://")
    if "@" in parts.netloc:
        raise BadAddress("must not hold a user name or a password")
    if "?" in url or "#" in url:
        raise BadAddress("must not hold a query or a fragment")
    if port == 0 or not _is_host(parts):
        raise BadAddress("has a host or a port that cannot be")
    if parts.scheme == "http" and not insecure_http and not _is_loopback(parts):
        raise BadAddress("is plain http, where all can read the key: use https or --insecure-http")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _is_host(parts: SplitResult) -> bool:
    """Whether it can be looked up; what passes here must be good enough for the client as well."""
    if "[" in parts.netloc or "]" in parts.netloc:
        in_brackets = re.fullmatch(r"\[[0-9A-Fa-f:.]+\](:[0-9]*)?", parts.netloc)
        return in_brackets is not None and _ip_address(parts) is not None
    name = (parts.hostname or "").removesuffix(".")
    if re.fullmatch(_NUMBERS, name):
        return _ip_address(parts) is not None
    return all(re.fullmatch(_LABEL, label) for label in name.split("."))


def _is_loopback(parts: SplitResult) -> bool:
    if parts.hostname == "localhost":
        return True
    address = _ip_address(parts)
    return address is not None and address.is_loopback


def _ip_address(parts: SplitResult) -> "ipaddress.IPv4Address | ipaddress.IPv6Address | None":
    import ipaddress  # the usual address is a name, and does not need it

    try:
        return ipaddress.ip_address(parts.hostname or "")
    except ValueError:
        return None
