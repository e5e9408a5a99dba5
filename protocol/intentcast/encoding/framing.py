"""Frames: a 4-byte big-endian length, then that many bytes. Bytes in, whole payloads out."""

from __future__ import annotations

from intentcast.errors import Misuse, Rejected
from intentcast.limits import MAX_FRAME_BYTES

HEAD_BYTES = 4


def frame(payload: bytes) -> bytes:
    """Return a payload with its length in front.

    Raises:
        Misuse: the payload is empty or larger than a frame may be.

    Spec: 05 §2 (FRM-1)
    """
    if not 0 < len(payload) <= MAX_FRAME_BYTES:
        raise Misuse("FRM-1", "a frame's payload has 1 to 65,536 bytes")
    return len(payload).to_bytes(HEAD_BYTES, "big") + payload


class FrameReader:
    """Collects bytes of one link and hands out whole payloads."""

    def __init__(self, most: int = MAX_FRAME_BYTES) -> None:
        self._buffer = bytearray()
        self.most = most
        """Largest payload taken, in bytes: small before the hello, then MAX_FRAME_BYTES."""

    def feed(self, data: bytes, at_most: int | None = None) -> list[bytes]:
        """Take bytes and return the payloads that are whole now, at most `at_most` of them.

        Raises:
            Rejected: a length is 0 or over the limit; nothing more can be read from this link.

        Spec: 05 §2 (FRM-1)
        """
        self._buffer += data
        payloads: list[bytes] = []
        start = 0
        while len(self._buffer) - start >= HEAD_BYTES and (at_most is None or len(payloads) < at_most):
            size = int.from_bytes(self._buffer[start : start + HEAD_BYTES], "big")
            # FRM-1. Checked before a byte of the payload is waited for: a length is only a claim.
            if not 0 < size <= self.most:
                raise Rejected("FRM-1", "a frame's length is 0 or over the limit", "size")
            if len(self._buffer) - start - HEAD_BYTES < size:
                break
            payloads.append(bytes(self._buffer[start + HEAD_BYTES : start + HEAD_BYTES + size]))
            start += HEAD_BYTES + size
        del self._buffer[:start]
        return payloads

    def rest(self) -> bytes:
        """Return and forget what was read beyond the last payload: the first bytes of a tunnel."""
        rest = bytes(self._buffer)
        self._buffer.clear()
        return rest
