"""The desk of a vendor who tries a need: both sides in one place, and no network between them."""

from __future__ import annotations

from functools import partial

import trio

from intentcast.errors import Misuse
from intentcast.records.anonymity import generalize, make_rfp
from intentcast.records.rfp import Rfp
from intentcast.records.terms import Proffer
from intentcastd import clock
from intentcastd.api import shapes, shapes_buyer, shapes_match
from intentcastd.api.backend import ApiProblem
from intentcastd.api.desk_buyer import BuyerDesk, with_offset
from intentcastd.api.desk_vendor import VendorDesk, load_shop
from intentcastd.api.views_need import need_view, public_map
from intentcastd.api.views_offer import option_view
from intentcastd.buyer.need import Need, Unclear
from intentcastd.buyer.ranking import Priced
from intentcastd.data import roster
from intentcastd.data.roster import UnknownTerms
from intentcastd.vendor.answering import Shop
from intentcastd.vendor.matching import Passed
from intentcastd.vendor.trial import Tried, try_need, why_passed

# Keys, boards and the like say nothing about what is needed.
_NOTHING = bytes(32)


class MatchDesk(BuyerDesk, VendorDesk):
    """The part of the Backend that puts a need before the own catalogue."""

    async def match_need(self, request: shapes_buyer.CastRequest) -> shapes_match.Match:
        """Read a need, make the RFP that a buyer would publish, and judge the own items by it. Nothing leaves."""
        await self._profile()
        need = await self._need(request)
        rfp = _rfp_of(need, request)
        shop = await self._shop()
        trial = await trio.to_thread.run_sync(partial(try_need, rfp, shop, clock.unix_seconds()))
        public = public_map(rfp)
        return shapes_match.Match(
            need=need_view(need),
            public={name: value for name, value in public.items() if name not in {"boards", "box", "salt", "shard"}},
            matches=[_matched(tried) for tried in trial.tried],
            passed=[_passed(passed) for passed in trial.passed],
            no_offer=trial.no_offer or None,
            judged=trial.judged,
            items=trial.size,
        )

    async def _shop(self) -> Shop:
        if self.parts.responder is not None:
            return self.parts.responder.shop
        shop = await load_shop(self.parts)
        assert shop is not None  # there is a profile
        return shop


def _rfp_of(need: Need, request: shapes_buyer.CastRequest) -> Rfp:
    try:
        terms: Proffer = roster.proffer(tuple(request.terms or roster.CHOSEN))
        draft = with_offset(need.draft(request.words, request.publish_budget), need.tz)
        public = generalize(draft, clock.unix_seconds())
        return make_rfp(draft, public, boards=(), box=_NOTHING, salt=_NOTHING[:16], terms=terms)
    except UnknownTerms as error:
        raise ApiProblem(422, "need.terms", str(error), "Choose from the roster.") from error
    except Unclear as error:
        raise ApiProblem(422, "need.unclear", error.what, error.fix) from error
    except Misuse as error:
        said = f"{error.reason[0].upper()}{error.reason[1:]}."
        raise ApiProblem(
            422, "need.private", said, "A buyer could not publish this either: change the words."
        ) from error


def _matched(tried: Tried) -> shapes_match.MatchedItem:
    item = tried.match.item
    option = option_view(Priced(tried.option, tried.landed)) if tried.option and tried.landed else None
    return shapes_match.MatchedItem(
        sku=item.sku,
        title=item.title,
        price=shapes.Money(currency=item.price.currency, minor=item.price.minor),
        category=item.category,
        stock=str(item.stock),
        meets=dict(tried.meets),
        not_stated=list(tried.not_stated),
        option=option,
        why_not=tried.why_not,
        offered=tried.is_offered,
    )


def _passed(passed: Passed) -> shapes_match.PassedItem:
    return shapes_match.PassedItem(
        sku=passed.item.sku,
        title=passed.item.title,
        reason=passed.reason,
        attribute=passed.attribute,
        wanted=passed.wanted,
        stated=passed.stated,
        why=why_passed(passed),
    )
