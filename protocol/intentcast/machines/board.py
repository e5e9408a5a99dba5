"""The board: keeps sealed notes for RFPs that name it, in lanes, and shows whole epochs of a shard to anybody.

Reading deletes nothing and needs no name. First contacts are rationed per RFP, so that junk cannot bury
offers: lane A for known vendors, lane B by work, lane C for the newest.

Spec: 08 (BRD-1..BRD-20)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from intentcast.crypto.keys import SigningKey
from intentcast.errors import Ignored, Rejected, StampTooWeak
from intentcast.ids import NoteId
from intentcast.limits import (
    CLOCK_SKEW_SECONDS,
    EPOCH_SECONDS,
    LANE_A_NOTES,
    LANE_B_NOTES,
    LANE_C_NOTES,
    MAX_SHARD_FOLLOWERS,
)
from intentcast.machines.admission import check_life
from intentcast.machines.effects import Close, Effect, KeepNote, Send, SendNotes, Verify
from intentcast.machines.efforts import price
from intentcast.machines.inputs import LinkId, LoadedNote, Now, Token
from intentcast.machines.market import Entry, Market
from intentcast.networks import Network
from intentcast.records.envelope import NOTE, Envelope, envelope_untrusted
from intentcast.records.head import Head, Shard, check_shard, set_digest
from intentcast.units import UnixSeconds
from intentcast.wire.frames import Done, Error, Notes, Post, Read

MAX_FOLLOWS_PER_LINK = MAX_SHARD_FOLLOWERS
"""An exit may follow once for each visit that it holds open."""

OLDEST_EPOCH_SECONDS = 2_419_200
"""How far back an epoch may be asked for: as long as a note lives."""

_PLACES: Final = {"a": LANE_A_NOTES, "b": LANE_B_NOTES, "c": LANE_C_NOTES}


def epoch_of(now: UnixSeconds) -> int:
    """Return the epoch of a moment (BRD-8)."""
    return now // EPOCH_SECONDS


@dataclass(frozen=True, slots=True)
class _Kept:
    id: NoteId
    tag: bytes
    author: bytes
    epoch: int
    lane: str
    effort: int
    expires: UnixSeconds


@dataclass(slots=True)
class _Thread:
    """The notes of one RFP, by lane, oldest first."""

    rfp: Entry
    lanes: dict[str, list[_Kept]] = field(default_factory=lambda: {"a": [], "b": [], "c": []})

    def notes(self) -> list[_Kept]:
        return [note for lane in self.lanes.values() for note in lane]


@dataclass(frozen=True, slots=True)
class _Posted:
    note: Envelope
    link: LinkId
    request: int


@dataclass(frozen=True, slots=True)
class _Placed:
    posted: _Posted
    kept: _Kept
    displaced: _Kept | None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the board is: its network, and the key that signs heads."""

    network: Network
    key: SigningKey


class Board:
    """The notes of one relay."""

    def __init__(
        self, identity: Identity, market: Market, tokens: Callable[[], Token], is_vendor: Callable[[bytes], bool]
    ) -> None:
        self.identity = identity
        self.refused: dict[str, int] = {}
        self._market = market
        self._tokens = tokens
        self._is_vendor = is_vendor
        self._threads: dict[bytes, _Thread] = {}
        self._ids: dict[NoteId, _Kept] = {}
        self._epochs: dict[int, dict[NoteId, _Kept]] = {}
        self._verifying: dict[Token, _Posted] = {}
        self._keeping: dict[Token, _Placed] = {}
        self._follows: dict[tuple[LinkId, int], Shard] = {}

    def __len__(self) -> int:
        return len(self._ids)

    # ---- RFPs that name this board

    def opened(self, rfp: Entry) -> None:
        """An RFP is live: from now on notes may be posted to its author's key (BRD-3)."""
        if self.identity.key.public in rfp.boards and rfp.author not in self._threads:
            self._threads[rfp.author] = _Thread(rfp)

    def ended(self, rfp: Entry) -> None:
        """An RFP has expired or was closed: its notes are shown no more; the store drops them as they expire."""
        thread = self._threads.pop(rfp.author, None)
        for note in thread.notes() if thread else []:
            self._forget(note)

    def loaded(self, note: LoadedNote) -> None:
        """At start: a note that was kept before."""
        thread = self._threads.get(note.tag)
        if thread is not None:
            kept = _Kept(note.id, note.tag, note.author, note.epoch, note.lane, note.effort, note.expires)
            self._stand(thread, kept)

    # ---- posting

    def posted(self, link: LinkId, post: Post, request: int, now: Now) -> list[Effect]:
        """Somebody posts a note: judge it by all that is cheap."""
        try:
            note = self._screen(post.note, now.wall)
        except (Rejected, Ignored) as error:
            return self._refuse(error, link, request)
        if NoteId(note.id) in self._ids:
            # Posting again is how a vendor makes sure: the first answer may have been lost.
            return [Send(link, Done(id=note.id, lane=self._ids[NoteId(note.id)].lane), request)]
        token = self._tokens()
        self._verifying[token] = _Posted(note, link, request)
        return [Verify(token, (note,))]

    def _screen(self, data: bytes, now: UnixSeconds) -> Envelope:
        note = envelope_untrusted(data)
        if note.kind != NOTE:
            raise Rejected("ADM-1", "only notes go to boards")
        check_life(note, self.identity.network.id, now)
        thread = self._threads.get(note.tag)
        if thread is None:
            raise Ignored("BRD-3", "no live RFP on this board has this tag", "tag")
        if note.expires != thread.rfp.expires:
            raise Rejected("BRD-4", "a first contact does not expire with its RFP", "life")
        noun = "note_a" if self._is_vendor(note.author) else "note_b"
        needed = max(self._price(note, noun, now), thread.rfp.work)
        if note.effort < needed:
            raise StampTooWeak("BRD-15", needed)
        if not note.is_stamped():
            raise Rejected("ENV-6", "the stamp holds less work than the header says", "stamp")
        return note

    def _price(self, note: Envelope, noun: str, now: UnixSeconds) -> int:
        life = max(0, note.expires - now - CLOCK_SKEW_SECONDS)
        return price(self.identity.network, noun, len(note.data), life)

    def verified(self, token: Token, holds: bool, now: Now) -> list[Effect]:
        """A note's signature was checked: find it a lane."""
        posted = self._verifying.pop(token)
        try:
            if not holds:
                raise Rejected("ENV-7", "the signature of the note does not hold", "signature")
            placed = self._place(posted, now.wall)
        except (Rejected, Ignored) as error:
            return self._refuse(error, posted.link, posted.request)
        keep = self._tokens()
        self._keeping[keep] = placed
        gone = placed.displaced.id if placed.displaced else None
        return [KeepNote(keep, posted.note, placed.kept.epoch, placed.kept.lane, gone)]

    def _place(self, posted: _Posted, now: UnixSeconds) -> _Placed:
        note = posted.note
        thread = self._threads.get(note.tag)
        if thread is None:
            raise Ignored("BRD-3", "no live RFP on this board has this tag", "tag")
        waiting = [item for item in self._keeping.values() if item.kept.tag == note.tag]
        gone = {item.displaced.id for item in waiting if item.displaced is not None}
        # What is on its way to disk counts as there, and what it displaces as gone.
        standing = [kept for kept in [*thread.notes(), *(item.kept for item in waiting)] if kept.id not in gone]
        if any(kept.author == note.author for kept in standing):
            raise Ignored("BRD-16", "this key has a note for this RFP already", "one_per_vendor")
        lane, displaced = self._lane(standing, note, now)
        kept = _Kept(NoteId(note.id), note.tag, note.author, epoch_of(now), lane, note.effort, note.expires)
        return _Placed(posted, kept, displaced)

    def _lane(self, standing: list[_Kept], note: Envelope, now: UnixSeconds) -> tuple[str, _Kept | None]:
        lanes = {lane: [kept for kept in standing if kept.lane == lane] for lane in "abc"}
        if self._is_vendor(note.author) and len(lanes["a"]) < LANE_A_NOTES:
            return "a", None
        # Lane B has its own price, also for those who may use lane A but found it full.
        if note.effort >= self._price(note, "note_b", now):
            if len(lanes["b"]) < LANE_B_NOTES:
                return "b", None
            least = min(lanes["b"], key=lambda kept: kept.effort)
            if least.effort < note.effort:
                return "b", least
        # BRD-7: full never means closed. The oldest of lane C makes room.
        return "c", None if len(lanes["c"]) < LANE_C_NOTES else lanes["c"][0]

    def stored(self, token: Token, full: bool, now: Now) -> list[Effect]:
        """A note is on disk, or there was no room: answer, and tell those who follow its shard."""
        placed = self._keeping.pop(token)
        posted, kept = placed.posted, placed.kept
        if full:
            return self._refuse(Ignored("BRD-9", "the disk is full", "full"), posted.link, posted.request)
        done = Send(posted.link, Done(id=kept.id, lane=kept.lane), posted.request)
        thread = self._threads.get(kept.tag)
        if thread is None:
            return [done]
        if placed.displaced is not None and placed.displaced in thread.lanes[placed.displaced.lane]:
            thread.lanes[placed.displaced.lane].remove(placed.displaced)
            self._forget(placed.displaced)
        self._stand(thread, kept)
        return [done, *self._tell(posted.note, kept, now)]

    def _stand(self, thread: _Thread, kept: _Kept) -> None:
        """Put a note into its lane, which holds no more than its places even where the disk was full (BRD-5)."""
        lane = thread.lanes[kept.lane]
        lane.append(kept)
        self._index(kept)
        if len(lane) > _PLACES[kept.lane]:
            # What this note displaced never came to disk, so what that one would have displaced is still here.
            gone = min(lane, key=lambda item: item.effort) if kept.lane == "b" else lane[0]
            lane.remove(gone)
            self._forget(gone)

    def _tell(self, note: Envelope, kept: _Kept, now: Now) -> list[Effect]:
        effects: list[Effect] = []
        told: dict[Shard, Notes] = {}
        for (link, request), shard in self._follows.items():
            if shard.holds(kept.tag):
                if shard not in told:  # signed once, whoever follows
                    told[shard] = Notes(kept.epoch, (note.data,), *self._head(shard, kept.epoch, now))
                effects.append(Send(link, told[shard], request))
        return effects

    def _refuse(self, error: Rejected | Ignored, link: LinkId, request: int) -> list[Effect]:
        self.refused[error.code] = self.refused.get(error.code, 0) + 1
        bits = error.bits if isinstance(error, StampTooWeak) else None
        said: list[Effect] = [Send(link, Error(error.code, bits=bits), request)]
        fault = isinstance(error, Rejected) and not isinstance(error, StampTooWeak)
        return [*said, Close(link, error.rule)] if fault else said

    # ---- reading

    def read(self, link: LinkId, read: Read, request: int, now: Now) -> list[Effect]:
        """Show one epoch of a shard, and with `follow` all that comes after (BRD-8, BRD-10).

        Raises:
            Rejected: the shard is none.
        """
        shard = check_shard(read.bits, read.prefix)
        current = epoch_of(now.wall)
        if not current - OLDEST_EPOCH_SECONDS // EPOCH_SECONDS <= read.epoch <= current + 1:
            return [Send(link, Error("epoch"), request)]
        notes = self._in_epoch(shard, read.epoch)
        head, rfps = self._head(shard, read.epoch, now)
        effects: list[Effect] = [SendNotes(link, request, read.epoch, tuple(notes[read.after :]), head, rfps)]
        if read.follow:
            if sum(follower == link for follower, _ in self._follows) >= MAX_FOLLOWS_PER_LINK:
                return [Send(link, Error("busy"), request)]
            self._follows[link, request] = shard
        return effects

    def _in_epoch(self, shard: Shard, epoch: int) -> list[NoteId]:
        return [kept.id for kept in self._epochs.get(epoch, {}).values() if shard.holds(kept.tag)]

    def _index(self, kept: _Kept) -> None:
        self._ids[kept.id] = kept
        self._epochs.setdefault(kept.epoch, {})[kept.id] = kept

    def _forget(self, kept: _Kept) -> None:
        self._ids.pop(kept.id, None)
        notes = self._epochs.get(kept.epoch, {})
        notes.pop(kept.id, None)
        if not notes:
            self._epochs.pop(kept.epoch, None)

    def _head(self, shard: Shard, epoch: int, now: Now) -> tuple[bytes, tuple[bytes, ...]]:
        notes = self._in_epoch(shard, epoch)
        rfps = tuple(sorted(self._market.rfps_in(shard)))
        head = Head(
            network=self.identity.network.id,
            shard=shard,
            epoch=epoch,
            count=len(notes),
            notes=set_digest(notes),
            rfps=set_digest(rfps),
            at=now.wall,
            board=self.identity.key.public,
        )
        return head.signed_by(self.identity.key), rfps[:1024]

    def stop(self, link: LinkId, request: int) -> None:
        self._follows.pop((link, request), None)

    def link_down(self, link: LinkId) -> None:
        for key in [key for key in self._follows if key[0] == link]:
            del self._follows[key]
