"""The key masked in every encoding."""

import json
import time
from urllib.parse import quote

import pytest

from runloop_tui.api.redact import MASK, Redactor
from tests.key_forms import FORMS, KEY, shows_key

mask = Redactor([KEY], shortest=8, parts_too=True)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("around", ["{}", "nightly {} run", "a\n{}\nb", '{{"name": "{}"}}'])
def test_it_is_masked_in_every_form(form: str, around: str) -> None:
    text = around.format(form)
    masked = mask(text)
    assert MASK in masked
    assert not shows_key(masked, 6)
    ends = around.format("|").split("|")
    assert masked.startswith(ends[0])
    assert masked.endswith(ends[1])
    assert mask(masked) == masked


def test_the_surrounding_text_and_line_breaks_are_kept() -> None:
    assert mask(f"a {KEY} b {KEY}{KEY} c") == "a … b … c"
    assert mask(f"one\n{KEY[:9]}\n{KEY[9:]}\nfour") == "one\n…\n…\nfour"


@pytest.mark.parametrize("length", [12, 20, len(KEY) - 1])
def test_a_long_part_is_masked_wherever_the_text_was_cut(length: int) -> None:
    for start in range(len(KEY) - length + 1):
        assert mask(f"so {KEY[start : start + length]} it") == "so … it"


@pytest.mark.parametrize(
    "text",
    ["", "swe-bench-verified", "django__django-11099", KEY[:8], "100% done \\o/ &#9;", "x" * 9_999],
)
def test_other_text_is_kept(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(("times", "masked"), [(0, "a … b"), (1, "a … b"), (10, MASK)])
def test_nested_secrets_are_masked_and_with_many_the_whole_text(times: int, masked: str) -> None:
    key = KEY[:20]
    text = key
    for _ in range(times):
        text = key[:10] + text + key[10:]
    assert Redactor([key], shortest=8, parts_too=True)(f"a {text} b") == masked


@pytest.mark.parametrize("hostile", ["\\", "%", "%25", "&#0", "&#", "%e", KEY[:11] + "\\", KEY[:8]])
def test_a_hostile_text_takes_linear_time(hostile: str) -> None:
    text = hostile * (32_000 // len(hostile))
    started = time.perf_counter()
    mask(text)
    assert time.perf_counter() - started < 2.0


def test_a_short_secret_is_masked_only_as_a_whole() -> None:
    short = Redactor(["hunter2hunt"], shortest=4, parts_too=True)
    assert short("a hunter2hunt") == "a …"
    assert short("a hunter2hun") == "a hunter2hun"
    assert Redactor(["yes"], shortest=4, parts_too=True)("oh yes") == "oh yes"


@pytest.mark.parametrize("value", ["C:\\new\\table", "100%25", "dé jà-vu", 'a "b" c', "<&#65;>é"])
def test_values_with_escape_characters_are_masked_raw_and_escaped(value: str) -> None:
    values = Redactor([value], shortest=4, parts_too=False)
    for said in (value, json.dumps(value), json.dumps(value, ensure_ascii=False), quote(value)):
        assert MASK in values(f"no {said} here")
