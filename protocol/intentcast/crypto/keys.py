"""Key pairs: Ed25519 to sign, X25519 to be sealed to. Two kinds, never converted into one another (CRY-5)."""

from __future__ import annotations

from nacl.bindings import crypto_scalarmult_base, crypto_sign_seed_keypair

from intentcast.errors import Misuse

SEED_BYTES = 32
PUBLIC_BYTES = 32


class SigningKey:
    """An Ed25519 key pair made from a 32-byte seed (RFC 8032)."""

    __slots__ = ("_secret", "public", "seed")

    def __init__(self, seed: bytes) -> None:
        if len(seed) != SEED_BYTES:
            raise Misuse("CRY-3", "an Ed25519 seed has 32 bytes")
        self.seed = seed
        self.public, self._secret = crypto_sign_seed_keypair(seed)

    @property
    def secret(self) -> bytes:
        """The 64-byte secret key of libsodium, for signing.py."""
        return self._secret

    def __repr__(self) -> str:
        return f"SigningKey({self.public.hex()[:8]}…)"


class BoxKey:
    """An X25519 key pair made from a 32-byte secret (RFC 7748)."""

    __slots__ = ("public", "secret")

    def __init__(self, secret: bytes) -> None:
        if len(secret) != SEED_BYTES:
            raise Misuse("CRY-5", "an X25519 secret has 32 bytes")
        self.secret = secret
        self.public = crypto_scalarmult_base(secret)

    def __repr__(self) -> str:
        return f"BoxKey({self.public.hex()[:8]}…)"
