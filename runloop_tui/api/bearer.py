"""The key, and the one place that it goes to."""

from collections.abc import Generator

import httpx

from runloop_tui.api.errors import NotAuthorised


class Bearer(httpx.Auth):
    """Adds `Authorization: Bearer …` to requests to one origin, and takes it from all others.

    What httpx and httpcore log of a request is its URL and `<Request [b'GET']>`, never its
    headers, whatever the level. Only the error about an illegal header would quote the key:
    `check` keeps such a key from getting that far.
    """

    def __init__(self, api_key: str | None, base: httpx.URL) -> None:
        self._key = api_key
        self._origin = _origin(base)

    def __repr__(self) -> str:
        """Whether there is a key, and no more."""
        return f"<Bearer {'with a key' if self._key else 'without a key'}>"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not come back in a server's words: the key, where there is one."""
        return (self._key,) if self._key else ()

    def check(self) -> None:
        """Refuse a key that no header can carry.

        Raises:
            NotAuthorised: when the key has anything but visible ASCII characters.
        """
        if self._key and not all("!" <= character <= "~" for character in self._key):
            raise NotAuthorised("the key has a space, a line break or a special character in it")

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Called by httpx for each request, just before it is sent."""
        request.headers.pop("Authorization", None)
        if self._key and _origin(request.url) == self._origin:
            request.headers["Authorization"] = f"Bearer {self._key}"
        yield request


def _origin(url: httpx.URL) -> tuple[str, bytes, int | None]:
    return (
        url.scheme,
        url.raw_host,
        url.port,
    )  # httpx leaves the port out where it is the scheme's own
