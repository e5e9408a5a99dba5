"""Chapter 03 §9: offers, and what an option costs when it has arrived."""

from __future__ import annotations

from dataclasses import replace

from scripts.vectorlib.bodies import GONE, changed
from scripts.vectorlib.case import Chapter

from intentcast.conformance.vector import Json
from intentcast.encoding.canonical import Tree, decode_untrusted
from intentcast.records.offer import Ask, Fee, Item, Offer, Option, Ship, Tax
from intentcast.records.vocabulary import Money, Quantity
from intentcast.testing.samples import Samples


def chapter() -> Chapter:
    book = Chapter("03-records")
    sample = Samples().offer(bytes(range(32)))
    _layout(book, sample)
    _landed(book, sample)
    return book


def gbp(minor: int) -> Money:
    return Money("GBP", minor)


def _layout(book: Chapter, sample: Offer) -> None:
    value = decode_untrusted(sample.to_body())
    assert isinstance(value, dict)
    fields: dict[str, Tree] = dict(value)
    options = value["options"]
    assert isinstance(options, list)
    first = options[0]
    assert isinstance(first, dict)
    items = first["items"]
    assert isinstance(items, list)
    item = items[0]
    assert isinstance(item, dict)

    def reject(name: str, comment: str, change: dict[str, Tree]) -> None:
        book.refuses(name, "body", comment, {"of": "offer", "hex": changed(fields, change)}, "body")

    def option(name: str, comment: str, change: dict[str, Tree]) -> None:
        whole = {key: part for key, part in {**first, **change}.items() if part != GONE}
        reject(name, comment, {"options": [whole]})

    def line(name: str, comment: str, change: dict[str, Tree]) -> None:
        whole = {key: part for key, part in {**item, **change}.items() if part != GONE}
        option(name, comment, {"items": [whole]})

    full = replace(sample, asks=(Ask("email", "delivery"),), note="Collected from the shop for nothing.")
    book.accepts("OFF-1 sample", "body", "An offer.", {"of": "offer", "hex": sample.to_body().hex()}, "body")
    book.accepts(
        "OFF-6 asks", "body", "With a question and words.", {"of": "offer", "hex": full.to_body().hex()}, "body"
    )
    reject("OFF-1 no-card", "Without the card: nobody would know who offers.", {"card": GONE})
    reject("OFF-1 no-salt", "Without salt: its content could be guessed.", {"salt": GONE})
    reject("OFF-1 note-501", "Words of 501 characters.", {"note": "x" * 501})
    reject("OFF-1 no-options", "No option.", {"options": []})
    reject("OFF-1 five-options", "An option too many.", {"options": [{**first, "id": str(n)} for n in range(5)]})
    reject("OFF-2 no-choice", "It neither accepts nor proposes.", {"terms": {}})
    reject("OFF-2 both", "It accepts and proposes.", {"terms": {"accept": "SD-BASE", "alternative": "SD-BASE"}})
    reject("OFF-3 same-id", "Two options with one id.", {"options": [first, first]})
    reject("OFF-6 ask-without-purpose", "It asks and does not say what for.", {"asks": [{"field": "email"}]})
    reject("TXT-1 in-offer", "A name that shows as another.", {"name": "Pram\u202eecalaP"})
    option("OFF-3 no-items", "No item.", {"items": []})
    option("OFF-3 33-items", "An item too many.", {"items": [item] * 33})
    option("OFF-3 no-tax", "It does not say whether prices hold the tax.", {"tax": GONE})
    option("OFF-3 tax-as-number", "1 for true.", {"tax": {"included": 1}})
    option("OFF-3 ship-mode", "A mode that the registry does not have.", {"ship": {"mode": "drone"}})
    option("OFF-3 meets-maybe", "An answer besides yes, no and unstated.", {"meets": {"seats": "maybe"}})
    option("OFF-3 condition", "A condition that the registry does not have.", {"condition": "as good as new"})
    option(
        "OFF-4 two-currencies",
        "Shipping in another currency.",
        {"ship": {"mode": "deliver", "price": {"currency": "EUR", "minor": 1}}},
    )
    line("OFF-3 no-price", "An item without a price.", {"price": GONE})
    line("VOC-5 negative-price", "A price below nothing.", {"price": {"currency": "GBP", "minor": -1}})
    line("VOC-4 in-offer", "A GTIN with a wrong check digit.", {"gtin": "4006381333932"})
    line("OFF-3 quantity-nothing", "An item of nothing.", {"quantity": {"unit": "C62", "value": 0}})
    line("VOC-6 in-offer", "A quantity of scale 0.", {"quantity": {"scale": 0, "unit": "C62", "value": 1}})


def _landed(book: Chapter, sample: Offer) -> None:
    plain = sample.options[0]

    def cost(name: str, comment: str, option: Option, rule: str = "OFF-9", **expected: Json) -> None:
        whole: dict[str, Json] = {
            "currency": "GBP",
            "items": 18_900,
            "ship": 500,
            "tax": 0,
            "fees": 0,
            "known": 19_400,
            "total": 19_400,
            "missing": [],
            "contradicts": False,
        }
        whole |= expected
        body = replace(sample, options=(option,)).to_body().hex()
        group = "canary" if whole["total"] is None else "positive"
        book.accepts(
            f"{rule} {name}", "landed", comment, {"offer": body, "option": 0}, "offer", output=whole, group=group
        )

    cost("all-stated", "Items, shipping, tax held.", plain, "OFF-8")
    cost(
        "tax-on-top",
        "Tax that comes on top.",
        replace(plain, tax=Tax(False, gbp(3_780)), total=None),
        "OFF-8",
        tax=3_780,
        known=23_180,
        total=23_180,
    )
    cost(
        "tax-held-and-told", "Tax that is held is not added again.", replace(plain, tax=Tax(True, gbp(3_150))), "OFF-8"
    )
    cost(
        "fees",
        "A fee with a price.",
        replace(plain, fees=(Fee("assembly", gbp(250)),), total=None),
        "OFF-8",
        fees=250,
        known=19_650,
        total=19_650,
    )
    item = plain.items[0]
    for name, quantity, items in (
        ("three-pieces", Quantity(3), 56_700),
        ("half-a-kilo", Quantity(5, "KGM", 1), 9_450),
        ("rounds-half-up", Quantity(12345, "KGM", 4), 23_332),
    ):
        option = replace(plain, items=(replace(item, quantity=quantity),), total=None)
        cost(
            name,
            "Price for one unit times quantity, half a minor unit up.",
            option,
            "OFF-8",
            items=items,
            known=items + 500,
            total=items + 500,
        )
    penny = replace(plain, items=(Item("Washer", gbp(1), Quantity(5, "C62", 1)),), total=None)
    cost("half-a-penny", "Half a minor unit is rounded up.", penny, "OFF-8", items=1, known=501, total=501)
    cost(
        "ship-not-stated",
        "Delivery without a price is not free.",
        replace(plain, ship=Ship("deliver", None, 2)),
        ship=None,
        known=18_900,
        total=None,
        missing=["ship"],
    )
    cost(
        "ship-stated-as-free",
        "A price of 0 is stated.",
        replace(plain, ship=Ship("deliver", gbp(0), 2), total=None),
        ship=0,
        known=18_900,
        total=18_900,
    )
    cost(
        "pickup",
        "Nothing is shipped.",
        replace(plain, ship=Ship("pickup", None, None), total=None),
        ship=0,
        known=18_900,
        total=18_900,
    )
    cost(
        "tax-not-stated",
        "Tax on top that nobody names.",
        replace(plain, tax=Tax(False), total=None),
        tax=None,
        total=None,
        missing=["tax"],
    )
    fees = (Fee("customs", None), Fee("assembly", gbp(250)))
    cost(
        "fee-not-stated",
        "A fee without a price.",
        replace(plain, fees=fees, total=None),
        fees=None,
        known=19_650,
        total=None,
        missing=["fee customs"],
    )
    bare = replace(plain, ship=Ship("onsite", None, None), tax=Tax(False), fees=(Fee("travel", None),), total=None)
    cost(
        "nothing-stated",
        "Only the items are known.",
        bare,
        ship=None,
        tax=None,
        fees=None,
        known=18_900,
        total=None,
        missing=["ship", "tax", "fee travel"],
    )
    cost(
        "contradicts",
        "The vendor's own total differs from its parts.",
        replace(plain, total=gbp(19_399)),
        contradicts=True,
    )
