"""The server's clock: learned from its answers, and not from noise."""

import pytest

from runloop_tui.api.errors import NotFound
from runloop_tui.api.retry import http_date_ms
from runloop_tui.api.transport import ServerClock
from tests.api.scripted import NOW_MS, RUN, Script, answer, ok

NOW = "Thu, 09 Oct 2025 08:53:20 GMT"
A_MINUTE_LATER = "Thu, 09 Oct 2025 08:54:20 GMT"


def test_a_date_is_read_to_the_second() -> None:
    assert http_date_ms(NOW) == NOW_MS
    assert http_date_ms("Thu, 09 Oct 2025 10:53:20 +0200") == NOW_MS
    assert http_date_ms("Thu, 09 Oct 2025 08:53:20 -0000") == NOW_MS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "Thu, 31 Feb 2025 08:53:20 GMT",
        "Thu, 09 Oct 1970 08:53:20 GMT",
        "Thu, 09 Oct 9999 08:53:20 GMT",
        "Thu, 09 Oct 99999999999 08:53:20 GMT",
        "Thu, 09 Oct 2025 08:53:20 +999999",
        "9" * 100_000,
    ],
)
def test_an_absurd_date_is_none(text: str) -> None:
    assert http_date_ms(text) is None


async def test_the_skew_is_the_servers_clock_minus_ours() -> None:
    script = Script(ok(RUN, date=A_MINUTE_LATER))
    async with script.client() as client:
        assert client.skew_ms == 0
        await client.get_benchmark_run("bmr_1")
        assert client.skew_ms == 60_000


async def test_a_refusal_tells_the_time_too() -> None:
    script = Script(answer(404, date=A_MINUTE_LATER))
    async with script.client() as client:
        with pytest.raises(NotFound):
            await client.get_benchmark_run("bmr_1")
        assert client.skew_ms == 60_000


@pytest.mark.parametrize("noise_ms", [-2_000, -999, 0, 1_000, 2_000])
def test_small_differences_do_not_move_the_skew(noise_ms: int) -> None:
    clock = ServerClock()
    clock.learn({"date": A_MINUTE_LATER}, NOW_MS)
    clock.learn({"date": A_MINUTE_LATER}, NOW_MS + noise_ms)
    assert clock.skew_ms == 60_000


def test_a_clock_that_is_set_anew_moves_the_skew() -> None:
    clock = ServerClock()
    clock.learn({"date": A_MINUTE_LATER}, NOW_MS)
    clock.learn({"date": NOW}, NOW_MS)
    assert clock.skew_ms == 0


@pytest.mark.parametrize(
    "headers", [{}, {"date": "nonsense"}, {"date": NOW, "age": "60"}], ids=["none", "bad", "cached"]
)
def test_an_answer_that_does_not_tell_the_time_leaves_the_skew(headers: dict[str, str]) -> None:
    clock = ServerClock()
    clock.learn({"date": A_MINUTE_LATER}, NOW_MS)
    clock.learn(headers, NOW_MS)
    assert clock.skew_ms == 60_000
