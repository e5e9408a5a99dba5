"""What the local API takes and gives, as data: the one place that says how its JSON looks.

What comes in is strict: an unknown key or a number written as a string is an error. What goes out is made by the Backend.
Ids and keys are lower-case hexadecimal, times are UNIX seconds, money is minor units with its currency.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

MAX_RELAY_LINES = 64

Verdict = Literal["accept", "ignore", "reject"]
NetworkName = Literal["demo", "home", "public", "test"]


class Taken(Struct, frozen=True, forbid_unknown_fields=True):
    """What a client sends."""


class Given(Struct, frozen=True):
    """What the daemon answers."""


class Problem(Given, frozen=True, omit_defaults=True):
    """Why something was not done (RFC 9457): `code` and `exit` for programs, `message` and `hint` for people."""

    status: int
    code: str
    message: str
    hint: str
    exit: int | None = None


class Money(Given, frozen=True):
    """An amount in minor units: EUR 12.50 is 1250."""

    currency: str
    minor: int


class Quantity(Given, frozen=True):
    """`value` divided by 10^`scale`, in a unit of UN/CEFACT Recommendation 20."""

    unit: str
    value: int
    scale: int = 0


# --- the node --------------------------------------------------------------------------------------------------------


class RelayState(Given, frozen=True):
    """What this daemon does for others, in numbers; `refused` counts envelopes by the rule that they broke."""

    line: str | None
    listening: str | None
    links: int
    relays: int
    rfps: int
    notes: int
    held: int
    visits: int
    refused: dict[str, int]


class BuyerState(Given, frozen=True):
    """How the buyer's side stands.

    Attributes:
        guard_ok: null where no relay was tried yet for an RFP.
        problem: why no relay could be used when they were last asked.
    """

    guard_ok: bool | None
    relays_known: int
    rfps_live: int
    offers: int
    visit: Literal["open", "waiting", "none"]
    problem: str | None = None


class VendorState(Given, frozen=True):
    """How the shop stands."""

    name: str
    items: int
    offers_sent: int
    rfps_seen: int


class Peer(Given, frozen=True):
    """One connection to the outside, and why it is there."""

    address: str
    why: str
    since_at: int


class StoreState(Given, frozen=True):
    """Size of the store on disk."""

    bytes: int


class Status(Given, frozen=True):
    """How the daemon stands; `network` is empty where none was chosen and nothing is contacted."""

    version: str
    network: str
    roles: list[str]
    verdict: str
    home: str
    api_port: int
    peers: list[Peer]
    store: StoreState
    relay: RelayState | None = None
    buyer: BuyerState | None = None
    vendor: VendorState | None = None
    clock_skew: int | None = None


class Stopping(Given, frozen=True):
    """The daemon was told to end, and does."""

    stopping: bool = True


class RelayPeer(Given, frozen=True):
    """A relay that this one has a link with, by the first 8 digits of its key."""

    key8: str
    direction: Literal["in", "out"]
    since_at: int


class RelayPolicy(Given, frozen=True):
    """What this relay does not carry."""

    refused_categories: list[str]


class Relay(Given, frozen=True):
    """All about the own relay."""

    line: str
    card: str | None
    statistics: dict[str, Any]
    peers: list[RelayPeer]
    policy: RelayPolicy


class ChooseNetwork(Taken, frozen=True):
    """The person's choice of a network, with the relays to begin with: only after it is anybody contacted."""

    network: NetworkName
    relays: Annotated[list[Annotated[str, Meta(max_length=400)]], Meta(max_length=MAX_RELAY_LINES)] = []


# --- events ----------------------------------------------------------------------------------------------------------


class Event(Given, frozen=True):
    """One line of the event stream. Numbers grow and are never given twice."""

    n: int
    at: int
    event: str
    data: dict[str, Any] = {}
