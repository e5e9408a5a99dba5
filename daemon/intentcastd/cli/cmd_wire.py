"""`intentcast wire`: the bytes of the protocol, taken apart. It needs no daemon."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from intentcastd.cli.commands import group
from intentcastd.cli.exits import Exit
from intentcastd.cli.failures import CommandFailed
from intentcastd.cli.session import Session, pass_session

if TYPE_CHECKING:
    from intentcastd.inspect.inspector import Kind

KINDS = ("auto", "envelope", "frame", "message", "head", "offer")
MOST_BYTES = 4 * 1024 * 1024
_SECRET_BYTES = 32
_HEX = re.compile(r"[0-9a-fA-F\s]*")


@group("wire", "intentcast wire decode rfp.bin")
def wire() -> None:
    """Look at the bytes that travel."""


@wire.command(
    "decode",
    epilog="\b\nExamples:\n  intentcast wire decode rfp.bin\n  intentcast wire decode - < frames.hex\n"
    "  intentcast wire decode note.bin --secret-file box.key",
)
@click.argument("source", metavar="HEX|-|FILE")
@click.option("--kind", type=click.Choice(KINDS), default="auto", show_default=True, help="What the bytes are.")
@click.option(
    "--secret-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="X25519 secret, 32 bytes or hex, that opens a note.",
)
@click.option("--at", type=int, metavar="SECONDS", help="Judge as of this UNIX time; without it, as of now.")
@pass_session
def decode(session: Session, source: str, kind: Kind, secret_file: Path | None, at: int | None) -> int:
    """Take bytes apart: each value with its place, its name and its rule, and whether they would be taken.

    HEX are the bytes themselves; - reads them from standard input; FILE holds them raw or in hexadecimal. The exit
    code is 11 if they are rejected.
    """
    import msgspec

    from intentcast.units import UnixSeconds
    from intentcastd import clock
    from intentcastd.inspect.inspector import decode as decode_bytes
    from intentcastd.inspect.text import lines

    secret = None if secret_file is None else _secret(secret_file)
    now = clock.unix_seconds() if at is None else UnixSeconds(at)
    decoded = decode_bytes(_source(source), kind=kind, secret=secret, now=now)
    if session.out.json:
        session.out.document("wire", msgspec.to_builtins(decoded))
    else:
        for line in lines(decoded):
            session.out.line(line)
    return Exit.UNVERIFIED if decoded.verdict == "reject" else Exit.DONE


def _source(source: str) -> bytes:
    """Return the bytes that an argument names."""
    if source == "-":
        return _raw_or_hex(sys.stdin.buffer.read(2 * MOST_BYTES + 1))
    if not os.path.exists(source):
        if not source.strip() or not _HEX.fullmatch(source) or len("".join(source.split())) % 2:
            raise CommandFailed(
                "wire.source",
                f"{source[:60]!r} is neither a file nor bytes in hexadecimal.",
                "Give a file, hexadecimal digits, or - for standard input.",
                Exit.NOT_FOUND if not _HEX.fullmatch(source) else Exit.USAGE,
            )
        return bytes.fromhex(source)
    try:
        with open(source, "rb") as file:
            return _raw_or_hex(file.read(2 * MOST_BYTES + 1))
    except OSError as error:
        raise CommandFailed(
            "file.unreadable", f"{source} cannot be read: {error.strerror}.", "Name another file.", Exit.NOT_FOUND
        ) from error


def _raw_or_hex(data: bytes) -> bytes:
    """Return bytes as they are, or those that their text spells."""
    if len(data) > MOST_BYTES:
        raise CommandFailed("wire.too_long", f"There are more than {MOST_BYTES:,} bytes.", "Cut them.", Exit.USAGE)
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError:
        return data
    digits = "".join(text.split())
    return bytes.fromhex(digits) if digits and len(digits) % 2 == 0 and _HEX.fullmatch(digits) else data


def _secret(file: Path) -> bytes:
    secret = _raw_or_hex(file.read_bytes())
    if len(secret) != _SECRET_BYTES:
        raise CommandFailed(
            "wire.secret", f"{file} holds no X25519 secret of 32 bytes.", "Name the right file.", Exit.USAGE
        )
    return secret
