"""Make the examples of the specification: whole records, byte by byte, from the samples that the tests use.

usage: scripts/examples.py [--check]

Writes specs/examples/<name>.hex (plain hexadecimal) and <name>.md (each value with its offset and meaning), and
puts the short forms between the `example` markers of the chapters. With --check nothing is written and the exit
code is 1 if a file or a chapter differs.
"""

from __future__ import annotations

import json
import pathlib
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from intentcast.crypto.keys import BoxKey, SigningKey
from intentcast.crypto.sealing import open_untrusted
from intentcast.encoding.framing import HEAD_BYTES
from intentcast.entropy import Entropy
from intentcast.ids import RelayKey
from intentcast.limits import EPOCH_SECONDS
from intentcast.machines.circuit import Reader
from intentcast.machines.link import greeted_untrusted, hello
from intentcast.networks import NETWORKS
from intentcast.records.close import close_untrusted
from intentcast.records.envelope import NOTE, RFP, Envelope, envelope_untrusted
from intentcast.records.head import Head, Shard, set_digest
from intentcast.records.message import message_untrusted
from intentcast.records.offer import offer_untrusted
from intentcast.records.relay_card import relay_card_untrusted
from intentcast.records.rfp import rfp_untrusted
from intentcast.records.terms import Proffer, TermsRef
from intentcast.records.vendor_card import vendor_card_untrusted
from intentcast.testing.entropy import SeededEntropy
from intentcast.testing.samples import T0, TOMORROW, Buyer, Samples
from intentcast.units import Seconds
from intentcast.wire.codec import frame_untrusted, write
from intentcast.wire.frames import (
    Connect,
    Error,
    Notes,
    Post,
    Published,
    Read,
    Reading,
    ReadNote,
    Visit,
    Visited,
    Welcome,
)

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.examplelib.annotation import Example, long_text, plain_hex, short_text, stamp_text  # noqa: E402

SPECS = ROOT / "specs"
EPOCH = T0 // EPOCH_SECONDS + 1
NETWORK = NETWORKS["demo"]
FEATURES = ("board", "circuit", "exit")
MARK = re.compile(r"<!-- example (?P<name>[a-z-]+) -->\n.*?<!-- end -->", re.DOTALL)


@dataclass
class Recorder:
    """Entropy that remembers what it gave, so that the examples can name their secrets."""

    entropy: Entropy
    given: list[bytes] = field(default_factory=list)

    def bytes(self, count: int) -> bytes:
        self.given.append(self.entropy.bytes(count))
        return self.given[-1]

    def below(self, bound: int) -> int:
        return self.entropy.below(bound)

    def exponential(self, mean: float) -> Seconds:
        return self.entropy.exponential(mean)


def roster() -> Proffer:
    """Return the terms of the registry: one entry for everyone, two to choose from."""
    registry = json.loads((SPECS / "registries" / "terms.json").read_text("utf-8"))
    refs = [TermsRef(item["entry"]["id"], bytes.fromhex(item["hash"])) for item in registry["entries"]]
    return Proffer(refs[0], tuple(refs[1:]))


class Cast:
    """All who appear in the examples, and all that they write."""

    def __init__(self) -> None:
        self.entropy = Recorder(SeededEntropy("intentcast/1 examples"))
        self.samples = Samples(NETWORK, self.entropy)
        self.relays = [self.samples.key() for _ in range(3)]
        self.vendor = self.samples.key()
        drawn = self.samples.buyer(tuple(RelayKey(relay.public) for relay in self.relays))
        rfp = replace(drawn.rfp, terms=roster())
        data = self.samples.public(RFP, rfp.to_body(), drawn.key, TOMORROW)
        self.buyer = Buyer(drawn.key, drawn.box, data, rfp)
        self.close = self.samples.close(self.buyer)
        self.relay_card = self.samples.relay_card(self.relays[0])
        self.vendor_card = self.samples.vendor_card(self.vendor)
        self.vendor_box = self.entropy.given[-2]
        self.offer = self.samples.offer(envelope_untrusted(self.vendor_card).id).to_body()
        self.note = self.samples.note(self.buyer, self.vendor, self.offer)
        self.ephemeral = self.entropy.given[-1]

    def head(self, board: SigningKey) -> bytes:
        head = Head(
            network=NETWORK.id,
            shard=Shard(0, b""),
            epoch=EPOCH,
            count=1,
            notes=set_digest([envelope_untrusted(self.note).id]),
            rfps=set_digest([self.buyer.envelope.id]),
            at=T0 + 700,
            board=board.public,
        )
        return head.signed_by(board)

    def frames(self) -> list[tuple[str, str, bytes]]:
        """Name, title and bytes of each frame."""
        first, second, _ = self.relays
        rfps = (self.buyer.envelope.id,)
        boards = tuple(relay.public for relay in self.relays)
        reading = Reading(0, b"", (EPOCH,), 0, boards, follow=False)
        network, server = NETWORK.id, RelayKey(first.public)
        visited = Visited(
            published=Published(id=self.buyer.envelope.id),
            notes=(ReadNote(7, EPOCH, self.note),),
            heads=tuple((number, self.head(relay)) for number, relay in enumerate(self.relays)),
            rfps=rfps,
            cards=(self.relay_card,),
            next=(EPOCH, 1),
        )
        return [
            ("hello-anonymous", "Hello of a buyer", write(hello(network, server, None))),
            ("hello", "Hello of relay 2 to relay 1, with its proof", write(hello(network, server, second, FEATURES))),
            ("welcome", "Welcome of a relay that asks two bits more at entry", write(Welcome(1, FEATURES, 2))),
            ("error", "Error: nine bits of work would do", write(Error("stamp", bits=9), 4)),
            ("post", "Post of the note", write(Post(self.note), 1)),
            ("read", "Read of one epoch of the shard of all RFPs", write(Read(0, b"", EPOCH, 0, follow=False), 1)),
            ("notes", "Notes: the answer, with the head", write(Notes(EPOCH, (self.note,), self.head(first), rfps), 1)),
            ("connect", "Connect to relay 1", write(Connect(first.public), 1)),
            ("visit", "Visit that publishes an RFP and reads one epoch", write(Visit(self.buyer.data, reading), 1)),
            ("visited", "Visited: its answer", write(visited, 1)),
        ]

    def examples(self) -> list[Example]:
        rfp, note = self.buyer.envelope, envelope_untrusted(self.note)
        opened = open_untrusted(note.body, self.buyer.box)
        message = message_untrusted(note, rfp.id, self.buyer.box)
        made = [
            Example("rfp", "An RFP", rfp.data, "envelope", of_envelope(rfp)),
            Example(
                "close", "The close of that RFP", self.close, "envelope", of_envelope(envelope_untrusted(self.close))
            ),
            Example(
                "relay-card",
                "A relay card",
                self.relay_card,
                "envelope",
                of_envelope(envelope_untrusted(self.relay_card)),
            ),
            Example(
                "vendor-card",
                "A vendor card",
                self.vendor_card,
                "envelope",
                (
                    *of_envelope(envelope_untrusted(self.vendor_card)),
                    f"X25519 secret of `box`: `{self.vendor_box.hex()}`",
                ),
            ),
            Example(
                "note",
                "A note, as it lies on a board",
                self.note,
                "note",
                (
                    *of_envelope(note),
                    f"X25519 secret of the reader (the RFP's `box`): `{self.buyer.box.secret.hex()}`",
                    f"X25519 secret of the box's own one-time key: `{self.ephemeral.hex()}`",
                ),
            ),
            Example(
                "message", "The message in that note, opened", opened, "message", (f"message id: `{message.id.hex()}`",)
            ),
            Example("offer", "The offer: the body of that message", self.offer, "offer"),
            Example("head", "The head of an epoch, signed by relay 1", self.head(self.relays[0]), "head"),
        ]
        return made + [Example(name, title, data, "frame") for name, title, data in self.frames()]

    def signers(self) -> list[tuple[str, bytes, bytes]]:
        """Who has which signing key: name, seed, public key."""
        cast = [(f"relay {number}", relay) for number, relay in enumerate(self.relays, 1)]
        cast += [("vendor", self.vendor), ("buyer, for this RFP alone", self.buyer.key)]
        return [(name, key.seed, key.public) for name, key in cast]

    def check(self) -> None:
        """Read everything as a peer would: an example that does not hold must not be printed."""
        rfp, note = self.buyer.envelope, envelope_untrusted(self.note)
        for data in (rfp.data, self.close, self.relay_card, self.vendor_card, self.note):
            envelope = envelope_untrusted(data)
            assert envelope.is_stamped()
            assert envelope.is_signed()
        assert rfp_untrusted(rfp.body) == self.buyer.rfp
        assert close_untrusted(envelope_untrusted(self.close).body).rfp == rfp.id
        relay_card_untrusted(envelope_untrusted(self.relay_card).body)
        vendor_card_untrusted(envelope_untrusted(self.vendor_card).body)
        offer_untrusted(message_untrusted(note, rfp.id, self.buyer.box).body)
        frames = {name: frame_untrusted(data[HEAD_BYTES:])[0] for name, _, data in self.frames()}
        server = RelayKey(self.relays[0].public)
        assert greeted_untrusted(frames["hello-anonymous"], NETWORK.id, server) is None
        assert greeted_untrusted(frames["hello"], NETWORK.id, server) == self.relays[1].public
        visited = frames["visited"]
        assert isinstance(visited, Visited)
        boards = [RelayKey(relay.public) for relay in self.relays]
        _, verdicts = Reader(NETWORK.id, Shard(0, b""), boards).take_untrusted(visited)
        assert [verdict.complete for verdict in verdicts] == [True] * 3


def of_envelope(envelope: Envelope) -> tuple[str, ...]:
    about = f"{len(envelope.data)} bytes, {envelope.effort} bits of work"
    return (about, f"{'note' if envelope.kind == NOTE else 'envelope'} id: `{envelope.id.hex()}`")


def index_text(cast: Cast, examples: list[Example]) -> str:
    lines = [
        "# Examples",
        "",
        "Made by scripts/examples.py from seeded keys; all of one network (`demo`) and one deal. Time: ",
    ]
    lines[-1] += (
        f"{T0} (2026-11-22 00:00:00 UTC). The secrets are given so that each byte can be made again; never use them."
    )
    lines += ["", "| example | bytes | what |", "|---|---|---|"]
    lines += [f"| [{item.name}]({item.name}.md) | {len(item.data)} | {item.title} |" for item in examples]
    lines += ["", "| who | Ed25519 seed | public key |", "|---|---|---|"]
    lines += [f"| {name} | `{seed.hex()}` | `{public.hex()}` |" for name, seed, public in cast.signers()]
    lines += ["", "| box | X25519 secret | public key |", "|---|---|---|"]
    boxes = [
        ("buyer, for this RFP alone", cast.buyer.box.secret),
        ("vendor", cast.vendor_box),
        ("sealing", cast.ephemeral),
    ]
    lines += [f"| {name} | `{secret.hex()}` | `{BoxKey(secret).public.hex()}` |" for name, secret in boxes]
    return "\n".join(lines) + "\n"


def embed(text: str, short_of: Callable[[str], str]) -> str:
    """Return a chapter with the short forms between its markers."""

    def block(match: re.Match[str]) -> str:
        name = match["name"]
        link = f"Byte by byte: [{name}](examples/{name}.md).\n" if name != "stamp" else ""
        return f"<!-- example {name} -->\n```text\n{short_of(name)}\n```\n{link}<!-- end -->"

    return MARK.sub(block, text)


def texts() -> dict[pathlib.Path, str]:
    cast = Cast()
    cast.check()
    examples = cast.examples()
    folder = SPECS / "examples"
    made = {folder / "README.md": index_text(cast, examples)}
    for example in examples:
        made[folder / f"{example.name}.hex"] = plain_hex(example.data)
        made[folder / f"{example.name}.md"] = long_text(example)
    shorts = {example.name: short_text(example) for example in examples}
    shorts["stamp"] = stamp_text(cast.buyer.envelope)
    for chapter in sorted(SPECS.glob("[0-9][0-9]-*.md")):
        made[chapter] = embed(chapter.read_text("utf-8"), shorts.__getitem__)
    return made


def main() -> int:
    made = texts()
    stale = [path for path, text in made.items() if not path.exists() or path.read_text("utf-8") != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not what the code makes: run scripts/examples.py", file=sys.stderr)
        return 1 if stale else 0
    (SPECS / "examples").mkdir(exist_ok=True)
    for path in stale:
        path.write_text(made[path], "utf-8")
        print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
