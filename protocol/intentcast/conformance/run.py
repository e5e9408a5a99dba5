"""Runs one vector, and the many cases of a mutation file."""

from __future__ import annotations

from intentcast.conformance import bytes_kinds, record_kinds
from intentcast.conformance.relay_kinds import STAGED
from intentcast.conformance.vector import Given, Json, Outcome, Vector
from intentcast.errors import Ignored, IntentcastError, Misuse, StampTooWeak

KINDS = bytes_kinds.KINDS | record_kinds.KINDS


def run(vector: Vector) -> Outcome:
    """Return what this library makes of a vector; Misuse counts as refused by the writer.

    Raises:
        Misuse: the vector is of no known kind.
    """
    if vector.kind == "mutations":
        return _mutations(vector)
    at = [""]
    try:
        if vector.kind in STAGED:
            output = STAGED[vector.kind](vector, lambda layer: at.__setitem__(0, layer))
        elif vector.kind in KINDS:
            at[0], one = KINDS[vector.kind]
            output = one(vector)
        else:
            raise Misuse("REC-1", f"no vector is of kind {vector.kind}")
    except IntentcastError as error:
        if isinstance(error, Misuse) and not at[0]:
            raise
        expect = "ignore" if isinstance(error, Ignored) else "reject"
        return Outcome(expect, at[0], error.rule, {"bits": error.bits} if isinstance(error, StampTooWeak) else None)
    return Outcome("accept", at[0], None, output)


def _mutations(vector: Vector) -> Outcome:
    """Run each of `cases` [offset, xor, rule] on the bytes of one valid record; tell those that were accepted."""
    given = vector.given
    data, field = given.octets("hex"), given.word("field")
    rules: list[list[Json]] = []
    for offset, mask in _places(given):
        changed = data[:offset] + bytes((data[offset] ^ mask,)) + data[offset + 1 :]
        one = Given({**given.entries("more"), field: changed.hex()})
        rules.append([offset, mask, run(Vector(given.word("of"), one, vector.now, vector.network)).rule])
    accepted = [case for case in rules if case[2] is None]
    if accepted:
        return Outcome("accept", "mutation", None, {"accepted": accepted})
    return Outcome("reject", "mutation", None, {"cases": rules})


def _places(given: Given) -> list[tuple[int, int]]:
    """Return offset and bits to change of each case."""
    places = []
    for case in given.items("cases"):
        match case:
            case [int(offset), int(mask), *_]:
                places.append((offset, mask))
            case _:
                raise Misuse("REC-1", "a case of this vector is no array of offset and bits")
    return places
