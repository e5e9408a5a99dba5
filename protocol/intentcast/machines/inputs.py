"""What comes into a relay's machines: a closed union. Time comes with each input, never from a clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType, TypeAlias

from intentcast.ids import NoteId, RelayKey
from intentcast.records.envelope import Envelope
from intentcast.units import Instant, UnixSeconds
from intentcast.wire.frames import Frame, Notes

LinkId = NewType("LinkId", int)
"""Number of one link of this process, never used twice."""

Token = NewType("Token", int)
"""Number of one piece of work that was asked for by an effect and comes back as an input."""


@dataclass(frozen=True, slots=True)
class Now:
    """One moment: `wall` for what is on the wire, `instant` for delays."""

    wall: UnixSeconds
    instant: Instant


@dataclass(frozen=True, slots=True)
class LinkUp:
    """A link is open and both sides have said hello; `key` is the other's, if it is a proven relay.

    Attributes:
        chosen: we opened it, to a relay of our own choice.
    """

    link: LinkId
    key: RelayKey | None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class LinkDown:
    """A link is gone."""

    link: LinkId


@dataclass(frozen=True, slots=True)
class FrameReceived:
    """A frame came, already read by the codec."""

    link: LinkId
    frame: Frame
    request: int


@dataclass(frozen=True, slots=True)
class Verified:
    """The signatures of a batch were checked, in the order of the effect."""

    token: Token
    holds: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """What an effect asked to keep is on disk, or `full` says that there is no room."""

    token: Token
    full: bool = False


@dataclass(frozen=True, slots=True)
class Loaded:
    """At start: an envelope that was kept before, with the moment of its release if it is still held."""

    envelope: Envelope
    held_until: UnixSeconds | None


@dataclass(frozen=True, slots=True)
class LoadedNote:
    """At start: a note that was kept before."""

    id: NoteId
    tag: bytes
    author: bytes
    epoch: int
    lane: str
    effort: int
    expires: UnixSeconds


@dataclass(frozen=True, slots=True)
class BoardSaid:
    """A board that an exit reads sent notes; `board` is its number in the visit."""

    visit: Token
    board: int
    notes: Notes


@dataclass(frozen=True, slots=True)
class BoardLost:
    """A board that an exit reads cannot be reached, or stopped answering."""

    visit: Token
    board: int


@dataclass(frozen=True, slots=True)
class Tick:
    """Nothing came, but a deadline may have passed."""


Input: TypeAlias = (
    LinkUp | LinkDown | FrameReceived | Verified | Stored | Loaded | LoadedNote | BoardSaid | BoardLost | Tick
)
