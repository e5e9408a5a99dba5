"""What the tests of the project itself look at: its files, its code, its chapters."""

import ast
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE_ROOMS = ("protocol", "daemon")
_MADE_BY_TOOLS = {"__pycache__", "node_modules", "dist", "build"}


@dataclass(frozen=True)
class Source:
    """One Python file, parsed."""

    path: Path
    name: str  # relative to the checkout, with slashes
    module: str  # as it is imported
    text: str
    tree: ast.Module


def _module_name(path: Path) -> str:
    parts = list(path.relative_to(ROOT).with_suffix("").parts)[1:]
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts)


def _walk(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.name in _MADE_BY_TOOLS or (
            entry.name.startswith(".") and entry.name not in {".ci", ".editorconfig", ".gitignore"}
        ):
            continue
        if entry.is_dir():
            yield from _walk(entry)
        else:
            yield entry


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def project_files() -> list[Path]:
    """Every file that belongs to the project: what git knows or would take, or in an unpacked sdist simply all."""
    if not (ROOT / ".git").exists():
        return list(_walk(ROOT))
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    paths = sorted({ROOT / name for name in listing.stdout.decode().split("\0") if name})
    return [path for path in paths if path.is_file()]


@pytest.fixture(scope="session")
def code() -> list[Source]:
    """The program: every Python file under protocol/ and daemon/."""
    found = []
    for room in CODE_ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            text = path.read_text("utf-8")
            found.append(
                Source(path, path.relative_to(ROOT).as_posix(), _module_name(path), text, ast.parse(text, str(path)))
            )
    assert found, "there is no code to look at"
    return found


@pytest.fixture(scope="session")
def chapters() -> dict[str, str]:
    """The text of each chapter of the specification, without what stands in code fences."""
    found = {
        path.name: re.sub(r"^(```|~~~).*?^\1", "", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
        for path in sorted((ROOT / "specs").glob("[0-9][0-9]-*.md"))
    }
    assert found, "there are no chapters to look at"
    return found
