"""A writer that is killed without warning, again and again, loses nothing that it acknowledged."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from intentcastd.store import events
from intentcastd.store.database import open_store


def test_twenty_kills_lose_no_acknowledged_row(path: Path) -> None:
    program = Path(__file__).with_name("killed_writer.py")
    run = subprocess.run(
        [sys.executable, str(program), str(path), "20"], capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stderr

    acknowledged = {int(word) for word in run.stdout.split()}
    connection = open_store(path)
    kept = {event.data["k"] for event in events.since(connection, 0, 1_000_000)}
    assert len(acknowledged) >= 20 * 60
    assert acknowledged <= kept
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
