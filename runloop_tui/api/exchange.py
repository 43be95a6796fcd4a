"""One request and its answer: sent once, bounded in time and size, every fault in our own words."""

import asyncio
import ipaddress
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress

import httpx

from runloop_tui.api.bearer import Bearer
from runloop_tui.api.bodies import announced_size, is_html, parse_json, read_into, words_in
from runloop_tui.api.echoes import without_echoes
from runloop_tui.api.errors import AnswerTooLarge, BadRequest, NoConnection, NotUnderstood
from runloop_tui.api.operations import MB, Kind
from runloop_tui.api.redact import hide
from runloop_tui.api.server_clock import ServerClock
from runloop_tui.api.silence import Silence
from runloop_tui.api.translating import our_errors, refusal

_TIMEOUT = httpx.Timeout(30.0, connect=5.0)
# Longer than the pause between two polls, so that each need not shake hands anew; shorter than the
# half minute after which servers hang up, so that no request meets a dead connection.
_LIMITS = httpx.Limits(max_connections=20, keepalive_expiry=25.0)
BEGINNING_BYTES = 64 * 1024
"""So much of a body is looked at for the server's own words."""


class Exchange:
    """Requests to one base address with one key."""

    def __init__(
        self,
        base_url: str,
        api_key: str | None,
        *,
        now: Callable[[], int],
        transport: httpx.AsyncBaseTransport | None,
        version: str,
        largest_body: int,
        longest_answer_s: float,
    ) -> None:
        self.base = base_address(base_url)
        self.superfluous = _superfluous(self.base.path)
        """What of the path of the base address looks as if it were one too much: "", or from /v1 on."""
        self._bearer = Bearer(api_key, self.base)
        hide(api_key)  # before the first answer that could repeat it
        self._now = now
        self._transport = transport
        self._user_agent = f"runloop-tui/{version}" if version else "runloop-tui"
        self._largest_body = largest_body
        self._longest_answer_s = longest_answer_s
        self._http: httpx.AsyncClient | None = None
        self.server_clock = ServerClock()
        self.silence = Silence(now)
        self.requests_sent = 0

    def prepare(self) -> None:
        """Read the certificates now, in whichever thread this is; what fails is told by the first request."""
        with suppress(NoConnection):
            self._connected()

    async def aclose(self) -> None:
        """Close all connections."""
        if self._http is not None:
            await self._http.aclose()

    @asynccontextmanager
    async def open(
        self,
        kind: Kind,
        path: str,
        query: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> AsyncIterator[httpx.Response]:
        """Send one request; the answer is a success, and its body has yet to be read."""
        self._bearer.check()
        with without_echoes(self._bearer.secrets, parts_too=True):
            response = await self._send(kind, path, query, content)
            try:
                yield response
            finally:
                with suppress(httpx.TransportError):  # whatever it was good for has been had
                    await response.aclose()

    async def _send(
        self, kind: Kind, path: str, query: Mapping[str, str] | None, content: bytes | None
    ) -> httpx.Response:
        error_body = bytearray()
        with our_errors(kind):
            async with asyncio.timeout(self._longest_answer_s):
                http = self._connected()
                request = http.build_request(kind.method, path, params=query, content=content)
                if content is not None:
                    request.headers["Content-Type"] = "application/json"
                if kind is Kind.DOWNLOAD:
                    # Plain bytes, whose Content-Length tells the size.
                    request.headers.update({"Accept": "*/*", "Accept-Encoding": "identity"})
                self.requests_sent += 1
                with self.silence.broken_by_an_answer(expected_soon=kind is not Kind.DOWNLOAD):
                    response = await http.send(request, stream=True)
                self.server_clock.learn(response.headers, self._now())
                if response.is_success:
                    return response
                try:
                    # The status has said the main thing; a body that breaks off is words enough.
                    with suppress(httpx.TransportError, httpx.DecodingError):
                        await self._read_into(error_body, response, BEGINNING_BYTES)
                finally:
                    await response.aclose()
        raise refusal(response, error_body, kind, self._now())

    async def json(
        self,
        kind: Kind,
        path: str,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> object:
        """Send one request, with `body` as JSON, and give what the JSON of its answer says."""
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
        with without_echoes(self._bearer.secrets, parts_too=True):
            raise not_understood(because, response, answer, kind)

    async def _read_whole(self, response: httpx.Response, kind: Kind) -> bytearray:
        """The whole body of an open answer.

        Raises:
            AnswerTooLarge: as soon as it is known to be; what has come until then is let go.
        """
        most_bytes = min(kind.most_bytes, self._largest_body)
        answer = bytearray()
        if announced_size(response) <= most_bytes:
            answer = await self.read(response, kind, most_bytes)
            if len(answer) <= most_bytes:
                return answer
        amount = f"{most_bytes:,} bytes" if most_bytes % MB else f"{most_bytes // MB} MB"
        raise AnswerTooLarge(
            f"more than {amount}", status=response.status_code, may_have_arrived=kind.acts
        )

    async def read(self, response: httpx.Response, kind: Kind, most_bytes: int) -> bytearray:
        """The body of an open answer; a longer one is left off a little after `most_bytes`."""
        body = bytearray()
        with our_errors(kind):
            async with asyncio.timeout(self._longest_answer_s):
                await self._read_into(body, response, most_bytes)
        return body

    async def _read_into(self, body: bytearray, response: httpx.Response, most_bytes: int) -> None:
        with self.silence.broken_by_an_answer():
            await read_into(body, response, most_bytes, self.silence.end)

    def _connected(self) -> httpx.AsyncClient:
        """The one client, made when it is first needed: reading the certificates takes a while."""
        if self._http is None:
            stays_here = _stays_here(self.base)
            try:
                self._http = httpx.AsyncClient(
                    base_url=self.base,
                    auth=self._bearer,
                    headers={
                        "Accept": "application/json",
                        "Accept-Encoding": "gzip",  # which is unpacked within bounds
                        "User-Agent": self._user_agent,
                    },
                    timeout=_TIMEOUT,
                    limits=_LIMITS,
                    follow_redirects=False,
                    # A proxy on the way to this machine itself would be shown the key in the clear.
                    trust_env=not stays_here,
                    verify=not stays_here,  # plain http needs no certificates, and they take 45 ms
                    transport=self._transport,
                )
            except (OSError, ValueError, ImportError, httpx.InvalidURL):
                raise NoConnection(
                    "the proxy or certificate settings of this machine cannot be used"
                ) from None
        return self._http


def _stays_here(base: httpx.URL) -> bool:
    """Whether it is plain http to this machine."""
    if base.scheme != "http":
        return False
    try:
        return base.host == "localhost" or ipaddress.ip_address(base.host).is_loopback
    except ValueError:
        return False


def _encoded(body: Mapping[str, object]) -> bytes:
    try:
        return json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a surrogate pair, typed or pasted
        raise BadRequest("a text in it has half a character") from None


def not_understood(
    because: str, response: httpx.Response, body: bytes | bytearray, kind: Kind
) -> NotUnderstood:
    """A success by its status, but not by its body."""
    return NotUnderstood(
        because,
        status=response.status_code,
        detail=words_in(response, body[:BEGINNING_BYTES]),
        may_have_arrived=kind.acts,
    )


def base_address(text: str) -> httpx.URL:
    """The address that all paths are joined to.

    Raises:
        ValueError: when it is no http or https address, or holds more than host, port and path.
    """
    try:
        url = httpx.URL(text.strip())
    except (httpx.InvalidURL, UnicodeError):
        raise ValueError("the base address is not a legal one") from None
    if url.scheme not in {"http", "https"} or not _is_host(url.raw_host.decode("ascii")):
        raise ValueError("the base address must start with https:// or http:// and name a host")
    if url.port is not None and not 0 < url.port < 65_536:
        raise ValueError("the base address must have a port from 1 to 65535, or none")
    if any(mark in text for mark in "@?#"):
        # A password in an address would stand in every log line about a request.
        raise ValueError("the base address must have no user, no password, no ? and no #")
    return url


def _superfluous(path: str) -> str:
    """What begins with the /v1 with which all paths of Runloop begin; "" where nothing does."""
    doubled = re.search(r"/v1(?=/|$).*", path.rstrip("/"))
    return doubled[0] if doubled else ""


def _is_host(host: str) -> bool:
    """Whether it can be looked up: httpx quotes what no host has, and names have short labels."""
    labels = host.removesuffix(".").split(".")
    return "%" not in host and all(0 < len(label) < 64 for label in labels)
