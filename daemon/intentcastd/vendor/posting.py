"""Posting: brings a sealed offer to the boards that its RFP names, until each has it or the RFP is over.

The note is in the outbox before the first board hears of it, so one RFP gets one offer, whatever dies in between.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

import trio

from intentcast.entropy import Entropy
from intentcast.ids import RelayKey
from intentcast.machines.circuit import KnownRelay
from intentcast.networks import Network
from intentcast.wire.frames import Done, Post
from intentcastd import clock, log
from intentcastd.engine.dialling import dial_relay
from intentcastd.engine.session import Refused, open_session
from intentcastd.errors import IntentcastdError
from intentcastd.store import outbox
from intentcastd.store.database import Database
from intentcastd.store.outbox import Outgoing

WAITING, POSTED, PARTLY, REFUSED = "waiting", "posted", "partly", "refused"
RETRY_SECONDS = 0.1
"""First wait: the offer is often made before the board has heard of the RFP."""
RETRY_MOST_SECONDS = 60.0
# Answers that another try cannot change.
_FINAL = frozenset(
    {"size", "malformed", "network", "expired", "life", "signature", "one_per_vendor", "stamp", "version"}
)
_log = log.get("posting")

LookUp = Callable[[RelayKey], KnownRelay | None]
Tell = Callable[[Outgoing, str, str], Awaitable[None]]


class Posting:
    """Posts the notes of one vendor."""

    def __init__(self, network: Network, database: Database, look_up: LookUp, entropy: Entropy, tell: Tell) -> None:
        self._network = network
        self._database = database
        self._look_up = look_up
        self._entropy = entropy
        self._tell = tell

    async def post(self, outgoing: Outgoing) -> None:
        """Post one note to all boards that do not have it yet, side by side."""
        async with trio.open_nursery() as nursery:
            for board, state in outgoing.boards.items():
                if state == WAITING:
                    nursery.start_soon(self._post_to, outgoing, RelayKey(bytes.fromhex(board)))
        done = await self._database.read(lambda connection: outbox.get(connection, outgoing.rfp))
        if done is None:
            return
        states = set(done.boards.values())
        final = POSTED if states == {POSTED} else PARTLY if POSTED in states else REFUSED
        await self._database.write(lambda connection: outbox.set_state(connection, outgoing.rfp, final))
        await self._tell(done, final, "")

    async def _post_to(self, outgoing: Outgoing, board: RelayKey) -> None:
        wait = RETRY_SECONDS
        while clock.unix_seconds() < outgoing.expires:
            answer = await self._try(outgoing.note, board)
            if answer == POSTED or answer in _FINAL:
                await self._database.write(
                    partial(outbox.set_board, rfp=outgoing.rfp, board=board.hex(), at_board=answer)
                )
                if answer != POSTED:
                    await self._tell(outgoing, "board_refused", answer)
                return
            await trio.sleep(min(self._entropy.exponential(wait) + 0.05, RETRY_MOST_SECONDS))
            wait = min(wait * 2, RETRY_MOST_SECONDS)

    async def _try(self, note: bytes, board: RelayKey) -> str:
        """Return "posted", the error of the board, or why it was not reached."""
        relay = self._look_up(board)
        if relay is None:
            return "unknown"
        try:
            stream = await dial_relay(relay, self._network)
            async with open_session(stream, self._network, relay.key) as session:
                answer = await session.ask(Post(note))
                return POSTED if isinstance(answer, Done) else "unexpected"
        except Refused as error:
            _log.info("board.refused", code=error.error.code)
            return error.error.code
        except IntentcastdError as error:
            return error.code


def waiting_at(boards: tuple[RelayKey, ...]) -> dict[str, str]:
    """Return the state of a note that no board has yet."""
    return {board.hex(): WAITING for board in boards}
