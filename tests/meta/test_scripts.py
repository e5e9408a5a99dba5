"""The scripts are what a newcomer meets first: each runs from anywhere and says how it is used."""

import ast
import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

SHELL = ["setup", "demo", "test", "check", "bench", "vectors", "lock"]


def shell_scripts(root: Path) -> list[Path]:
    return [path for path in sorted((root / "scripts").iterdir()) if path.is_file() and path.suffix == ""] + [
        root / ".ci/run"
    ]


def test_the_scripts_that_the_documents_name_are_there(root: Path) -> None:
    assert [name for name in SHELL if not (root / "scripts" / name).is_file()] == []


def test_every_script_is_executable_strict_and_has_a_usage_line(root: Path) -> None:
    for path in shell_scripts(root):
        name = path.relative_to(root).as_posix()
        lines = path.read_text("utf-8").splitlines()
        assert os.access(path, os.X_OK), f"{name} is not executable"
        assert lines[0] == "#!/usr/bin/env bash", name
        assert lines[1].startswith(f"# usage: {name}"), f"{name} does not say how it is used"
        assert "set -euo pipefail" in lines, name
        assert subprocess.run(["bash", "-n", path], check=False).returncode == 0, name


def test_every_python_script_says_what_it_does(root: Path) -> None:
    for path in sorted((root / "scripts").glob("*.py")):
        assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), path.name


@pytest.mark.parametrize("name", ["setup", "check", "test", "lock"])
def test_help_prints_the_usage_and_does_nothing_else(root: Path, tmp_path: Path, name: str) -> None:
    run = subprocess.run([root / "scripts" / name, "--help"], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert run.stdout.startswith(f"usage: scripts/{name}")
    assert len(run.stdout.splitlines()) > 2
    assert list(tmp_path.iterdir()) == []


def test_the_readme_names_the_command_that_continuous_integration_runs(root: Path) -> None:
    readme = (root / "README.md").read_text("utf-8").splitlines()

    assert [line for line in readme if line.strip().lstrip("$ ") in {"scripts/test", "./scripts/test"}], (
        "README names no scripts/test"
    )
    assert "scripts/test" in (root / ".ci/run").read_text("utf-8")
    assert "scripts/check" in (root / "scripts/test").read_text("utf-8")


def test_a_second_setup_is_done_in_well_under_a_second(root: Path, tmp_path: Path) -> None:
    if not (root / ".venv/intentcast-stamp").exists():
        pytest.skip("these tests run in an environment that scripts/setup did not make")
    began = time.monotonic()
    run = subprocess.run(
        [root / "scripts/setup", "--dev"],
        cwd=tmp_path,
        env={**os.environ, "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert run.stdout == "setup: .venv is up to date\n"
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("level", ["run", "dev"])
def test_the_locks_hold_hashes_and_no_addresses(root: Path, level: str) -> None:
    lines = (root / f"scripts/locks/{level}.txt").read_text("utf-8").splitlines()
    packages = [number for number, line in enumerate(lines) if line and line[0] not in " #"]

    assert packages
    assert all("==" in lines[number] and "--hash=sha256:" in lines[number + 1] for number in packages)
    assert not [line for line in lines if "://" in line or line.startswith("-")]


def test_the_tests_run_against_the_versions_that_users_get(root: Path) -> None:
    def pins(level: str) -> set[str]:
        text = (root / f"scripts/locks/{level}.txt").read_text("utf-8")
        return {re.split(r"[ ;\\]", line)[0] for line in text.splitlines() if line and line[0] not in " #"}

    assert pins("run") - pins("dev") == set()


def test_setup_says_in_one_line_what_is_missing_where_no_python_will_do(root: Path, tmp_path: Path) -> None:
    checkout = tmp_path / "a checkout"
    (checkout / "scripts").mkdir(parents=True)
    shutil.copytree(root / "scripts/locks", checkout / "scripts/locks")
    shutil.copy(root / "scripts/setup", checkout / "scripts/setup")
    shutil.copy(root / "pyproject.toml", checkout)

    run = subprocess.run(
        [checkout / "scripts/setup"],
        env={**os.environ, "PYTHON": str(tmp_path / "no-python")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 1
    assert "no-python has no Python 3.11 or later that runs" in run.stderr
    assert "sudo apt install python3-venv" in run.stderr
    assert sorted(path.name for path in checkout.iterdir()) == ["pyproject.toml", "scripts"]
