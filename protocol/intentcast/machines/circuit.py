"""Circuits, seen from the buyer: which guard, which exits, which boards; and what a visit's answer proves.

Spec: 09 §2, §3 (CIR-5, CIR-12), 08 §2, §6 (BRD-12, BRD-13, BRD-14)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from intentcast.entropy import Entropy
from intentcast.errors import Misuse, Rejected
from intentcast.ids import NetworkId, RelayKey, digest, label
from intentcast.machines.admission import judge_relay, screen_untrusted
from intentcast.networks import Network
from intentcast.records.envelope import NOTE, RELAY, Envelope, envelope_untrusted
from intentcast.records.head import Shard, head_untrusted, set_digest
from intentcast.records.relay_card import Address, RelayCard, address_block, relay_card_untrusted
from intentcast.units import UnixSeconds
from intentcast.wire.frames import Visited

_BOARD = label("board", "draw")


@dataclass(frozen=True, slots=True)
class KnownRelay:
    """A relay that a daemon knows by a card whose signature holds."""

    key: RelayKey
    address: Address
    features: tuple[str, ...]

    @property
    def block(self) -> bytes:
        return address_block(self.address.host)


def known_relay_untrusted(card: bytes, network: Network, now: UnixSeconds) -> KnownRelay:
    """Read a relay card that a peer passed on, as strictly as a relay would: a card that costs nothing is no card.

    Raises:
        Rejected: it is no relay card of this network, its signature or stamp does not hold, it expires too far ahead,
            or an address is not public where all must be.
        Ignored: it has expired.
        StampTooWeak: it holds less work than the network asks.

    Spec: 03 §6 (REL-1), 06 §2 (ADM-1..ADM-4, ADM-8)
    """
    envelope = envelope_untrusted(card)
    if envelope.kind != RELAY or envelope.network != network.id:
        raise Rejected("REL-1", "this is no relay card of this network")
    if not envelope.is_signed():
        raise Rejected("ENV-7", "the signature does not hold", "signature")
    screen_untrusted(card, network, now, seen=())
    return _known(envelope, judge_relay(envelope, network))


def kept_relay(card: bytes) -> KnownRelay:
    """Read a relay card that was judged when it came and was kept since; it may have expired in between."""
    envelope = envelope_untrusted(card)
    return _known(envelope, relay_card_untrusted(envelope.body))


def _known(envelope: Envelope, card: RelayCard) -> KnownRelay:
    return KnownRelay(RelayKey(envelope.author), card.addresses[0], card.features)


def apart(relay: KnownRelay, others: Iterable[KnownRelay], network: Network) -> bool:
    """Tell whether a relay is apart from others: another key and, where the network wants it, another block (CIR-12)."""
    return all(
        relay.key != other.key and not (network.one_relay_per_block and relay.block == other.block) for other in others
    )


def choose_boards(shard: Shard, relays: Iterable[KnownRelay], network: Network) -> tuple[RelayKey, ...]:
    """Return the boards of a shard: the same for all who know the same relays (BRD-14).

    Lowest by the hash of shard and address block, then by relay key; one per block where the network says so.

    Raises:
        Misuse: too few boards are known.
    """
    boards = [relay for relay in relays if "board" in relay.features]
    ranked = sorted(
        boards, key=lambda relay: (digest(_BOARD, bytes((shard.bits,)) + shard.prefix, relay.block), relay.key)
    )
    chosen: list[KnownRelay] = []
    for relay in ranked:
        if network.one_relay_per_block and any(relay.block == other.block for other in chosen):
            continue
        chosen.append(relay)
    least, most = network.boards
    if len(chosen) < least:
        raise Misuse("BRD-14", f"{len(chosen)} boards are known, {least} are needed")
    return tuple(relay.key for relay in chosen[:most])


def choose_guard(relays: Sequence[KnownRelay], entropy: Entropy) -> KnownRelay:
    """Draw a guard among relays that open circuits; it is pinned for months, so this is done rarely (CIR-5).

    Raises:
        Misuse: no relay that opens circuits is known.
    """
    return _draw([relay for relay in relays if "circuit" in relay.features], entropy, "opens circuits")


def choose_exits(
    relays: Sequence[KnownRelay], guard: KnownRelay, network: Network, entropy: Entropy
) -> tuple[KnownRelay, ...]:
    """Draw the two exits of an RFP's life, never the guard; the first publishes, both read (CIR-12).

    Returns:
        Two exits, or one where the network has no second.

    Raises:
        Misuse: no exit besides the guard is known.
    """
    pool = [relay for relay in relays if "exit" in relay.features]
    if network.circuit_relays > 1:
        pool = [relay for relay in pool if apart(relay, [guard], network)]
    first = _draw(pool, entropy, "is an exit apart from the guard")
    rest = [relay for relay in pool if apart(relay, [first], network)]
    return (first, _draw(rest, entropy, "")) if rest else (first,)


def _draw(pool: Sequence[KnownRelay], entropy: Entropy, what: str) -> KnownRelay:
    if not pool:
        raise Misuse("CIR-5", f"no relay is known that {what}")
    return pool[entropy.below(len(pool))]


@dataclass(frozen=True, slots=True)
class BoardVerdict:
    """What a head proves about one board in one epoch: `complete` if all notes that it signed for have come."""

    board: RelayKey
    epoch: int
    count: int
    complete: bool


class Reader:
    """What one visit has brought: notes by board and epoch, held against the boards' signed heads (BRD-12, BRD-13)."""

    def __init__(self, network: NetworkId, shard: Shard, boards: Sequence[RelayKey]) -> None:
        self._network = network
        self._shard = shard
        self._boards = tuple(boards)
        self._ids: dict[tuple[int, int], set[bytes]] = {}

    def take_untrusted(self, visited: Visited) -> tuple[list[bytes], list[BoardVerdict]]:
        """Take one answer.

        Returns:
            Notes, as the boards keep them, and a verdict for each head in the answer.

        Raises:
            Rejected: a note is none, or a head is forged, of another board, shard or network: the exit lies.
        """
        notes: list[bytes] = []
        for read in visited.notes:
            envelope = envelope_untrusted(read.note)
            if envelope.kind != NOTE or not self._shard.holds(envelope.tag):
                raise Rejected("BRD-12", "the exit gave a note of another shard")
            for number in range(len(self._boards)):
                if read.mask >> number & 1:
                    self._ids.setdefault((number, read.epoch), set()).add(envelope.id)
            notes.append(read.note)
        return notes, [self._verdict(number, data) for number, data in visited.heads]

    def _verdict(self, number: int, data: bytes) -> BoardVerdict:
        head = head_untrusted(data)
        if number >= len(self._boards) or head.board != self._boards[number]:
            raise Rejected("BRD-12", "the exit gave a head of another board")
        if head.network != self._network or head.shard != self._shard:
            raise Rejected("BRD-12", "the exit gave a head of another shard or network")
        ids = self._ids.get((number, head.epoch), set())
        # Fewer notes than have come: some lost their lane since, which no exit can bring about by keeping notes back.
        complete = set_digest(ids) == head.notes or head.count < len(ids)
        return BoardVerdict(self._boards[number], head.epoch, head.count, complete)
