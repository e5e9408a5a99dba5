"""The buyer's side of the desk: needs, previews, RFPs, offers."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import trio

from intentcast.records.anonymity import Draft
from intentcast.records.envelope import resume
from intentcast.records.offer import offer_untrusted
from intentcast.records.rfp import Rfp, rfp_untrusted
from intentcast.records.terms import Proffer
from intentcast.records.vocabulary import Band
from intentcastd import clock
from intentcastd.api import shapes_buyer
from intentcastd.api.backend import ApiProblem
from intentcastd.api.parts import Buying, Parts
from intentcastd.api.views_need import label, need_view, preview_view
from intentcastd.api.views_offer import offer_view
from intentcastd.buyer.casting import CLOSED, CLOSING, OPEN_STATES
from intentcastd.buyer.need import Need, Unclear
from intentcastd.buyer.profile import NOBODY, Profile
from intentcastd.buyer.ranking import rank
from intentcastd.buyer.reading import read
from intentcastd.buyer.reading.correcting import Correction, Wrong, correct
from intentcastd.data import roster
from intentcastd.data.roster import UnknownTerms
from intentcastd.store import offers, rfps
from intentcastd.store.database import Connection
from intentcastd.store.rfps import StoredRfp

PATHS = {1: ["exit"], 2: ["guard", "exit"], 3: ["guard", "middle", "exit"]}


class BuyerDesk:
    """The part of the Backend that is a person's."""

    parts: Parts

    def _buying(self) -> Buying:
        if self.parts.buying is None:
            raise ApiProblem(
                409,
                "network.none_chosen",
                "No network is chosen, so nobody may be contacted.",
                "Choose one: intentcast up --join home --relay LINE, or try it out: intentcast demo",
            )
        return self.parts.buying

    async def read_need(self, text: str) -> shapes_buyer.Need:
        """Read a sentence; it stays here."""
        return need_view(await self._read(text, NOBODY))

    async def _read(self, text: str, profile: Profile) -> Need:
        return await trio.to_thread.run_sync(read, text, clock.unix_seconds(), profile)

    async def preview(self, request: shapes_buyer.CastRequest) -> shapes_buyer.Preview:
        """Make the RFP that would go out, and show it. Nothing leaves."""
        buying = self._buying()
        need = await self._need(request)
        network = buying.casting.network
        try:
            terms = roster.proffer(tuple(request.terms or roster.CHOSEN))
            draft = with_offset(need.draft(request.words, request.publish_budget), need.tz)
        except UnknownTerms as error:
            raise ApiProblem(422, "need.terms", str(error), "Choose from the roster.") from error
        except Unclear as error:
            raise ApiProblem(422, "need.unclear", error.what, error.fix) from error
        stays = {"text": need.text, "budget": need.budget.value.to_map() if need.budget else None}
        preview = await buying.casting.preview(draft, terms, stays, request.ttl_seconds)
        return preview_view(preview, need, network, PATHS[network.circuit_relays], draft.area)

    async def _need(self, request: shapes_buyer.CastRequest) -> Need:
        profile = Profile(country=request.country)
        need = await self._read(request.text or "", profile)
        correction = Correction(
            category=request.category,
            service=request.service,
            kind=request.kind,
            details=dict(request.details or {}),
            near=request.near,
            country=request.country,
            by=request.by,
            quantity=request.quantity,
            unit=request.unit,
            budget=request.budget,
            condition=request.condition,
            how=tuple(request.how) if request.how else None,
            code=request.code,
        )
        try:
            return correct(need, correction)
        except Wrong as error:
            raise ApiProblem(422, "need.wrong", f"{error.what} {error.why}", error.fix) from error

    async def cast(self, preview: str) -> shapes_buyer.Rfp:
        """Say yes to a preview: from now on the RFP survives everything."""
        buying = self._buying()
        local_id = await buying.casting.cast(preview, self.parts.news)
        buying.courier.carry(local_id)
        return await self.rfp(local_id)

    # ---- RFPs

    async def rfps(self) -> Sequence[shapes_buyer.Rfp]:
        """All RFPs, newest first."""
        seal = self.parts.seal
        rows = await self.parts.database.read(lambda connection: rfps.list_all(connection, seal))
        return [await self._view(row) for row in rows]

    async def rfp(self, name: str) -> shapes_buyer.Rfp:
        """One RFP, by its own name, by its id on the wire, or the latest."""
        return await self._view(await self._row(name))

    async def _row(self, name: str) -> StoredRfp:
        seal = self.parts.seal

        def find(connection: Connection) -> StoredRfp | None:
            rows = rfps.list_all(connection, seal)
            if name == "latest":
                return next((row for row in rows if row.state in OPEN_STATES), rows[0] if rows else None)
            return next((row for row in rows if name in (row.local_id, row.id.hex() if row.id else None)), None)

        row = await self.parts.database.read(find)
        if row is None:
            what = "There is no RFP yet." if name == "latest" else f"There is no RFP {name}."
            raise ApiProblem(404, "not_found.rfp", what, "See: intentcast rfps list")
        return row

    async def _view(self, row: StoredRfp) -> shapes_buyer.Rfp:
        def counts(connection: Connection) -> tuple[int, dict[str, int]]:
            return offers.counts(connection).get(row.local_id, 0), offers.refused(connection, row.local_id)

        count, refused = await self.parts.database.read(counts)
        rfp = body_of(row)
        courier = self.parts.buying.courier if self.parts.buying else None
        life = courier.lives.get(row.local_id) if courier else None
        progress = courier.progress.get(row.local_id) if courier else None
        boards = life.boards if life else {}
        return shapes_buyer.Rfp(
            id=row.local_id,
            rfp=row.id.hex() if row.id else None,
            state=shown(row.state),  # type: ignore[arg-type]  # the store holds no other words
            reason=row.reason,
            text=json.loads(row.need)["text"],
            category=rfp.category,
            category_label=label(rfp.category),
            area=rfp.area.name if rfp.area else None,
            created_at=row.created,
            expires=row.expires,
            offers=count,
            refused=refused,
            progress=shapes_buyer.Progress(done=progress[0], of=progress[1]) if progress else None,
            timeline=[
                shapes_buyer.Moment(at=row.created, what="cast"),
                shapes_buyer.Moment(at=row.updated, what=shown(row.state)),
            ],
            boards=[shapes_buyer.BoardState(board=board.hex()[:8], complete=boards.get(board)) for board in rfp.boards],
        )

    async def close_rfp(self, name: str, reason: str) -> shapes_buyer.Rfp:
        """End an RFP."""
        row = await self._row(name)
        buying = self._buying()
        if not await buying.courier.close(row.local_id, reason):
            raise ApiProblem(
                409, "gone.rfp", f"{row.local_id} is over already: {shown(row.state)}.", "See: intentcast rfps list"
            )
        return await self.rfp(row.local_id)

    # ---- offers

    async def offers(self, rfp: str) -> shapes_buyer.Offers:
        """The offers for one RFP, by rank."""
        row = await self._row(rfp)
        refused = await self.parts.database.read(lambda connection: offers.refused(connection, row.local_id))
        return shapes_buyer.Offers(offers=await self._ranked(row), refused=refused)

    async def offer(self, offer: str) -> shapes_buyer.Offer:
        """One offer among the others of its RFP."""
        seal = self.parts.seal
        try:
            wanted = bytes.fromhex(offer)
        except ValueError:
            wanted = b""
        found = await self.parts.database.read(lambda connection: offers.get(connection, seal, wanted))
        if found is None:
            raise ApiProblem(404, "not_found.offer", "There is no such offer.", "See: intentcast offers list")
        views = await self._ranked(await self._row(found.rfp))
        return next(view for view in views if view.id == offer)

    async def _ranked(self, row: StoredRfp) -> list[shapes_buyer.Offer]:
        seal = self.parts.seal
        rows = await self.parts.database.read(lambda connection: offers.list_for(connection, seal, row.local_id))
        by_id = {one.id: (number, one) for number, one in enumerate(rows, start=1)}
        ranked = rank([(one.id, offer_untrusted(one.body)) for one in rows], budget_of(row))
        terms: Proffer = body_of(row).terms
        return [
            offer_view(one, by_id[one.id][1], by_id[one.id][0], place, row.created, terms)
            for place, one in enumerate(ranked, start=1)
        ]


def shown(state: str) -> str:
    """Return a state as the person sees it: closed is closed, also while the network is still being told."""
    return CLOSED if state == CLOSING else state


def body_of(row: StoredRfp) -> Rfp:
    """Return what an RFP says, read from the bytes that the vault keeps."""
    return rfp_untrusted(resume(row.body).body)


def budget_of(row: StoredRfp) -> Band | None:
    """Return the budget that stayed home."""
    budget = json.loads(row.need).get("budget")
    return Band(budget["currency"], budget["low"], budget["high"]) if budget else None


def with_offset(draft: Draft, tz: str) -> Draft:
    """Return the draft with the offset of its place at the time it is needed by, so that days end where they end."""
    if draft.area is None:
        return draft  # rounded in UTC: without a place, the zone of the rounding would tell where the person is (ANO-2)
    moment = datetime.fromtimestamp(draft.by or 0, UTC).astimezone(ZoneInfo(tz))
    offset = moment.utcoffset()
    return dataclasses.replace(draft, offset=int(offset.total_seconds()) if offset else 0)
