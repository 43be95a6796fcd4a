"""Secrets masked in text, in whatever encoding they occur.

The key goes to the server with each request, and the server can send it back: in an error message,
but in a run's name as well. A secret given to `add_secret` is masked in every text that goes
through `redact`, which is all text that is displayed, logged or made into a file name.

A secret is found whatever the case of its letters; with invisible characters, line breaks, blanks or
replacement marks between its characters; escaped as in URLs, JSON or HTML; and in base64, at any
byte offset. Of a long secret, `_LONG_STRETCH` consecutive characters are enough, because a text may
be cut anywhere.
"""

import re
import unicodedata
from binascii import b2a_base64
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import NamedTuple

from runloop_tui.api.errors import RunloopError

MASK = "…"

_MIN_SECRET_LENGTH = 8
"""For `add_secret`. A shorter key is one of a test server; masking it would garble other text."""
_MIN_VALUE_LENGTH = 4
"""For `redacted_details`. Shorter values ("1", "yes") are no secrets, and masking them would garble the message."""

_LONG_STRETCH = 12
_LONG_BASE64_STRETCH = 24
_SAFE_TO_SPLIT = 16
"""A shorter secret is masked only as a whole: parts of it may be common words."""

_MAX_NESTED = 4
"""Masking passes, for secrets within secrets; a text that needs more is masked as a whole."""

_MARKS = frozenset("…⏎␛␡\ufffd") | frozenset(map(chr, range(0x2400, 0x2420)))
"""Replacements for characters that were removed; none of them is part of a secret."""

_ESCAPED = (
    r"%(?:25)*([0-7][0-9a-f])|((?:%(?:25)*[89a-f][0-9a-f])+)"  # in a URL, encoded once or several times
    r"|(?<!\\)\\++(?:u([0-9a-f]{4})|x([0-9a-f]{2})|([nrtbf]))"  # in JSON
    r"|&#x0*([0-9a-f]{2});|&#0*([0-9]{2,3});"  # in HTML
)
_BREAKS = "[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+"

# Folding: lower case; both base64 alphabets as one; no blanks, control characters and backslashes.
_DROPPED = dict.fromkeys((*range(0x21), ord("\\"), 0x7F))
_ASCII_FOLDED: dict[int, str | None] = {
    code: chr(code).lower() for code in range(0x80) if code not in _DROPPED
}
_ASCII_FOLDED |= _DROPPED | {ord("-"): "+", ord("_"): "/"}
_OCTETS_FOLDED = bytes(ord(_ASCII_FOLDED.get(code) or "\0") for code in range(0x100))
_OCTETS_DROPPED = bytes(_DROPPED)


class _Form(NamedTuple):
    """One encoding of a secret, folded."""

    blocks: tuple[str, ...]
    """Whatever text has a stretch in it, has one of these blocks in it."""
    stretches: frozenset[str]
    """What is masked; all have the same length."""
    length: int


class _Unit(NamedTuple):
    """A character of a text, or an escape sequence for one."""

    folded: str
    """What is compared; "" where it is never part of a secret."""
    text: str


class Redactor:
    """Masks secrets in texts.

    Args:
        secrets: what to mask.
        shortest: secrets with fewer characters are not masked.
        parts_too: mask long parts of them as well, and base64.
    """

    def __init__(self, secrets: Iterable[str], *, shortest: int, parts_too: bool) -> None:
        forms = dict.fromkeys(
            form
            for secret in secrets
            if len(secret) >= shortest
            for form in _forms_of(secret, parts_too=parts_too)
        )
        self._blocks = sorted({(form.length, block) for form in forms for block in form.blocks})
        self._stretches: dict[int, set[str]] = {}
        for form in forms:
            self._stretches.setdefault(form.length, set()).update(form.stretches)
        self._shortest = min(self._stretches, default=0)
        is_ascii = all(block.isascii() for _, block in self._blocks)
        self._fold = _folded_quickly if is_ascii else _folded

    def __call__(self, text: str) -> str:
        """Return the text with a mask in place of each secret; line breaks within a secret are kept."""
        if not self._blocks or len(text) < self._shortest:
            return text
        if ("%" in text or "\\" in text or "&#" in text) and self._may_be_in(
            self._fold(_escaped().sub(_unescaped, text))
        ):
            text = self._masked(_unescaped_units(text), text)
        if self._may_be_in(self._fold(text)):
            text = self._masked(_units(text), text)
        return text

    def _may_be_in(self, folded: str) -> bool:
        """Return whether a block occurs: a fast test before the exact search."""
        size = len(folded)
        for length, block in self._blocks:
            if size < length:  # the shortest come first
                return False
            if block in folded:
                return True
        return False

    def _masked(self, units: list[_Unit], text: str) -> str:
        """Mask what is found, and search again: a secret may have been in the middle of another."""
        out: set[int] = set()
        for _ in range(_MAX_NESTED):
            places = [
                place for place in range(len(units)) if units[place].folded and place not in out
            ]
            found = self._found([units[place].folded for place in places])
            if not found:
                return _written(units, out) if out else text
            out.update(places[index] for index in found)
        return MASK

    def _found(self, characters: list[str]) -> set[int]:
        """Return the indices of the characters that belong to secrets."""
        folded = "".join(characters)
        owners = [index for index, each in enumerate(characters) for _ in each]
        found: set[int] = set()
        for length, stretches in self._stretches.items():
            for start in range(len(folded) - length + 1):
                if folded[start : start + length] in stretches:
                    found.update(owners[start : start + length])
        return found


@cache
def _escaped() -> re.Pattern[str]:
    """Return the pattern of an escape sequence, compiled on first use: at the start nothing is masked."""
    return re.compile(_ESCAPED, re.IGNORECASE)


def _written(units: list[_Unit], out: set[int]) -> str:
    """Return the text with a mask in place of each run of these units."""
    written: list[str] = []
    between: list[str] | None = None  # what may belong to a masked run; None outside of any
    for place, unit in enumerate(units):
        if place in out:
            breaks = re.findall(_BREAKS, "".join(between or ()))
            if between is None:
                written.append(MASK)
            written += [f"{each}{MASK}" for each in breaks]
            between = []
        elif between is None:
            written.append(unit.text)
        else:
            between.append(unit.text)
            if unit.folded:
                written += between
                between = None
    return "".join((*written, *(between or ())))


def _forms_of(secret: str, *, parts_too: bool) -> Iterator[_Form]:
    is_long = parts_too and len(secret) >= _SAFE_TO_SPLIT
    unescaped = "".join(unit.folded for unit in _unescaped_units(secret))
    for plain in dict.fromkeys((_folded(secret), unescaped)):
        if len(plain) > 1:
            yield _form(plain, _LONG_STRETCH if is_long else len(plain))
    if parts_too:
        for packed in _in_base64(secret.encode(errors="replace")):
            yield _form(_folded(packed), _LONG_BASE64_STRETCH if is_long else len(packed))


def _form(folded: str, length: int) -> _Form:
    length = min(length, len(folded))
    stretches = frozenset(folded[at : at + length] for at in range(len(folded) - length + 1))
    if length == len(folded):
        return _Form((folded,), stretches, length)
    half = (length + 1) // 2  # a stretch contains one whole block, at whatever offset
    last = len(folded) - half
    blocks = tuple(folded[at : at + half] for at in range(0, last + 1, half))
    return _Form(blocks, stretches, length)


def _in_base64(secret: bytes) -> Iterator[str]:
    """Yield the base64 at byte offsets 0, 1 and 2, without the characters that depend on other bytes."""
    for before in range(3):
        packed = b2a_base64(b"\0" * before + secret, newline=False).decode()
        yield packed[-(-before * 8 // 6) : (before + len(secret)) * 8 // 6]


def _folded(text: str) -> str:
    return "".join(map(_folded_character, text))


def _folded_quickly(text: str) -> str:
    """Fold for ASCII secrets only, fast: all text that is displayed goes through here."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    octets = text.encode("ascii", "ignore").translate(_OCTETS_FOLDED, _OCTETS_DROPPED)
    return octets.decode("ascii")


@lru_cache(maxsize=4096)
def _folded_character(character: str) -> str:
    if character.isascii():
        return _ASCII_FOLDED[ord(character)] or ""
    if character in _MARKS or not character.isprintable() or character.isspace():
        return ""
    return "".join(
        part.translate(_ASCII_FOLDED)
        for part in unicodedata.normalize("NFKD", character).casefold()
        if not unicodedata.combining(part)
    )


def _units(text: str) -> list[_Unit]:
    return [_Unit(_folded_character(character), character) for character in text]


def _unescaped_units(text: str) -> list[_Unit]:
    """Return one unit per escape sequence and per other character."""
    units: list[_Unit] = []
    at = 0
    for escaped in _escaped().finditer(text):
        units += _units(text[at : escaped.start()])
        units.append(_Unit(_unescaped(escaped), escaped[0]))
        at = escaped.end()
    return units + _units(text[at:])


def _unescaped(escaped: re.Match[str]) -> str:
    in_url, beyond_ascii, in_json, in_python, short, hexadecimal, decimal = escaped.groups()
    if beyond_ascii is not None:
        octets = bytes.fromhex("".join(re.findall("[89a-f][0-9a-f]", beyond_ascii, re.IGNORECASE)))
        return "".join(map(_folded_character, octets.decode(errors="replace")))
    if short is not None:  # a line break, a tab
        return ""
    if decimal is not None:
        return _folded_character(chr(int(decimal)))
    return _folded_character(chr(int(in_url or in_json or in_python or hexadecimal, 16)))


_secrets: set[str] = set()
_redactor = Redactor((), shortest=_MIN_SECRET_LENGTH, parts_too=True)


def add_secret(secret: str | None) -> None:
    """Mask a secret from now on in every text that goes through `redact`."""
    global _redactor  # noqa: PLW0603 - one for the process, like the key that it masks
    if secret and secret not in _secrets:
        _secrets.add(secret)
        _redactor = Redactor(_secrets, shortest=_MIN_SECRET_LENGTH, parts_too=True)


def redact(text: str) -> str:
    """Return the text with a mask in place of each added secret; remove control characters first."""
    return _redactor(text)


@contextmanager
def redacted_details(values: Iterable[str], *, parts_too: bool = False) -> Iterator[None]:
    """Mask these values in the `detail` of any RunloopError: a server may quote what it refuses."""
    try:
        yield
    except RunloopError as error:
        redactor = Redactor(values, shortest=_MIN_VALUE_LENGTH, parts_too=parts_too)
        error.detail = redactor(error.detail)
        raise
