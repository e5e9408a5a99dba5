"""Sealing: to an X25519 key on the wire, and under the vault's key at rest."""

from __future__ import annotations

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_box,
    crypto_box_seal_open,
    crypto_generichash_blake2b_salt_personal,
)
from nacl.exceptions import CryptoError

from intentcast.crypto.keys import BoxKey
from intentcast.errors import Ignored, Misuse, Rejected

SEAL_BYTES = 48
"""What a sealed box is longer than its content: an X25519 key and a MAC."""

AT_REST_NONCE_BYTES = 24


def seal(content: bytes, reader: bytes, ephemeral: BoxKey) -> bytes:
    """Return libsodium's sealed box of content to the reader's X25519 key.

    Args:
        ephemeral: used for this box alone; an argument so that vectors can be made again.

    Raises:
        Misuse: the reader's key is of low order, so anybody could open the box.

    Spec: 02 §5 (CRY-6)
    """
    nonce = crypto_generichash_blake2b_salt_personal(ephemeral.public + reader, digest_size=24)
    try:
        return ephemeral.public + crypto_box(content, nonce, reader, ephemeral.secret)
    except (CryptoError, ValueError) as error:
        raise Misuse("CRY-6", "the reader's key cannot be sealed to") from error


def open_untrusted(sealed: bytes, reader: BoxKey) -> bytes:
    """Return what was sealed to this reader.

    Raises:
        Ignored: the box is not for this reader, or was altered: which of the two cannot be known.

    Spec: 02 §5 (CRY-7)
    """
    if len(sealed) < SEAL_BYTES:
        raise Rejected("CRY-7", "too short for a sealed box")
    try:
        return crypto_box_seal_open(sealed, reader.public, reader.secret)
    except (CryptoError, ValueError):
        raise Ignored("CRY-7", "not sealed to this key") from None


def seal_at_rest(key: bytes, nonce: bytes, plaintext: bytes, context: bytes) -> bytes:
    """Return nonce and XChaCha20-Poly1305 of plaintext, bound to the row that `context` names.

    The form is this program's own: it never goes on the wire.
    """
    return nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, context, nonce, key)


def open_at_rest(key: bytes, data: bytes, context: bytes) -> bytes:
    """Return what seal_at_rest sealed.

    Raises:
        Misuse: another key, another row, or altered bytes.
    """
    nonce, sealed = data[:AT_REST_NONCE_BYTES], data[AT_REST_NONCE_BYTES:]
    try:
        return crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, context, nonce, key)
    except (CryptoError, ValueError, TypeError) as error:
        raise Misuse("CRY-8", "this secret was not sealed under this key for this row") from error
