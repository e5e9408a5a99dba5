"""Where a profile lives on disk, and who may read it: nobody but its owner.

A folder that others could write to is refused rather than mended: what lies in it can no longer be trusted.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import platformdirs

from intentcast.entropy import Entropy
from intentcastd.errors import IntentcastdError

MAX_SOCKET_PATH_BYTES = 99
"""The kernel takes 107; the shortest limit among Unix systems is 103."""
VAULT_KEY_BYTES = 32
PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
_OTHERS = 0o077
_OTHERS_WRITE = 0o022


class UnsafePlace(IntentcastdError):
    """A folder or file of the profile that others may read, or that is not ours."""

    code = "unsafe_place"
    exit = 9


class VaultKeyMissing(IntentcastdError):
    """There is a vault, but not the key that opens it."""

    code = "vault_key_missing"
    exit = 9


class StoreMissing(IntentcastdError):
    """There is the key of a vault, but not the vault."""

    code = "store_missing"
    exit = 9


@dataclass(frozen=True, slots=True)
class Home:
    """The files of one profile. Nothing exists before `make`."""

    root: Path
    config_toml: Path
    vendor_toml: Path
    database: Path
    key_file: Path
    lock_file: Path
    ready_json: Path
    socket: Path
    log_file: Path

    @classmethod
    def at(cls, folder: Path) -> Home:
        """Return the profile that lies in one folder: `--home DIR`."""
        root = Path(os.path.abspath(folder))
        return _home(config=root, data=root, state=root)

    @classmethod
    def default(cls, environ: Mapping[str, str] = os.environ) -> Home:
        """Return the person's profile: $INTENTCAST_HOME, else the folders that the XDG rules name."""
        if folder := environ.get("INTENTCAST_HOME"):
            return cls.at(Path(folder))
        places = platformdirs.PlatformDirs("intentcast", appauthor=False)
        return _home(config=places.user_config_path, data=places.user_data_path, state=places.user_state_path)

    def make(self) -> None:
        """Make the folders, for their owner alone.

        Raises:
            UnsafePlace: one is there already and others may read it, or it belongs to somebody else.
        """
        for folder in (self.root, self.config_toml.parent, self.log_file.parent):
            _make_private(folder)
        if self.socket.parent != self.root:
            # Others may have made it first: its name can be guessed and /tmp is open to all.
            _make_private(self.socket.parent)
            _check_private(self.socket.parent)

    def check_socket(self) -> None:
        """Make sure that whoever listens on the socket is the same user, before anything is said to it.

        Raises:
            UnsafePlace: the folder of the socket or of the profile belongs to somebody else, or others may write to it.
        """
        for folder in {self.socket.parent, self.root}:
            if folder.exists():
                _check_private(folder)

    @property
    def is_new(self) -> bool:
        """Whether this profile has neither a vault nor a key yet."""
        return not self.key_file.exists() and not self.database.exists()

    def check_store(self) -> None:
        """Make sure that the vault is still there if there is a key to it: a new one must never quietly take its place.

        Raises:
            StoreMissing: the file of the store is gone or empty.
        """
        if not self.key_file.exists():
            return
        there = self.database.exists()
        if there and self.database.stat().st_size:
            return
        what = "is empty" if there else "is missing"
        raise StoreMissing(
            f"{self.database} {what}, but {self.key_file} is there: RFPs, offers and keys were kept in it.",
            f"Put it back from a backup. To begin anew instead, move {self.key_file} away too.",
        )

    def vault_key(self, entropy: Entropy) -> bytes:
        """Return the key that seals the vault's secrets; make it if this profile is new.

        Raises:
            UnsafePlace: others may read the key file, or it holds something else.
            VaultKeyMissing: a new key would not open the vault that is here.
        """
        try:
            status = self.key_file.lstat()
        except FileNotFoundError:
            return self._new_vault_key(entropy)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & _OTHERS:
            raise UnsafePlace(
                f"{self.key_file} opens your vault, and others may read it or it is not yours.",
                f"If nobody else has read it: chown it to you, then chmod 600 {self.key_file}",
            )
        key = self.key_file.read_bytes()
        if len(key) != VAULT_KEY_BYTES:
            raise UnsafePlace(
                f"{self.key_file} does not hold a vault key: it has {len(key)} bytes instead of {VAULT_KEY_BYTES}.",
                "Put the key file back from a backup.",
            )
        return key

    def _new_vault_key(self, entropy: Entropy) -> bytes:
        if self.database.exists():
            raise VaultKeyMissing(
                f"{self.key_file} is missing, and without it the secrets in {self.database} cannot be read.",
                f"Put the key file back from a backup. To begin anew instead, move {self.database} away.",
            )
        key = entropy.bytes(VAULT_KEY_BYTES)
        write_atomically(self.key_file, key)
        return key


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file for its owner alone, so that a crash leaves either the old one or the new one, whole."""
    # A name of our own beside the target: a rename is atomic within one file system only.
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), PRIVATE_FILE)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
    sync_folder(path.parent)


def _home(config: Path, data: Path, state: Path) -> Home:
    return Home(
        root=data,
        config_toml=config / "config.toml",
        vendor_toml=config / "vendor.toml",
        database=data / "intentcast.db",
        key_file=data / "vault.key",
        lock_file=data / "lock",
        ready_json=data / "ready.json",
        socket=_socket_path(data),
        log_file=state / "intentcastd.log",
    )


def _socket_path(root: Path) -> Path:
    """Return a path that the kernel takes, the same each time for the same profile."""
    name = "intentcast-" + str(os.getuid()) + "-" + blake2b(os.fsencode(root), digest_size=8).hexdigest()
    places = [os.environ.get("XDG_RUNTIME_DIR", ""), tempfile.gettempdir()]
    candidates = [root / "api.sock", *(Path(place) / name / "api.sock" for place in places if os.path.isabs(place))]
    for candidate in candidates:
        if len(os.fsencode(candidate)) <= MAX_SOCKET_PATH_BYTES:
            return candidate
    return Path("/tmp") / name / "api.sock"  # noqa: S108  # a 0700 folder of our own, checked before use


def _make_private(folder: Path) -> None:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=PRIVATE_FOLDER)
    except FileExistsError:
        _tighten(folder)
    except (NotADirectoryError, PermissionError) as error:
        raise UnsafePlace(
            f"The folder {folder} cannot be made: {error.strerror}.",
            "Name a folder that you may write to: --home DIR",
        ) from error


def _tighten(folder: Path) -> None:
    """Take away what others may do; a folder that they could already put something into is refused."""
    status = _status_of_own(folder)
    if status.st_mode & _OTHERS_WRITE and any(folder.iterdir()):
        raise UnsafePlace(
            f"Others may write to {folder}, so what lies in it may not be yours.",
            f"Look through it, then do: chmod 700 {folder}",
        )
    if status.st_mode & _OTHERS:
        folder.chmod(PRIVATE_FOLDER)


def _check_private(folder: Path) -> None:
    if _status_of_own(folder).st_mode & _OTHERS:
        raise UnsafePlace(f"Others may look into {folder}, where the daemon listens.", f"Do: chmod 700 {folder}")


def _status_of_own(folder: Path) -> os.stat_result:
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
        raise UnsafePlace(f"{folder} is not a folder of yours.", "Move it away, or name another one with --home DIR")
    return status


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
