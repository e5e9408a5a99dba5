"""A program that gives RFPs to a relay over one link, as a relay that has proved its key.

usage: python -m scripts.benchlib.giver RELAY-LINE FILE

FILE holds RFPs of 1 KB, one after another. All frames are made before the link is opened. "ready" says that the relay
has welcomed us; each line `N` on standard input then gives the next N frames, and "given" says that they are sent.
"""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path

import trio
from scripts.benchlib.records import NETWORK, RFP_BYTES

from intentcast.crypto.keys import SigningKey
from intentcast.encoding.framing import FrameReader
from intentcast.limits import GIVE_BATCH_ENVELOPES
from intentcast.machines.link import hello, welcomed_untrusted
from intentcast.records.relay_card import parse_relay_line
from intentcast.wire.codec import frame_untrusted, write
from intentcast.wire.frames import Error, Give
from intentcastd.entropy import SystemEntropy
from intentcastd.net.dial import dial
from intentcastd.net.tls import TlsStream


def frames(file: Path) -> list[bytes]:
    """Return give frames with all that a file holds."""
    data = file.read_bytes()
    envelopes = [data[at : at + RFP_BYTES] for at in range(0, len(data), RFP_BYTES)]
    batches = (envelopes[at : at + GIVE_BATCH_ENVELOPES] for at in range(0, len(envelopes), GIVE_BATCH_ENVELOPES))
    return [write(Give(tuple(batch))) for batch in batches]


async def give(line: str, file: Path) -> None:
    waiting = iter(frames(file))
    server, address = parse_relay_line(line)
    stream = await dial(address.host, address.port, server)
    async with stream, trio.open_nursery() as nursery:
        await stream.send_all(write(hello(NETWORK.id, server, SigningKey(SystemEntropy().bytes(32)))))
        await nursery.start(_listen, stream)
        print("ready", flush=True)
        while command := await trio.to_thread.run_sync(sys.stdin.readline, abandon_on_cancel=True):
            for frame in islice(waiting, int(command)):
                await stream.send_all(frame)
            print("given", flush=True)
        nursery.cancel_scope.cancel()


async def _listen(stream: TlsStream, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
    """Read what the relay says, from its welcome on. It may ask for envelopes; a relay that has none gives none."""
    reader = FrameReader()
    welcomed = False
    async for data in stream:
        for payload in reader.feed(bytes(data)):
            frame, _ = frame_untrusted(payload)
            if not welcomed:
                welcomed_untrusted(frame)
                welcomed = True
                task_status.started()
            elif isinstance(frame, Error):
                raise SystemExit(f"the relay refused an envelope: {frame.code}")
    raise SystemExit("the relay ended the link")


if __name__ == "__main__":
    trio.run(give, sys.argv[1], Path(sys.argv[2]))
