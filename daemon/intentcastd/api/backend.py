"""The seam between the API and the rooms below: one method for each route, plain data in and out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from intentcastd.api import shapes, shapes_buyer, shapes_match, shapes_taxonomy, shapes_vendor


class ApiProblem(Exception):
    """Something was not done; the client reads it as problem+json.

    Attributes:
        status: 400, 401, 403, 404, 408, 409, 413, 421, 422, 503 or 507.
        code: stable words for programs; the first one decides the command line's exit code (cli/exits.py):
            "privacy.…" refused by a rule that protects the person, "network.…" nobody could be reached,
            "gone.…" a precondition that no longer holds.
        message: what happened and why.
        hint: what to do next.
        exit: exit code of a command that shows it, where the code does not say it already.
    """

    def __init__(self, status: int, code: str, message: str, hint: str, exit: int | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.hint = hint
        self.exit = exit


class Backend(Protocol):
    """What the daemon can do for its person. Each method raises ApiProblem where it cannot."""

    async def status(self) -> shapes.Status:
        """GET /v1/status."""
        ...

    async def stop(self) -> None:
        """POST /v1/stop: begin to end the daemon, and return at once."""
        ...

    async def choose_network(self, choice: shapes.ChooseNetwork) -> shapes.Status:
        """POST /v1/network."""
        ...

    async def relay(self) -> shapes.Relay:
        """GET /v1/relay; 404 where this daemon is none."""
        ...

    async def read_need(self, text: str) -> shapes_buyer.Need:
        """POST /v1/needs/read."""
        ...

    async def preview(self, request: shapes_buyer.CastRequest) -> shapes_buyer.Preview:
        """POST /v1/previews: make the body, show it, send nothing."""
        ...

    async def cast(self, preview: str) -> shapes_buyer.Rfp:
        """POST /v1/rfps: return once the vault's row is on disk; `gone.preview` (409) where the preview is too old."""
        ...

    async def rfps(self) -> Sequence[shapes_buyer.Rfp]:
        """GET /v1/rfps, newest first."""
        ...

    async def rfp(self, name: str) -> shapes_buyer.Rfp:
        """GET /v1/rfps/{name}: an own name such as "r1", an id on the wire, or "latest"."""
        ...

    async def close_rfp(self, name: str, reason: str) -> shapes_buyer.Rfp:
        """POST /v1/rfps/{name}/close."""
        ...

    async def offers(self, rfp: str) -> shapes_buyer.Offers:
        """GET /v1/rfps/{name}/offers, by rank."""
        ...

    async def offer(self, offer: str) -> shapes_buyer.Offer:
        """GET /v1/offers/{id}."""
        ...

    async def last_event(self) -> int:
        """Return the highest event number that was given, 0 before the first."""
        ...

    async def events(self, since: int, most: int) -> Sequence[shapes.Event]:
        """Return at most `most` events after number `since`, oldest first, and do not wait for any."""
        ...

    async def wait_for_event(self, since: int) -> None:
        """Return when there is an event after number `since`; at once if there is one."""
        ...

    async def open_shop(self, shop: shapes_vendor.OpenShop) -> shapes_vendor.Vendor:
        """POST /v1/vendor: write vendor.toml."""
        ...

    async def vendor(self) -> shapes_vendor.Vendor:
        """GET /v1/vendor; 404 where there is no shop."""
        ...

    async def import_catalogue(self, file: Path, query: shapes_vendor.ImportQuery) -> shapes_vendor.ImportReport:
        """POST /v1/vendor/catalogue: `file` lies there for the length of this call."""
        ...

    async def catalogue(self) -> shapes_vendor.Catalogue:
        """GET /v1/vendor/catalogue."""
        ...

    async def taxonomy(self) -> shapes_taxonomy.Taxonomy:
        """GET /v1/taxonomy."""
        ...

    async def import_taxonomy(self, content: bytes) -> shapes_taxonomy.Taxonomy:
        """POST /v1/taxonomy: check a list of categories, and take it in place of the last."""
        ...

    async def match_need(self, request: shapes_buyer.CastRequest) -> shapes_match.Match:
        """POST /v1/vendor/match: judge the own catalogue by a need, and send nothing."""
        ...

    async def save_map(self, request: shapes_match.SaveMap) -> shapes_match.SavedMap:
        """POST /v1/vendor/catalogue/map: keep a map of columns."""
        ...
