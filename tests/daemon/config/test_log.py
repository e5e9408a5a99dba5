"""The log: one JSON line each, nothing secret in it, bounded on disk."""

from __future__ import annotations

import json
import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from intentcastd import log

KEY = "ab" * 32
ONION = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion"


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    log.open(tmp_path / "log", "debug")
    yield tmp_path / "log"
    log.close()


def lines(file: Path) -> list[dict[str, Any]]:
    log.close()
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_a_line_is_json_with_time_level_and_room(file: Path) -> None:
    log.get("net").info("link.opened", links=3)

    [line] = lines(file)
    assert line["event"] == "link.opened"
    assert (line["links"], line["level"], line["logger"]) == (3, "info", "intentcastd.net")
    assert line["timestamp"].endswith("Z")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_secrets_and_content_are_taken_out_by_the_name_of_their_field(file: Path) -> None:
    fields: dict[str, Any] = dict.fromkeys(
        ("seed", "private_key", "api_token", "Authorization", "need", "body", "text", "email", "passphrase"), "Ann 42"
    )

    log.get("x").warning("tried", nested={"secret": "Ann 42", "list": [{"note": "Ann 42"}]}, **fields)

    assert "Ann" not in file_text(file)


def file_text(file: Path) -> str:
    log.close()
    return file.read_text()


def test_long_ids_and_names_are_cut_wherever_they_stand(file: Path) -> None:
    log.get("x").info("seen", rfp_id=KEY, raw=bytes.fromhex(KEY), told=f"at {ONION} with {KEY.upper()}", path=[KEY])

    text = file_text(file)
    assert KEY not in text.lower()
    assert ONION not in text
    assert KEY[:8] in text


def test_lines_of_libraries_go_the_same_way(file: Path) -> None:
    logging.getLogger("zeroconf").warning("key %s", KEY)
    logging.getLogger("httpx").info("GET http://relay.example/")

    [line] = lines(file)
    assert line["event"] == "key abababab…"


def test_a_traceback_is_kept_and_its_secrets_are_not(file: Path) -> None:
    try:
        raise ValueError(f"bad key {KEY}")
    except ValueError:
        log.get("x").exception("failed")

    [line] = lines(file)
    assert "ValueError: bad key abababab…" in line["exception"]


def test_the_files_are_bounded(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "MAX_FILE_BYTES", 5_000)
    log.open(file)
    for _ in range(500):
        log.get("x").info("again", fill="y" * 100)
    log.close()

    sizes = {path.name: path.stat().st_size for path in file.parent.iterdir()}
    assert set(sizes) == {"log", "log.1", "log.2", "log.3"}
    assert max(sizes.values()) <= 5_000
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in file.parent.iterdir())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_counted_and_nothing_else_happens(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.symlink("/dev/full", tmp_path / "log")
    log.open(tmp_path / "log")
    log.get("x").info("lost")
    log.close()

    assert capsys.readouterr() == ("", "")
