"""Which base URLs the key may be sent to."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runloop_tui.api.client import Client
from runloop_tui.base_url import InvalidBaseUrl, normalize_base_url

KEY = "ak_secret31"


@pytest.mark.parametrize(
    ("given", "base_url"),
    [
        ("https://api.example/", "https://api.example"),
        ("HTTPS://api.example:8443/runloop//", "https://api.example:8443/runloop"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_a_valid_url_is_returned_without_its_last_slash(given: str, base_url: str) -> None:
    assert normalize_base_url(given, insecure_http=False) == base_url


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("", "is empty"),
        ("api.example", "must begin with https:// or http://"),
        ("ftp://api.example", "must begin with https:// or http://"),
        ("file:///etc/passwd", "must begin with https:// or http://"),
        ("https://", "cannot be"),
        ("https://:443", "cannot be"),
        ("https://..", "cannot be"),
        ("https://a..b", "cannot be"),
        (f"https://{'a' * 64}.example", "cannot be"),
        ("https://999.1.1.1", "cannot be"),
        ("https://[::1]x", "cannot be"),
        ("https://x[::1]", "cannot be"),
        ("https://a%20b", "cannot be"),
        ("https://api.example:port", "cannot be"),
        ("https://api.example:0", "cannot be"),
        ("https://api.example:99999", "cannot be"),
        ("https://[::1", "cannot be"),
        ("https://[nonsense]", "cannot be"),
        (f"https://me:{KEY}@api.example", "must not hold a user name or a password"),
        ("https://api.runloop.ai@evil.example", "must not hold a user name or a password"),
        (f"https://api.example/?key={KEY}", "must not hold a query or a fragment"),
        ("https://api.example/?", "must not hold a query or a fragment"),
        ("https://api.example/#top", "must not hold a query or a fragment"),
        ("https://api.example\\@evil.example", "backslashes"),
        ("https://api.exa mple", "spaces"),
        ("https://api.example\nX: y", "spaces"),
        ("https://\u0430pi.example", "beyond ASCII"),
    ],
)
def test_a_url_that_the_key_must_not_be_sent_to_is_rejected(given: str, reason: str) -> None:
    with pytest.raises(InvalidBaseUrl, match=re.escape(reason)) as caught:
        normalize_base_url(given, insecure_http=True)
    assert str(caught.value).isprintable()
    assert KEY not in repr(caught.value)


_URL_PARTS = st.sampled_from(
    [
        *(
            "a",
            "b1",
            "a" * 63,
            "a" * 64,
            "-",
            "_",
            ".",
            "xn--a",
            "xn--80ak6aa92e",
            "[::1]",
            "[v1.x]",
        ),
        *(
            "[::ffff:1.2.3.4]",
            "127.0.0.1",
            "999.1.1.1",
            "1-2-3-4",
            "0x7f.1",
            "%41",
            "~",
            ":",
            ":443",
        ),
        *("/", "//", "/%zz", "/v1/..", ";", "'", "*", "+", "=", "$"),
    ]
)


@settings(derandomize=True, database=None, deadline=None)
@given(st.sampled_from(["https://", "HTTP://"]), st.lists(_URL_PARTS, max_size=5))
def test_whatever_is_accepted_the_client_can_parse(scheme: str, parts: list[str]) -> None:
    try:
        url = normalize_base_url(scheme + "".join(parts), insecure_http=True)
    except InvalidBaseUrl:
        return
    assert KEY not in repr(Client(url, KEY, now=lambda: 0))
