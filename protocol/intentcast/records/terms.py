"""Terms: an RFP proffers entries of a roster by id and hash; who answers accepts them (IEEE 7012 model).

Spec: 11 §2 (TRM-1..TRM-5)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from intentcast.encoding.canonical import Tree, Value, encode
from intentcast.ids import HASH_BYTES, digest, label
from intentcast.records.fields import Fields

MAX_CHOSEN = 4
MAX_ID_CHARACTERS = 32

_ENTRY = label("terms", "entry")
_PROFFER = label("terms", "proffer")


@dataclass(frozen=True, slots=True)
class TermsRef:
    """One entry of the roster, with the hash of the text that is meant."""

    id: str
    hash: bytes

    def to_map(self) -> dict[str, Tree]:
        return {"hash": self.hash, "id": self.id}


@dataclass(frozen=True, slots=True)
class Proffer:
    """What an RFP asks of those who answer.

    Attributes:
        everyone: binds each vendor that sends an offer.
        chosen: one of these binds the vendor that is chosen; the first is liked best.
    """

    everyone: TermsRef
    chosen: tuple[TermsRef, ...]

    def to_map(self) -> dict[str, Tree]:
        return {"all": self.everyone.to_map(), "chosen": [ref.to_map() for ref in self.chosen]}

    @property
    def hash(self) -> bytes:
        """32 bytes that every message about the RFP names, so that it accepts these terms and no others (TRM-3)."""
        return digest(_PROFFER, encode(self.to_map()))


def entry_hash(entry: Mapping[str, Tree]) -> bytes:
    """Return the hash of one roster entry: over its canonical bytes (TRM-1)."""
    return digest(_ENTRY, encode(dict(entry)))


def _ref_untrusted(value: Value) -> TermsRef:
    fields = Fields(value, "TRM-2")
    return TermsRef(fields.string("id", MAX_ID_CHARACTERS), fields.binary("hash", HASH_BYTES))


def proffer_untrusted(value: Value) -> Proffer:
    """Read the terms of an RFP (TRM-2)."""
    fields = Fields(value, "TRM-2")
    return Proffer(_ref_untrusted(fields.value("all")), fields.each("chosen", 1, MAX_CHOSEN, _ref_untrusted))
