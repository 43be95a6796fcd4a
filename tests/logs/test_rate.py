import pytest

from runloop_tui.logs.rate import RateMeter


def test_the_rate_is_unknown_until_time_has_passed() -> None:
    meter = RateMeter()
    assert meter.rate(1_000, 0) is None
    meter.note(1_000, 0)

    assert meter.rate(1_000, 500) is None


def test_the_rate_is_bytes_per_second() -> None:
    meter = RateMeter()
    meter.note(1_000, 0)
    meter.note(3_000, 4_000)

    assert meter.rate(3_000, 4_000) == 2_000.0


def test_the_rate_is_that_of_the_last_seconds_only() -> None:
    meter = RateMeter()
    for second in range(11):  # 100 bytes/s for ten seconds, then 1,000
        meter.note(second * 1000, second * 100)
    for second in range(1, 6):
        meter.note(10_000 + second * 1000, 1_000 + second * 1_000)

    assert meter.rate(15_000, 6_000) == pytest.approx(1_000)


def test_the_rate_falls_to_nothing_when_nothing_comes_in() -> None:
    meter = RateMeter()
    meter.note(0, 0)
    meter.note(1_000, 9_000)

    assert meter.rate(3_000, 9_000) == 3_000.0
    assert meter.rate(9_000, 9_000) == 0.0


def test_a_clock_that_is_set_back_begins_the_measurement_anew() -> None:
    meter = RateMeter()
    meter.note(100_000, 5_000)
    meter.note(50_000, 6_000)

    assert meter.rate(50_000, 6_000) is None
    assert meter.rate(51_000, 8_000) == 2_000.0


def test_very_many_chunks_take_little_memory() -> None:
    meter = RateMeter()
    for chunk in range(100_000):
        meter.note(chunk // 10, chunk)

    assert len(meter._moments) < 30
