"""The close: the author of an RFP ends it. It keeps the RFP out until the RFP would have expired.

Spec: 03 §5 (CLO-1..CLO-4)
"""

from __future__ import annotations

from dataclasses import dataclass

from intentcast.encoding.canonical import decode_padded_untrusted, encode
from intentcast.ids import HASH_BYTES, EnvelopeId
from intentcast.records.fields import Fields

REASONS = ("filled", "withdrawn", "replaced", "no_fit")


@dataclass(frozen=True, slots=True)
class Close:
    """Ends one RFP, for one reason."""

    rfp: EnvelopeId
    reason: str

    def to_body(self) -> bytes:
        """Return the canonical body, not padded (CLO-1)."""
        return encode({"reason": self.reason, "rfp": self.rfp})


def close_untrusted(body: bytes) -> Close:
    """Read the body of a close.

    Raises:
        Rejected: the body breaks the layout.

    Spec: 03 §5 (CLO-1)
    """
    fields = Fields(decode_padded_untrusted(body), "CLO-1")
    reason = fields.string("reason", 16)
    if reason not in REASONS:
        raise fields.fail("reason", "one of " + ", ".join(REASONS))
    return Close(EnvelopeId(fields.binary("rfp", HASH_BYTES)), reason)
