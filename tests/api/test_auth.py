"""The key: which requests have it, and that nothing else does."""

import traceback

import httpx
import pytest

from runloop_tui.api.client import Client
from runloop_tui.api.errors import NotAuthorised, RunloopError
from runloop_tui.api.retry import Backoff
from runloop_tui.api.transport import BearerAuth
from tests.api.scripted import BASE, KEY, NOW_MS, RUN, Script, answer, listing, ok


def sent_to(url: str, base: str = BASE) -> str | None:
    """Return the Authorization header of a request to this URL."""
    request = httpx.Request("GET", url, headers={"Authorization": "Bearer left over"})
    next(BearerAuth(KEY, httpx.URL(base)).auth_flow(request))
    authorization: str | None = request.headers.get("Authorization")
    return authorization


@pytest.mark.parametrize(
    "url", [BASE, f"{BASE}/v1/benchmark_runs", f"{BASE}:443/x", "HTTPS://API.RUNLOOP.TEST/y"]
)
def test_the_key_goes_to_the_base_addresss_origin(url: str) -> None:
    assert sent_to(url) == f"Bearer {KEY}"


@pytest.mark.parametrize(
    "url",
    [
        "http://api.runloop.test/",
        "https://api.runloop.test:8443/",
        "https://runloop.test/",
        "https://api.runloop.test.evil.test/",
        "https://evil.test/api.runloop.test",
    ],
)
def test_the_key_goes_nowhere_else(url: str) -> None:
    assert sent_to(url) is None


def test_the_port_is_part_of_the_origin() -> None:
    assert sent_to("http://127.0.0.1:8080/x", base="http://127.0.0.1:8080") == f"Bearer {KEY}"
    assert sent_to("http://127.0.0.1:8081/x", base="http://127.0.0.1:8080") is None


@pytest.mark.parametrize("no_key", [None, ""])
async def test_without_a_key_requests_go_without_one(no_key: str | None) -> None:
    script = Script(listing([]))
    async with script.client(api_key=no_key) as client:
        await client.list_benchmark_runs()
    assert "authorization" not in script.requests[0].headers


@pytest.mark.parametrize(
    "key",
    ["rl_secret\nX-Evil: 1", "rl_secret\r", " rl_secret", "rl sec", "rl_sécret", "rl_\0", "ʞ"],
)
async def test_an_unsendable_key_is_an_error_without_the_key_in_it(key: str) -> None:
    script = Script()
    async with script.client(api_key=key) as client:
        with pytest.raises(NotAuthorised) as caught:
            await client.list_benchmark_runs()
    assert script.requests == []
    assert str(caught.value) == (
        "not authorised: the key has a space, a line break or a special character in it"
    )
    assert key.strip() not in "".join(traceback.format_exception(caught.value))


async def test_no_repr_contains_the_key() -> None:
    script = Script(answer(401, {"message": "no"}))
    async with script.client() as client:
        with pytest.raises(NotAuthorised) as caught:
            await client.get_benchmark_run("bmr_1")
        printed = [repr(client), repr(caught.value), str(caught.value), repr(vars(client))]
    assert all(KEY not in text for text in printed)
    assert repr(client) == "<Client of https://api.runloop.test>"


@pytest.mark.parametrize(
    "message",
    [
        answer(400, {"message": f"bad header: Bearer {KEY}"}),
        answer(500, f"<html><title>{KEY} is no key</title></html>".encode()),
        answer(502, b"x" * (300 - len(KEY) // 2) + KEY.encode()),
        answer(302, b"", location=f"https://elsewhere.test/?key={KEY}"),
        answer(200, f"your key {KEY} is wrong".encode()),
    ],
    ids=["message", "page", "cut in the middle", "redirect", "no JSON"],
)
async def test_the_key_is_masked_in_the_servers_message(message: httpx.Response) -> None:
    async with Script(message).client(backoff=Backoff(attempts=1)) as client:
        with pytest.raises(RunloopError) as caught:
            await client.list_benchmark_runs()
    assert KEY not in caught.value.detail
    assert KEY[: len(KEY) // 2] not in caught.value.detail
    assert "…" in caught.value.detail


def test_a_base_url_that_cannot_be_parsed_is_rejected_without_repeating_it() -> None:
    with pytest.raises(ValueError, match="the base address is not a legal one") as caught:
        Client("https://hunter2:port", KEY, now=lambda: NOW_MS)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    ["http://localhost", "http://[::1]:8080", "https://api.runloop.pro."],
)
def test_a_base_address_may_be_any_host(address: str) -> None:
    assert address in repr(Client(address, KEY, now=lambda: NOW_MS))


async def test_environment_values_are_in_no_repr_and_no_warning() -> None:
    secret = {"environment_variables": {"TOKEN": "hunter2", "OTHER": ["hunter2"]}}
    script = Script(listing([RUN | secret]))
    async with script.client() as client:
        page = await client.list_benchmark_runs()
    assert page.items[0].environment_variables == {"TOKEN": "hunter2"}
    assert page.warnings == ("OTHER in environment_variables of bmr_1 not understood",)
    assert "hunter2" not in repr(page)


async def test_a_client_can_be_closed_without_having_been_used() -> None:
    script = Script(ok(RUN))
    await script.client().aclose()
    assert script.requests == []
