"""What the tests of the store share: a place for a file, an opened store, a seal, rows that are sound."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from intentcastd.entropy import SystemEntropy
from intentcastd.store.database import Database
from intentcastd.store.sealed import Seal


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "intentcast.db"


@pytest.fixture
def seal() -> Seal:
    return Seal(key=bytes(range(32)), entropy=SystemEntropy())


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    async with Database.open(path) as opened:
        yield opened
