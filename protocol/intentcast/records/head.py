"""The head of an epoch: a board signs which notes it keeps, so that it cannot tell readers different things.

    [version, network, bits, prefix, epoch, count, notes, rfps, at, board, signature]

Spec: 08 §5 (BRD-10..BRD-12)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from intentcast.crypto.keys import SigningKey
from intentcast.crypto.signing import SIGNATURE_BYTES, is_signed, sign
from intentcast.encoding.canonical import decode_untrusted, encode
from intentcast.errors import Rejected
from intentcast.ids import NetworkId, digest, label
from intentcast.limits import MAX_SHARD_BITS

VERSION = 1
_SIGN = label("head", "sign")
_SET = label("head", "set")


@dataclass(frozen=True, slots=True)
class Shard:
    """All RFPs whose author key begins with these bits.

    Attributes:
        bits: how many.
        prefix: the key's first bytes that hold them, spare bits zero.
    """

    bits: int
    prefix: bytes

    def holds(self, key: bytes) -> bool:
        return shard_of(key, self.bits).prefix == self.prefix


def shard_of(key: bytes, bits: int) -> Shard:
    """Return the shard of an author key (BRD-1)."""
    size = (bits + 7) // 8
    spare = size * 8 - bits
    number = int.from_bytes(key[:size], "big") >> spare << spare
    return Shard(bits, number.to_bytes(size, "big"))


def check_shard(bits: int, prefix: bytes) -> Shard:
    """Read a shard that a peer names.

    Raises:
        Rejected: the prefix has the wrong length, or a spare bit is set.

    Spec: 08 §2 (BRD-1)
    """
    shard = Shard(bits, prefix)
    if not 0 <= bits <= MAX_SHARD_BITS or len(prefix) != (bits + 7) // 8 or shard_of(prefix, bits) != shard:
        raise Rejected("BRD-1", "this is no shard: bits and prefix do not fit")
    return shard


def set_digest(ids: Iterable[bytes]) -> bytes:
    """Return the hash of a set of ids: over them in ascending order (BRD-11)."""
    return digest(_SET, *sorted(ids))


@dataclass(frozen=True, slots=True)
class Head:
    """What one board says of one epoch of one shard, at one moment.

    Attributes:
        count: notes in this epoch so far.
        notes: digest of the set of their ids.
        rfps: digest of the set of ids of the shard's live RFPs.
        at: UNIX seconds.
        board: key of the board.
    """

    network: NetworkId
    shard: Shard
    epoch: int
    count: int
    notes: bytes
    rfps: bytes
    at: int
    board: bytes

    def _array(self, signature: bytes) -> bytes:
        return encode(
            [
                VERSION,
                self.network,
                self.shard.bits,
                self.shard.prefix,
                self.epoch,
                self.count,
                self.notes,
                self.rfps,
                self.at,
                self.board,
                signature,
            ]
        )

    def signed_by(self, key: SigningKey) -> bytes:
        """Return the head with its board's signature (BRD-10)."""
        return self._array(sign(key, _SIGN, self._signed))

    @property
    def _signed(self) -> bytes:
        return self._array(bytes(SIGNATURE_BYTES))[: -(2 + SIGNATURE_BYTES)]


def head_untrusted(data: bytes) -> Head:
    """Read a signed head.

    Raises:
        Rejected: the layout is wrong or the signature does not hold.

    Spec: 08 §5 (BRD-10)
    """
    value = decode_untrusted(data)
    match value:
        case [
            1,
            bytes(network),
            int(bits),
            bytes(prefix),
            int(epoch),
            int(count),
            bytes(notes),
            bytes(rfps),
            int(at),
            bytes(board),
            bytes(signature),
        ] if not any(isinstance(item, bool) for item in value):
            pass
        case _:
            raise Rejected("BRD-10", "a head is an array of eleven items")
    sizes = tuple(map(len, (network, notes, rfps, board, signature)))
    if sizes != (8, 32, 32, 32, SIGNATURE_BYTES) or min(epoch, count, at) < 0:
        raise Rejected("BRD-10", "a part of the head has the wrong length or sign")
    head = Head(NetworkId(network), check_shard(bits, prefix), epoch, count, notes, rfps, at, board)
    if not is_signed(board, _SIGN, head._signed, signature):
        raise Rejected("BRD-10", "the signature of the head does not hold", "signature")
    return head
