"""The program, with and without a daemon."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # tests are no packages: what they share is imported by its own name

from program import Program, start


@pytest.fixture
def offline(tmp_path: Path) -> Program:
    """The program without a daemon."""
    return Program(tmp_path / "home")


@pytest.fixture
def daemons(tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Start daemons with flags; they end with the test."""
    running = []

    def begin(*flags: str) -> Program:
        home = tmp_path / f"home{len(running)}"
        running.append(start(home, *flags))
        return Program(home)

    yield begin
    for process in running:
        process.terminate()
        process.wait(20)


@pytest.fixture
def program(daemons: Callable[..., Program]) -> Program:
    """The program with a daemon whose vendors answer at once."""
    return daemons()
