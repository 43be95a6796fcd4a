"""Ids and chance: both made from the seed and a key, so that a world can be told again."""

import hashlib
import random
from functools import lru_cache

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
RUN_PART = 8
"""How many characters at the end of a scenario run's or devbox's id say which benchmark run it is of."""


@lru_cache(maxsize=1 << 16)
def letters(count: int, *key: object) -> str:
    """Give `count` letters and digits that only depend on `key`."""
    number = int.from_bytes(hashlib.blake2b(repr(key).encode(), digest_size=24).digest())
    out = []
    for _ in range(count):
        number, digit = divmod(number, 62)
        out.append(ALPHABET[digit])
    return "".join(out)


def make_id(prefix: str, *key: object) -> str:
    """Make an id such as `bmr_3fK…` with 21 letters and digits."""
    return f"{prefix}_{letters(21, prefix, *key)}"


def dice(*key: object) -> random.Random:
    """Give a source of chance that says the same for the same key, on every machine."""
    return random.Random(repr(key))  # noqa: S311 - a story is told here, no secret is made
