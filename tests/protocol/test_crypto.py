"""Keys, boxes, signatures and stamps, at their edges."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intentcast.crypto.keys import BoxKey, SigningKey
from intentcast.crypto.sealing import (
    AT_REST_NONCE_BYTES,
    SEAL_BYTES,
    open_at_rest,
    open_untrusted,
    seal,
    seal_at_rest,
)
from intentcast.crypto.signing import is_signed, sign
from intentcast.crypto.stamp import bits_of, search
from intentcast.errors import Ignored, Misuse, Rejected
from intentcast.ids import label
from intentcast.limits import MAX_EFFORT_BITS
from intentcast.machines.efforts import price
from intentcast.networks import NETWORKS

seeds = st.binary(min_size=32, max_size=32)
_KEY = SigningKey(bytes(range(32)))
_BOX = BoxKey(bytes(range(32)))


@given(seeds, st.binary(max_size=200), st.sampled_from(["rfp", "close", "note"]))
def test_a_signature_holds_for_its_key_label_and_message_alone(seed: bytes, message: bytes, noun: str) -> None:
    key = SigningKey(seed)
    signature = sign(key, label(noun, "sign"), message)

    assert is_signed(key.public, label(noun, "sign"), message, signature)
    assert not is_signed(key.public, label(noun, "id"), message, signature)
    assert not is_signed(key.public, label(noun, "sign"), message + b"\0", signature)
    other = SigningKey(bytes((seed[0] ^ 1,)) + seed[1:])
    assert not is_signed(other.public, label(noun, "sign"), message, signature)


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_keys_and_signatures_of_any_length_are_answered(public: bytes, signature: bytes) -> None:
    assert not is_signed(public, b"label", b"message", signature)


@given(seeds, st.binary(max_size=300))
def test_a_box_opens_for_its_reader(ephemeral: bytes, content: bytes) -> None:
    sealed = seal(content, _BOX.public, BoxKey(ephemeral))

    assert len(sealed) == len(content) + SEAL_BYTES
    assert open_untrusted(sealed, _BOX) == content
    with pytest.raises(Ignored):
        open_untrusted(sealed, BoxKey(b"\1" * 32))


@given(st.binary(max_size=100), st.integers(0), st.integers(1, 255))
def test_an_altered_box_opens_for_nobody(content: bytes, at: int, mask: int) -> None:
    sealed = bytearray(seal(content, _BOX.public, BoxKey(b"\7" * 32)))
    at %= len(sealed)
    sealed[at] ^= mask
    # X25519 does not read the highest bit of a key, but the box's nonce is a hash of all of it.
    with pytest.raises(Ignored):
        open_untrusted(bytes(sealed), _BOX)


@given(st.binary(max_size=SEAL_BYTES - 1))
def test_what_is_too_short_for_a_box_is_a_fault(data: bytes) -> None:
    with pytest.raises(Rejected):
        open_untrusted(data, _BOX)


@given(seeds, st.binary(max_size=100), st.binary(max_size=20))
def test_what_is_kept_at_rest_opens_in_its_row_alone(key: bytes, plaintext: bytes, row: bytes) -> None:
    """CRY-8."""
    data = seal_at_rest(key, bytes(AT_REST_NONCE_BYTES), plaintext, row)

    assert open_at_rest(key, data, row) == plaintext
    for wrong in ((key, data, row + b"x"), (key, data[:-1], row), (bytes(32)[:31] + b"\1", data, row), (key, b"", row)):
        if wrong[0] != key or wrong[1:] != (data, row):
            with pytest.raises(Misuse):
                open_at_rest(*wrong)


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_keys_are_made_of_32_bytes_and_show_no_secret(size: int) -> None:
    with pytest.raises(Misuse):
        SigningKey(bytes(size))
    with pytest.raises(Misuse):
        BoxKey(bytes(size))
    assert _KEY.seed.hex() not in repr(_KEY)
    assert _BOX.secret.hex() not in repr(_BOX)


def test_signing_and_box_keys_of_the_same_secret_have_nothing_in_common() -> None:
    """CRY-5: they are made apart; that they could be converted is of no use to anybody."""
    assert SigningKey(bytes(32)).public != BoxKey(bytes(32)).public
    assert not hasattr(_KEY, "to_curve25519_public_key")


@given(seeds, st.integers(0, 9))
def test_a_search_finds_a_nonce_that_the_reader_finds_good(core: bytes, effort: int) -> None:
    nonce = search("rfp", core, effort, 0, 1 << 14)

    assert nonce is not None
    assert bits_of("rfp", core, nonce) >= effort


def test_a_search_in_slices_finds_what_one_search_finds() -> None:
    core = b"\5" * 32
    whole = search("rfp", core, 9, 0, 1 << 14)
    slices = (search("rfp", core, 9, start, 100) for start in range(0, 1 << 14, 100))

    assert next(nonce for nonce in slices if nonce) == whole
    assert search("rfp", core, 30, 0, 10) is None


@given(
    st.sampled_from(sorted(NETWORKS)),
    st.sampled_from(["rfp", "close", "relay", "vendor", "note_a", "note_b"]),
    st.integers(0, 10**7),
)
def test_a_larger_or_longer_living_envelope_never_costs_less(name: str, noun: str, life: int) -> None:
    prices = [price(NETWORKS[name], noun, size, life) for size in (512, 1024, 2048, 4096, 8192)]

    assert prices == sorted(prices)
    assert all(0 <= bits <= MAX_EFFORT_BITS for bits in prices)
    assert price(NETWORKS[name], noun, 1024, life + 604_800) >= prices[1]
