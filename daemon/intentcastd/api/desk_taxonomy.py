"""The desk's part that keeps the list of categories."""

from __future__ import annotations

from pathlib import Path

import trio

from intentcastd.api.parts import Parts
from intentcastd.api.shapes_taxonomy import Taxonomy
from intentcastd.buyer.reading import warm_up
from intentcastd.data import imported, taxonomy


class TaxonomyDesk:
    """The part of the Backend that is about categories."""

    parts: Parts

    async def taxonomy(self) -> Taxonomy:
        """The categories that are in use."""
        return _view()

    async def import_taxonomy(self, content: bytes) -> Taxonomy:
        """Take a list in place of the one that was imported before."""
        await trio.to_thread.run_sync(imported.keep, self.parts.home.root, content)
        return _view()


async def ready_to_read(root: Path, nursery: trio.Nursery) -> None:
    """Take the list that the profile has, and load the tables in the background: the first sentence shall not wait.

    Raises:
        DamagedTaxonomy: the list in the profile is not the one that was imported.
    """
    await trio.to_thread.run_sync(imported.load, root)
    nursery.start_soon(trio.to_thread.run_sync, warm_up)


def _view() -> Taxonomy:
    ours, theirs = taxonomy.categories(), taxonomy.imported()
    return Taxonomy(
        ours=len(ours),
        imported=len(theirs),
        edition=taxonomy.imported_name(),
        added=len(theirs.keys() - ours.keys()),
    )
