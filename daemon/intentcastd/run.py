"""The daemon: the only place where parts meet. One nursery, started and stopped in order.

The peers' port listens before the API is imported; nothing is contacted before a network is chosen.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import trio

from intentcast.crypto.keys import BoxKey, SigningKey
from intentcast.errors import Misuse
from intentcast.machines.circuit import KnownRelay
from intentcast.networks import NETWORKS, Network
from intentcast.records.relay_card import FEATURES, parse_relay_line
from intentcastd import clock, config, log
from intentcastd.config import Config
from intentcastd.engine.news import News
from intentcastd.engine.node import Node, Place, Setup, run_node
from intentcastd.entropy import SystemEntropy
from intentcastd.errors import IntentcastdError, refused_by_disk
from intentcastd.paths import Home, write_atomically
from intentcastd.policy import load_policy
from intentcastd.store import keys, lock, rfps
from intentcastd.store.database import Database
from intentcastd.store.sealed import Seal

if TYPE_CHECKING:
    from intentcastd.api.parts import Parts

SECRETS_SWEEP_SECONDS = 3600.0
_log = log.get("run")


class BadRelayLine(IntentcastdError):
    """A relay line in the settings cannot be read."""

    code = "bad_relay_line"
    exit = 2


class NotYetPublic(IntentcastdError):
    """The public network asks for more cover than this version gives."""

    code = "privacy.public_network"
    exit = 5


class OtherNetwork(IntentcastdError):
    """The daemon is in another network: it carries nothing between two."""

    code = "other_network"
    exit = 9


class Daemon:
    """One profile at work."""

    def __init__(self, home: Home, settings: Config, nursery: trio.Nursery, database: Database, seal: Seal) -> None:
        self.home = home
        self.settings = settings
        self.stop = trio.Event()
        self._nursery = nursery
        self._database = database
        self._seal = seal
        self._entropy = SystemEntropy()
        self._news = News(database)
        self._node: Node | None = None
        self._joined: trio.CancelScope | None = None
        self._parts: Parts | None = None

    # ---- the network

    async def start_network(self) -> None:
        """Begin what the settings ask for. A relay listens first; buyer and vendor come with the API."""
        if not self.settings.network:
            return
        if self.settings.network == "public":
            raise NotYetPublic(
                "This version does not join the public network: its visits have no decoys yet, so they would tell too much.",
                "Use the demo or a home network: intentcast up --join home --relay LINE",
            )
        if self.settings.relay.enabled:
            await self._nursery.start(self._relay, NETWORKS[self.settings.network])

    async def _relay(self, network: Network, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        relay = self.settings.relay
        seed = await self._secret("relay")
        roles = {"board": relay.board, "circuit": relay.circuit, "exit": relay.exit}
        place = Place(
            host=relay.host,
            port=relay.port,
            advertise_host=relay.advertise_host,
            name=relay.name or None,
            features=tuple(feature for feature in FEATURES if roles[feature]),
        )
        refused = load_policy(self.home, relay.policy_file)
        setup = Setup(network, SigningKey(seed), place, self._seeds(), refused, self._entropy, self._database)
        async with run_node(setup) as node:
            self._node = node
            if self._parts is not None:
                self._parts.node = node
            task_status.started()
            await self.stop.wait()

    def _seeds(self) -> list[KnownRelay]:
        """The relays that the person named."""
        seeds = []
        for line in self.settings.seeds:
            try:
                key, address = parse_relay_line(line)
            except Misuse as error:
                raise BadRelayLine(
                    f"{line!r} is no relay line: {error.reason}.", "Ask the relay's operator for it."
                ) from error
            seeds.append(KnownRelay(key, address, FEATURES))
        return seeds

    async def _secret(self, name: str) -> bytes:
        return await self._database.write(lambda connection: keys.get_or_create(connection, self._seal, name))

    # ---- API, buyer, vendor

    async def start_rest(self) -> int:
        """Start buyer, vendor and API; return the API's port."""
        # Imported only now: it takes half a second, and the peers' port should not wait for it.
        from intentcastd.api import serve  # noqa: PLC0415
        from intentcastd.api.desk import Desk  # noqa: PLC0415
        from intentcastd.api.desk_taxonomy import ready_to_read  # noqa: PLC0415
        from intentcastd.api.parts import Parts  # noqa: PLC0415

        await ready_to_read(self.home.root, self._nursery)
        self._parts = parts = Parts(
            home=self.home,
            database=self._database,
            seal=self._seal,
            news=self._news,
            started=clock.unix_seconds(),
            join=self.join,
            sell=self.sell,
            end=self.stop.set,
            node=self._node,
        )
        await self._start_people()
        place = serve.Place(self.home.socket, self.settings.page_port, self._entropy.bytes(24).hex())
        bound: serve.Bound = await self._nursery.start(partial(serve.serve, Desk(parts), place, self.stop))
        parts.api_port = bound.port
        return bound.port

    async def _start_people(self) -> None:
        """Start buyer and vendor in the chosen network."""
        from intentcastd.api.parts import Buying  # noqa: PLC0415
        from intentcastd.buyer.casting import Casting  # noqa: PLC0415
        from intentcastd.buyer.courier import Courier, Means, pace_in  # noqa: PLC0415
        from intentcastd.buyer.directory import Directory  # noqa: PLC0415
        from intentcastd.buyer.freshness import keep_fresh  # noqa: PLC0415

        parts = self._parts
        if parts is None or not self.settings.network:
            return
        network = NETWORKS[self.settings.network]
        parts.network = network
        directory = Directory(network, self._people_seeds(), self._entropy, self._node.key if self._node else None)
        pace = pace_in(network, self.settings.pace)
        means = Means(network, pace, directory, self._entropy, self._database, self._seal, self._news)
        courier = Courier(means, self._nursery)
        casting = Casting(network, directory, self._entropy, self._database, self._seal)
        parts.buying = Buying(directory, casting, courier)
        self._nursery.start_soon(keep_fresh, directory, network, self._entropy)
        await courier.resume_all()
        await self.sell()

    def _people_seeds(self) -> list[KnownRelay]:
        """The seeds, and our own relay if there is one: it is the nearest."""
        own = [KnownRelay(self._node.key, self._node.address, FEATURES)] if self._node else []
        return [*self._seeds(), *own]

    async def join(self, network: str, relays: tuple[str, ...]) -> None:
        """Join a network: the person's word is written down first, then relays may be contacted.

        Raises:
            BadRelayLine: one of the lines is none.
            NotYetPublic: this version does not join that network.
            OtherNetwork: another network was joined already; that takes a restart.
        """
        before = self.settings
        wanted = msgspec.structs.replace(config.load(self.home, {}), network=network, seeds=relays or before.seeds)
        self.settings = wanted
        try:
            self._seeds()
            if before.network not in ("", network):
                raise OtherNetwork(f"This daemon is in the {before.network} network.", "Stop it first: intentcast down")
            if not before.network:
                await self.start_network()
        except IntentcastdError:
            self.settings = before
            raise
        config.save(self.home, wanted)
        if not before.network:
            await self._start_people()
        elif self._parts is not None and self._parts.buying is not None:
            self._parts.buying.directory.begin_with(self._people_seeds())

    async def sell(self) -> None:
        """Begin to sell, or go on with a changed catalogue."""
        from intentcastd.api.desk_vendor import load_shop  # noqa: PLC0415
        from intentcastd.vendor.profile import BadProfile  # noqa: PLC0415
        from intentcastd.vendor.responder import Means, Responder  # noqa: PLC0415

        parts = self._parts
        if parts is None:
            return
        try:
            shop = await load_shop(parts)
        except BadProfile as error:
            # The buyer and the relay must not suffer from it; `vendor status` says it in full.
            parts.shop_problem = f"{error.what} {error.why} {error.fix}"
            _log.warning("vendor.closed", why="vendor.toml cannot be used")
            return
        parts.shop_problem = ""
        if shop is None or parts.network is None:
            return
        if parts.responder is not None:
            parts.responder.replace_shop(shop)
            return
        key, box = SigningKey(await self._secret("vendor")), BoxKey(await self._secret("vendor.box"))
        means = Means(
            parts.network, key, box, self._people_seeds(), self._entropy, self._database, self._seal, self._news
        )
        parts.responder = Responder(means, shop)
        self._nursery.start_soon(parts.responder.run)

    async def erase_old_secrets(self) -> None:
        """Erase the keys of RFPs that are over for a day (privacy is a promise)."""
        while True:
            erased = await self._database.write(
                lambda connection: rfps.erase_due(connection, clock.unix_seconds()), scrub=True
            )
            if erased:
                _log.info("secrets.erased", count=len(erased))
            await trio.sleep(SECRETS_SWEEP_SECONDS)

    def end(self) -> None:
        """Let everybody who follows the events go."""
        self._news.end()

    @property
    def relay_line(self) -> str | None:
        return self._node.line if self._node else None


@asynccontextmanager
async def _profile(home: Home) -> AsyncIterator[tuple[Database, Seal]]:
    entropy = SystemEntropy()
    home.check_store()
    new = home.is_new
    seal = Seal(home.vault_key(entropy), entropy)
    opened = False
    try:
        async with Database.open(home.database) as database:
            opened = True
            yield database, seal
    finally:
        if new and not opened:
            # A first start that failed, on a full disk perhaps, must not look like a vault that was lost.
            home.database.unlink(missing_ok=True)
            home.key_file.unlink(missing_ok=True)


async def _run(home: Home, parent: int | None) -> None:
    home.make()
    with lock.hold(home.lock_file):
        home.ready_json.unlink(missing_ok=True)
        settings = config.load(home)
        log.open(home.log_file, settings.log_level)
        async with _profile(home) as (database, seal), trio.open_nursery() as nursery:
            daemon = Daemon(home, settings, nursery, database, seal)
            nursery.start_soon(_until_signal, daemon.stop)
            if parent is not None:
                nursery.start_soon(_until_closed, parent, daemon.stop)
            nursery.start_soon(database.watch)
            await daemon.start_network()
            port = await daemon.start_rest()
            nursery.start_soon(daemon.erase_old_secrets)
            _say_ready(home, daemon.relay_line, port)
            _log.info("daemon.ready")
            await daemon.stop.wait()
            daemon.end()
            home.ready_json.unlink(missing_ok=True)
            # Event streams get a word and open calls their answer; then everything ends.
            await trio.sleep(0.2)
            nursery.cancel_scope.cancel()
        _log.info("daemon.ended")


def _say_ready(home: Home, relay_line: str | None, port: int) -> None:
    ready = {"pid": os.getpid(), "api_port": port, "socket": str(home.socket), "relay": relay_line}
    write_atomically(home.ready_json, json.dumps(ready).encode("utf-8"))


async def _until_signal(stop: trio.Event) -> None:
    with trio.open_signal_receiver(signal.SIGTERM, signal.SIGINT, signal.SIGHUP) as signals:
        async for _ in signals:
            stop.set()


async def _until_closed(pipe: int, stop: trio.Event) -> None:
    """Stop with the process that started us, however it ends: it alone can write into this pipe, and never does."""
    await trio.lowlevel.wait_readable(pipe)
    stop.set()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a daemon until it is told to stop; return the exit code."""
    parser = argparse.ArgumentParser(prog="intentcastd", description="The intentcast daemon; see also: intentcast up")
    parser.add_argument("--home", type=Path, help="folder of the profile (default: the usual folders of this system)")
    parser.add_argument("--with-parent", type=int, metavar="FD", help="end when this inherited pipe is closed")
    chosen = parser.parse_args(arguments)
    home = Home.at(chosen.home) if chosen.home else Home.default()
    code = 0
    try:
        trio.run(_run, home, chosen.with_parent)
    except* IntentcastdError as errors:
        code = _tell(errors)
    except* KeyboardInterrupt:
        code = 130
    except* Exception as errors:  # noqa: BLE001  # nobody is to read a traceback instead of a sentence
        code = code or _own_mistake(home, errors)
    return code


def _own_mistake(home: Home, errors: BaseExceptionGroup[Exception]) -> int:
    """Say in one line what nobody foresaw; the log has the rest."""
    if refused := refused_by_disk(errors):
        sys.stderr.write(f"{refused.message} {refused.hint}\n")
        return refused.exit
    with suppress(OSError):
        # It may not be open yet; without it the traceback would go to the terminal.
        log.open(home.log_file)
        _log.error("daemon.failed", exc_info=errors)
        log.close()
    sys.stderr.write(f"The daemon made a mistake and ended. The log says more: {home.log_file}\n")
    return 1


def _tell(errors: BaseExceptionGroup[IntentcastdError]) -> int:
    """Say each error once, on standard error; return the exit code of the first."""
    found: list[IntentcastdError] = []
    waiting: list[BaseException] = [errors]
    while waiting:
        error = waiting.pop()
        if isinstance(error, BaseExceptionGroup):
            waiting += error.exceptions
        elif isinstance(error, IntentcastdError):
            found.append(error)
    for error in found:
        sys.stderr.write(f"{error.message} {error.hint}\n")
    return found[0].exit


if __name__ == "__main__":
    raise SystemExit(main())
