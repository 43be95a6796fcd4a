"""What drives a terminal when it is written raw, marked so that it is known again among the program's bytes."""

import zlib

INSIDE = "jX9"
"""Mark within an escape sequence."""
OUTSIDE = "qZ7"
"""Mark right after an escape sequence: shown if the text is shown at all."""

SEQUENCES = {
    "the title of window and icon": f"\x1b]0;{INSIDE}\x07",
    "the title of the window": f"\x1b]2;{INSIDE}\x1b\\",
    "the clipboard": f"\x1b]52;c;{INSIDE}\x07",
    "a link": f"\x1b]8;;https://example.invalid/{INSIDE}\x1b\\",
    "the shape of the pointer": f"\x1b]22;{INSIDE}\x07",
    "a title without an end": f"\x1b]2;{INSIDE}",
    "a cleared screen": "\x1b[2J\x1b[3J",
    "a move to the corner": "\x1b[H",
    "moves": "\x1b[5A\x1b[200C\x1b[6d",
    "a colour": "\x1b[31m",
    "a scroll region": "\x1b[2;3r",
    "the usual screen": "\x1b[?1049l",
    "mouse reports": "\x1b[?1003h\x1b[?1006h",
    "a shown cursor": "\x1b[?25h",
    "a cursor of another shape": "\x1b[3 q",
    "a question that the terminal would answer as keys": "\x1b[c\x1b[>0q\x1b[21t",
    "a device control string": f"\x1bP+q{INSIDE}\x1b\\",
    "an application's command": f"\x1b_G{INSIDE}\x1b\\",
    "a privacy message": f"\x1b^{INSIDE}\x1b\\",
    "a full reset": "\x1bc",
    "the line-drawing characters": "\x1b(0\x0e",
    "a bare escape": "\x1b",
    "the beginning of a sequence": "\x1b[",
    "a colour without an end": "\x1b[31;",
    "a title by 8-bit controls": f"\x9d0;{INSIDE}\x9c",
    "a cleared screen by an 8-bit control": "\x9b2J",
    "a device control string by 8-bit controls": f"\x90{INSIDE}\x9c",
    "a next line by an 8-bit control": "\x85",
    "an 8-bit control alone": "\x84",
    "the beginning of an 8-bit title": "\x9d",
    "a bell": "\a",
    "a carriage return": "\r",
    "a line feed": "\n",
    "a tab": "\t",
    "a backspace": "\b\b\b",
    "a NUL": "\0",
    "a delete": "\x7f",
    "an override of the direction": "\u202e",
    "an isolate": "\u2067",
    "a line separator": "\u2028",
}


def marked(text: str = "") -> str:
    """Return a text of all sequences, each followed by a mark; the given text decides which comes first."""
    sequences = list(SEQUENCES.values())
    first = zlib.crc32(text.encode()) % len(sequences)
    return OUTSIDE + "".join(each + OUTSIDE for each in sequences[first:] + sequences[:first])
