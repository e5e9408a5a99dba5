"""From a sentence to a need: local, deterministic, one reader per kind of meaning."""

from intentcast.units import UnixSeconds
from intentcastd.buyer.profile import NOBODY
from intentcastd.buyer.reading.assembly import read

__all__ = ["read", "warm_up"]


def warm_up() -> None:
    """Load the tables of both languages, so that the first sentence of a person waits for nothing."""
    for text in ("a lamp in Leeds by Friday", "eine Lampe in Ulm bis Freitag", "Lampe Ulm"):
        read(text, UnixSeconds(0), NOBODY)
