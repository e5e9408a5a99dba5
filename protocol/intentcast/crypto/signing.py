"""Ed25519 signatures over labelled bytes, checked by libsodium's rules and no others.

Libsodium refuses S >= L, points that are not canonical, A and R of small order, and compares without the
cofactor (CRY-4). Verifiers that accept more would split the network; the canary vectors find them.
"""

from __future__ import annotations

from nacl.bindings import crypto_sign, crypto_sign_open
from nacl.exceptions import BadSignatureError

from intentcast.crypto.keys import PUBLIC_BYTES, SigningKey

SIGNATURE_BYTES = 64


def sign(key: SigningKey, label: bytes, message: bytes) -> bytes:
    """Return the 64-byte signature over label and message (CRY-3)."""
    return crypto_sign(label + message, key.secret)[:SIGNATURE_BYTES]


def is_signed(public: bytes, label: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether the signature over label and message holds under this public key (CRY-4)."""
    # libsodium is told no lengths: a longer key would be cut, a longer signature would eat into the message.
    if len(public) != PUBLIC_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    try:
        crypto_sign_open(signature + label + message, public)
    except (BadSignatureError, ValueError):
        return False
    return True
