"""Whom the key is shown to: TLS is verified, the machine's own certificates and proxies are honoured."""

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

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
    """A certificate for 127.0.0.1 that nobody has signed; its key stands in the same file."""
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


class Server:
    """Answers over TLS, and remembers what came through it."""

    def __init__(self, certificate: Path) -> None:
        self.requests: list[bytes] = []
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(certificate)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        async with server:
            yield server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                self.requests.append(await reader.readuntil(b"\r\n\r\n"))
                writer.write(_ANSWER)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.transport.abort()


class Proxy:
    """Joins whoever asks by CONNECT to where he asks for, and remembers the words."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self._joined: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        async with server:
            yield server.sockets[0].getsockname()[1]
            for task in self._joined:
                task.cancel()
            await asyncio.gather(*self._joined, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        self.asked.append(asked)
        host, port = asked.split(b" ")[1].decode().split(":")
        there, beyond = await asyncio.open_connection(host, int(port))
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for source, target in ((reader, beyond), (there, writer)):
            task = asyncio.create_task(_pass_on(source, target))
            self._joined.add(task)


async def _pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while piece := await source.read(65_536):
            target.write(piece)
            await target.drain()
    finally:
        target.close()


async def ask(port: int) -> str:
    """Ask for a run at this port; gives its id."""
    address = f"https://127.0.0.1:{port}"
    async with Client(address, KEY, now=lambda: NOW_MS, backoff=Backoff(attempts=1)) as client:
        return (await client.get_benchmark_run("bmr_1")).id


async def test_a_certificate_that_nobody_signed_is_not_trusted_and_never_sees_the_key(
    certificate: Path,
) -> None:
    server = Server(certificate)
    async with server.listening() as port:
        with pytest.raises(NoConnection, match="the server's certificate cannot be trusted"):
            await ask(port)
    assert server.requests == []


async def test_a_certificate_named_by_ssl_cert_file_is_trusted(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".crt")))
    server = Server(certificate)
    async with server.listening() as port:
        assert await ask(port) == "bmr_1"
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


async def test_a_certificate_file_that_is_not_there_is_said(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_name("none.pem")))
    with pytest.raises(NoConnection, match="proxy or certificate settings"):
        await ask(1)


async def test_a_proxy_of_the_environment_carries_the_request_and_cannot_read_the_key(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".crt")))
    server, proxy = Server(certificate), Proxy()
    async with server.listening() as port, proxy.listening() as proxy_port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy_port}")
        assert await ask(port) == "bmr_1"
    assert proxy.asked[0].startswith(f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\n".encode())
    assert KEY.encode() not in b"".join(proxy.asked)
    assert len(server.requests) == 1


async def test_no_proxy_keeps_a_host_from_the_proxy(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".crt")))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server, proxy = Server(certificate), Proxy()
    async with server.listening() as port, proxy.listening() as proxy_port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy_port}")
        assert await ask(port) == "bmr_1"
    assert proxy.asked == []
