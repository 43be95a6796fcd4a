"""The results of scorers, and their output: pytest sessions, patches that do not apply, tests that time out."""

from dataclasses import dataclass
from functools import lru_cache
from random import Random

from runloop_tui.demo.names import seeded_random


@dataclass(frozen=True, slots=True)
class ScorerResult:
    """The result of one scoring function for one scenario run.

    Attributes:
        name: The scoring function's name.
        score: From 0.0 to 1.0.
        output: Its output.
        state: `complete`, or `error` if scoring failed.
    """

    name: str
    score: float
    output: str
    state: str


@lru_cache(maxsize=1 << 13)
def scorer_results(
    scenario: str, score: float, took_s: float, *key: object
) -> tuple[ScorerResult, ...]:
    """Return results of a scenario's scorers that amount to `score`, after `took_s` seconds."""
    chance = seeded_random("output", scenario, *key)
    if "__" in scenario:
        return _swe_bench(scenario, score, took_s, chance)
    return _terminal_bench(scenario, score, took_s, chance)


def _swe_bench(
    scenario: str, score: float, took_s: float, chance: Random
) -> tuple[ScorerResult, ...]:
    """Return results of tests that must be fixed and of tests that must not break, as in SWE-bench."""
    if score == 0.0:
        roll = chance.random()
        if roll < 0.16:
            return (
                ScorerResult("test_based_scorer", 0.0, _patch_failed(scenario, chance), "error"),
            )
        if roll < 0.24:
            return (ScorerResult("test_based_scorer", 0.0, _tests_timed_out(chance), "error"),)
    package = scenario.split("__")[1].rsplit("-", 1)[0].replace("-", "_")
    total = _test_count(score, chance.randint(1, 6))
    passed = round(total * score)
    kept = chance.randint(18, 140)
    fixed = _pytest(package, passed, total - passed, score, took_s / 2, chance)
    unbroken = _pytest(package, kept, 0, 1.0, took_s / 2, chance)
    return (
        ScorerResult("fail_to_pass", score, fixed, "complete"),
        ScorerResult("pass_to_pass", 1.0, unbroken, "complete"),
    )


def _terminal_bench(
    scenario: str, score: float, took_s: float, chance: Random
) -> tuple[ScorerResult, ...]:
    if score == 0.0 and chance.random() < 0.12:
        return (ScorerResult("bash_script_scorer", 0.0, _tests_timed_out(chance), "error"),)
    total = _test_count(score, chance.randint(2, 9))
    passed = round(total * score)
    output = _pytest(scenario.replace("-", "_"), passed, total - passed, score, took_s, chance)
    return (ScorerResult("bash_script_scorer", score, output, "complete"),)


def _test_count(score: float, otherwise: int) -> int:
    """Return a number of tests of which `score` can be the passed share; `otherwise` for 0 and 1."""
    if score in {0.0, 1.0}:
        return otherwise
    return next(
        (count for count in range(20, 1, -1) if round(round(count * score) / count, 2) == score),
        100,
    )


_SUBJECTS = (
    "roundtrip", "empty_input", "nested_models", "unicode_names", "invalid_header", "ordering",
    "default_value", "timezone_offset", "output_exists", "exit_status", "repr", "subclass",
    "missing_argument", "large_file", "permissions", "cache_key", "warning_is_raised",
)  # fmt: skip
_ERRORS = (
    "AssertionError: assert 'b' == 'a'",
    "AssertionError: assert 3 == 4",
    "AttributeError: 'NoneType' object has no attribute 'name'",
    "TypeError: unsupported operand type(s) for +: 'int' and 'str'",
    "ValueError: not enough values to unpack (expected 2, got 1)",
    "FileNotFoundError: [Errno 2] No such file or directory: '/app/result.txt'",
    "KeyError: 'default'",
    "RecursionError: maximum recursion depth exceeded",
)


def _pytest(
    package: str, passed: int, failed: int, score: float, at_most_s: float, chance: Random
) -> str:
    """Return the output of a pytest session, with the score in its last line."""
    seconds = chance.uniform(0.1, 0.9) * at_most_s
    names = [f"test_{name}" for name in chance.sample(_SUBJECTS, min(failed, len(_SUBJECTS)))]
    file = f"tests/test_{package}.py"
    dots = list("." * passed + "F" * failed)
    chance.shuffle(dots)
    lines = [
        "============================= test session starts ==============================",
        "platform linux -- Python 3.11.9, pytest-8.3.4, pluggy-1.5.0",
        "rootdir: /testbed",
        f"collected {passed + failed} item{'' if passed + failed == 1 else 's'}",
        "",
        f"{file} {''.join(dots)} [100%]",
        "",
    ]
    if failed:
        errors = [chance.choice(_ERRORS) for _ in names]
        lines.append(
            "=================================== FAILURES ==================================="
        )
        for name, error in zip(names, errors, strict=True):
            row = chance.randint(12, 480)
            lines += [
                f"_{name:_^77}_",
                "",
                f"E       {error}",
                "",
                f"{file}:{row}: {error.split(':')[0]}",
            ]
        lines.append(
            "=========================== short test summary info ============================"
        )
        for name, error in zip(names, errors, strict=True):
            lines.append(f"FAILED {file}::{name} - {error}")
    counts = [f"{failed} failed"] * bool(failed) + [f"{passed} passed"] * bool(passed)
    lines.append(f" {', '.join(counts)} in {seconds:.2f}s ".center(80, "="))
    lines.append(f"score={score}")
    return "\n".join(lines) + "\n"


def _patch_failed(scenario: str, chance: Random) -> str:
    package = scenario.split("__")[1].rsplit("-", 1)[0].replace("-", "_")
    row = chance.randint(20, 900)
    return (
        f"Checking patch {package}/core.py...\n"
        f"error: while searching for:\n"
        f"        return self._cache[key]\n"
        f"\n"
        f"error: patch failed: {package}/core.py:{row}\n"
        f"error: {package}/core.py: patch does not apply\n"
        f">>>>> Patch Apply Failed\n"
        f"score=0.0\n"
    )


def _tests_timed_out(chance: Random) -> str:
    shown = chance.randint(3, 40)
    return (
        "============================= test session starts ==============================\n"
        "platform linux -- Python 3.11.9, pytest-8.3.4, pluggy-1.5.0\n"
        f"{'.' * shown}\n"
        ">>>>> Tests Timed Out\n"
        "score=0.0\n"
    )
