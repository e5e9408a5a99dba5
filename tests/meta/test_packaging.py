"""The wheel holds both packages and the specs, and an unpacked sdist builds the same wheel."""

import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest


def build(checkout: Path, target: str, place: Path) -> Path:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", place],
        cwd=checkout,
        check=True,
        capture_output=True,
    )
    (made,) = place.iterdir()
    return made


@pytest.fixture(scope="module")
def version(root: Path) -> str:
    return str(tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["version"])


@pytest.fixture(scope="module")
def wheel_from_checkout(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    return contents(build(root, "wheel", tmp_path_factory.mktemp("wheel")))


def contents(wheel: Path) -> dict[str, int]:
    with zipfile.ZipFile(wheel) as archive:
        return {entry.filename: entry.CRC for entry in archive.infolist()}


@pytest.mark.xdist_group("packaging")
def test_the_wheel_holds_two_packages_and_the_specs_and_nothing_else(
    wheel_from_checkout: dict[str, int], version: str
) -> None:
    assert {name.split("/")[0] for name in wheel_from_checkout} == {
        "intentcast",
        "intentcastd",
        f"intentcast-{version}.dist-info",
    }
    assert "intentcastd/_specs/registries/limits.json" in wheel_from_checkout
    assert "intentcast/py.typed" in wheel_from_checkout
    assert "intentcastd/py.typed" in wheel_from_checkout
    assert [name for name in wheel_from_checkout if name.endswith((".pyc", ".pyo"))] == []


@pytest.mark.xdist_group("packaging")
def test_the_wheel_holds_every_file_of_the_packages_and_of_the_specs(
    root: Path, project_files: list[Path], wheel_from_checkout: dict[str, int]
) -> None:
    homes = {"protocol/": "", "daemon/": "", "specs/": "intentcastd/_specs/"}
    wanted = {
        home + name.removeprefix(folder)
        for path in project_files
        for folder, home in homes.items()
        if (name := path.relative_to(root).as_posix()).startswith(folder)
    }

    assert sorted(wanted - set(wheel_from_checkout)) == []


@pytest.mark.xdist_group("packaging")
def test_an_unpacked_sdist_builds_the_same_wheel(
    root: Path, tmp_path: Path, version: str, wheel_from_checkout: dict[str, int]
) -> None:
    with tarfile.open(build(root, "sdist", tmp_path / "sdist")) as archive:
        archive.extractall(tmp_path, filter="data")
    unpacked = tmp_path / f"intentcast-{version}"

    assert contents(build(unpacked, "wheel", tmp_path / "wheel")) == wheel_from_checkout
    assert (unpacked / "scripts/test").stat().st_mode & 0o111
    assert (unpacked / "tests/meta/test_packaging.py").exists()
