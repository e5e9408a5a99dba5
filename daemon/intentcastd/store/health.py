"""Whether a store is sound, as far as that can be seen without changing it: for the doctor."""

from __future__ import annotations

from pathlib import Path

from intentcastd.errors import IntentcastdError
from intentcastd.store.database import open_reader, translate
from intentcastd.store.errors import StoreCorrupt


def problem_of(path: Path) -> IntentcastdError | None:
    """Read a store through, and return what is wrong with it; None if it is sound."""
    try:
        connection = open_reader(path)
        try:
            [row] = connection.execute("PRAGMA quick_check(1)").fetchall()
        finally:
            connection.close()
    except Exception as error:
        told = translate(error, path)
        if isinstance(told, IntentcastdError):
            return told
        raise
    if row[0] == "ok":
        return None
    return StoreCorrupt(
        f"{path} is damaged: {str(row[0]).splitlines()[0]}.",
        "Do not go on with it: keep a copy, then put it back from a backup.",
    )
