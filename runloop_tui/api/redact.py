"""Secrets kept out of text: found in whatever form they come, and replaced by one mark.

The key reaches the server with each request, and a server can say it again: in the words of a
refusal, but in a run's name as well. What is given to `hide` is left out of every text that goes
through `redact`, which is all text that is shown, logged or made into the name of a file.

A secret is found whatever the case of its letters; with anything invisible, a line break, blanks or
marks between its characters; with characters escaped as in URLs, JSON or HTML; and in base64, at
whichever byte it begins there. Of a long secret, a stretch of `_LONG_STRETCH` characters is enough,
because a text may be cut anywhere.
"""

import re
import unicodedata
from binascii import b2a_base64
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

MASK = "…"

_SHORTEST_HIDDEN = 8
"""A shorter key is one of a test server; masking it would garble what is shown."""

_LONG_STRETCH = 12
_LONG_BASE64_STRETCH = 24
_SAFE_TO_SPLIT = 16
"""A shorter secret is masked only where it is whole: parts of it may be common words."""

_MOST_NESTED = 4
"""Secrets within secrets that are taken out one by one; a text with more goes as a whole."""

_MARKS = frozenset("…⏎␛␡\ufffd") | frozenset(map(chr, range(0x2400, 0x2420)))
"""What stands for something that was left out; nothing of it is part of a secret."""

_ESCAPED = re.compile(
    r"%(?:25)*([0-7][0-9a-f])|((?:%(?:25)*[89a-f][0-9a-f])+)"  # in a URL, even several times over
    r"|(?<!\\)\\++(?:u([0-9a-f]{4})|x([0-9a-f]{2})|([nrtbf]))"  # in JSON
    r"|&#x0*([0-9a-f]{2});|&#0*([0-9]{2,3});",  # in HTML
    re.IGNORECASE,
)
_BREAKS = re.compile("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")

# Compared are small letters; the two alphabets of base64 count as one, and a backslash as an escape.
_DROPPED = dict.fromkeys((*range(0x21), ord("\\"), 0x7F))
_ASCII_FOLDED: dict[int, str | None] = {
    code: chr(code).lower() for code in range(0x80) if code not in _DROPPED
}
_ASCII_FOLDED |= _DROPPED | {ord("-"): "+", ord("_"): "/"}
_OCTETS_FOLDED = bytes(ord(_ASCII_FOLDED.get(code) or "\0") for code in range(0x100))
_OCTETS_DROPPED = bytes(_DROPPED)


class _Form(NamedTuple):
    """One way in which a secret can stand in a text, folded."""

    blocks: tuple[str, ...]
    """Wherever enough of the secret stands, one of these does."""
    stretches: frozenset[str]
    """What is masked; all are equally long."""
    length: int


class _Unit(NamedTuple):
    """A character of a text, or a few that stand for one."""

    folded: str
    """What is compared; "" where it is nothing that a secret could hold."""
    text: str


class Redactor:
    """Masks secrets in texts.

    Args:
        secrets: what to mask.
        shortest: secrets with fewer characters are left alone.
        parts_too: mask long stretches of them as well, and base64.
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
        """The text with a mask in place of each secret; line breaks within a secret stay."""
        if not self._blocks or len(text) < self._shortest:
            return text
        if ("%" in text or "\\" in text or "&#" in text) and self._may_be_in(
            self._fold(_ESCAPED.sub(_unescaped, text))
        ):
            text = self._masked(_unescaped_units(text), text)
        if self._may_be_in(self._fold(text)):
            text = self._masked(_units(text), text)
        return text

    def _may_be_in(self, folded: str) -> bool:
        """Whether it is worth the while to look closely."""
        size = len(folded)
        for length, block in self._blocks:
            if size < length:  # the shortest come first
                return False
            if block in folded:
                return True
        return False

    def _masked(self, units: list[_Unit], text: str) -> str:
        """Take out what is found, and look again: one may have stood in the middle of another."""
        out: set[int] = set()
        for _ in range(_MOST_NESTED):
            places = [
                place for place in range(len(units)) if units[place].folded and place not in out
            ]
            found = self._found([units[place].folded for place in places])
            if not found:
                return _written(units, out) if out else text
            out.update(places[index] for index in found)
        return MASK

    def _found(self, characters: list[str]) -> set[int]:
        """At which of these characters secrets stand."""
        folded = "".join(characters)
        owners = [index for index, each in enumerate(characters) for _ in each]
        found: set[int] = set()
        for length, stretches in self._stretches.items():
            for start in range(len(folded) - length + 1):
                if folded[start : start + length] in stretches:
                    found.update(owners[start : start + length])
        return found


def _written(units: list[_Unit], out: set[int]) -> str:
    """The text without these units, and a mask for each stretch of them."""
    written: list[str] = []
    between: list[str] | None = None  # what may belong to a stretch; None outside of any
    for place, unit in enumerate(units):
        if place in out:
            breaks = _BREAKS.findall("".join(between or ()))
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
    half = (length + 1) // 2  # a stretch holds one whole block, wherever it begins
    last = len(folded) - half
    blocks = tuple(folded[at : at + half] for at in range(0, last + 1, half))
    return _Form(blocks, stretches, length)


def _in_base64(secret: bytes) -> Iterator[str]:
    """How it looks behind 0, 1 and 2 other bytes, without the characters that those change."""
    for before in range(3):
        packed = b2a_base64(b"\0" * before + secret, newline=False).decode()
        yield packed[-(-before * 8 // 6) : (before + len(secret)) * 8 // 6]


def _folded(text: str) -> str:
    return "".join(map(_folded_character, text))


def _folded_quickly(text: str) -> str:
    """The same, but only what is ASCII, in which a key is: all text that is shown goes through here."""
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
    """One unit for each escaped character, and for each other one."""
    units: list[_Unit] = []
    at = 0
    for escaped in _ESCAPED.finditer(text):
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


_hidden: set[str] = set()
_redactor = Redactor((), shortest=_SHORTEST_HIDDEN, parts_too=True)


def hide(secret: str | None) -> None:
    """Mask a secret from now on in all that goes through `redact`."""
    global _redactor  # noqa: PLW0603 - one for the process, like the key that it masks
    if secret and secret not in _hidden:
        _hidden.add(secret)
        _redactor = Redactor(_hidden, shortest=_SHORTEST_HIDDEN, parts_too=True)


def redact(text: str) -> str:
    """The text without the secrets that were hidden; apply it to what is clean of control characters."""
    return _redactor(text)
