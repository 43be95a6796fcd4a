"""Scenario names for benchmarks larger than the real ones."""

from runloop_tui.demo import names

_ABOVE_ALL_NUMBERS = 30_000


def many_instances(count: int) -> tuple[str, ...]:
    """Return `count` distinct instance ids, in the proportions of SWE-bench Verified."""
    known = [name.rsplit("-", 1) for name in names.swe_bench_verified()]
    rounds = -(-count // len(known))
    return tuple(
        f"{repository}-{int(number) + _ABOVE_ALL_NUMBERS * round_}"
        for round_ in range(rounds)
        for repository, number in known
    )[:count]
