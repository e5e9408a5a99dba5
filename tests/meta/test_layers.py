"""Rooms import downwards only, and the contracts that say so can fail."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

# For each contract a line that breaks it: the module that gets it, and the line. A contract without one may be unable to fail.
VIOLATIONS = {
    "protocol rooms, top to bottom": ("protocol/intentcast/records/planted_upward.py", "import intentcast.machines"),
    "daemon rooms, top to bottom": ("daemon/intentcastd/store/planted_upward.py", "import intentcastd.api"),
    "the protocol is sans-IO": ("protocol/intentcast/encoding/planted_socket.py", "import socket"),
    "one door to msgpack": ("protocol/intentcast/wire/planted_msgpack.py", "import msgpack"),
    "one door to libsodium": ("daemon/intentcastd/buyer/planted_nacl.py", "import nacl.public"),
    "one door to certificates": ("daemon/intentcastd/net/planted_x509.py", "from cryptography import x509"),
    "one door to zeroconf": ("daemon/intentcastd/buyer/planted_zeroconf.py", "import zeroconf"),
    "two doors to httpx: towards the local API, and towards vendors' domains": (
        "daemon/intentcastd/cli/planted_httpx.py",
        "import httpx",
    ),
    "one door to the database": ("daemon/intentcastd/store/planted_apsw.py", "import apsw"),
    "one door to the clock": ("daemon/intentcastd/engine/planted_time.py", "import time"),
    "one door to randomness": ("daemon/intentcastd/engine/planted_random.py", "import random"),
    "one door to logging": ("daemon/intentcastd/engine/planted_logging.py", "import logging"),
    "one room for HTTP service": ("daemon/intentcastd/vendor/planted_starlette.py", "import starlette"),
}


def lint_imports(checkout: Path) -> tuple[dict[str, str], str]:
    """Run the contracts of a checkout; return the verdict of each and all that was printed."""
    run = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(checkout / "protocol"), str(checkout / "daemon")])},
        capture_output=True,
        text=True,
        check=False,
    )
    verdicts = {
        name.strip(): verdict for name, verdict in re.findall(r"^(.+) (KEPT|BROKEN)\b", run.stdout, re.MULTILINE)
    }
    assert verdicts, f"the contracts did not run:\n{run.stdout}{run.stderr}"
    assert (run.returncode == 0) == ("BROKEN" not in verdicts.values())
    return verdicts, run.stdout


def copy_of(root: Path, place: Path) -> Path:
    for room in ("protocol", "daemon"):
        shutil.copytree(root / room, place / room, ignore=shutil.ignore_patterns("__pycache__", "*.tsv"))
    shutil.copy(root / "pyproject.toml", place)
    return place


def contract_names(root: Path) -> set[str]:
    settings = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    return {contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]}


def test_rooms_import_only_downwards_and_libraries_only_through_their_doors(root: Path) -> None:
    verdicts, output = lint_imports(root)

    assert verdicts == dict.fromkeys(contract_names(root), "KEPT"), output


def test_every_contract_turns_red_when_its_violation_is_planted(root: Path, tmp_path: Path) -> None:
    assert set(VIOLATIONS) == contract_names(root), "each contract needs a violation that shows it can fail"
    checkout = copy_of(root, tmp_path)
    for file, line in VIOLATIONS.values():
        (checkout / file).write_text(f"{line}\n", "utf-8")

    verdicts, output = lint_imports(checkout)

    assert verdicts == dict.fromkeys(VIOLATIONS, "BROKEN"), output


def test_a_room_that_nobody_placed_turns_the_layers_red(root: Path, tmp_path: Path) -> None:
    checkout = copy_of(root, tmp_path)
    (checkout / "protocol/intentcast/planted.py").touch()
    (checkout / "daemon/intentcastd/planted.py").touch()

    verdicts, output = lint_imports(checkout)

    assert verdicts["protocol rooms, top to bottom"] == "BROKEN", output
    assert verdicts["daemon rooms, top to bottom"] == "BROKEN", output
