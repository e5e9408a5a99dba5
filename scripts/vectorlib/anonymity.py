"""Chapter 04: what may leave of a draft."""

from __future__ import annotations

from scripts.vectorlib.case import Chapter

from intentcast.conformance.vector import Json
from intentcast.testing.samples import T0

_HOUR, _DAY = 3_600, 86_400


def chapter() -> Chapter:
    book = Chapter("04-anonymity")
    _times(book)
    _budgets(book)
    _texts(book)
    _contacts(book)
    _rest(book)
    return book


def _output(**change: Json) -> dict[str, Json]:
    return {"when": None, "budget": None, "text": None, "changes": []} | change


def _times(book: Chapter) -> None:
    t = int(T0)
    for name, given, by, grain, changes in (
        ("hour", {"by": t + 5_000}, t + 2 * _HOUR, "hour", True),
        ("on-the-hour", {"by": t + 2 * _HOUR}, t + 2 * _HOUR, "hour", False),
        ("a-second-past", {"by": t + 2 * _HOUR + 1}, t + 3 * _HOUR, "hour", True),
        ("under-two-days", {"by": t + 2 * _DAY - 1}, t + 2 * _DAY, "hour", True),
        ("two-days", {"by": t + 2 * _DAY}, t + 2 * _DAY, "day", False),
        ("three-days", {"by": t + 3 * _DAY - 1_000}, t + 3 * _DAY, "day", True),
        ("under-thirty-days", {"by": t + 30 * _DAY - 1}, t + 30 * _DAY, "day", True),
        ("thirty-days", {"by": t + 30 * _DAY}, t + 40 * _DAY, "month", True),
        ("far-east", {"by": t + 5 * _DAY, "offset": 13 * _HOUR}, t + 5 * _DAY + 11 * _HOUR, "day", True),
        ("west", {"by": t + 5 * _DAY, "offset": -8 * _HOUR}, t + 5 * _DAY + 8 * _HOUR, "day", True),
        ("half-hour-zone", {"by": t + 5_000, "offset": 19_800}, t + 5_400, "hour", True),
        ("coarser-words", {"by": t + 5_000, "grain": "day"}, t + _DAY, "day", True),
        ("no-finer-than-may-be", {"by": t + 3 * _DAY - 1_000, "grain": "hour"}, t + 3 * _DAY, "day", True),
    ):
        book.accepts(
            f"ANO-2 {name}",
            "generalize",
            "Rounded up to the end of an hour, a day or a month at the place.",
            given,  # type: ignore[arg-type]
            "draft",
            output=_output(when=[by, grain], changes=[["when", "ANO-2"]] if changes else []),
        )
    for name, by in (("now", t), ("past", t - 1)):
        book.refuses(f"ANO-2 {name}", "generalize", "A time that has passed.", {"by": by}, "draft")


def _budgets(book: Chapter) -> None:
    book.accepts(
        "ANO-6 stays-home",
        "generalize",
        "A budget leaves only if that is chosen.",
        {"budget": 30_000},
        "draft",
        output=_output(changes=[["budget", "ANO-6"]]),
        group="canary",
    )
    for minor, low, high in (
        (30_000, 20_000, 50_000),
        (50_000, 20_000, 50_000),
        (50_001, 50_000, 100_000),
        (1, 0, 1),
        (99, 50, 100),
    ):
        book.accepts(
            f"ANO-6 band-of-{minor}",
            "generalize",
            "Published, it leaves as the band that holds it.",
            {"budget": minor, "publish_budget": True},
            "draft",
            output=_output(budget=[low, high], changes=[["budget", "ANO-6"]]),
        )


def _texts(book: Chapter) -> None:
    book.accepts("ANO-3 no-text", "generalize", "Nothing added, nothing leaves.", {}, "draft", output=_output())
    book.accepts(
        "ANO-3 plain",
        "generalize",
        "Words without contact data leave.",
        {"text": "two seats, folds flat"},
        "draft",
        output=_output(text="two seats, folds flat"),
    )
    book.accepts(
        "ANO-3 spaces",
        "generalize",
        "Spaces could carry a mark.",
        {"text": " two  seats\n"},
        "draft",
        output=_output(text="two seats", changes=[["text", "ANO-3"]]),
    )
    book.refuses("ANO-3 too-long", "generalize", "281 characters.", {"text": "x" * 281}, "draft")
    book.refuses(
        "TXT-1 hidden", "generalize", "A zero-width space could carry a mark.", {"text": "two\u200bseats"}, "draft"
    )
    book.refuses(
        "ANO-7 private-word",
        "generalize",
        "A word that the person called private.",
        {"text": "for ROSIE, two seats", "private": ["Rosie"]},
        "draft",
    )
    book.refuses(
        "ANO-7 private-detail",
        "generalize",
        "The same in a detail.",
        {"details": ["rosie red"], "private": ["Rosie"]},
        "draft",
    )


def _contacts(book: Chapter) -> None:
    for name, text in (
        ("e-mail", "write to ada@example.org"),
        ("e-mail-plus", "ada+pram@mail.example.co.uk please"),
        ("link", "see https://example.org/ada"),
        ("www", "see www.example.org"),
        ("bare-domain", "my shop is ada.com"),
        ("phone", "call 0141 496 0123"),
        ("phone-international", "call +44 141 496 0123"),
        ("phone-dashes", "call 555-010-9999"),
        ("phone-in-brackets", "(0141) 496-0123"),
        ("iban", "pay GB33BUKB20201555555555"),
        ("iban-spaced", "pay DE89 3704 0044 0532 0130 00"),
        ("handle", "I am @ada_l"),
    ):
        book.refuses(f"ANO-4 {name}", "generalize", "Contact data never leaves in an RFP.", {"text": text}, "draft")
    book.refuses("ANO-4 in-detail", "generalize", "Nor in a detail.", {"details": ["call 0141 496 0123"]}, "draft")
    for name, text in (
        ("year", "a Peugeot 404 of 1967"),
        ("measures", "80 x 120 cm, 230 V"),
        ("model", "fits iPhone 15, 256 GB"),
        ("price", "up to 1,200.50"),
        ("rate", "4 @ 25 each"),
    ):
        book.accepts(
            f"ANO-4 no-contact-{name}",
            "generalize",
            "Numbers that call nobody.",
            {"text": text},
            "draft",
            output=_output(text=text),
        )


def _rest(book: Chapter) -> None:
    area: dict[str, Json] = {"country": "GB", "name": "Plockton", "population": 49_999}
    book.refuses("ANO-1 village", "generalize", "An area of 49,999.", {"area": area}, "draft")
    book.accepts(
        "ANO-1 town",
        "generalize",
        "An area of 50,000.",
        {"area": area | {"population": 50_000}},
        "draft",
        output=_output(),
    )
    book.refuses(
        "ANO-5 seventeen-details", "generalize", "So many details name their writer.", {"details": ["x"] * 17}, "draft"
    )
    book.accepts(
        "ANO-5 sixteen-details", "generalize", "As many as may be.", {"details": ["x"] * 16}, "draft", output=_output()
    )
