"""Ids and labelled hashes.

Every hash and every signature of the protocol begins with a label that names what it is for, so that bytes
made for one use never serve for another (CRY-1).
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import NewType

RelayKey = NewType("RelayKey", bytes)
"""Ed25519 public key of a relay, 32 bytes."""

AuthorKey = NewType("AuthorKey", bytes)
"""Ed25519 public key that signs an envelope or a note, 32 bytes."""

EnvelopeId = NewType("EnvelopeId", bytes)
"""Labelled hash of an envelope's signed part, 32 bytes."""

NoteId = NewType("NoteId", bytes)
"""Labelled hash of a note's signed part, 32 bytes."""

NetworkId = NewType("NetworkId", bytes)
"""8 bytes that are signed into every envelope."""

HASH_BYTES = 32


@cache
def label(noun: str, use: str) -> bytes:
    """Return the label of one use of one noun: `intentcast/1/<noun>/<use>` and a zero byte (CRY-1)."""
    return b"intentcast/1/" + noun.encode("ascii") + b"/" + use.encode("ascii") + b"\0"


def digest(name: bytes, *parts: bytes) -> bytes:
    """Return BLAKE2b with 32 bytes of output over a label and parts (CRY-2, RFC 7693, no key, no salt)."""
    state = hashlib.blake2b(name, digest_size=HASH_BYTES)
    for part in parts:
        state.update(part)
    return state.digest()


def text(value: bytes) -> str:
    """Return the text form of an id or a key: lower-case hexadecimal."""
    return value.hex()
