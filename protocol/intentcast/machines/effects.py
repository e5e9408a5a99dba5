"""What a relay's machines decide: a closed union of things for the daemon, or the simulator, to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from intentcast.ids import EnvelopeId, NoteId, RelayKey
from intentcast.machines.inputs import LinkId, Token
from intentcast.records.envelope import Envelope
from intentcast.units import UnixSeconds
from intentcast.wire.frames import Frame, Read, Subscribe


@dataclass(frozen=True, slots=True)
class Send:
    """Send a frame. A link whose outbox is full is closed: it catches up when it comes back (LNK-9)."""

    link: LinkId
    frame: Frame
    request: int = 0


@dataclass(frozen=True, slots=True)
class Close:
    """End a link once what was sent to it is written. `fault` names the rule that the other side broke, if any."""

    link: LinkId
    fault: str | None


@dataclass(frozen=True, slots=True)
class Verify:
    """Check these signatures; answer with Verified."""

    token: Token
    envelopes: tuple[Envelope, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """An envelope to keep until it expires; `held_until` while an exit does not show it yet."""

    envelope: Envelope
    category: str
    held_until: UnixSeconds | None = None


@dataclass(frozen=True, slots=True)
class Keep:
    """Write these to disk in one go; answer with Stored after the commit. What is there already stays."""

    token: Token
    items: tuple[Kept, ...]
    spread: tuple[EnvelopeId, ...] = ()
    """Ids that were held and are held no more."""


@dataclass(frozen=True, slots=True)
class KeepNote:
    """Write a note to disk, and forget the one that it displaces; answer with Stored after the commit."""

    token: Token
    note: Envelope
    epoch: int
    lane: str
    displaced: NoteId | None


@dataclass(frozen=True, slots=True)
class Replay:
    """Give this link all live envelopes that its subscription matches, then send Done for the request."""

    link: LinkId
    request: int
    subscription: Subscribe


@dataclass(frozen=True, slots=True)
class SendNotes:
    """Send these notes of an epoch in frames of bounded size, the head with the last one."""

    link: LinkId
    request: int
    epoch: int
    notes: tuple[NoteId, ...]
    head: bytes
    rfps: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class OpenTunnel:
    """Dial a relay and join the link to it; answer the request with Done or an error first."""

    link: LinkId
    request: int
    key: RelayKey


@dataclass(frozen=True, slots=True)
class RefuseTunnel:
    """A connect on this link comes to nothing: go on reading it."""

    link: LinkId


@dataclass(frozen=True, slots=True)
class ReadBoard:
    """Read a board for a visit; answer with BoardSaid and BoardLost."""

    visit: Token
    board: int
    key: RelayKey
    read: Read


@dataclass(frozen=True, slots=True)
class EndReads:
    """Stop all that is read for a visit."""

    visit: Token


Effect: TypeAlias = (
    Send | Close | Verify | Keep | KeepNote | Replay | SendNotes | OpenTunnel | RefuseTunnel | ReadBoard | EndReads
)
