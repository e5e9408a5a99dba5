"""The vendors of the demo and what each is there to show. Their shops are files beside this one, in the formats of real shops.

Every shop has something for each of seven needs: a city bike, a stroller for twins, a laptop power supply, a minivan with
a roof rack, wheel rims for an old Peugeot, a voltage converter and boots in size 9E.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import Final

_CATALOGUES: Final = ("goods.csv", "services.csv")


@dataclass(frozen=True, slots=True)
class Character:
    """One vendor.

    Attributes:
        name: of its folder, here and in the demo.
        title: as its vendor.toml has it.
        shows: what it is there for, for people.
        is_late: whether it starts only after the cast.
    """

    name: str
    title: str
    shows: str
    is_late: bool = False

    def profile(self) -> bytes:
        """Return its vendor.toml."""
        return resources.files(__package__).joinpath("shops", self.name, "vendor.toml").read_bytes()

    def catalogues(self) -> list[bytes]:
        """Return its catalogue files, as a shop exports them."""
        shop = resources.files(__package__).joinpath("shops", self.name)
        return [file.read_bytes() for name in _CATALOGUES if (file := shop.joinpath(name)).is_file()]


CHARACTERS: Final = (
    Character("bargain-barn", "Bargain Barn", "the lowest total; asks for an address"),
    Character("quiet-coop", "Quiet Co-op", "your best terms; asks to know nothing"),
    Character("nosy-and-sons", "Nosy & Sons", "asks for more than it needs"),
    Character("small-print", "Small Print Ltd", "names a fee without a price"),
    Character("late-lark", "Late Lark", "is offline when you cast; answers through the boards", is_late=True),
)

SPAMMER: Final = "Loudhailer Deals"
"""The sixth: no shop at all, and a stamp that is too weak. See spammer.py."""

NEED: Final = "city bike, used is fine, near 1010 Vienna, within three days, up to 400 EUR"
"""What is cast if the person names no need: a place, a time and a limit, so that one sees what stays home."""
