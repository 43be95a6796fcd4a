"""One request and its response: authorised, sent once, limited in time and size, no redirects.

Every failure is a `RunloopError`. The server's clock and stalls are measured on the way.
"""

import asyncio
import ipaddress
import json
import re
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress

import httpx

from runloop_tui.api.bodies import (
    MAX_ERROR_BYTES,
    content_length,
    is_html,
    parse_json,
    read_into,
)
from runloop_tui.api.error_mapping import error_of, mapped_errors, not_understood
from runloop_tui.api.errors import AnswerTooLarge, BadRequest, NoConnection, NotAuthorised
from runloop_tui.api.paths import MB, Kind
from runloop_tui.api.redact import add_secret, redacted_details
from runloop_tui.api.retry import http_date_ms

_TIMEOUT = httpx.Timeout(30.0, connect=5.0)
# Keep-alive: longer than the pause between two polls, so that each need not connect again; shorter
# than the 30 s after which servers hang up, so that no request is sent on a dead connection.
_LIMITS = httpx.Limits(max_connections=20, keepalive_expiry=25.0)

_MIN_SKEW_MS = 2_000
"""Date has whole seconds and the network takes time: smaller differences are noise."""


class Transport:
    """Sends requests to one base URL with one key; the arguments are those of `Client`."""

    def __init__(
        self,
        base_url: str,
        api_key: str | None,
        *,
        now: Callable[[], int],
        transport: httpx.AsyncBaseTransport | None,
        version: str,
        max_body_bytes: int,
        response_timeout_s: float,
    ) -> None:
        try:
            self.base = httpx.URL(base_url)
        except (httpx.InvalidURL, UnicodeError):
            raise ValueError("the base address is not a legal one") from None
        self.extra_path = _extra_path(self.base.path)
        self._auth = BearerAuth(api_key, self.base)
        add_secret(api_key)  # before the first response that could repeat it
        self._now = now
        self._transport = transport
        self._user_agent = f"runloop-tui/{version}" if version else "runloop-tui"
        self._max_body_bytes = max_body_bytes
        self._response_timeout_s = response_timeout_s
        self._http: httpx.AsyncClient | None = None
        self.server_clock = ServerClock()
        self.stall = StallTimer(now)
        self.requests_sent = 0

    def prepare(self) -> None:
        """Read the certificates now, in the calling thread; the first request raises what fails here."""
        with suppress(NoConnection):
            self._connected()

    async def aclose(self) -> None:
        """Close all connections."""
        if self._http is not None:
            await self._http.aclose()

    async def json(
        self,
        kind: Kind,
        path: str,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> object:
        """Send one request, with `body` as JSON, and return the parsed JSON of its response.

        Raises:
            NotUnderstood: the response is not JSON.
            AnswerTooLarge: the response is larger than `kind` allows.
        """
        content = None if body is None else _encoded(body)
        async with self.open(kind, path, query, content) as response:
            answer = await self._read_whole(response, kind)
        if not answer.strip():
            because = "expected JSON, got an empty answer"
        else:
            try:
                return parse_json(answer)
            except ValueError:
                got = "a web page" if is_html(response, answer) else "something else"
                because = f"expected JSON, got {got}"
        with redacted_details(self._auth.secrets, parts_too=True):
            raise not_understood(because, response, answer, kind)

    @asynccontextmanager
    async def open(
        self,
        kind: Kind,
        path: str,
        query: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> AsyncIterator[httpx.Response]:
        """Send one request, and yield its 2xx response before the body is read."""
        self._auth.check()
        with redacted_details(self._auth.secrets, parts_too=True):
            response = await self._send(kind, path, query, content)
            try:
                yield response
            finally:
                with suppress(httpx.TransportError):  # the body has been read, or is not needed
                    await response.aclose()

    async def _send(
        self, kind: Kind, path: str, query: Mapping[str, str] | None, content: bytes | None
    ) -> httpx.Response:
        error_body = bytearray()
        with mapped_errors(kind):
            async with asyncio.timeout(self._response_timeout_s):
                http = self._connected()
                request = http.build_request(kind.method, path, params=query, content=content)
                if content is not None:
                    request.headers["Content-Type"] = "application/json"
                if kind is Kind.DOWNLOAD:
                    # Uncompressed, so that Content-Length is the size of the archive.
                    request.headers.update({"Accept": "*/*", "Accept-Encoding": "identity"})
                self.requests_sent += 1
                with self.stall.waiting(expected_soon=kind is not Kind.DOWNLOAD):
                    response = await http.send(request, stream=True)
                self.server_clock.learn(response.headers, self._now())
                if response.is_success:
                    return response
                try:
                    # The status is known; of a body that breaks off, what has arrived will do.
                    with suppress(httpx.TransportError, httpx.DecodingError):
                        await self._read_into(error_body, response, MAX_ERROR_BYTES)
                finally:
                    await response.aclose()
        raise error_of(response, error_body, kind, self._now())

    async def _read_whole(self, response: httpx.Response, kind: Kind) -> bytearray:
        """Return the whole body of an open response.

        Raises:
            AnswerTooLarge: as soon as its Content-Length or the bytes that arrived exceed the limit.
        """
        max_bytes = min(kind.max_bytes, self._max_body_bytes)
        if (content_length(response) or 0) <= max_bytes:
            answer = await self.read(response, kind, max_bytes)
            if len(answer) <= max_bytes:
                return answer
        amount = f"{max_bytes:,} bytes" if max_bytes % MB else f"{max_bytes // MB} MB"
        raise AnswerTooLarge(
            f"more than {amount}", status=response.status_code, may_have_arrived=kind.acts
        )

    async def read(self, response: httpx.Response, kind: Kind, max_bytes: int) -> bytearray:
        """Return the body of an open response; a longer one ends a little after `max_bytes`."""
        body = bytearray()
        with mapped_errors(kind):
            async with asyncio.timeout(self._response_timeout_s):
                await self._read_into(body, response, max_bytes)
        return body

    async def _read_into(self, body: bytearray, response: httpx.Response, max_bytes: int) -> None:
        with self.stall.waiting():
            await read_into(body, response, max_bytes, self.stall.reset)

    def _connected(self) -> httpx.AsyncClient:
        """Return the one HTTP client, made on first use: reading the certificates takes a while.

        Raises:
            NoConnection: the proxy or certificate settings of the environment are invalid.
        """
        if self._http is None:
            is_local = _is_plain_loopback(self.base)
            try:
                self._http = httpx.AsyncClient(
                    base_url=self.base,
                    auth=self._auth,
                    headers={
                        "Accept": "application/json",
                        "Accept-Encoding": "gzip",  # which `bodies` decompresses within limits
                        "User-Agent": self._user_agent,
                    },
                    timeout=_TIMEOUT,
                    limits=_LIMITS,
                    follow_redirects=False,
                    # A proxy between this machine and itself would see the key in plain text.
                    trust_env=not is_local,
                    verify=not is_local,  # plain http needs no certificates, and they take 45 ms
                    transport=self._transport,
                )
            except (OSError, ValueError, ImportError, httpx.InvalidURL):
                raise NoConnection(
                    "the proxy or certificate settings of this machine cannot be used"
                ) from None
        return self._http


def _is_plain_loopback(base: httpx.URL) -> bool:
    """Return whether this is plain http to this machine."""
    if base.scheme != "http":
        return False
    try:
        return base.host == "localhost" or ipaddress.ip_address(base.host).is_loopback
    except ValueError:
        return False


def _extra_path(path: str) -> str:
    """Return the part of the base URL's path from /v1 on, with which all paths begin anyway; or ""."""
    doubled = re.search(r"/v1(?=/|$).*", path.rstrip("/"))
    return doubled[0] if doubled else ""


def _encoded(body: Mapping[str, object]) -> bytes:
    try:
        return json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # a lone surrogate, typed or pasted
        raise BadRequest("a text in it has half a character") from None


class BearerAuth(httpx.Auth):
    """Adds `Authorization: Bearer …` to requests to one origin, and removes it from all others.

    httpx and httpcore log the URL and `<Request [b'GET']>` of a request, never its headers,
    whatever the level. Only the error about an illegal header would quote the key: `check` rejects
    such a key before that.
    """

    def __init__(self, api_key: str | None, base: httpx.URL) -> None:
        self._key = api_key
        self._origin = _origin(base)

    def __repr__(self) -> str:
        """Return whether there is a key, without the key."""
        return f"<BearerAuth {'with a key' if self._key else 'without a key'}>"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What to mask in a server's message: the key, if any."""
        return (self._key,) if self._key else ()

    def check(self) -> None:
        """Reject a key that no header can carry.

        Raises:
            NotAuthorised: the key has anything but visible ASCII characters.
        """
        if self._key and not all("!" <= character <= "~" for character in self._key):
            raise NotAuthorised("the key has a space, a line break or a special character in it")

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Authorise a request; called by httpx just before it is sent."""
        request.headers.pop("Authorization", None)
        if self._key and _origin(request.url) == self._origin:
            request.headers["Authorization"] = f"Bearer {self._key}"
        yield request


def _origin(url: httpx.URL) -> tuple[str, bytes, int | None]:
    # The port is None where it is the scheme's default.
    return url.scheme, url.raw_host, url.port


class ServerClock:
    """The skew between the server's clock and the local one, from the Date headers of responses."""

    def __init__(self) -> None:
        self.skew_ms = 0
        """The server's clock minus the local one, in milliseconds; 0 until it is known."""

    def learn(self, headers: Mapping[str, str], now_ms: int) -> None:
        """Update the skew from a response that arrived at `now_ms`, unless the difference is noise."""
        if "age" in headers:  # from a cache: Date is when the cache asked the server
            return
        server_ms = http_date_ms(headers.get("date", ""))
        if server_ms is None:
            return
        skew_ms = server_ms - now_ms
        if abs(skew_ms - self.skew_ms) > _MIN_SKEW_MS:
            self.skew_ms = skew_ms


class StallTimer:
    """How long requests have been waiting without a byte from the server."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._waiting = 0
        self._last_heard_ms = 0

    @property
    def since_ms(self) -> int | None:
        """When the last byte arrived, or the wait began (Unix ms); None while no request is waiting."""
        return self._last_heard_ms if self._waiting else None

    @contextmanager
    def waiting(self, *, expected_soon: bool = True) -> Iterator[None]:
        """Count a wait for the server; one that may take long (`expected_soon=False`) is not counted."""
        if not expected_soon:
            yield
            return
        if not self._waiting:
            self.reset()
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1
        self.reset()

    def reset(self) -> None:
        """Restart the timer: bytes have arrived."""
        self._last_heard_ms = self._now()
