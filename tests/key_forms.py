"""A key, and all the forms in which a server can give it back."""

import base64
import json
from urllib.parse import quote

KEY = "ak_Zt7Qw0xY-93bLpR5vNc8sK2mHd4"

PERCENT = "".join(f"%{ord(character):02x}" for character in KEY)
UNICODE = "".join(f"\\u{ord(character):04X}" for character in KEY)
FORMS = {
    "plain": KEY,
    "upper case": KEY.upper(),
    "lower case": KEY.lower(),
    "zero-width": "\u200b".join(KEY),
    "soft hyphens": "\u00ad".join(KEY),
    "a line break": f"{KEY[:9]}\n{KEY[9:]}",
    "wrapped and indented": f"{KEY[:9]}\r\n    {KEY[9:20]}\n    {KEY[20:]}",
    "a line break that is a mark": f"{KEY[:9]}⏎{KEY[9:]}",
    "an escape that is a mark": f"{KEY[:4]}␛{KEY[4:]}",
    "blanks": " ".join(KEY),
    "full width": "".join(chr(ord(character) + 0xFEE0) for character in KEY),
    "marks on letters": "\u0301".join(KEY),
    "URL": PERCENT,
    "URL twice": quote(PERCENT),
    "JSON": UNICODE,
    "JSON twice": json.dumps(UNICODE),
    "JSON with a line break": json.dumps(f"{KEY[:9]}\n{KEY[9:]}"),
    "HTML": "".join(f"&#{ord(character)};" for character in KEY),
    "HTML in hex": "".join(f"&#x{ord(character):x};" for character in KEY),
    "half of it in URL": KEY[:15] + PERCENT[45:],
    "base64": base64.b64encode(KEY.encode()).decode(),
    "base64 of a header": base64.b64encode(f"Bearer {KEY}".encode()).decode(),
    "base64 of basic authorisation": base64.b64encode(f"me:{KEY}".encode()).decode(),
    "base64 of JSON": base64.b64encode(json.dumps({"authorization": KEY}).encode()).decode(),
    "base64 for URLs": base64.urlsafe_b64encode(f"x{KEY}".encode()).decode(),
    "base64 in upper case": base64.b64encode(KEY.encode()).decode().upper(),
    "base64 in lines": base64.encodebytes(f"{'.' * 50}{KEY}".encode()).decode(),
    "base64 in a URL": quote(base64.b64encode(f"{KEY}>".encode()).decode(), safe=""),
}

_PACKED = base64.b64encode(KEY.encode()).decode().rstrip("=")


def shows_key(text: str, at_least: int = 10) -> bool:
    """Whether so much of the key can be read, whatever is between its characters."""
    shown = _letters(text)
    return any(
        part in shown
        for whole, length in ((_letters(KEY), at_least), (_letters(_PACKED), 2 * at_least))
        for part in (whole[at : at + length] for at in range(len(whole) - length + 1))
    )


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum()).lower()
