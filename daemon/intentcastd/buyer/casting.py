"""Casting: from a need to an RFP that is in the vault. Nothing leaves before the vault has it.

Keys and body are made first; the preview is decoded from the very bytes that will go out; only nonce and signature
come after the yes.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

import trio

from intentcast.crypto.keys import BoxKey, SigningKey
from intentcast.entropy import Entropy
from intentcast.errors import Misuse
from intentcast.ids import RelayKey
from intentcast.limits import EPOCH_SECONDS, MAX_RFP_LIFE_SECONDS, SHORT_LIFE_SECONDS
from intentcast.machines.circuit import KnownRelay, choose_boards, choose_exits
from intentcast.machines.efforts import price_of_kind
from intentcast.networks import Network
from intentcast.records.anonymity import Change, Draft, generalize, make_rfp
from intentcast.records.envelope import RFP, Header, Unstamped, prepare, resume, total_size
from intentcast.records.head import Shard
from intentcast.records.rfp import Rfp, rfp_untrusted, rounded_expiry
from intentcast.records.terms import Proffer
from intentcast.units import UnixSeconds
from intentcastd import clock
from intentcastd.buyer.directory import Directory, NoRelay
from intentcastd.buyer.linkability import Earlier, Link, find_links
from intentcastd.engine.news import News
from intentcastd.errors import IntentcastdError
from intentcastd.store import rfps
from intentcastd.store.database import Database
from intentcastd.store.rfps import Secrets
from intentcastd.store.sealed import Seal

DEFAULT_LIFE_SECONDS = 7 * 86_400
LEAST_LIFE_SECONDS = 3600
"""Shorter lives would leave vendors no time to answer."""

MOST_PREVIEWS = 64
MOST_STRAY_EPOCHS = 8
"""Epochs at most that reading begins before an RFP was made, and ends after it is over."""

STAMPING, HELD, SENT, LIVE = rfps.STAMPING, "held", "sent", "live"
CLOSING, CLOSED, EXPIRED, FAILED = rfps.CLOSING, rfps.CLOSED, "expired", "failed"
OPEN_STATES = (STAMPING, HELD, SENT, LIVE)


class NotCastable(IntentcastdError):
    """The need cannot become an RFP as it is; the message says what to change."""

    code = "not_castable"
    exit = 5


class NoPreview(IntentcastdError):
    """There is no such preview, or no more."""

    code = "preview_gone"
    exit = 8


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be sent, decoded from the bytes that would be sent.

    Attributes:
        unstamped: the envelope as it will go out, but for nonce and signature.
        public: what the network sees: read back from those bytes.
        changes: what leaves less exactly than it was meant.
        links: what would join it to earlier RFPs of the same person.
        need: what stays home, as JSON.
    """

    id: str
    unstamped: Unstamped
    public: Rfp
    changes: tuple[Change, ...]
    need: str
    expires: UnixSeconds
    size: int
    secrets: Secrets
    exits: tuple[RelayKey, ...]
    links: tuple[Link, ...] = ()

    @property
    def effort(self) -> int:
        return self.unstamped.effort


class Casting:
    """Makes previews, and RFPs out of them."""

    def __init__(
        self, network: Network, directory: Directory, entropy: Entropy, database: Database, seal: Seal
    ) -> None:
        self.network = network
        self._directory = directory
        self._entropy = entropy
        self._database = database
        self._seal = seal
        self._previews: OrderedDict[str, Preview] = OrderedDict()
        self._numbering = trio.Lock()

    async def preview(
        self, draft: Draft, terms: Proffer, need: Mapping[str, object], life: int | None = None
    ) -> Preview:
        """Make keys and body, and show what they say. Nothing leaves.

        Args:
            need: what the person wrote and meant; stays home.
            life: seconds until the RFP expires; None follows the time by which it is needed.

        Raises:
            NotCastable: something in the draft may not leave, or does not fit.
            NoRelay: too few relays are known to name boards and exits.
        """
        now = clock.unix_seconds()
        guard = await self._directory.guard(self._database, self._seal)
        try:
            boards, exits = self._places(guard)
            expires = rounded_expiry(now, self._life(draft, life, now))
            public = generalize(draft, now)
            key, box = SigningKey(self._entropy.bytes(32)), BoxKey(self._entropy.bytes(32))
            rfp = make_rfp(draft, public, boards=boards, box=box.public, salt=self._entropy.bytes(16), terms=terms)
            unstamped = self._unstamped(rfp, key, expires, now)
        except Misuse as error:
            raise NotCastable(f"{error.reason[0].upper()}{error.reason[1:]}.", "Change it and look again.") from error
        public_rfp = rfp_untrusted(unstamped.body)
        preview = Preview(
            id=self._entropy.bytes(8).hex(),
            unstamped=unstamped,
            public=public_rfp,
            changes=public.changes,
            links=find_links(public_rfp, await self._earlier(), now),
            need=json.dumps(dict(need), ensure_ascii=False),
            expires=expires,
            size=total_size(RFP, rfp.to_body()),
            secrets=Secrets(seed=key.seed, box=box.secret),
            exits=exits,
        )
        self._previews[preview.id] = preview
        while len(self._previews) > MOST_PREVIEWS:
            self._previews.popitem(last=False)
        return preview

    async def _earlier(self) -> list[Earlier]:
        """Return the RFPs that left, or are about to, as the vault keeps them (ANO-10..ANO-13)."""
        rows = await self._database.read(lambda connection: rfps.list_all(connection, self._seal))
        return [
            Earlier(row.local_id, row.created, rfp_untrusted(resume(row.body).body))
            for row in rows
            if row.state != FAILED
        ]

    def _places(self, guard: KnownRelay) -> tuple[tuple[RelayKey, ...], tuple[RelayKey, ...]]:
        relays = self._directory.relays()
        try:
            boards = choose_boards(Shard(0, b""), relays, self.network)
            exits = choose_exits(self._directory.exits(), guard, self.network, self._entropy)
        except Misuse as error:
            raise NoRelay(
                f"{error.reason[0].upper()}{error.reason[1:]}.", "Wait until more relays are known."
            ) from error
        return boards, tuple(relay.key for relay in exits)

    @staticmethod
    def _life(draft: Draft, life: int | None, now: UnixSeconds) -> int:
        wanted = life if life is not None else DEFAULT_LIFE_SECONDS
        if life is None and draft.by is not None:
            wanted = max(LEAST_LIFE_SECONDS, draft.by - now)
        longest = MAX_RFP_LIFE_SECONDS - SHORT_LIFE_SECONDS
        if life is not None and not 600 <= life <= longest:
            raise Misuse("ENV-5", f"an RFP lives from 10 minutes to {longest // 86_400} days")
        return min(wanted, longest)

    def _unstamped(self, rfp: Rfp, key: SigningKey, expires: UnixSeconds, now: UnixSeconds) -> Unstamped:
        body = rfp.to_body()
        effort = price_of_kind(self.network, RFP, total_size(RFP, body), expires - now)
        return prepare(Header(RFP, self.network.id, expires, effort), body, key.public)

    async def cast(self, preview_id: str, news: News) -> str:
        """Put a preview into the vault, and return its local id; from now on it survives everything.

        Raises:
            NoPreview: it was cast already, or too many came after it.
        """
        preview = self._previews.pop(preview_id, None)
        if preview is None:
            raise NoPreview("This preview is gone, or was sent already.", "Look at your RFPs, or make a new preview.")
        async with self._numbering:
            return await self._keep(preview, news)

    async def _keep(self, preview: Preview, news: News) -> str:
        local_id = await self._next_id()
        now = clock.unix_seconds()
        draft = rfps.Draft(
            local_id=local_id,
            created=now,
            need=preview.need,
            body=preview.unstamped.data,
            expires=preview.expires,
            network=self.network.id,
            secrets=preview.secrets,
            state=STAMPING,
            exits=preview.exits,
            # Drawn here once: neither the RFP nor its id says where reading begins and ends (BRD-18).
            first_epoch=now // EPOCH_SECONDS - 1 - self._entropy.below(MOST_STRAY_EPOCHS),
            late_epochs=1 + self._entropy.below(MOST_STRAY_EPOCHS),
        )
        await news.tell(
            "rfp.state",
            {"id": local_id, "state": STAMPING},
            lambda connection: rfps.insert_draft(connection, self._seal, draft),
        )
        return local_id

    async def _next_id(self) -> str:
        return f"r{await self._database.read(rfps.last_number) + 1}"
