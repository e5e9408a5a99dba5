"""A Backend in memory, of plain data: what the API and the command line are tested against.

Its third vendor is hostile: its name holds what a terminal would obey.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec
import trio

from intentcast.testing.samples import T0, Samples
from intentcastd.api import shapes, shapes_buyer, shapes_match, shapes_taxonomy, shapes_vendor
from intentcastd.api.backend import ApiProblem

HOSTILE = "Evil\x1b[2J\u202egpj\u009b31m [bold red]Shop"
EXPIRES = T0 + 86_400


def money(minor: int) -> shapes.Money:
    return shapes.Money("GBP", minor)


def guess(value: Any, label: str, words: str = "") -> shapes_buyer.Guess:
    return shapes_buyer.Guess(value=value, label=label, confidence=0.9, words=words)


def need_of(text: str) -> shapes_buyer.Need:
    return shapes_buyer.Need(
        text=text,
        kind=guess("goods", "goods"),
        quantity=guess({"unit": "C62", "value": 1}, "1"),
        category=guess("bt-6-3-2", "Double strollers", "twin pram"),
        details={"seats": guess(2, "2 seats", "twin")},
        area=guess({"country": "GB", "name": "Leeds", "population": 536_280}, "Leeds, GB", "Leeds"),
        private=["for Anna"],
        leftover=[],
        notes=[],
    )


def preview_of(number: int, request: shapes_buyer.CastRequest, unsigned: str) -> shapes_buyer.Preview:
    return shapes_buyer.Preview(
        id=f"p{number}",
        need=need_of(request.text or request.code or request.category or ""),
        public={
            "area": {"country": "GB", "name": "Leeds", "population": 536_280},
            "boards": ["aa" * 32, "bb" * 32],
            "box": "cc" * 32,
            "category": "bt-6-3-2",
            "details": {"seats": 2},
            "how": ["deliver", "pickup"],
            "kind": "goods",
            "quantity": {"unit": "C62", "value": 1},
            "salt": "dd" * 16,
            "shard": 0,
            "terms": {"all": "PDC-INTENT", "chosen": ["SD-BASE"]},
            "when": {"by": EXPIRES, "grain": "day"},
        },
        home=[
            shapes_buyer.Home(field="budget", value="up to 400.00 GBP", why="nobody needs to know it to answer"),
            shapes_buyer.Home(field="words", value="for Anna", why="a name"),
        ],
        changes=[shapes_buyer.Change(field="when", rule="ANO-2", before="today 17:12", after="today")],
        size=1024,
        effort=12,
        stamp_seconds_estimate=0.4,
        expires=EXPIRES,
        crowd=4200,
        network="demo",
        path=["guard", "exit"],
        hold_mean_seconds=1,
        learn=[shapes_buyer.Learn(who="relays", what="the request, not who asks")],
        warnings=[],
        envelope_unsigned_hex=unsigned,
    )


@dataclass(frozen=True)
class Character:
    """What makes one vendor different from another."""

    name: str
    minor: int
    ship: int | None
    hours: int | None
    asks: tuple[str, ...] = ()
    accepts: bool = True
    meets: tuple[str, ...] = ("yes", "yes")
    contradicts: bool = False


CHARACTERS = (
    Character("Pedal & Co", 18_900, 500, 2),
    Character("VeloMax", 17_900, None, 48, ("email",), accepts=False, meets=("yes", "unstated")),
    Character(HOSTILE, 21_000, 0, None, ("name", "birth_year"), meets=("no", "yes"), contradicts=True),
)


def offer_of(rfp: str, number: int, character: Character) -> shapes_buyer.Offer:
    known = character.minor + (character.ship or 0)
    total = None if character.ship is None else money(known)
    option = shapes_buyer.OfferOption(
        id="1",
        title=f"Twin stroller from {character.name}",
        items=[
            shapes_buyer.OfferItem(
                name="Twin stroller", price=money(character.minor), quantity=shapes.Quantity("C62", 1)
            )
        ],
        ship=shapes_buyer.OfferShip(
            "deliver", None if character.ship is None else money(character.ship), character.hours
        ),
        tax=shapes_buyer.OfferTax(included=True),
        fees=[],
        condition="new",
        meets=dict(zip(("seats", "when"), character.meets, strict=True)),
        returns_days=30,
        warranty_months=None,
        landed=shapes_buyer.Landed(
            items=money(character.minor),
            ship=None if character.ship is None else money(character.ship),
            tax=money(0),
            fees=money(0),
            known=money(known),
            total=total,
            missing=[] if total else ["ship"],
            contradicts=character.contradicts,
        ),
    )
    return shapes_buyer.Offer(
        id=f"{number:02x}" * 32,
        number=number,
        rank=number,
        rfp=rfp,
        vendor=shapes_buyer.OfferVendor(character.name, f"{number:02x}" * 32, "ab" * 32, None),
        received_at=T0 + number,
        seconds_since_cast=number,
        options=[option],
        best_option="1",
        over_budget=False,
        difference_minor=None if total is None else total.minor - 19_400,
        asks=[shapes_buyer.OfferAsk(name, "delivery") for name in character.asks],
        terms=shapes_buyer.OfferTerms(accept="SD-BASE")
        if character.accepts
        else shapes_buyer.OfferTerms(alternative="SD-BASE-X"),
        terms_distance=0 if character.accepts else 3,
        valid_until=EXPIRES,
        note=None,
        state="open",
    )


def rfp_of(number: int, need: shapes_buyer.Need) -> shapes_buyer.Rfp:
    return shapes_buyer.Rfp(
        id=f"r{number}",
        rfp=None,
        state="stamping",
        reason=None,
        text=need.text,
        category="bt-6-3-2",
        category_label="Double strollers",
        area="Leeds, GB",
        created_at=T0,
        expires=EXPIRES,
        offers=0,
        refused={},
        progress=shapes_buyer.Progress(0, 4096),
        timeline=[shapes_buyer.Moment(T0, "cast")],
        boards=[shapes_buyer.BoardState("aa" * 32, None)],
    )


@dataclass
class MemoryBackend:
    """Everything lives here and nowhere else.

    Attributes:
        ending: set by `stop`.
        characters: the vendors that answer each RFP at once.
        fails: the state in which each RFP ends before anybody answers, if it does.
    """

    ending: trio.Event
    home: str = "/nowhere"
    characters: Sequence[Character] = CHARACTERS
    fails: str | None = None
    port: int = 0
    network: str = "demo"
    relays: list[str] = field(default_factory=list)
    previews: dict[str, shapes_buyer.Preview] = field(default_factory=dict)
    all_rfps: dict[str, shapes_buyer.Rfp] = field(default_factory=dict)
    all_offers: dict[str, list[shapes_buyer.Offer]] = field(default_factory=dict)
    log: list[shapes.Event] = field(default_factory=list)
    imports: list[tuple[bytes, shapes_vendor.ImportQuery]] = field(default_factory=list)
    maps: list[str] = field(default_factory=list)
    shop: shapes_vendor.OpenShop | None = None
    _news: trio.Event = field(default_factory=trio.Event)

    def happen(self, name: str, **data: Any) -> None:
        self.log.append(shapes.Event(n=len(self.log) + 1, at=T0, event=name, data=data))
        self._news.set()
        self._news = trio.Event()

    async def status(self) -> shapes.Status:
        return shapes.Status(
            version="0.1.0",
            network=self.network,
            roles=["buyer"],
            verdict="All is well: 1 guard answers.",
            home=self.home,
            api_port=self.port,
            peers=[shapes.Peer("192.0.2.7:7117", "guard", T0)],
            store=shapes.StoreState(bytes=40_960),
            buyer=shapes.BuyerState(True, 3, len(self.all_rfps), 0, "open"),
            clock_skew=2,
        )

    async def stop(self) -> None:
        self.ending.set()

    async def choose_network(self, choice: shapes.ChooseNetwork) -> shapes.Status:
        self.network, self.relays = choice.network, list(choice.relays)
        return await self.status()

    async def relay(self) -> shapes.Relay:
        raise ApiProblem(404, "relay.none", "This daemon is no relay.", "Make it one: intentcast up --serve-relay")

    async def read_need(self, text: str) -> shapes_buyer.Need:
        if "divide by zero" in text:
            raise ZeroDivisionError(text)
        return need_of(text)

    async def preview(self, request: shapes_buyer.CastRequest) -> shapes_buyer.Preview:
        if request.words and "@" in request.words:
            raise ApiProblem(422, "privacy.contact", "the text holds an e-mail address.", "Take it out.")
        buyer = Samples().buyer((Samples().key().public,))
        preview = preview_of(len(self.previews) + 1, request, (buyer.data[:21] + buyer.data[29:-66]).hex())
        self.previews[preview.id] = preview
        return preview

    async def cast(self, preview: str) -> shapes_buyer.Rfp:
        if preview not in self.previews:
            raise ApiProblem(409, "gone.preview", "This preview is too old.", "Cast again.")
        number = len(self.all_rfps) + 1
        cast = rfp_of(number, self.previews.pop(preview).need)
        name = cast.id
        self._is(name, cast, "stamping")
        self.happen("rfp.progress", id=name, done=2048, of=4096)
        if self.fails:
            self._is(name, self.all_rfps[name], self.fails, "no relay took it")
            return cast
        self._is(name, msgspec.structs.replace(cast, rfp=f"{number:02x}" * 32, progress=None), "live")
        self.all_offers[name] = []
        for place, character in enumerate(self.characters, start=1):
            offer = offer_of(name, place, character)
            self.all_offers[name].append(offer)
            self.happen("offer", id=offer.id, rfp=name)
        self.happen("refused", rfp=name, reason="weak stamp", rule="ENV-6")
        return cast

    def _is(self, name: str, rfp: shapes_buyer.Rfp, state: Any, reason: str | None = None) -> None:
        self.all_rfps[name] = msgspec.structs.replace(rfp, state=state, reason=reason)
        self.happen("rfp.state", id=name, state=state, reason=reason)

    async def rfps(self) -> Sequence[shapes_buyer.Rfp]:
        return list(reversed(self.all_rfps.values()))

    async def rfp(self, name: str) -> shapes_buyer.Rfp:
        name = (list(self.all_rfps) or [""])[-1] if name == "latest" else name
        if name not in self.all_rfps:
            raise ApiProblem(404, "rfp.unknown", "There is no such RFP.", "See all: intentcast rfps")
        return self.all_rfps[name]

    async def close_rfp(self, name: str, reason: str) -> shapes_buyer.Rfp:
        rfp = await self.rfp(name)
        if rfp.state == "closed":
            raise ApiProblem(409, "gone.rfp", "The RFP has ended already.", "See it: intentcast rfps show")
        self._is(rfp.id, rfp, "closed", reason)
        return self.all_rfps[rfp.id]

    async def offers(self, rfp: str) -> shapes_buyer.Offers:
        name = (await self.rfp(rfp)).id
        return shapes_buyer.Offers(offers=self.all_offers.get(name, []), refused={"weak stamp": 1})

    async def offer(self, offer: str) -> shapes_buyer.Offer:
        for offers in self.all_offers.values():
            for one in offers:
                if one.id == offer:
                    return one
        raise ApiProblem(404, "offer.unknown", "There is no such offer.", "See all: intentcast offers")

    async def last_event(self) -> int:
        return len(self.log)

    async def events(self, since: int, most: int) -> Sequence[shapes.Event]:
        return self.log[since : since + most]

    async def wait_for_event(self, since: int) -> None:
        while len(self.log) <= since:
            await self._news.wait()

    async def open_shop(self, shop: shapes_vendor.OpenShop) -> shapes_vendor.Vendor:
        if self.shop is not None and not shop.force:
            raise ApiProblem(409, "vendor.exists", "vendor.toml is there already.", "Edit it, or add --force.")
        self.shop = shop
        return await self.vendor()

    async def vendor(self) -> shapes_vendor.Vendor:
        if self.shop is None:
            raise ApiProblem(404, "vendor.none", "There is no shop here.", "Make one: intentcast vendor init")
        return shapes_vendor.Vendor(
            profile={"name": self.shop.name, "currency": self.shop.currency},
            card="ac" * 32,
            items=3,
            imported_at=T0,
            rfps_seen=5,
            matched=2,
            offers_sent=1,
            waiting=0,
            recent=[shapes_vendor.VendorDecision("01020304", "bt-6-3-2", "offered", "3 items fit")],
        )

    async def import_catalogue(self, file: Path, query: shapes_vendor.ImportQuery) -> shapes_vendor.ImportReport:
        data = await trio.Path(file).read_bytes()
        self.imports.append((data, query))
        rows = data.count(b"\n") - 1
        bad = data.count(b"?")
        issue = shapes_vendor.ImportIssue(3, "Price", '"1.299,00?" is ambiguous', "say --decimal comma", "error")
        return shapes_vendor.ImportReport(
            applied=query.apply,
            format="Shopify product CSV",
            encoding=query.encoding or "UTF-8",
            delimiter=query.delimiter or ",",
            rows=rows,
            products=rows - bad,
            variants=rows - bad,
            ok=rows - bad,
            failed=bad,
            warnings=0,
            skipped={},
            added=rows - bad,
            changed=0,
            gone=0,
            same=0,
            needs_force=False,
            issues=[issue] * bad,
        )

    async def catalogue(self) -> shapes_vendor.Catalogue:
        item = shapes_vendor.CatalogueItem("TS-2", "Twin stroller", money(18_900), "bt-6-3-2", "in_stock")
        return shapes_vendor.Catalogue(items=3, sample=[item])

    async def taxonomy(self) -> shapes_taxonomy.Taxonomy:
        return shapes_taxonomy.Taxonomy(ours=1691, imported=0, edition="", added=0)

    async def import_taxonomy(self, content: bytes) -> shapes_taxonomy.Taxonomy:
        return shapes_taxonomy.Taxonomy(ours=1691, imported=len(content.splitlines()), edition="2025-08", added=1)

    async def match_need(self, request: shapes_buyer.CastRequest) -> shapes_match.Match:
        if self.shop is None:
            raise ApiProblem(404, "vendor.none", "There is no shop here.", "Make one: intentcast vendor init")
        landed = shapes_buyer.Landed(
            money(18_900), money(500), money(0), money(0), money(19_400), money(19_400), [], False
        )
        option = shapes_buyer.OfferOption(
            id="1",
            title="Twin stroller",
            items=[],
            ship=shapes_buyer.OfferShip("deliver", money(500), 48),
            tax=shapes_buyer.OfferTax(True, None),
            fees=[],
            condition=None,
            meets={"seats": "yes", "colour": "unstated"},
            returns_days=None,
            warranty_months=None,
            landed=landed,
        )
        fits = shapes_match.MatchedItem(
            "TS-2", "Twin stroller", money(18_900), "bt-6-3-2", "in_stock", option.meets, ["colour"], option, "", True
        )
        other = shapes_match.PassedItem(
            "S-1", "Stroller", "contradiction", "seats", "2", "1", "seats: wanted 2, this states 1"
        )
        public = {"category": "bt-6-3-2", "category_label": "Twin strollers", "kind": "goods", "details": {"seats": 2}}
        need = await self.read_need(request.text or "")
        return shapes_match.Match(need, public, [fits], [other], None, 2, 3)

    async def save_map(self, request: shapes_match.SaveMap) -> shapes_match.SavedMap:
        self.maps.append(request.toml)
        return shapes_match.SavedMap({"Name": "title", "Preis": "price"}, "catalogue-map.toml")


def without_answers(ending: trio.Event) -> MemoryBackend:
    """A backend whose RFPs nobody answers."""
    return replace(MemoryBackend(ending), characters=())
