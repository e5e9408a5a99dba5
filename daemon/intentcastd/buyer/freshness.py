"""When relay cards are asked for: often until enough are known to cast, seldom after that, slower while nothing changes."""

from __future__ import annotations

import trio

from intentcast.entropy import Entropy
from intentcast.networks import Network
from intentcastd import clock, log
from intentcastd.buyer.directory import Directory
from intentcastd.errors import IntentcastdError

REFRESH_MEAN_SECONDS = 1800.0
"""Each time a seed sees this address. Cards live for days, and visits bring some."""

FIRST_MEAN_SECONDS = 0.5
MOST_FIRST_MEAN_SECONDS = 30.0
"""Until enough relays are known, the pauses grow up to this while nothing changes."""

GROWTH = 1.2
SAME_FAILURE_SECONDS = 60.0
_log = log.get("directory")


async def keep_fresh(directory: Directory, network: Network, entropy: Entropy) -> None:
    """Ask for relay cards again and again, until it is cancelled."""
    enough = max(network.boards[0], network.circuit_relays)
    mean, said, said_at = FIRST_MEAN_SECONDS, "", 0.0
    while True:
        before = len(directory), directory.last_problem
        try:
            await directory.refresh()
        except IntentcastdError as error:
            # The same trouble is said once a minute at most.
            if error.message != said or clock.stopwatch() - said_at >= SAME_FAILURE_SECONDS:
                _log.info("directory.failed", code=error.code, why=error.message)
                said, said_at = error.message, clock.stopwatch()
        changed = before != (len(directory), directory.last_problem)
        mean = FIRST_MEAN_SECONDS if changed else min(mean * GROWTH, MOST_FIRST_MEAN_SECONDS)
        pause = REFRESH_MEAN_SECONDS if len(directory) >= enough else mean
        with trio.move_on_after(0.1 + entropy.exponential(pause)):
            await directory.seeds_changed.wait()
        if directory.seeds_changed.is_set():
            directory.seeds_changed = trio.Event()
            mean = FIRST_MEAN_SECONDS
