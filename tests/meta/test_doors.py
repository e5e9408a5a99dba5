"""Each library, and each thing a pure program must not do by itself, has one room that may touch it.

The import contracts say much of this too; here the code itself is read, so that imports by name and calls count as well.
"""

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Source

# Library -> the modules (with all below them) that may import it.
DOORS: dict[str, tuple[str, ...]] = {
    "apsw": ("intentcastd.store.database",),
    "asyncio": (),  # the daemon is Trio; what needs asyncio runs in a thread of its own
    "cryptography": ("intentcastd.net.tls",),
    "httpx": ("intentcastd.cli.api_client", "intentcastd.net.fetch"),
    "hypercorn": ("intentcastd.api",),
    "logging": ("intentcastd.log",),
    "msgpack": ("intentcast.encoding.canonical",),
    "nacl": ("intentcast.crypto",),
    "pickle": (),  # reading a pickle runs what its writer wants
    "platformdirs": ("intentcastd.paths",),
    "random": (),  # guessable numbers; tests and simulations use seeded Entropy
    "secrets": ("intentcastd.entropy",),
    "sqlite3": (),  # apsw carries a newer SQLite
    "starlette": ("intentcastd.api",),
    "structlog": ("intentcastd.log",),
    "time": ("intentcastd.clock",),
    "uuid": (),
    "zeroconf": ("intentcastd.net.lan",),
}

# The end of a dotted call -> the modules that may make it.
CALLS: dict[str, tuple[str, ...]] = {
    "datetime.now": ("intentcastd.clock",),
    "datetime.today": ("intentcastd.clock",),
    "datetime.utcnow": ("intentcastd.clock",),
    "date.today": ("intentcastd.clock",),
    "os.urandom": ("intentcastd.entropy",),
    "os.getrandom": ("intentcastd.entropy",),
    "nacl.utils.random": (),
}


def imported(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield every module that a file imports, anywhere in it and also by name, with the line."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((alias.name, node.lineno) for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module, node.lineno
            case ast.Call(
                func=ast.Name(id="__import__" | "import_module") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(module)), *_],
            ):
                yield module, node.lineno


def called(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield every dotted call of a file, such as `os.urandom`, with the line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield ast.unparse(node.func), node.lineno


def may(module: str, doors: tuple[str, ...]) -> bool:
    return any(module == door or module.startswith(f"{door}.") for door in doors)


def intruders(code: "list[Source]", library: str, doors: tuple[str, ...]) -> list[str]:
    return [
        f"{source.name}:{line} imports {name}"
        for source in code
        if not may(source.module, doors)
        for name, line in imported(source.tree)
        if name == library or name.startswith(f"{library}.")
    ]


@pytest.mark.parametrize("library", sorted(DOORS))
def test_a_library_is_imported_only_by_its_door(code: "list[Source]", library: str) -> None:
    assert intruders(code, library, DOORS[library]) == []


@pytest.mark.parametrize("call", sorted(CALLS))
def test_the_clock_and_randomness_are_asked_only_at_their_doors(code: "list[Source]", call: str) -> None:
    assert [
        f"{source.name}:{line} calls {name}"
        for source in code
        if not may(source.module, CALLS[call])
        for name, line in called(source.tree)
        if name == call or name.endswith(f".{call}")
    ] == []


def test_a_planted_import_by_name_is_seen() -> None:
    tree = ast.parse("def late():\n    import importlib\n    return importlib.import_module('zeroconf.asyncio')\n")

    assert ("zeroconf.asyncio", 3) in list(imported(tree))
