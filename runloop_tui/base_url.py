"""The base URL of the API: which ones the key may be sent to."""

import re
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

if TYPE_CHECKING:
    import ipaddress


DEFAULT_BASE_URL = "https://api.runloop.ai"

_IPV4 = r"[0-9]+.[0-9]+.[0-9]+.[0-9]+"  # "." is any character, as in httpx
_LABEL = r"[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?"


class InvalidBaseUrl(Exception):  # noqa: N818 - says it without the suffix
    """A base URL is invalid; the message is a phrase that follows the name of its flag or variable."""


def normalize_base_url(url: str, *, insecure_http: bool) -> str:
    """Return the base URL without a trailing slash.

    Args:
        url: the value of the flag or variable.
        insecure_http: allow plain http to another machine, with the key readable on the way.

    Raises:
        InvalidBaseUrl: the key must not be sent there; the message quotes nothing of the URL.
    """
    if not url:
        raise InvalidBaseUrl("is empty")
    # urlsplit removes tabs and line breaks silently, and browsers read \ as /.
    if not re.fullmatch(r"[!-\[\]-~]+", url):
        raise InvalidBaseUrl("must have no spaces, backslashes or letters beyond ASCII")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InvalidBaseUrl("has a host or a port that cannot be") from None
    if parts.scheme not in {"http", "https"}:
        raise InvalidBaseUrl("must begin with https:// or http://")
    if "@" in parts.netloc:
        raise InvalidBaseUrl("must not hold a user name or a password")
    if "?" in url or "#" in url:
        raise InvalidBaseUrl("must not hold a query or a fragment")
    if port == 0 or not _is_host(parts):
        raise InvalidBaseUrl("has a host or a port that cannot be")
    if parts.scheme == "http" and not insecure_http and not _is_loopback(parts):
        raise InvalidBaseUrl(
            "is plain http, where all can read the key: use https or --insecure-http"
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _is_host(parts: SplitResult) -> bool:
    """Return whether the host is an IP address or a valid name; stricter than `httpx.URL`, which parses it later."""
    if "[" in parts.netloc or "]" in parts.netloc:
        in_brackets = re.fullmatch(r"\[[0-9A-Fa-f:.]+\](:[0-9]*)?", parts.netloc)
        return in_brackets is not None and _ip_address(parts) is not None
    name = (parts.hostname or "").removesuffix(".")
    if re.fullmatch(_IPV4, name):
        return _ip_address(parts) is not None
    return all(re.fullmatch(_LABEL, label) for label in name.split("."))


def _is_loopback(parts: SplitResult) -> bool:
    if parts.hostname == "localhost":
        return True
    address = _ip_address(parts)
    return address is not None and address.is_loopback


def _ip_address(parts: SplitResult) -> "ipaddress.IPv4Address | ipaddress.IPv6Address | None":
    import ipaddress  # slow to import, and rarely needed

    try:
        return ipaddress.ip_address(parts.hostname or "")
    except ValueError:
        return None
