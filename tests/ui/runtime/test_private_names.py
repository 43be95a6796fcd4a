"""Private names of Textual and Rich are used in `textual_compat.py` alone, and explained there."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from textual.app import App

import runloop_tui
from runloop_tui.ui.runtime import textual_compat

PACKAGE = Path(runloop_tui.__file__).parent
COMPAT = Path(textual_compat.__file__)
LIBRARIES = ("textual", "rich")
FILES = sorted(path for path in (PACKAGE / "ui").rglob("*.py") if path != COMPAT)
MADE_BY_METACLASSES = {
    "_abc_impl", "_computes", "_css_type_name", "_css_type_names", "_decorated_handlers", "_inherit_bindings",
    "_inherit_component_classes", "_inherit_css", "_merged_bindings", "_reactives",
}  # fmt: skip
"""Attributes that metaclasses set on every class."""


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


def is_private_in_library(module: str) -> bool:
    """Return True for a private name of a library, or one in a private module."""
    library, *path = module.split(".")
    return library in LIBRARIES and any(map(is_private, path))


def private_uses(source: str) -> Iterator[str]:
    """Private names in a source: imported from a library, read from another object, or named in a string."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from filter(is_private_in_library, names)
        elif isinstance(node, ast.Import):
            yield from filter(is_private_in_library, (alias.name for alias in node.names))
        elif isinstance(node, ast.Attribute) and is_private(node.attr):
            owner = node.value
            if not (isinstance(owner, ast.Name) and owner.id in {"self", "cls"}):
                yield node.attr
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            strings = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
            if node.func.id in {"getattr", "setattr", "hasattr", "delattr"}:
                yield from (each for each in strings if isinstance(each, str) and is_private(each))


@cache
def names_of(library_class: type) -> frozenset[str]:
    """The private names that a class of a library defines, or sets on its instances."""
    try:
        source = inspect.getsource(library_class)
    except (OSError, TypeError):
        source = ""
    names = {*vars(library_class), *re.findall(r"\bself\.(_\w+)", source)}
    return frozenset(filter(is_private, names))


def our_classes() -> list[type]:
    """All classes of `ui` but those of `textual_compat`."""
    found = []
    for info in pkgutil.walk_packages([str(PACKAGE / "ui")], "runloop_tui.ui."):
        module = importlib.import_module(info.name)
        classes = (each for each in vars(module).values() if inspect.isclass(each))
        found += [each for each in classes if each.__module__ == info.name]
    return [each for each in found if each.__module__ != textual_compat.__name__]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from textual._compositor import LayoutUpdate", ["textual._compositor.LayoutUpdate"]),
        ("from textual.widgets import _toast", ["textual.widgets._toast"]),
        ("from textual.drivers._writer_thread import A", ["textual.drivers._writer_thread.A"]),
        ("import rich._wrap", ["rich._wrap"]),
        ("app._driver", ["_driver"]),
        ("super()._display(screen)", ["_display"]),
        ("getattr(app, '__watchers', {})", ["__watchers"]),
        ("self._driver; cls._driver; app.driver; app.__class__", []),
        ("from textual.app import App", []),
    ],
)
def test_each_kind_of_use_is_found(source: str, found: list[str]) -> None:
    assert [*private_uses(source)] == found


def test_no_other_file_uses_a_private_name() -> None:
    uses = {path: set(private_uses(path.read_text())) for path in FILES}
    assert {str(path): names for path, names in uses.items() if names} == {}


def private_names_shared_with_bases(ours: type) -> set[str]:
    """The private names that a class of ours defines, reads or sets, and that a base of a library has too."""
    theirs = [each for each in ours.__mro__ if each.__module__.split(".")[0] in LIBRARIES]
    used: set[str] = {*vars(ours)}
    used.update(re.findall(r"\b(?:self|cls)\.(_\w+)", inspect.getsource(ours)))
    shared = {name for name in used if any(name in names_of(each) for each in theirs)}
    return shared - MADE_BY_METACLASSES


def test_no_class_of_ours_uses_or_overrides_a_private_name_of_its_base() -> None:
    """A private attribute of ours that has the name of one of Textual's would overwrite it."""
    shared = {each.__qualname__: private_names_shared_with_bases(each) for each in our_classes()}
    assert len(shared) > 20
    assert {name: names for name, names in shared.items() if names} == {}


def test_a_name_shared_with_a_base_is_found() -> None:
    class Overriding(App[None]):
        def _display(self, *_: object) -> None: ...

        def go_on(self) -> object:
            return self._driver

    assert private_names_shared_with_bases(Overriding) == {"_display", "_driver"}


def test_each_private_name_is_explained_with_why_and_what_would_replace_it() -> None:
    tree = ast.parse(COMPAT.read_text())
    entries = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and "Private name" in (ast.get_docstring(node) or "")
    ]
    docs = [ast.get_docstring(node) or "" for node in entries]
    assert [doc for doc in docs if "Why: " not in doc or "Replaced by: " not in doc] == []
    own = {"_original_dispatch_message", "_original_render_lines", "_original_get_inner_outer"}
    uses = {use.split(".")[-1] for use in private_uses(COMPAT.read_text())}
    comments = [line for line in COMPAT.read_text().split("\n") if line.startswith("# ")]
    explained = "\n".join([*docs, *comments])
    assert {name for name in uses - own if name not in explained} == set()
    assert len(entries) >= 10
