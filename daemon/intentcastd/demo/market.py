"""The market of the demo: relays, vendors and one buyer, each a daemon of its own with its own folder, all on loopback.

All start side by side and contact nobody; then the relays join the demo network one after the other, each told of the
earlier ones, and the people's daemons join with all of them: the same call by which a person chooses a network.
"""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
import trio

from intentcast.errors import Misuse
from intentcast.records.relay_card import parse_relay_line
from intentcastd import config
from intentcastd.config import Config, Relay
from intentcastd.demo import calls
from intentcastd.demo.calls import CallFailed, Silent
from intentcastd.demo.characters import Character
from intentcastd.demo.process import Place, Process
from intentcastd.errors import IntentcastdError
from intentcastd.paths import Home, write_atomically

NETWORK: Final = "demo"
RELAYS: Final = ("relay-1", "relay-2", "relay-3")
BUYER: Final = "buyer"
LOOPBACK: Final = "127.0.0.1"

READY_SECONDS: Final = 60.0
LOOK_SECONDS: Final = 0.02
"""How often a file or a number is looked at that nobody announces."""


class NotReady(IntentcastdError):
    """A part of the demo did not come up."""

    code = "demo.not_ready"


@dataclass(frozen=True, slots=True)
class Member:
    """One daemon of the market."""

    name: str
    home: Home
    process: Process

    async def ready(self) -> dict[str, Any]:
        """Wait until the process that runs now has said that it is ready; return what it said.

        Raises:
            NotReady: it did not within READY_SECONDS.
        """
        with trio.move_on_after(READY_SECONDS):
            while True:
                try:
                    said: dict[str, Any] = json.loads(self.home.ready_json.read_bytes())
                except (OSError, ValueError):
                    said = {}
                if said.get("pid") is not None and said["pid"] == self.process.pid:
                    return said
                await trio.sleep(LOOK_SECONDS)
        raise NotReady(f"{self.name} is not ready after {READY_SECONDS:.0f} s.", "The machine may be very busy.")

    async def insist(self, path: str, body: bytes, media: str = calls.BYTES) -> Any:
        """Hand something over, again if the daemon dies before it has answered; return the answer.

        Raises:
            CallFailed: it was refused.
            NotReady: nobody answered within READY_SECONDS.
        """
        with trio.move_on_after(READY_SECONDS):
            while True:
                await self.ready()
                try:
                    return await calls.call(self.home, "POST", path, body, media)
                except Silent:
                    await trio.sleep(LOOK_SECONDS)
        raise NotReady(f"{self.name} does not answer after {READY_SECONDS:.0f} s.", "The machine may be very busy.")

    async def join(self, lines: Sequence[str]) -> None:
        """Choose the demo network for it."""
        choice = {"network": NETWORK, "relays": list(lines)}
        await self.insist("/v1/network", json.dumps(choice).encode("utf-8"), calls.JSON)

    async def until(self, path: str, fits: Callable[[Any], bool], what: str) -> Any:
        """Ask until the answer fits, across restarts of the daemon; return it.

        Raises:
            NotReady: it did not within READY_SECONDS.
        """
        with trio.move_on_after(READY_SECONDS):
            while True:
                try:
                    answer = await calls.get(self.home, path)
                except CallFailed:
                    answer = None
                if answer is not None and fits(answer):
                    return answer
                await trio.sleep(LOOK_SECONDS)
        raise NotReady(f"{self.name}: {what} is not so after {READY_SECONDS:.0f} s.", "The machine may be very busy.")


class Market:
    """All daemons of one demo."""

    def __init__(self, place: Place, nursery: trio.Nursery) -> None:
        self.relays: dict[str, Member] = {}
        self.vendors: dict[str, Member] = {}
        self.people: dict[str, Member] = {}
        self.lines: list[str] = []
        self._place = place
        self._nursery = nursery
        self._processes: list[Process] = []
        self._relays_joined = trio.Event()

    @property
    def buyer(self) -> Member:
        return self.people[BUYER]

    async def open(self, characters: Sequence[Character]) -> None:
        """Start relays, buyer and these vendors, and return when the buyer can cast.

        Raises:
            NotReady: one of them does not come up.
        """
        for name in RELAYS:
            settings = Config(relay=Relay(enabled=True, host=LOOPBACK, port=0, name=name))
            self.relays[name] = self._start(name, settings)
        async with trio.open_nursery() as opening:
            opening.start_soon(self.open_person, BUYER)
            for character in characters:
                opening.start_soon(self.open_shop, character)
            await self._join_relays()

    async def open_person(self, name: str) -> Member:
        """Start a person's daemon, let it join, and return when it can cast."""
        member = self.people[name] = self._start(name, Config())
        await self._join(member)
        await member.until(
            "/v1/status", lambda status: status["buyer"]["relays_known"] >= len(RELAYS), "that all relays are known"
        )
        self._place.say(f"{name} knows {len(RELAYS)} relays")
        return member

    async def open_shop(self, character: Character) -> Member:
        """Start one vendor, import its catalogues through its own API, and let it join."""
        member = self.vendors[character.name] = self._start(character.name, Config(), character)
        for catalogue in character.catalogues():
            await member.insist("/v1/vendor/catalogue?apply=true", catalogue)
        await self._join(member)
        self._place.say(f"vendor {character.title} is open")
        return member

    def _start(self, name: str, settings: Config, character: Character | None = None) -> Member:
        home = Home.at(self._place.folder / name)
        home.make()
        if not home.config_toml.exists():
            config.save(home, settings)
        if character is not None:
            write_atomically(home.vendor_toml, character.profile())
        process = self.start_process(name, ["intentcastd.run", "--home", str(home.root)])
        self._nursery.start_soon(process.keep)
        return Member(name, home, process)

    def start_process(self, name: str, command: list[str]) -> Process:
        """Return a process that ends with the market; the caller runs it."""
        process = Process(name, command, self._place)
        self._processes.append(process)
        return process

    async def _join_relays(self) -> None:
        """Let each relay join, told of those before it, and keep the port that it found."""
        for name, relay in self.relays.items():
            await relay.join(self.lines)
            found = await relay.until("/v1/status", lambda status: status["relay"] is not None, "that it listens")
            line = str(found["relay"]["line"])
            _keep_port(relay.home, line)
            self.lines.append(line)
            self._place.say(f"{name} listens")
        self._relays_joined.set()

    async def _join(self, member: Member) -> None:
        await member.ready()
        await self._relays_joined.wait()
        await member.join(self.lines)

    async def close(self) -> None:
        """End all of them in order, side by side."""
        async with trio.open_nursery() as nursery:
            for process in self._processes:
                nursery.start_soon(process.end)


def _keep_port(home: Home, line: str) -> None:
    """Write down the port that a relay found: started again it must be where the others know it."""
    try:
        _, address = parse_relay_line(line)
    except Misuse as error:
        raise NotReady(f"{home.root.name} gave no relay line.", "Look at its log.") from error
    settings = config.load(home, {})
    config.save(
        home, msgspec.structs.replace(settings, relay=msgspec.structs.replace(settings.relay, port=address.port))
    )


@asynccontextmanager
async def open_market(
    folder: Path, characters: Sequence[Character], say: Callable[[str], None]
) -> AsyncIterator[Market]:
    """Run a market until the block ends; then nothing of it runs any more.

    Args:
        folder: empty; holds the folders of all daemons.
        say: told what has come up.
    """
    reading, writing = os.pipe()
    try:
        async with trio.open_nursery() as nursery:
            market = Market(Place(folder, reading, say), nursery)
            try:
                await market.open(characters)
                yield market
            finally:
                with trio.CancelScope(shield=True):
                    await market.close()
                nursery.cancel_scope.cancel()
    finally:
        os.close(writing)
        os.close(reading)
