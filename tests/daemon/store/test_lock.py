"""One daemon per profile."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from intentcastd.store import lock

HOLDER = """
import sys
from pathlib import Path
from intentcastd.store import lock
with lock.hold(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def start_holder(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_daemon_is_told_who_has_the_profile(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with start_holder(path) as process:
        assert lock.holder(path) == process.pid
        with pytest.raises(lock.AlreadyRunning, match=f"process {process.pid}") as caught, lock.hold(path):
            pass
        assert caught.value.pid == process.pid
        process.communicate()
    assert lock.holder(path) is None


def test_the_lock_of_a_killed_daemon_is_free(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with start_holder(path) as process:
        process.kill()
        process.wait()

        assert lock.holder(path) is None
        with lock.hold(path):
            assert path.read_text() == str(os.getpid())
            assert lock.holder(path) == os.getpid()


def test_nobody_has_a_profile_that_was_never_used(tmp_path: Path) -> None:
    assert lock.holder(tmp_path / "lock") is None
