"""Chapter 02: signatures that verifiers disagree about. All made here, in the manner of the known studies of Ed25519.

A canary is accepted by some verifier in use: one that multiplies by the cofactor, one that does not refuse points
of small order, one that reduces S or the coordinates. Whoever accepts a canary splits the network.
"""

from __future__ import annotations

from collections.abc import Iterator

from scripts.vectorlib.case import Chapter
from scripts.vectorlib.curve import (
    BASE,
    IDENTITY,
    L,
    P,
    Point,
    add,
    challenge,
    encoded,
    octets,
    secret_of,
    times,
    torsion,
)

from intentcast.ids import label
from intentcast.testing.entropy import SeededEntropy

_LABEL = label("vector", "sign")
_SEED = SeededEntropy("odd signatures").bytes(32)
_a = secret_of(_SEED)
_A = times(_a, BASE)
_r = 0x1234567890ABCDEF1234567890ABCDEF
_T8 = torsion()
_ENTROPY = SeededEntropy("odd messages")


def chapter() -> Chapter:
    book = Chapter("02-cryptography")
    _plain(book)
    _scalars(book)
    _small_order(book)
    _mixed_order(book)
    _not_canonical(book)
    _lengths_and_labels(book)
    return book


def _signed(message: bytes, A: bytes, R: bytes, r: int = _r) -> tuple[bytes, int]:
    """Return a signature whose S answers the challenge of these very encodings, and the challenge."""
    k = challenge(R, A, _LABEL + message)
    return R + octets((r + k * _a) % L), k


def _case(
    book: Chapter, slug: str, comment: str, A: bytes, message: bytes, signature: bytes, *, group: str = "negative"
) -> None:
    given = {"public": A.hex(), "label": _LABEL.hex(), "message": message.hex(), "signature": signature.hex()}
    if group == "positive":
        book.accepts(f"CRY-4 {slug}", "signature", comment, given, "signature")
    else:
        book.refuses(f"CRY-4 {slug}", "signature", comment, given, "signature", group=group)


def _messages() -> Iterator[bytes]:
    number = 0
    while True:
        yield b"message %d" % number
        number += 1


def _plain(book: Chapter) -> None:
    A, R = encoded(_A), encoded(times(_r, BASE))
    signature, _ = _signed(b"hello", A, R)
    _case(book, "plain", "Key and R of large order, S below L.", A, b"hello", signature, group="positive")
    empty, _ = _signed(b"", A, R)
    _case(book, "empty-message", "Nothing but the label is signed.", A, b"", empty, group="positive")
    _case(book, "other-message", "A sound signature of another message.", A, b"hellp", signature)
    _case(book, "other-key", "A sound signature of another key.", encoded(times(_a + 1, BASE)), b"hello", signature)
    _case(book, "zero-signature", "64 zero bytes.", A, b"hello", bytes(64))
    _case(book, "swapped-halves", "S before R.", A, b"hello", signature[32:] + signature[:32])


def _scalars(book: Chapter) -> None:
    A, R = encoded(_A), encoded(times(_r, BASE))
    signature, _ = _signed(b"hello", A, R)
    S = int.from_bytes(signature[32:], "little")
    _case(
        book, "s-plus-l", "S + L: the same equation, another signature.", A, b"hello", R + octets(S + L), group="canary"
    )
    most = S + L * ((2**256 - 1 - S) // L)
    _case(book, "s-plus-many-l", "The largest S + nL that fits.", A, b"hello", R + octets(most), group="canary")
    # With R = -kA the equation holds for S = 0, and for S = L where S is not compared with L.
    for slug, S_of, group in (("s-is-l", L, "canary"), ("s-is-zero", 0, "negative")):
        _case(
            book,
            slug,
            f"S = {'L' if S_of else '0'} with an R that was not made for it.",
            A,
            b"x",
            R + octets(S_of),
            group=group,
        )
    _case(book, "negated-s", "L - S.", A, b"hello", R + octets(L - S))


def _small_order(book: Chapter) -> None:
    A = encoded(_A)
    identity = encoded(IDENTITY)
    k = challenge(identity, A, _LABEL + b"r")
    _case(
        book,
        "small-order-r",
        "R is the identity and S = ka: the equation holds, R is of small order.",
        A,
        b"r",
        identity + octets(k * _a % L),
        group="canary",
    )
    _case(
        book,
        "small-order-a-and-r",
        "Key and R are the identity, S = 0: it holds for every message.",
        identity,
        b"anything",
        identity + octets(0),
        group="canary",
    )
    for order, point in ((2, times(4, _T8)), (4, times(2, _T8)), (8, _T8)):
        key = encoded(point)
        message = next(m for m in _messages() if challenge(identity, key, _LABEL + m) % order == 0)
        _case(
            book,
            f"small-order-{order}-a",
            f"A key of order {order}; k is a multiple of {order}, so the equation holds without any secret.",
            key,
            message,
            identity + octets(0),
            group="canary",
        )
    key, R = encoded(_T8), times(_r, BASE)
    message = next(m for m in _messages() if challenge(encoded(R), key, _LABEL + m) % 8 == 0)
    _case(
        book,
        "small-order-a-large-r",
        "A key of order 8 under an R of large order: S = r answers where k is a multiple of 8.",
        key,
        message,
        encoded(R) + octets(_r),
        group="canary",
    )


def _mixed_order(book: Chapter) -> None:
    mixed = encoded(add(_A, _T8))
    R = encoded(times(_r, BASE))
    found: dict[bool, bytes] = {}
    for message in _messages():
        k = challenge(R, mixed, _LABEL + message)
        found.setdefault(k % 8 == 0, message)
        if len(found) == 2:
            break
    holds, _ = _signed(found[True], mixed, R)
    fails, _ = _signed(found[False], mixed, R)
    _case(
        book,
        "mixed-order-a-that-holds",
        "The key has a part of order 8, and k is a multiple of 8: the equation without cofactor holds.",
        mixed,
        found[True],
        holds,
        group="positive",
    )
    _case(
        book,
        "mixed-order-a",
        "The key has a part of order 8 that k does not cancel: it holds only after multiplication by the cofactor.",
        mixed,
        found[False],
        fails,
        group="canary",
    )
    A, mixed_r = encoded(_A), encoded(add(times(_r, BASE), _T8))
    signature, _ = _signed(b"hello", A, mixed_r)
    _case(
        book,
        "mixed-order-r",
        "R has a part of order 8: holds only with the cofactor.",
        A,
        b"hello",
        signature,
        group="canary",
    )
    both: Point = add(times(_r, BASE), _T8)
    message = next(m for m in _messages() if challenge(encoded(both), mixed, _LABEL + m) % 8 == 7)
    signature, _ = _signed(message, mixed, encoded(both))
    _case(
        book,
        "mixed-order-both-that-hold",
        "Key and R have parts of order 8 that cancel each other: no verifier of the equation can tell.",
        mixed,
        message,
        signature,
        group="positive",
    )


def _not_canonical(book: Chapter) -> None:
    A = encoded(_A)
    for slug, R in (("non-canonical-r", octets(P + 1)), ("sign-bit-r", octets(1 | 1 << 255))):
        k = challenge(R, A, _LABEL + b"r")
        _case(
            book,
            slug,
            "R is the identity in another spelling: "
            + ("y = p + 1." if slug[0] == "n" else "x = 0 with its sign bit set."),
            A,
            b"r",
            R + octets(k * _a % L),
            group="canary",
        )
    identity = encoded(IDENTITY)
    for slug, key, what in (
        ("non-canonical-a", octets(P + 1), "y = p + 1"),
        ("sign-bit-a", octets(1 | 1 << 255), "x = 0 with its sign bit set"),
        ("sign-bit-and-non-canonical-a", octets((P + 1) | 1 << 255), "y = p + 1 with the sign bit set"),
    ):
        _case(
            book,
            slug,
            f"The key is the identity in another spelling: {what}.",
            key,
            b"x",
            identity + octets(0),
            group="canary",
        )
    _case(
        book,
        "a-not-on-curve",
        "The key is on no point.",
        _off_curve(),
        b"x",
        _signed(b"x", A, encoded(times(_r, BASE)))[0],
    )
    _case(book, "r-not-on-curve", "R is on no point.", A, b"x", _signed(b"x", A, _off_curve())[0])
    _case(book, "a-all-ones", "The key is 255 set bits and more.", b"\xff" * 32, b"x", identity + octets(0))


def _off_curve() -> bytes:
    from scripts.vectorlib.curve import x_of  # noqa: PLC0415

    return octets(next(y for y in range(2, 100) if x_of(y, 0) is None))


def _lengths_and_labels(book: Chapter) -> None:
    A, R = encoded(_A), encoded(times(_r, BASE))
    signature, _ = _signed(b"hello", A, R)
    _case(book, "short-signature", "63 bytes.", A, b"hello", signature[:63])
    _case(
        book,
        "long-signature",
        "65 bytes: the last one would be read as the message's first.",
        A,
        b"hello",
        signature + b"\0",
    )
    _case(book, "no-signature", "No bytes.", A, b"hello", b"")
    _case(book, "short-key", "A key of 31 bytes.", A[:31], b"hello", signature)
    _case(book, "long-key", "A key of 33 bytes, whose first 32 would do.", A + b"\0", b"hello", signature)
    bare = R + octets((_r + challenge(R, A, b"hello") * _a) % L)
    _case(book, "no-label", "A signature of the message without its label.", A, b"hello", bare)
    other = R + octets((_r + challenge(R, A, label("vector", "id") + b"hello") * _a) % L)
    _case(book, "other-label", "A signature under the label of another use.", A, b"hello", other)
