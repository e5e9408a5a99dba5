"""Finding the items that may answer an RFP without reading all 100,000 of them.

The index narrows down and never decides: what it hands over is judged item by item in matching.py.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from typing import Final, TypeAlias, TypeVar

from intentcast.records.rfp import Detail, Rfp
from intentcast.records.vocabulary import Quantity, gtin14
from intentcastd.data.folding import fold
from intentcastd.vendor import units
from intentcastd.vendor.catalogue.item import Item
from intentcastd.vendor.catalogue.search_words import search_words
from intentcastd.vendor.stated import FOREVER, Spans, Stated, is_size, plain_size

# Up to so many items on the branch are all looked at; beyond, the rarest words and details choose among them.
MAX_POOL: Final = 20_000
_MAX_YEARS: Final = 80

# Unsigned ints: four bytes an entry, where a list needs eight and an object.
Ids: TypeAlias = "array[int]"
Fact: TypeAlias = tuple[str, str]
_Key = TypeVar("_Key", str, Fact)


class CatalogueIndex:
    """All items of a catalogue, with the ways to them. Built once per import and never changed."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.items: tuple[Item, ...] = tuple(items)
        self._by_gtin: dict[str, Ids] = {}
        self._below: dict[str, Ids] = {}
        self._at: dict[str, Ids] = {}
        self._by_word: dict[str, Ids] = {}
        self._by_fact: dict[Fact, Ids] = {}
        for place, item in enumerate(self.items):
            self._add(place, item)

    def __len__(self) -> int:
        return len(self.items)

    def with_gtin(self, gtin: str) -> list[int]:
        """Return the places of the items with this code, of whatever length it is written."""
        return list(self._by_gtin.get(gtin14(gtin), ()))

    def pool(self, rfp: Rfp, words: Collection[str]) -> list[int]:
        """Return the places of the items worth judging, the most promising first."""
        branch = self._branch(rfp)
        facts = [self._by_fact[fact] for fact in _wanted_facts(rfp) if fact in self._by_fact]
        chosen = {*self.with_gtin(rfp.gtin)} if rfp.gtin else set()
        if sum(map(len, branch)) <= MAX_POOL:
            chosen.update(*branch)
        else:
            chosen |= self._narrowed(words, facts)
        fact_sets = [frozenset(ids) for ids in facts if len(ids) <= MAX_POOL]
        wanted = frozenset(words)
        return sorted(chosen, key=lambda place: (-self._promise(place, wanted, fact_sets), place))

    def _promise(self, place: int, wanted: frozenset[str], facts: list[frozenset[int]]) -> int:
        return len(wanted.intersection(self.items[place].words)) + 4 * sum(place in ids for ids in facts)

    def _branch(self, rfp: Rfp) -> list[Ids]:
        """Return the items on the RFP's branches of categories and of services, above and below."""
        found = [ids for ids in [self._below.get(rfp.category)] if ids]
        found += [self._at[code] for code in _ancestors(rfp.category, "-") if code in self._at]
        if rfp.service is not None:
            found += [ids for ids in [self._below.get("." + rfp.service)] if ids]
            names = ("." + word for word in _ancestors(rfp.service, "."))
            found += [self._at[name] for name in names if name in self._at]
        return found

    def _narrowed(self, words: Collection[str], facts: list[Ids]) -> set[int]:
        lists = facts + [self._by_word[word] for word in words if word in self._by_word]
        chosen: set[int] = set()
        for ids in sorted(lists, key=len):
            room = MAX_POOL - len(chosen)
            if chosen and len(ids) > room:
                break
            chosen.update(ids[:room])
        return chosen

    def _add(self, place: int, item: Item) -> None:
        if item.gtin is not None:
            _put(self._by_gtin, gtin14(item.gtin), place)
        names = [(item.category, "-")] if item.category is not None else []
        names += [("." + item.service, ".")] if item.service is not None else []
        for name, sign in names:
            _put(self._at, name, place)
            for above in (name, *_ancestors(name, sign)):
                _put(self._below, above, place)
        for word in item.words:
            _put(self._by_word, word, place)
        for name, stated in item.attributes.items():
            for token in _tokens(name, stated):
                _put(self._by_fact, (name, token), place)


def _put(ids: dict[_Key, Ids], key: _Key, place: int) -> None:
    found = ids.get(key)
    if found is None:
        ids[key] = array("I", (place,))
    elif found[-1] != place:
        found.append(place)


def words_of(rfp: Rfp) -> tuple[str, ...]:
    """Return the words that an RFP holds outside its codes: free text and details."""
    return search_words([*(_text(value) for value in rfp.details.values()), rfp.text or ""])


def _text(value: Detail) -> str:
    if isinstance(value, Quantity):
        return str(_plain(Decimal(value.value).scaleb(-value.scale)))
    return "" if isinstance(value, bool) else str(value)


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")


def _ancestors(name: str, sign: str) -> Iterator[str]:
    """Yield what a name continues, the nearest first; services keep the dot that they begin with."""
    while (cut := name.rfind(sign)) > 0:
        name = name[:cut]
        yield name


def _tokens(name: str, stated: Stated) -> Iterator[str]:
    """Yield the forms under which what an item states is looked up."""
    match stated:
        case bool():
            yield str(stated)
        case Spans():
            for low, high in stated.spans:
                yield from _numbers(low, high, stated.unit)
        case _:
            for value in stated.values:
                yield from [plain_size(value)] if is_size(name) else fold(value).split()


def _numbers(low: Decimal, high: Decimal, unit: str) -> Iterator[str]:
    last = min(high, low + _MAX_YEARS) if high == FOREVER else high
    if low == last:
        yield _plain(low)
    elif unit == "" and last - low <= _MAX_YEARS:
        yield from (str(number) for number in range(int(low), int(last) + 1))


def _wanted_facts(rfp: Rfp) -> Iterator[Fact]:
    for name, value in rfp.details.items():
        match value:
            case bool():
                yield name, str(value)
            case int():
                yield name, str(value)
            case Quantity():
                _, factor = units.base(value.unit)
                yield name, _plain(Decimal(value.value).scaleb(-value.scale) * factor)
            case str():
                for token in [plain_size(value)] if is_size(name) else fold(value).split():
                    yield name, token
