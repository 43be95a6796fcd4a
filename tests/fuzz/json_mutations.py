"""JSON that was good once: some of its values replaced, left out, doubled or nested by a hostile server."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from tests.present.hostile import NASTY, Chaos, texts

_TOKEN = "\x00raw "
"""Prefix of a text that represents JSON which no Python value makes."""

ODD_JSON = (
    "null",
    "true",
    "0",
    "-0.0",
    "-1",
    "1.5",
    "1e999",
    "-1e999",
    "NaN",
    "Infinity",
    "-Infinity",
    "1e308",
    "5e-324",
    "9223372036854775807",
    "9223372036854775808",
    "200000000000001",
    "9" * 400,
    "9" * 5_000,
    '""',
    '" "',
    '"0"',
    '"1e999"',
    '"CANCELLED"',
    '"running"',
    r'"\ud83d"',
    r'"\udc80\ud83d"',
    r'"\u0000"',
    r'"\u001b]52;c;ZXZpbA==\u0007"',
    r'"\u202e\u2066"',
    '"' + "x" * 10_000 + '"',
    '"' + "漢" * 3_000 + '"',
    '"' + "e\u0301\u0316\u0489" * 400 + '"',
    "[]",
    "{}",
    "[null]",
    '[{"id": 1}]',
    '{"": ""}',
    '{"id": {"id": {"id": []}}}',
    "[" * 60 + "]" * 60,
    "[" * 5_000 + "]" * 5_000,
    '{"a":' * 3_000 + "1" + "}" * 3_000,
    "[" + ",".join(['"scn"'] * 2_000) + "]",
    "{" + ",".join(f'"k{number}": "v"' for number in range(500)) + "}",
)
"""What may be where something else is expected."""

Path = tuple[int | str, ...]

_values = texts | st.sampled_from(ODD_JSON).map(_TOKEN.__add__) | st.sampled_from(NASTY)
_names = st.sampled_from(["id", "name", "state", "runs", "scenario_runs", "scenarioRunId", ""])


@st.composite
def mutated(draw: st.DrawFn, good: object) -> object:
    """The same with up to four changes, for `encoded` to write down."""
    changed = copy.deepcopy(good)
    for _ in range(draw(st.integers(1, 4))):
        changed = _change(draw, changed)
    return changed


def with_hostile_words(tree: object, chaos: Chaos) -> object:
    """The same with something hostile in the place of every second text, numbers and structure as they were."""
    if isinstance(tree, dict):
        return {name: with_hostile_words(value, chaos) for name, value in tree.items()}
    if isinstance(tree, list):
        return [with_hostile_words(value, chaos) for value in tree]
    return chaos.text() if isinstance(tree, str) and chaos.random() < 0.5 else tree


def randomly_changed(tree: object, chaos: Chaos) -> object:
    """The same with one value replaced or left out: for where nothing can be drawn."""
    path = chaos.choice(list(_paths(tree)))
    if not path:
        return []
    holder, last = _at(tree, path[:-1]), path[-1]
    if chaos.random() < 0.3:
        del holder[last]
    else:
        holder[last] = chaos.choice([_TOKEN + chaos.choice(ODD_JSON), chaos.text(), [], {}])
    return tree


def _change(draw: st.DrawFn, tree: object) -> object:
    path = draw(st.sampled_from(list(_paths(tree))))
    if not path:
        return draw(_values)
    holder = _at(tree, path[:-1])
    step, value = path[-1], _at(tree, path)
    match draw(st.sampled_from(["replace", "replace", "drop", "add", "nest", "many"])):
        case "replace":
            holder[step] = draw(_values)
        case "drop":
            del holder[step]
        case "add" if isinstance(holder, dict):
            holder[draw(_names | texts)] = draw(_values)
        case "add":
            holder.insert(0, draw(_values))
        case "nest":
            holder[step] = draw(st.sampled_from([[value], {"id": value}, {step: value}]))
        case "many":
            holder[step] = [value] * draw(st.sampled_from([0, 2, 300]))
    return tree


def _paths(tree: object, path: Path = ()) -> Iterator[Path]:
    """The ways to all values, the tree itself first."""
    yield path
    if isinstance(tree, dict):
        for name, value in tree.items():
            yield from _paths(value, (*path, name))
    elif isinstance(tree, list):
        for place, value in enumerate(tree[:4]):
            yield from _paths(value, (*path, place))


def _at(tree: Any, path: Path) -> Any:  # noqa: ANN401 - JSON
    for step in path:
        tree = tree[step]
    return tree


def encoded(tree: object) -> bytes:
    """The JSON of a mutated tree, halves of surrogate pairs and numbers that are none included."""
    text = json.dumps(tree, ensure_ascii=True)
    for raw in ODD_JSON:
        text = text.replace(json.dumps(_TOKEN + raw), raw)
    return text.encode()
