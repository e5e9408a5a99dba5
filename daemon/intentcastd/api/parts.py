"""What runs in one daemon, for the desk: each part is there or not, and may come while the daemon runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from intentcast.networks import Network
from intentcast.units import UnixSeconds
from intentcastd.buyer.casting import Casting
from intentcastd.buyer.courier import Courier
from intentcastd.buyer.directory import Directory
from intentcastd.engine.news import News
from intentcastd.engine.node import Node
from intentcastd.paths import Home
from intentcastd.store.database import Database
from intentcastd.store.sealed import Seal
from intentcastd.vendor.responder import Responder


@dataclass(slots=True)
class Buying:
    """The buyer's side, once a network was chosen."""

    directory: Directory
    casting: Casting
    courier: Courier


@dataclass(slots=True)
class Parts:
    """The parts, and the three things that only run.py can do: join a network, begin to sell, end."""

    home: Home
    database: Database
    seal: Seal
    news: News
    started: UnixSeconds
    join: Callable[[str, tuple[str, ...]], Awaitable[None]]
    sell: Callable[[], Awaitable[None]]
    end: Callable[[], None]
    network: Network | None = None
    node: Node | None = None
    buying: Buying | None = None
    responder: Responder | None = None
    shop_problem: str = ""
    api_port: int = 0
