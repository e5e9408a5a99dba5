"""Which items of a catalogue answer an RFP, best first, and why the others do not.

The order: the same product code, then the branch of categories, then what the details and words say. An item that
states something else than the RFP asks for is never a match; what it leaves open is "unstated".

Spec: 03 §9 (OFF-5: meets)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from intentcast.records.rfp import Detail, Rfp
from intentcast.records.vocabulary import Quantity, gtin14, on_branch
from intentcastd.data.folding import fold
from intentcastd.vendor import units
from intentcastd.vendor.catalogue.item import Item, Stock
from intentcastd.vendor.index import CatalogueIndex, words_of
from intentcastd.vendor.profile import Profile
from intentcastd.vendor.stated import Answer, Spans, Stated, Texts, compare, text_answer

MAX_MATCHES: Final = 16
# An RFP costs at most this many judgements, however large the catalogue and however vague the need.
MAX_JUDGED: Final = 1_000

# An attribute that answers for another where an item does not state that one.
_STANDS_FOR: Final = {
    "voltage_in": "voltage",
    "voltage": "voltage_in",
    "persons": "seats",
    "seats": "persons",
    "year": "vehicle_year",
    "vehicle_year": "year",
    "brand": "vehicle_brand",
    "model": "vehicle_model",
}
# Attributes that a title answers by naming them: a brand has no word of its own around it.
_NAMED: Final = frozenset({"brand", "model", "vehicle_brand", "vehicle_model", "author"})

Reason: TypeAlias = Literal["out_of_stock", "kind", "service", "category", "gtin", "area", "condition", "contradiction"]
CategoryWords: TypeAlias = Callable[[str], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Match:
    """An item that may be offered.

    Attributes:
        meets: what was asked, by attribute id; "no" only where it does not rule an item out.
        score: larger is better, compared from the left: product code, branch, details met, words in common, in stock.
    """

    item: Item
    meets: Mapping[str, Answer]
    score: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Passed:
    """An item that is not offered, and the first reason for it.

    Attributes:
        attribute: id of the detail, where one contradicts.
        wanted: what the RFP asks for, as text.
        stated: what the item states, as text.
    """

    item: Item
    reason: Reason
    attribute: str = ""
    wanted: str = ""
    stated: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a catalogue looks to one RFP.

    Attributes:
        matches: best first.
        passed: the most promising of those that are not offered.
        judged: how many items were looked at one by one.
        size: how many items the catalogue has.
    """

    matches: tuple[Match, ...]
    passed: tuple[Passed, ...]
    judged: int
    size: int


def match(
    rfp: Rfp, items: CatalogueIndex | Iterable[Item], profile: Profile, category_words: CategoryWords | None = None
) -> list[Match]:
    """Return the items that answer an RFP, best first, at most MAX_MATCHES.

    Args:
        rfp: the need.
        items: the catalogue; pass an index where the same catalogue meets more than one RFP.
        profile: of the shop; an RFP from where it does not work has no matches.
        category_words: words for a category code, to tell apart items that are otherwise alike.
    """
    return list(explain(rfp, items, profile, category_words).matches)


def explain(
    rfp: Rfp,
    items: CatalogueIndex | Iterable[Item],
    profile: Profile,
    category_words: CategoryWords | None = None,
    most_passed: int = 20,
) -> Explanation:
    """Return the matches, and why the nearest of the other items are none. Arguments as for `match`."""
    index = items if isinstance(items, CatalogueIndex) else CatalogueIndex(items)
    words = frozenset((*words_of(rfp), *(category_words(rfp.category) if category_words else ())))
    same = _handles(rfp, index)
    matches: list[Match] = []
    passed: list[Passed] = []
    pool = index.pool(rfp, words)[:MAX_JUDGED]
    for place in pool:
        item = index.items[place]
        verdict = judge(rfp, item, profile, words, same)
        if isinstance(verdict, Match):
            matches.append(verdict)
        elif len(passed) < most_passed:
            passed.append(verdict)
    matches.sort(key=lambda found: (*(-part for part in found.score), found.item.price.minor, found.item.sku))
    return Explanation(tuple(matches[:MAX_MATCHES]), tuple(passed), len(pool), len(index))


def _handles(rfp: Rfp, index: CatalogueIndex) -> frozenset[str]:
    """Return the products one of whose variants has the RFP's product code: size 9 was scanned, 9E is wanted."""
    return frozenset(index.items[place].handle for place in index.with_gtin(rfp.gtin)) if rfp.gtin else frozenset()


def judge(
    rfp: Rfp, item: Item, profile: Profile, words: frozenset[str] = frozenset(), same: frozenset[str] = frozenset()
) -> Match | Passed:
    """Tell whether one item answers an RFP.

    Args:
        words: search words of the RFP, for the score.
        same: handles of products of which a variant has the RFP's product code.
    """
    if item.stock is Stock.OUT:
        return Passed(item, "out_of_stock")
    if item.kind != rfp.kind:
        return Passed(item, "kind", wanted=rfp.kind, stated=item.kind)
    has_code = _has_code(rfp, item)
    if has_code == "no" and item.handle not in same:
        return Passed(item, "gtin", wanted=rfp.gtin or "", stated=item.gtin or "")
    branch = _branch(rfp, item)
    if branch is None and has_code != "yes":
        reason: Reason = "service" if rfp.service is not None and item.service is not None else "category"
        return Passed(item, reason, wanted=rfp.service or rfp.category, stated=item.service or item.category or "")
    areas = item.areas or profile.areas
    if not any(area.covers(rfp.area) for area in areas):
        return Passed(item, "area", wanted=rfp.area.name if rfp.area else "")
    meets: dict[str, Answer] = {"gtin": has_code} if rfp.gtin else {}
    if rfp.condition not in {None, "any"}:
        if item.condition not in {None, rfp.condition}:
            return Passed(item, "condition", "condition", rfp.condition or "", item.condition or "")
        meets["condition"] = "unstated" if item.condition is None else "yes"
    for name, wanted in rfp.details.items():
        meets[name] = answer(name, wanted, item)
        if meets[name] == "no":
            return Passed(item, "contradiction", name, shown(wanted), _shown_stated(name, item))
    return Match(item, meets, _score(item, meets, has_code, branch or 0, words))


def _has_code(rfp: Rfp, item: Item) -> Answer:
    if rfp.gtin is None or item.gtin is None:
        return "unstated"
    return "yes" if gtin14(rfp.gtin) == gtin14(item.gtin) else "no"


def _branch(rfp: Rfp, item: Item) -> int | None:
    """Return how well the branch fits, 0 at best and less for each step that the item is vaguer; None: another branch.

    Where both name a service, the words decide; several of them share a category.
    """
    if rfp.service is not None and item.service is not None:
        return _steps(rfp.service, item.service, ".")
    if item.category is None or not on_branch(rfp.category, item.category):
        return None
    return _steps(rfp.category, item.category, "-")


def _steps(wanted: str, stated: str, sign: str) -> int | None:
    if stated == wanted or stated.startswith(wanted + sign):
        return 0
    return stated.count(sign) - wanted.count(sign) if wanted.startswith(stated + sign) else None


def _score(
    item: Item, meets: Mapping[str, Answer], code: Answer, branch: int, words: frozenset[str]
) -> tuple[int, ...]:
    has_it = item.stock in {Stock.IN_STOCK, Stock.FEW}
    met = sum(said == "yes" for said in meets.values())
    return (code == "yes", branch, met, len(words.intersection(item.words)), has_it)


def answer(name: str, wanted: Detail, item: Item) -> Answer:
    """Tell whether an item answers one detail of an RFP: by what it states, else by its words."""
    said = [compare(name, wanted, stated) for stated in _stated(name, item)]
    if "no" in said:
        return "no"
    if "yes" in said:
        return "yes"
    if not isinstance(wanted, str):
        return "unstated"
    is_named = fold(wanted).split()
    title = frozenset(fold(item.title).split())
    if is_named and title.issuperset(is_named):
        return "yes"
    if name == "brand" and item.brand is not None and not said:
        return text_answer(wanted, item.brand)
    # A description mentions other models and brands, to which the item is only compared.
    return "yes" if name not in _NAMED and is_named and set(item.words).issuperset(is_named) else "unstated"


def _stated(name: str, item: Item) -> Iterator[Stated]:
    """Yield what an item states about an attribute, or about the one that stands for it."""
    stated = item.attributes.get(name)
    if stated is None and name in _STANDS_FOR:
        stated = item.attributes.get(_STANDS_FOR[name])
    if stated is not None:
        yield stated


def shown(value: Detail) -> str:
    """Return a detail as a person reads it."""
    if isinstance(value, Quantity):
        number = f"{value.value / 10**value.scale:g}"
        return f"{number} {units.symbol(value.unit)}".strip()
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _shown_stated(name: str, item: Item) -> str:
    for stated in _stated(name, item):
        match stated:
            case bool():
                return "yes" if stated else "no"
            case Texts():
                return ", ".join(stated.values)
            case Spans():
                spans = (f"{low:f}" if low == high else f"{low:f}-{high:f}" for low, high in stated.spans)
                return " ".join([", ".join(spans), units.symbol(stated.unit)]).strip()
    return item.brand or ""
