"""The market: what a relay knows to be live, by id, author and kind; and what each link wants to hear of it.

An index only: the bytes are in the store.

Spec: 06 §3 (SPR-1..SPR-4), 03 §5 (CLO-2..CLO-4)
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

from intentcast.ids import EnvelopeId, RelayKey
from intentcast.limits import CLOCK_SKEW_SECONDS
from intentcast.records.envelope import CLOSE, RELAY, RFP, VENDOR, Envelope
from intentcast.records.head import Shard, shard_of
from intentcast.records.vocabulary import Area, on_branch
from intentcast.units import UnixSeconds
from intentcast.wire.frames import Subscribe


@dataclass(frozen=True, slots=True)
class Entry:
    """One live envelope.

    Attributes:
        category, area, boards, work: of an RFP; `boards` are the relays that keep its notes.
        card: the whole envelope of a relay card, which is passed on often; else empty, the bytes are in the store.
    """

    id: EnvelopeId
    kind: int
    author: bytes
    expires: UnixSeconds
    category: str = ""
    area: Area | None = None
    boards: tuple[RelayKey, ...] = ()
    work: int = 0
    card: bytes = b""


def wants(subscription: Subscribe, entry: Entry) -> bool:
    """Tell whether a subscription asks for this envelope: by kind, category branch and area (SPR-3).

    Only RFPs have a category and an area; other kinds are given to whoever asks for the kind.
    """
    if entry.kind not in subscription.kinds:
        return False
    if entry.kind != RFP:
        return True
    in_branch = not subscription.categories or any(on_branch(code, entry.category) for code in subscription.categories)
    return in_branch and (not subscription.areas or any(area.covers(entry.area) for area in subscription.areas))


class Market:
    """The live envelopes of one relay."""

    def __init__(self) -> None:
        self._entries: dict[EnvelopeId, Entry] = {}
        self._expiries: list[tuple[UnixSeconds, EnvelopeId]] = []
        self._rfp_of: dict[bytes, EnvelopeId] = {}
        self._closes: dict[EnvelopeId, dict[bytes, int]] = {}
        self._close_target: dict[EnvelopeId, EnvelopeId] = {}
        self._cards: dict[tuple[int, bytes], EnvelopeId] = {}

    def __contains__(self, item: object) -> bool:
        return item in self._entries

    def __len__(self) -> int:
        return len(self._entries)

    def count(self, kind: int) -> int:
        """How many live envelopes are of this kind."""
        return sum(entry.kind == kind for entry in self._entries.values())

    def entries(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def get(self, item: EnvelopeId) -> Entry | None:
        return self._entries.get(item)

    def add(self, entry: Entry) -> None:
        """Take an envelope that is on disk and shown to everybody."""
        self._entries[entry.id] = entry
        heapq.heappush(self._expiries, (entry.expires, entry.id))
        if entry.kind == RFP:
            self._rfp_of[entry.author] = entry.id
        elif entry.kind in (RELAY, VENDOR):
            newest = self._entries.get(self._cards.get((entry.kind, entry.author), entry.id), entry)
            # Two cards of one author may come in any order: the one that lives longer was made later.
            if newest.expires <= entry.expires:
                self._cards[entry.kind, entry.author] = entry.id

    def close(self, entry: Entry, rfp: EnvelopeId) -> Entry | None:
        """Take a close: whoever its author is, it is kept; it ends the RFP only if the authors are one (CLO-2..CLO-4).

        Returns:
            The RFP that ended just now, if it was live.
        """
        self.add(entry)
        # By author and counted: a stranger's close takes nobody's place, and of two by one author the later one still
        # keeps the RFP out when the first has expired.
        authors = self._closes.setdefault(rfp, {})
        authors[entry.author] = authors.get(entry.author, 0) + 1
        self._close_target[entry.id] = rfp
        target = self._entries.get(rfp)
        if target is None or target.author != entry.author:
            return None
        self._forget(target)
        return target

    def is_closed(self, rfp: EnvelopeId, author: bytes) -> bool:
        return author in self._closes.get(rfp, ())

    def live_rfp(self, author: bytes) -> EnvelopeId | None:
        """The live RFP of an author: a key has one at a time (RFP-12)."""
        return self._rfp_of.get(author)

    def card_of(self, kind: int, author: bytes) -> EnvelopeId | None:
        """The newest relay card or vendor card of a key."""
        return self._cards.get((kind, author))

    def relay_cards(self) -> list[bytes]:
        """The live relay cards, as received."""
        return [entry.card for entry in map(self._entries.__getitem__, self._cards.values()) if entry.kind == RELAY]

    def rfps_in(self, shard: Shard) -> list[EnvelopeId]:
        """Ids of the live RFPs of a shard."""
        return [item for author, item in self._rfp_of.items() if shard_of(author, shard.bits) == shard]

    def expire(self, now: UnixSeconds) -> list[Entry]:
        """Forget what expired so long ago that no honest clock holds it for live; return it."""
        gone: list[Entry] = []
        while self._expiries and self._expiries[0][0] + CLOCK_SKEW_SECONDS <= now:
            _, item = heapq.heappop(self._expiries)
            entry = self._entries.get(item)
            if entry is not None:
                self._forget(entry)
                gone.append(entry)
        return gone

    def _forget(self, entry: Entry) -> None:
        del self._entries[entry.id]
        if self._rfp_of.get(entry.author) == entry.id:
            del self._rfp_of[entry.author]
        if self._cards.get((entry.kind, entry.author)) == entry.id:
            del self._cards[entry.kind, entry.author]
        if entry.kind == CLOSE:
            rfp = self._close_target.pop(entry.id)
            authors = self._closes[rfp]
            authors[entry.author] -= 1
            if not authors[entry.author]:
                del authors[entry.author]
            if not authors:
                del self._closes[rfp]


def entry_of(envelope: Envelope) -> Entry:
    """Return the index entry of an envelope that has no routing of its own."""
    card = envelope.data if envelope.kind == RELAY else b""
    return Entry(envelope.id, envelope.kind, envelope.author, envelope.expires, card=card)
