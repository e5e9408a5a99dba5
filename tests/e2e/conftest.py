"""Fixtures of the tests on a whole market of real processes."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

# What these tests share is a module beside them.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short path: the sockets of all daemons lie below it."""
    with tempfile.TemporaryDirectory(prefix="ic-", ignore_cleanup_errors=True) as name:
        yield Path(name)
