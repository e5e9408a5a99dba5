"""Needs, previews and RFPs as the API shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from intentcast.networks import Network
from intentcast.records.anonymity import Change
from intentcast.records.rfp import Rfp
from intentcast.records.vocabulary import Area, Band, Quantity, When
from intentcastd.api import shapes_buyer
from intentcastd.buyer.casting import Preview
from intentcastd.buyer.need import Guess, Need, Question
from intentcastd.data import taxonomy
from intentcastd.data.currencies import amount_text

# What one core of an ordinary machine tries in a second, measured with Python's BLAKE2b.
TRIES_PER_SECOND = 800_000


def need_view(need: Need) -> shapes_buyer.Need:
    """Return a need as it was understood."""
    return shapes_buyer.Need(
        text=need.text,
        kind=_guess(need.kind),
        quantity=_guess(need.quantity),
        category=_optional(need.category),
        service=_optional(need.service),
        details={name: _guess(guess) for name, guess in need.details.items()},
        area=_optional(need.area),
        place=need.place,
        when=_optional(need.when),
        budget=_optional(need.budget),
        condition=_optional(need.condition),
        how=_optional(need.how),
        gtin=_optional(need.gtin),
        private=list(need.private),
        leftover=list(need.leftover),
        notes=list(need.notes),
        questions=tuple(_question(question) for question in need.questions),
    )


def _question(question: Question) -> shapes_buyer.Question:
    choices = [shapes_buyer.Choice(value=choice.value, label=choice.label) for choice in question.choices]
    return shapes_buyer.Question(field=question.field, what=question.what, flag=question.flag, choices=choices)


def _optional(guess: Guess[Any] | None) -> shapes_buyer.Guess | None:
    return None if guess is None else _guess(guess)


def _guess(guess: Guess[Any]) -> shapes_buyer.Guess:
    return shapes_buyer.Guess(
        value=plain(guess.value), label=label(guess.value), confidence=guess.confidence, words=guess.words
    )


def plain(value: object) -> Any:
    """Return a value of the vocabulary as JSON."""
    match value:
        case Area() | Band() | Quantity() | When():
            return value.to_map()
        case tuple():
            return list(value)
        case _:
            return value


def label(value: object) -> str:
    """Return a value for people."""
    match value:
        case Area():
            return f"{value.name}, {value.country} ({value.population:,} people)"
        case Quantity():
            number = value.value / 10**value.scale
            return f"{number:g}" if value.unit == "C62" else f"{number:g} {value.unit}"
        case Band():
            low = f"{amount_text(value.currency, value.low)} to " if value.low else "up to "
            return f"{low}{amount_text(value.currency, value.high)} {value.currency}"
        case When():
            return f"by the end of the {value.grain}"
        case str():
            return taxonomy.path(value) or value
        case tuple():
            return ", ".join(str(item) for item in value)
        case _:
            return str(value)


def preview_view(
    preview: Preview, need: Need, network: Network, path: list[str], area: Area | None
) -> shapes_buyer.Preview:
    """Return all that would leave, and all that would not."""
    return shapes_buyer.Preview(
        id=preview.id,
        need=need_view(need),
        public=public_map(preview.public),
        home=_home(need, preview),
        changes=[_change(change) for change in preview.changes],
        size=preview.size,
        effort=preview.effort,
        stamp_seconds_estimate=round(2**preview.effort / TRIES_PER_SECOND, 2),
        expires=preview.expires,
        crowd=area.population if area else None,
        network=network.name,
        path=path,
        hold_mean_seconds=network.hold_mean_seconds,
        learn=_learn(network),
        warnings=_warnings(need, preview),
        envelope_unsigned_hex=preview.unstamped.data.hex(),
    )


def _change(change: Change) -> shapes_buyer.Change:
    return shapes_buyer.Change(field=change.field, rule=change.rule, before=change.before, after=change.after)


def public_map(rfp: Rfp) -> dict[str, Any]:
    """Return what an RFP's body says, as JSON; keys and salts in hexadecimal."""
    shown: dict[str, Any] = {
        "category": rfp.category,
        "category_label": label(rfp.category),
        "kind": rfp.kind,
        "quantity": plain(rfp.quantity),
        "boards": [board.hex() for board in rfp.boards],
        "box": rfp.box.hex(),
        "salt": rfp.salt.hex(),
        "shard": rfp.shard,
        "terms": {"all": rfp.terms.everyone.id, "chosen": [ref.id for ref in rfp.terms.chosen]},
    }
    optional = {
        "area": plain(rfp.area),
        "budget": plain(rfp.budget),
        "condition": rfp.condition,
        "details": {name: plain(value) for name, value in rfp.details.items()} or None,
        "gtin": rfp.gtin,
        "how": list(rfp.how) or None,
        "service": rfp.service,
        "text": rfp.text,
        "when": plain(rfp.when),
        "work": rfp.work,
    }
    return shown | {name: value for name, value in optional.items() if value is not None}


def _home(need: Need, preview: Preview) -> list[shapes_buyer.Home]:
    """Return what stays home, and why."""
    stays = [shapes_buyer.Home(field="sentence", value=need.text, why="your own words never leave")]
    if need.place:
        stays.append(shapes_buyer.Home(field="place", value=need.place, why="only the named area leaves"))
    if need.when is not None and preview.public.when is not None and need.when.value.by != preview.public.when.by:
        stays.append(shapes_buyer.Home(field="when", value=_moment(need), why="only the hour, day or month leaves"))
    if need.budget is not None and preview.public.budget is None:
        stays.append(
            shapes_buyer.Home(field="budget", value=label(need.budget.value), why="a limit told is a price asked")
        )
    stays += [
        shapes_buyer.Home(field="private", value=words, why="it names you or somebody near you")
        for words in need.private
    ]
    stays.append(shapes_buyer.Home(field="keys", value="two new key pairs", why="used for this RFP alone"))
    return stays


def _moment(need: Need) -> str:
    """Return the exact time where it is meant."""
    assert need.when is not None
    return datetime.fromtimestamp(need.when.value.by, ZoneInfo(need.tz)).strftime("%Y-%m-%d %H:%M %Z")


def _learn(network: Network) -> list[shapes_buyer.Learn]:
    exit_learns = shapes_buyer.Learn(who="exit relay", what="the RFP, not who sent it")
    guard = shapes_buyer.Learn(who="guard relay", what="that you use intentcast, not what you ask")
    others = [
        shapes_buyer.Learn(who="all relays and vendors", what="the RFP as shown here"),
        shapes_buyer.Learn(who="a vendor that answers", what="nothing more before both have signed"),
    ]
    if network.circuit_relays == 1:
        direct = shapes_buyer.Learn(who="the relay that takes it", what="the RFP and this machine's address")
        return [direct, *others]
    return [guard, exit_learns, *others]


def _warnings(need: Need, preview: Preview) -> list[str]:
    warnings = list(need.notes)
    if preview.public.area is None:
        warnings.append("No place is named: vendors everywhere will see this.")
    if len(preview.public.details) > 5:
        warnings.append("Many details together may point at you: leave out what a vendor does not need.")
    return [*warnings, *(link.words for link in preview.links)]
