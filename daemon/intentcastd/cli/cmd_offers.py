"""`intentcast offers`: what vendors offer, one by one and side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from intentcastd.cli.cmd_rfps import LATEST
from intentcastd.cli.commands import group
from intentcastd.cli.exits import Exit
from intentcastd.cli.failures import CommandFailed
from intentcastd.cli.session import Session, pass_session

if TYPE_CHECKING:
    from intentcastd.api.shapes_buyer import Offer, Offers
    from intentcastd.cli.api_client import Api


@group("offers", "intentcast offers compare", "intentcast offers show 2", runs_alone=True)
@click.pass_context
def offers(context: click.Context) -> int:
    """The offers that came for an RFP; without a name, for the latest one."""
    return int(context.invoke(list_offers, rfp=LATEST)) if context.invoked_subcommand is None else Exit.DONE


@offers.command("list", epilog="\b\nExamples:\n  intentcast offers list r1")
@click.argument("rfp", default=LATEST, metavar="[RFP]")
@pass_session
def list_offers(session: Session, rfp: str) -> int:
    """List the offers for an RFP, the best first."""
    from intentcastd.cli.offer_view import line

    with session.api() as api:
        found = _offers(api, _named(session, api, rfp))
    if session.out.json:
        session.out.document("offers", found)
        return Exit.DONE
    _say_none(session, found)
    for offer in found.offers:
        session.out.line(line(offer))
    return Exit.DONE


@offers.command("show", epilog="\b\nExamples:\n  intentcast offers show 2\n  intentcast offers show 2 --rfp r1")
@click.argument("offer", metavar="OFFER")
@click.option("--rfp", default=LATEST, metavar="RFP", help="The RFP in which OFFER is a number.")
@pass_session
def show_offer(session: Session, offer: str, rfp: str) -> int:
    """Show one offer, by its number or its id."""
    from intentcastd.cli.offer_view import page

    with session.api() as api:
        found = _offer(api, offer, rfp)
    if session.out.json:
        session.out.document("offer", found)
        return Exit.DONE
    for text in page(found):
        session.out.line(text)
    return Exit.DONE


@offers.command("compare", epilog="\b\nExamples:\n  intentcast offers compare\n  intentcast offers compare r1")
@click.argument("rfp", default=LATEST, metavar="[RFP]")
@pass_session
def compare_offers(session: Session, rfp: str) -> int:
    """Put the offers for an RFP side by side: what it comes to, when, how, and what they want to know."""
    import sys

    from intentcastd.cli.comparison import compare

    with session.api() as api:
        found = _offers(api, _named(session, api, rfp))
    if session.out.json:
        session.out.document("offers", found)
        return Exit.DONE
    _say_none(session, found)
    session.out.show(*compare(found.offers, session.out.console(sys.stdout).width))
    return Exit.DONE


def _offers(api: Api, rfp: str) -> Offers:
    from intentcastd.api.shapes_buyer import Offers
    from intentcastd.cli.api_client import part

    return api.get(f"/v1/rfps/{part(rfp)}/offers", Offers)


def _offer(api: Api, offer: str, rfp: str) -> Offer:
    from intentcastd.api.shapes_buyer import Offer
    from intentcastd.cli.api_client import part

    if not (offer.isdigit() and len(offer) < 6):
        return api.get(f"/v1/offers/{part(offer)}", Offer)
    for found in _offers(api, rfp).offers:
        if found.number == int(offer):
            return found
    raise CommandFailed(
        "offer.unknown", f"There is no offer {offer}.", "See all: intentcast offers list", Exit.NOT_FOUND
    )


def _say_none(session: Session, found: Offers) -> None:
    refused = sum(found.refused.values())
    if not found.offers:
        session.out.note("There are no offers yet. Wait for them: intentcast watch")
    if refused:
        session.out.note(f"refused because they broke a rule: {refused}; see intentcast rfps show")


def _named(session: Session, api: Api, rfp: str) -> str:
    """Return which RFP is meant, and say it where nobody named one."""
    from intentcastd.api.shapes_buyer import Rfp

    if rfp != LATEST or session.out.json:
        return rfp
    found = api.get(f"/v1/rfps/{LATEST}", Rfp)
    session.out.note(f"Offers for {found.id}, the latest RFP.")
    return found.id
