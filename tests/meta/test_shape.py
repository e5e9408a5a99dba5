"""Files and functions stay small enough to read, and no drawer collects what has no name."""

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Source


MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 79

# File -> why it may be longer. An entry that is no longer needed must go.
LONG_FILES: dict[str, str] = {}
# "file:function" -> why it may be longer.
LONG_FUNCTIONS: dict[str, str] = {}

DRAWERS = {
    "util", "utils", "utility", "utilities", "helper", "helpers", "manager", "managers", "handler", "handlers", "common", "base",
    "service", "services", "misc",
}  # fmt: skip


def last_word(name: str) -> str:
    """Return the noun of a name: `link_manager` and `LinkManager` are managers."""
    return re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name)[-1].lower() if re.search(r"[A-Za-z]", name) else ""


def test_no_file_is_longer_than_400_lines(code: "list[Source]") -> None:
    long = {source.name: source.text.count("\n") for source in code if source.text.count("\n") > MAX_FILE_LINES}

    assert {name: lines for name, lines in long.items() if name not in LONG_FILES} == {}
    assert set(LONG_FILES) <= set(long), "an allowance that is no longer needed"
    assert all(LONG_FILES.values()), "an allowance without a reason"


def test_no_function_is_longer_than_79_lines(code: "list[Source]") -> None:
    long = {
        f"{source.name}:{node.name}": node.end_lineno - node.lineno + 1
        for source in code
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > MAX_FUNCTION_LINES
    }

    assert {name: lines for name, lines in long.items() if name not in LONG_FUNCTIONS} == {}
    assert set(LONG_FUNCTIONS) <= set(long), "an allowance that is no longer needed"
    assert all(LONG_FUNCTIONS.values()), "an allowance without a reason"


def test_nothing_is_named_like_a_drawer(code: "list[Source]") -> None:
    files = [
        source.name for source in code if last_word(source.path.stem) in DRAWERS or source.path.parent.name in DRAWERS
    ]
    classes = [
        f"{source.name}: class {node.name}"
        for source in code
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef) and last_word(node.name) in DRAWERS
    ]

    assert files + classes == []


def test_the_noun_of_a_name_is_its_last_word() -> None:
    assert [last_word(name) for name in ("link_manager", "LinkManager", "HTTPHandler", "database", "__init__", "_base")] == [
        "manager", "manager", "handler", "database", "init", "base",
    ]  # fmt: skip


def test_every_module_says_what_lives_there(code: "list[Source]") -> None:
    assert [source.name for source in code if not ast.get_docstring(source.tree)] == []


def test_the_top_folders_are_no_packages(root: Path) -> None:
    # Packages called `daemon` and `protocol` exist elsewhere; ours must not shadow them.
    folders = ("protocol", "daemon", "tests", "specs", "scripts")

    assert [folder for folder in folders if (root / folder / "__init__.py").exists()] == []
