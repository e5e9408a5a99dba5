"""The spammer of the demo: hears RFPs like any vendor and posts notes whose stamps are too weak to each of them.

A process of its own over real TLS. It prints what the board says to it, one line of JSON for each note:
`{"code": "stamp", "bits": 12, "stamped": 4, "rfp": "…"}`.

    python -m intentcastd.demo.spammer --relay relay:KEY@HOST:PORT
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Final

import trio

from intentcast.crypto.keys import BoxKey, SigningKey
from intentcast.errors import IntentcastError
from intentcast.ids import RelayKey
from intentcast.networks import NETWORKS, Network
from intentcast.records.envelope import NOTE, RFP, Envelope, Header, envelope_untrusted, prepare
from intentcast.records.message import seal_message
from intentcast.records.relay_card import Address, parse_relay_line
from intentcast.records.rfp import Rfp, rfp_untrusted
from intentcast.wire.frames import Done, Post, Subscribe
from intentcastd.engine.session import Refused, Session, open_session
from intentcastd.engine.stamping import find_nonce
from intentcastd.entropy import SystemEntropy
from intentcastd.errors import IntentcastdError
from intentcastd.net.dial import dial

STAMPED_BITS: Final = 4
"""Work that it puts into a note; a newcomer's note takes some hundred times as much in the demo network."""

RETRY_SECONDS: Final = 0.3
_SHOUT: Final = b"BUY NOW! The loudest prices in town. Click, click, click!"


class Spammer:
    """One that shouts at every need it hears of."""

    def __init__(self, network: Network, key: RelayKey, address: Address) -> None:
        self._network = network
        self._key = key
        self._address = address
        self._entropy = SystemEntropy()
        self._shouted: set[bytes] = set()

    async def run(self) -> None:
        """Hear and shout until cancelled; when the relay ends the link, link again."""
        while True:
            try:
                await self._hear()
            except (IntentcastError, IntentcastdError):
                await trio.sleep(RETRY_SECONDS)

    async def _hear(self) -> None:
        stream = await dial(self._address.host, self._address.port, self._key)
        async with (
            open_session(stream, self._network, self._key) as session,
            session.listen(Subscribe((RFP,), (), (), replay=True)),
        ):
            async for give in session.gives:
                for data in give.envelopes:
                    await self._shout(session, envelope_untrusted(data))

    async def _shout(self, session: Session, envelope: Envelope) -> None:
        rfp = rfp_untrusted(envelope.body)
        if envelope.id in self._shouted or self._key not in rfp.boards:
            return
        self._shouted.add(envelope.id)
        try:
            answer = await session.ask(Post(await self._note(envelope, rfp)))
            code, bits = "done" if isinstance(answer, Done) else "unexpected", None
        except Refused as refused:
            code, bits = refused.error.code, refused.error.bits
        _say({"code": code, "bits": bits, "stamped": STAMPED_BITS, "rfp": envelope.id.hex()})

    async def _note(self, envelope: Envelope, rfp: Rfp) -> bytes:
        """Return a note that is right in all but its work: a key of the moment, sealed to the buyer, signed."""
        key = SigningKey(self._entropy.bytes(32))
        body = seal_message(_SHOUT, rfp.box, BoxKey(self._entropy.bytes(32)))
        header = Header(NOTE, self._network.id, envelope.expires, STAMPED_BITS)
        unstamped = prepare(header, body, key.public, tag=envelope.author)
        return unstamped.sealed_by(key, await find_nonce(unstamped, self._entropy))


def _say(said: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


async def _run(spammer: Spammer, parent: int | None) -> None:
    async with trio.open_nursery() as nursery:
        nursery.start_soon(spammer.run)
        if parent is None:
            return
        await trio.lowlevel.wait_readable(parent)
        nursery.cancel_scope.cancel()


def main(arguments: Sequence[str] | None = None) -> int:
    """Shout until ended."""
    parser = argparse.ArgumentParser(prog="intentcastd.demo.spammer", description="Posts notes with weak stamps")
    parser.add_argument("--relay", required=True, help="relay line of the board to shout at")
    parser.add_argument("--with-parent", type=int, metavar="FD", help="end when this inherited pipe is closed")
    chosen = parser.parse_args(arguments)
    key, address = parse_relay_line(chosen.relay)
    try:
        trio.run(_run, Spammer(NETWORKS["demo"], key, address), chosen.with_parent)
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
