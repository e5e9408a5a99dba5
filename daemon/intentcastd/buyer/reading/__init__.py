"""From a sentence to a need: local, deterministic, one reader per kind of meaning."""

from intentcastd.buyer.reading.assembly import read

__all__ = ["read"]
