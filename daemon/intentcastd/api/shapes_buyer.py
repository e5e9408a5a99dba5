"""What the local API takes and gives for the buyer: needs, previews, RFPs, offers."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from msgspec import Meta

from intentcastd.api.shapes import Given, Money, Quantity, Taken

MAX_SENTENCE_CHARACTERS = 2_000
# A time is 32 bits without a sign on the wire, also once it is rounded up to the end of its month.
MAX_TIME = 2**32 - 1 - 40 * 86_400
MAX_QUANTITY = 10**12
MAX_DECIMALS = 6
MAX_TERMS = 4

Word = Annotated[str, Meta(min_length=1, max_length=64)]
Sentence = Annotated[str, Meta(min_length=1, max_length=MAX_SENTENCE_CHARACTERS)]
CloseReason = Literal["filled", "withdrawn", "replaced", "no_fit"]
Condition = Literal["new", "used", "refurbished", "any"]
How = Literal["deliver", "onsite", "pickup", "remote"]
Kind = Literal["goods", "service", "rental"]
Pace = Literal["quiet", "normal", "fast", "live"]


class ReadNeed(Taken, frozen=True):
    """A sentence to read."""

    text: Sentence


class Guess(Given, frozen=True):
    """One thing that was read: how sure, and from which words."""

    value: Any
    label: str
    confidence: float
    words: str = ""


class Choice(Given, frozen=True):
    """One answer to a question."""

    value: str
    label: str


class Question(Given, frozen=True):
    """Something that the sentence leaves open; until it is answered, the first choice is what was read."""

    field: str
    what: str
    flag: str
    choices: list[Choice]


class Need(Given, frozen=True):
    """A sentence as it was understood. All of it stays home."""

    text: str
    kind: Guess
    quantity: Guess
    details: dict[str, Guess]
    private: list[str]
    leftover: list[str]
    notes: list[str]
    category: Guess | None = None
    service: Guess | None = None
    area: Guess | None = None
    place: str | None = None
    when: Guess | None = None
    budget: Guess | None = None
    condition: Guess | None = None
    how: Guess | None = None
    gtin: Guess | None = None
    questions: tuple[Question, ...] = ()


class DetailQuantity(Taken, frozen=True):
    """A detail that is measured."""

    value: int
    unit: Annotated[str, Meta(pattern="^[A-Z0-9]{2,3}$")]
    scale: Annotated[int, Meta(ge=0, le=6)] = 0


class CastRequest(Taken, frozen=True):
    """A need as a person gives it: a sentence, fields, or both; a field goes over what the sentence says.

    Attributes:
        code: a GTIN instead of words.
        by: UNIX seconds, or words such as "Saturday" or "2026-12-24".
        budget: such as "400 EUR"; it stays home unless `publish_budget`.
        words: free text to publish.
        ttl_seconds: how long the RFP shall live.
    """

    text: Sentence | None = None
    code: Annotated[str, Meta(pattern="^[0-9]{8,14}$")] | None = None
    category: Annotated[str, Meta(max_length=64)] | None = None
    service: Annotated[str, Meta(max_length=64)] | None = None
    kind: Kind | None = None
    details: dict[Word, str | int | bool | DetailQuantity] | None = None
    near: Annotated[str, Meta(max_length=120)] | None = None
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")] | None = None
    by: (
        Annotated[str, Meta(max_length=80)]
        | Annotated[int, Meta(extra_json_schema={"minimum": 0, "maximum": MAX_TIME})]
        | None
    ) = None
    quantity: Decimal | None = None
    unit: Annotated[str, Meta(pattern="^[A-Z0-9]{2,3}$")] | None = None
    budget: Annotated[str, Meta(max_length=40)] | None = None
    publish_budget: bool = False
    condition: Condition | None = None
    how: list[How] | None = None
    words: Annotated[str, Meta(max_length=MAX_SENTENCE_CHARACTERS)] | None = None
    terms: Annotated[list[Word], Meta(max_length=MAX_TERMS, extra_json_schema={"uniqueItems": True})] | None = None
    ttl_seconds: Annotated[int, Meta(ge=60, le=14 * 86_400)] | None = None
    pace: Pace | None = None

    def __post_init__(self) -> None:
        """Refuse what no RFP could hold, before anything is reckoned with it.

        Raises:
            ValueError: with words for the person; msgspec makes a ValidationError of it.
        """
        if isinstance(self.by, int) and not 0 <= self.by <= MAX_TIME:
            raise ValueError(f'`by` is UNIX seconds from 0 to {MAX_TIME}, or words such as "Saturday" or "2026-12-24"')
        if self.quantity is not None and not _is_countable(self.quantity):
            raise ValueError(
                f"`quantity` is a number above 0 and at most {MAX_QUANTITY}, with at most {MAX_DECIMALS} decimals, "
                "such as 3 or 2.5"
            )
        if self.terms is not None and len(set(self.terms)) < len(self.terms):
            raise ValueError("`terms` names the same terms twice: name each once")


def _is_countable(number: Decimal) -> bool:
    """Tell whether a quantity is one, from its size first: arithmetic with 1e400000 takes seconds."""
    if not number.is_finite() or number.is_signed() or number.is_zero() or number.adjusted() > 12:
        return False
    return int(number.as_tuple().exponent) >= -MAX_DECIMALS and number <= MAX_QUANTITY


class Home(Given, frozen=True):
    """One thing that stays home, and why."""

    field: str
    value: str
    why: str


class Change(Given, frozen=True):
    """One thing that leaves less exactly than it was meant, and by which rule."""

    field: str
    rule: str
    before: str
    after: str


class Learn(Given, frozen=True):
    """Who could learn what."""

    who: str
    what: str


class Preview(Given, frozen=True):
    """All that would leave, and all that would not, before anything does.

    Attributes:
        public: the RFP's body as it was decoded from the very bytes that would go out.
        crowd: how many people could have asked the same; null where it is not measured.
        path: the relays on the way, as words.
        envelope_unsigned_hex: those bytes: the envelope without nonce and signature, which are still to come.
    """

    id: str
    need: Need
    public: dict[str, Any]
    home: list[Home]
    changes: list[Change]
    size: int
    effort: int
    stamp_seconds_estimate: float
    expires: int
    crowd: int | None
    network: str
    path: list[str]
    hold_mean_seconds: int
    learn: list[Learn]
    warnings: list[str]
    envelope_unsigned_hex: str


class Cast(Taken, frozen=True):
    """Yes to a preview."""

    preview: Word


class Progress(Given, frozen=True):
    """How far the stamp is: tries that were made, and how many it takes on average."""

    done: int
    of: int


class Moment(Given, frozen=True):
    """One step in the life of an RFP."""

    at: int
    what: str


class BoardState(Given, frozen=True):
    """One board of an RFP; `complete` is null where it was not read yet."""

    board: str
    complete: bool | None


class Rfp(Given, frozen=True):
    """One RFP as its author sees it; `rfp` is its id on the wire, once it is signed."""

    id: str
    rfp: str | None
    state: Literal["stamping", "held", "sent", "live", "closed", "expired", "failed"]
    reason: str | None
    text: str
    category: str
    category_label: str
    area: str | None
    created_at: int
    expires: int
    offers: int
    refused: dict[str, int]
    progress: Progress | None
    timeline: list[Moment]
    boards: list[BoardState]


class Rfps(Given, frozen=True):
    """All RFPs, newest first."""

    rfps: list[Rfp]


class CloseRfp(Taken, frozen=True):
    """Why an RFP ends."""

    reason: CloseReason = "withdrawn"


# --- offers ----------------------------------------------------------------------------------------------------------


class OfferVendor(Given, frozen=True):
    """Who offers; `domain` where it was proven."""

    name: str
    key: str
    card: str
    domain: str | None


class OfferItem(Given, frozen=True):
    """One line of an option; `price` is for one unit."""

    name: str
    price: Money
    quantity: Quantity
    gtin: str | None = None
    sku: str | None = None
    brand: str | None = None


class OfferShip(Given, frozen=True):
    """How it comes; what is null is not stated."""

    mode: How
    price: Money | None = None
    hours: int | None = None


class OfferTax(Given, frozen=True):
    """Whether the prices hold the tax, and if not, how much comes on top, if stated."""

    included: bool
    price: Money | None = None


class OfferFee(Given, frozen=True):
    """A charge on top; without a price it is not stated how much."""

    code: str
    price: Money | None = None


class Landed(Given, frozen=True):
    """What an option costs when it has arrived; `total` is null where a part is not stated."""

    items: Money
    ship: Money | None
    tax: Money | None
    fees: Money | None
    known: Money
    total: Money | None
    missing: list[str]
    contradicts: bool


class OfferOption(Given, frozen=True):
    """One way to meet the need."""

    id: str
    title: str
    items: list[OfferItem]
    ship: OfferShip
    tax: OfferTax
    fees: list[OfferFee]
    condition: str | None
    meets: dict[str, Literal["yes", "no", "unstated"]]
    returns_days: int | None
    warranty_months: int | None
    landed: Landed


class OfferAsk(Given, frozen=True):
    """A personal field that the vendor wants at acceptance, and what for."""

    field: str
    purpose: str


class OfferTerms(Given, frozen=True, omit_defaults=True):
    """Which terms the vendor takes, or offers instead."""

    accept: str | None = None
    alternative: str | None = None


class Offer(Given, frozen=True):
    """One offer; `number` counts within its RFP by arrival and never changes, `rank` does."""

    id: str
    number: int
    rank: int
    rfp: str
    vendor: OfferVendor
    received_at: int
    seconds_since_cast: int
    options: list[OfferOption]
    best_option: str
    over_budget: bool | None
    difference_minor: int | None
    asks: list[OfferAsk]
    terms: OfferTerms
    terms_distance: int | None
    valid_until: int
    note: str | None
    state: str


class Offers(Given, frozen=True):
    """The offers for one RFP by rank, and how many notes were refused for which reason."""

    offers: list[Offer]
    refused: dict[str, int]
