"""TLS: certificates are verified, and the certificate and proxy settings of the environment are used."""

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from runloop_tui.api.client import Client
from runloop_tui.api.errors import NoConnection
from runloop_tui.api.retry import Backoff
from tests.api.scripted import KEY, NOW_MS

_ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n"
    b'{"id": "bmr_1"}'
)
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")


@pytest.fixture(autouse=True)
def _direct(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*_PROXIES, "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a self-signed certificate for 127.0.0.1, with its key in the same file."""
    path = tmp_path_factory.mktemp("tls") / "self-signed.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    about = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    about += ["-addext", "keyUsage=critical,digitalSignature,keyCertSign"]
    subprocess.run(
        [*made, *about, "-keyout", path, "-out", path.with_suffix(".crt")],
        check=True,
        capture_output=True,
    )
    path.write_text(path.read_text() + path.with_suffix(".crt").read_text())
    return path


class Listening:
    """Serves each connection in a task, and closes all of them at the end."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self._writers: list[asyncio.StreamWriter] = []
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        """Gives the port."""
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0, ssl=self._tls)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            for writer in self._writers:
                writer.transport.abort()
            await asyncio.gather(
                *(writer.wait_closed() for writer in self._writers), return_exceptions=True
            )
            await server.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        self._start(self.serve(reader, writer))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.add(asyncio.create_task(work))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one client; can be canceled anywhere."""
        raise NotImplementedError


class Server(Listening):
    """Answers over TLS, or in the clear without a certificate, and records the requests."""

    def __init__(self, certificate: Path | None) -> None:
        tls = None
        if certificate is not None:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(certificate)
        super().__init__(tls)
        self.requests: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            self.requests.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(_ANSWER)
            await writer.drain()


class Proxy(Listening):
    """A proxy: connects on CONNECT to the requested address, and records the request heads."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.requests.append(head)
        host, port = head.split(b" ")[1].decode().split(":")
        there, beyond = await asyncio.open_connection(host, int(port))
        self._writers.append(beyond)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        self._start(_pass_on(reader, beyond))
        await _pass_on(there, writer)


async def _pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while piece := await source.read(65_536):
        target.write(piece)
        await target.drain()


async def request(port: int, scheme: str = "https") -> str:
    """Fetch a run from this port and return its id."""
    address = f"{scheme}://127.0.0.1:{port}"
    async with Client(address, KEY, now=lambda: NOW_MS, backoff=Backoff(attempts=1)) as client:
        return (await client.get_benchmark_run("bmr_1")).id


async def test_a_self_signed_certificate_is_rejected_before_the_key_is_sent(
    certificate: Path,
) -> None:
    server = Server(certificate)
    async with server.listening() as port:
        with pytest.raises(NoConnection, match="the server's certificate cannot be trusted"):
            await request(port)
    assert server.requests == []


async def test_a_certificate_named_by_ssl_cert_file_is_trusted(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".crt")))
    server = Server(certificate)
    async with server.listening() as port:
        assert await request(port) == "bmr_1"
    assert f"Bearer {KEY}".encode() in server.requests[0]


async def test_a_certificate_for_another_host_is_not_trusted(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".crt")))
    server = Server(certificate)
    async with server.listening() as port:
        address = f"https://localhost:{port}"
        async with Client(address, KEY, now=lambda: NOW_MS, backoff=Backoff(attempts=1)) as client:
            with pytest.raises(NoConnection, match="certificate cannot be trusted"):
                await client.get_benchmark_run("bmr_1")
    assert server.requests == []


async def test_a_missing_certificate_file_is_reported(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_name("none.pem")))
    with pytest.raises(NoConnection, match="proxy or certificate settings"):
        await request(1)


async def test_an_error_of_prepare_is_raised_by_the_first_request(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "nowhere.pem"))
    async with Client("https://127.0.0.1:9", KEY, now=lambda: NOW_MS) as client:
        client.prepare()
        with pytest.raises(NoConnection, match="certificate settings"):
            await client.get_benchmark_run("bmr_1")


async def test_certificates_are_read_by_prepare_and_not_for_plain_http_on_loopback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[str] = []
    load = ssl.create_default_context

    def count(*args: Any, **named: Any) -> ssl.SSLContext:  # noqa: ANN401 - passed on
        read.append("certificates")
        return load(*args, **named)

    monkeypatch.setattr(ssl, "create_default_context", count)
    async with Client("http://127.0.0.1:9", KEY, now=lambda: NOW_MS) as client:
        client.prepare()
        assert read == []
    async with Client("https://127.0.0.1:9", KEY, now=lambda: NOW_MS) as client:
        client.prepare()
        assert read != []


async def test_a_proxy_of_the_environment_carries_the_request_and_cannot_read_the_key(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".crt")))
    server, proxy = Server(certificate), Proxy()
    async with server.listening() as port, proxy.listening() as proxy_port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy_port}")
        assert await request(port) == "bmr_1"
    assert proxy.requests[0].startswith(f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\n".encode())
    assert KEY.encode() not in b"".join(proxy.requests)
    assert len(server.requests) == 1


async def test_no_proxy_keeps_a_host_from_the_proxy(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".crt")))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server, proxy = Server(certificate), Proxy()
    async with server.listening() as port, proxy.listening() as proxy_port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy_port}")
        assert await request(port) == "bmr_1"
    assert proxy.requests == []


@pytest.mark.parametrize("name", ["HTTP_PROXY", "ALL_PROXY"])
async def test_plain_http_on_loopback_bypasses_the_proxy(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    server, proxy = Server(None), Proxy()
    async with server.listening() as port, proxy.listening() as proxy_port:
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy_port}")
        assert await request(port, "http") == "bmr_1"
    assert proxy.requests == []
    assert len(server.requests) == 1
