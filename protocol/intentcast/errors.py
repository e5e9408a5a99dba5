"""The errors of the protocol, by who is to blame.

Every error carries the id of the rule in the specification that it stands on. Its text never holds a
peer's bytes or an address, so that it can be logged and sent.
"""

from __future__ import annotations


class IntentcastError(Exception):
    """Any error of this library.

    Attributes:
        rule: id of the rule in specs/, such as "ENV-6".
        reason: what is wrong, one clause.
        code: word of the frames registry (errors) that a peer is told.
    """

    def __init__(self, rule: str, reason: str, code: str = "malformed") -> None:
        super().__init__(f"{rule}: {reason}")
        self.rule = rule
        self.reason = reason
        self.code = code


class Rejected(IntentcastError):
    """The bytes break the specification: whoever sent them is at fault."""


class Ignored(IntentcastError):
    """Sound bytes that have no effect here and now: nobody is at fault."""


class Misuse(IntentcastError):
    """Our own caller broke the contract of a function."""


class StampTooWeak(Rejected):
    """The stamp is honest, but holds less work than is asked for.

    Attributes:
        bits: effort that would do.
    """

    def __init__(self, rule: str, bits: int) -> None:
        super().__init__(rule, f"the stamp is too weak: {bits} bits are needed", "stamp")
        self.bits = bits
