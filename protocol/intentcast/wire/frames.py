"""Frames: one dataclass for each. What they mean is in the chapters; how they are written is in codec.py.

Spec: 05 §3 (FRM-2..FRM-12), registry frames.json
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from intentcast.records.vocabulary import AreaFilter


@dataclass(frozen=True, slots=True)
class Error:
    """No, and why: `code` is a word of the registry; `bits` is the effort that would do."""

    CODE: ClassVar[int] = 0
    code: str
    bits: int | None = None
    retry_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Hello:
    """First frame of the connecting side; `proof` is (relay key, signature) of a relay, else None (LNK-5)."""

    CODE: ClassVar[int] = 1
    version: int
    network: bytes
    features: tuple[str, ...]
    proof: tuple[bytes, bytes] | None = None


@dataclass(frozen=True, slots=True)
class Welcome:
    """First frame of the accepting side; `surcharge` is the work it asks above the network's price, in bits."""

    CODE: ClassVar[int] = 2
    version: int
    features: tuple[str, ...]
    surcharge: int


@dataclass(frozen=True, slots=True)
class Ping:
    """Are you there?"""

    CODE: ClassVar[int] = 3


@dataclass(frozen=True, slots=True)
class Pong:
    """I am."""

    CODE: ClassVar[int] = 4


@dataclass(frozen=True, slots=True)
class Done:
    """Yes: it is on disk, or open, or complete."""

    CODE: ClassVar[int] = 5
    id: bytes | None = None
    lane: str | None = None


@dataclass(frozen=True, slots=True)
class Give:
    """Envelopes, each as it was received."""

    CODE: ClassVar[int] = 8
    envelopes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Submit:
    """An envelope that enters the network here."""

    CODE: ClassVar[int] = 9
    envelope: bytes


@dataclass(frozen=True, slots=True)
class Handoff:
    """An RFP whose hold is over: the receiving relay is to spread it."""

    CODE: ClassVar[int] = 10
    envelope: bytes


@dataclass(frozen=True, slots=True)
class Subscribe:
    """What the asking side wants to be given; with `replay`, what is live comes first."""

    CODE: ClassVar[int] = 11
    kinds: tuple[int, ...]
    categories: tuple[str, ...]
    areas: tuple[AreaFilter, ...]
    replay: bool


@dataclass(frozen=True, slots=True)
class Post:
    """A note for a board."""

    CODE: ClassVar[int] = 16
    note: bytes


@dataclass(frozen=True, slots=True)
class Read:
    """One epoch of a shard, or with `follow` that epoch and all that comes after."""

    CODE: ClassVar[int] = 17
    bits: int
    prefix: bytes
    epoch: int
    after: int
    follow: bool


@dataclass(frozen=True, slots=True)
class Notes:
    """Notes of one epoch in the board's order; with the last of them comes the signed head."""

    CODE: ClassVar[int] = 18
    epoch: int
    notes: tuple[bytes, ...]
    head: bytes | None = None
    rfps: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Stop:
    """No more of what this request asked for."""

    CODE: ClassVar[int] = 19


@dataclass(frozen=True, slots=True)
class Connect:
    """Carry this link's bytes to that relay from now on."""

    CODE: ClassVar[int] = 24
    key: bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """What a visit reads: whole epochs of a shard, from its three boards."""

    bits: int
    prefix: bytes
    epochs: tuple[int, ...]
    after: int
    boards: tuple[bytes, ...]
    follow: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """A buyer's errand to an exit; always 8,192 bytes, whatever it carries (CIR-6)."""

    CODE: ClassVar[int] = 25
    publish: bytes | None = None
    reading: Reading | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a visit's envelope: its id, or the error that a submit would have had."""

    id: bytes | None = None
    error: str | None = None
    bits: int | None = None


@dataclass(frozen=True, slots=True)
class ReadNote:
    """A note, its epoch, and in `mask` which boards of the visit have it (bit n: board n)."""

    mask: int
    epoch: int
    note: bytes


@dataclass(frozen=True, slots=True)
class Visited:
    """An exit's answer; always 32,768 bytes, whatever it carries (CIR-6)."""

    CODE: ClassVar[int] = 26
    published: Published | None = None
    notes: tuple[ReadNote, ...] = ()
    heads: tuple[tuple[int, bytes], ...] = ()
    rfps: tuple[bytes, ...] = ()
    cards: tuple[bytes, ...] = ()
    missing: tuple[int, ...] = ()
    next: tuple[int, int] = (0, 0)
    more: bool = False


@dataclass(frozen=True, slots=True)
class Cards:
    """Give me that many relay cards, drawn at random."""

    CODE: ClassVar[int] = 27
    count: int


Frame: TypeAlias = (
    Error
    | Hello
    | Welcome
    | Ping
    | Pong
    | Done
    | Give
    | Submit
    | Handoff
    | Subscribe
    | Post
    | Read
    | Notes
    | Stop
    | Connect
    | Visit
    | Visited
    | Cards
)
