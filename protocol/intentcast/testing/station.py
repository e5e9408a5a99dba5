"""A relay with a disk in memory: performs at once what needs neither another program nor time.

Signatures are checked and records are kept as the daemon does it; what is left over goes out to whoever drives
the station: frames, closed links, tunnels and reads of other relays' boards.
"""

from __future__ import annotations

from collections import deque
from typing import TypeAlias, assert_never

from intentcast.crypto.keys import SigningKey
from intentcast.entropy import Entropy
from intentcast.ids import EnvelopeId, NoteId, RelayKey
from intentcast.limits import READ_BATCH_BYTES
from intentcast.machines.effects import (
    Close,
    Effect,
    EndReads,
    Keep,
    KeepNote,
    OpenTunnel,
    ReadBoard,
    RefuseTunnel,
    Replay,
    Send,
    SendNotes,
    Verify,
)
from intentcast.machines.inputs import FrameReceived, Input, LinkId, LinkUp, Loaded, LoadedNote, Now, Stored, Verified
from intentcast.machines.market import wants
from intentcast.machines.relay import Relay
from intentcast.machines.spreading import Settings
from intentcast.networks import Network
from intentcast.records.envelope import Envelope
from intentcast.units import UnixSeconds
from intentcast.wire.batches import give_batches, note_parts
from intentcast.wire.frames import Done, Frame, Notes

Outward: TypeAlias = Send | Close | OpenTunnel | ReadBoard | EndReads


class Station:
    """One relay machine, and the records that it has kept."""

    def __init__(
        self,
        network: Network,
        key: SigningKey,
        entropy: Entropy,
        refused: frozenset[str] = frozenset(),
        surcharge: int = 0,
    ) -> None:
        self.key = key
        self.envelopes: dict[EnvelopeId, Envelope] = {}
        self.held: dict[EnvelopeId, UnixSeconds] = {}
        self.notes: dict[NoteId, tuple[Envelope, int, str]] = {}
        self.verified = 0
        """How many signatures were checked so far."""
        self.disk_full = False
        self.settings = Settings(network, RelayKey(key.public), refused, surcharge)
        self._entropy = entropy
        self.relay = Relay(self.settings, key, entropy)

    def link(self, link: int, key: bytes | None, now: Now, *, chosen: bool = False) -> list[Outward]:
        """A link is open; with a key, to a proven relay; chosen, if we opened it."""
        return self.receive(LinkUp(LinkId(link), RelayKey(key) if key else None, chosen), now)

    def frame(self, link: int, frame: Frame, now: Now, request: int = 0) -> list[Outward]:
        """A frame came on a link."""
        return self.receive(FrameReceived(LinkId(link), frame, request), now)

    def receive(self, item: Input, now: Now) -> list[Outward]:
        """Give the machine one input and do all that it wants done here."""
        inputs = deque([item])
        outward: list[Outward] = []
        while inputs:
            for effect in self.relay.receive(inputs.popleft(), now):
                answer = self._perform(effect, outward)
                if answer is not None:
                    inputs.append(answer)
        return outward

    def _perform(self, effect: Effect, outward: list[Outward]) -> Input | None:
        match effect:
            case Verify():
                self.verified += len(effect.envelopes)
                return Verified(effect.token, tuple(envelope.is_signed() for envelope in effect.envelopes))
            case Keep():
                return Stored(effect.token, full=self.disk_full or self._keep(effect))
            case KeepNote():
                if not self.disk_full:
                    self.notes[NoteId(effect.note.id)] = (effect.note, effect.epoch, effect.lane)
                    if effect.displaced is not None:
                        self.notes.pop(effect.displaced, None)
                return Stored(effect.token, full=self.disk_full)
            case Replay():
                outward += self._replay(effect)
            case SendNotes():
                outward += self._send_notes(effect)
            case Send() | Close() | OpenTunnel() | ReadBoard() | EndReads():
                outward.append(effect)
            case RefuseTunnel():
                pass  # only a reader that waits for a tunnel needs to know
            case _:
                assert_never(effect)
        return None

    def _keep(self, effect: Keep) -> bool:
        for kept in effect.items:
            self.envelopes[kept.envelope.id] = kept.envelope
            if kept.held_until is not None:
                self.held[kept.envelope.id] = kept.held_until
        for item in effect.spread:
            self.held.pop(item, None)
        return False

    def _replay(self, effect: Replay) -> list[Outward]:
        market = self.relay.spreading.market
        entries = [(envelope, market.get(item)) for item, envelope in self.envelopes.items() if item not in self.held]
        wanted = [envelope.data for envelope, entry in entries if entry and wants(effect.subscription, entry)]
        gives: list[Outward] = [Send(effect.link, give) for give in give_batches(wanted)]
        return [*gives, Send(effect.link, Done(), effect.request)]

    def _send_notes(self, effect: SendNotes) -> list[Outward]:
        *full, last = list(note_parts([self.notes[item][0].data for item in effect.notes])) or [()]
        if sum(map(len, last)) + 40 * len(effect.rfps) > READ_BATCH_BYTES:
            full, last = [*full, last], ()
        sent: list[Outward] = [Send(effect.link, Notes(effect.epoch, part), effect.request) for part in full]
        return [*sent, Send(effect.link, Notes(effect.epoch, last, effect.head, effect.rfps), effect.request)]

    def restart(self, now: Now) -> None:
        """Forget all but the disk, and start again from it."""
        self.relay = Relay(self.settings, self.key, self._entropy)
        for envelope in self.envelopes.values():
            self.receive(Loaded(envelope, self.held.get(envelope.id)), now)
        for item, (note, epoch, lane) in self.notes.items():
            self.receive(LoadedNote(item, note.tag, note.author, epoch, lane, note.effort, note.expires), now)
