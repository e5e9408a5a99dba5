"""The profile on disk: for its owner alone, whole after a crash, with a socket path that the kernel takes."""

from __future__ import annotations

import os
import socket
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from intentcastd.entropy import SystemEntropy
from intentcastd.paths import MAX_SOCKET_PATH_BYTES, Home, StoreMissing, UnsafePlace, VaultKeyMissing, write_atomically


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home.at(tmp_path / "profile")
    made.make()
    return made


@pytest.fixture
def runtime() -> Iterator[Path]:
    """A folder with a short path: pytest's own may be too deep for a socket."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        yield Path(folder)


def test_a_home_is_made_for_its_owner_alone(home: Home) -> None:
    assert mode(home.root) == 0o700
    assert home.config_toml.parent == home.root
    home.make()


def test_a_folder_that_others_may_read_is_closed_to_them(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir(mode=0o755)

    Home.at(tmp_path / "mine").make()

    assert mode(tmp_path / "mine") == 0o700


def test_a_folder_that_others_could_put_things_into_is_refused(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    (tmp_path / "open" / "config.toml").touch()

    with pytest.raises(UnsafePlace, match="chmod 700"):
        Home.at(tmp_path / "open").make()


def test_a_link_in_place_of_the_home_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")

    with pytest.raises(UnsafePlace):
        Home.at(tmp_path / "link").make()


def test_the_default_home_follows_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))

    home = Home.default({})

    assert home.config_toml == tmp_path / "config" / "intentcast" / "config.toml"
    assert home.database.parent == tmp_path / "data" / "intentcast"
    assert home.log_file.parent == tmp_path / "state" / "intentcast"
    assert Home.default({"INTENTCAST_HOME": str(tmp_path / "x")}) == Home.at(tmp_path / "x")
    home.make()
    assert mode(home.log_file.parent) == 0o700


def test_the_socket_of_a_deep_home_lies_in_a_short_folder_of_our_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runtime: Path
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    home = Home.at(tmp_path / ("deep" * 30))

    home.make()

    assert home == Home.at(tmp_path / ("deep" * 30))
    assert home.socket != Home.at(tmp_path / ("other" * 30)).socket
    assert len(os.fsencode(home.socket)) <= MAX_SOCKET_PATH_BYTES
    assert home.socket.parent.parent == runtime
    assert mode(home.socket.parent) == 0o700
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(home.socket))
    home.check_socket()
    home.socket.parent.chmod(0o755)
    with pytest.raises(UnsafePlace):
        home.check_socket()


def test_a_runtime_folder_that_is_too_deep_itself_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / ("r" * 90)))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / ("t" * 90)))

    home = Home.at(tmp_path / ("deep" * 30))

    assert home.socket.parts[1] == "tmp"
    assert len(os.fsencode(home.socket)) <= MAX_SOCKET_PATH_BYTES


def test_the_vault_key_is_made_once_and_is_private(home: Home) -> None:
    key = home.vault_key(SystemEntropy())

    assert len(key) == 32
    assert home.vault_key(SystemEntropy()) == key == home.key_file.read_bytes()
    assert mode(home.key_file) == 0o600
    assert [file.name for file in home.root.iterdir()] == [home.key_file.name]


def test_a_vault_key_that_others_may_read_is_refused(home: Home) -> None:
    home.vault_key(SystemEntropy())
    home.key_file.chmod(0o640)

    with pytest.raises(UnsafePlace, match="chmod 600"):
        home.vault_key(SystemEntropy())


def test_a_vault_key_of_another_size_is_refused(home: Home) -> None:
    write_atomically(home.key_file, b"short")

    with pytest.raises(UnsafePlace, match="5 bytes"):
        home.vault_key(SystemEntropy())


def test_no_new_key_is_made_for_a_vault_that_it_would_not_open(home: Home) -> None:
    home.database.touch()

    with pytest.raises(VaultKeyMissing):
        home.vault_key(SystemEntropy())
    assert not home.key_file.exists()


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "file"
    write_atomically(target, b"old")

    def broken(_descriptor: int) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="the disk is gone"):
        write_atomically(target, b"new")

    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("left", [None, b""], ids=["missing", "empty"])
def test_a_vault_that_was_lost_is_never_replaced_by_a_new_one(tmp_path: Path, left: bytes | None) -> None:
    home = Home.at(tmp_path / "home")
    home.make()
    assert home.is_new
    home.vault_key(SystemEntropy())
    if left is not None:
        home.database.write_bytes(left)

    with pytest.raises(StoreMissing, match="from a backup"):
        home.check_store()
    home.database.write_bytes(b"a store")
    home.check_store()
