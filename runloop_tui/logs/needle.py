"""What is searched for: in text and in bytes alike."""

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Needle:
    """Words to be found as they stand; upper and lower case count only where an upper-case letter was typed."""

    words: str

    @cached_property
    def folds(self) -> bool:
        """Upper case is found by lower case."""
        return self.words == self.words.lower()

    @cached_property
    def encoded(self) -> bytes:
        """The words as they would stand in a log."""
        return self.words.encode(errors="surrogateescape")

    def fold(self, text: str) -> str:
        """The text as it is compared; as long as it was."""
        if not self.folds:
            return text
        folded = text.lower()
        return folded if len(folded) == len(text) else "".join(map(_lower, text))

    def fold_bytes(self, piece: bytes) -> bytes:
        """The bytes as they are compared: letters outside ASCII as they stand."""
        return piece.lower() if self.folds else piece

    def is_in(self, text: str) -> bool:
        """Tell whether a text has the words in it."""
        return self.words in self.fold(text)


def _lower(character: str) -> str:
    lower = character.lower()
    return lower if len(lower) == 1 else character
