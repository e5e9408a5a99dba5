"""The canonical form: one value, one sequence of bytes, and two readers that always agree."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from intentcast.encoding.canonical import Value, decode_padded_untrusted, decode_untrusted, encode
from intentcast.encoding.scan import Node, scan_untrusted
from intentcast.errors import Misuse, Rejected
from intentcast.limits import MAX_INTEGER

texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40)
scalars = st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | texts | st.binary(max_size=300)
values: st.SearchStrategy[Value] = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=20) | st.dictionaries(texts, inner, max_size=20), max_leaves=40
)


def depth_of(value: Value) -> int:
    if isinstance(value, list):
        return 1 + max(map(depth_of, value), default=0)
    if isinstance(value, dict):
        return 1 + max(map(depth_of, value.values()), default=0)
    return 0


def plain(node: Node) -> Value:
    if node.kind == "array":
        return [plain(item) for item in node.items]
    if node.kind == "map":
        return {str(key.value): plain(item) for key, item in zip(node.keys, node.items, strict=True)}
    assert node.value is not None
    return node.value


def fast(data: bytes, padded: bool = False) -> Value | None:
    try:
        return decode_padded_untrusted(data) if padded else decode_untrusted(data)
    except Rejected:
        return None


def exact(data: bytes, padded: bool = False) -> Value | None:
    try:
        return plain(scan_untrusted(data, padded=padded))
    except Rejected:
        return None


shallow = values.filter(lambda value: depth_of(value) <= 8)


def mutated(data: bytes, at: int, mask: int) -> bytes:
    at %= len(data)
    return data[:at] + bytes((data[at] ^ mask,)) + data[at + 1 :]


@given(shallow)
def test_what_is_written_is_read_back(value: Value) -> None:
    assert decode_untrusted(encode(value)) == value


@given(shallow)
def test_the_exact_reader_reads_the_same_value_and_covers_every_byte(value: Value) -> None:
    data = encode(value)

    node = scan_untrusted(data)

    assert plain(node) == value
    assert (node.start, node.end) == (0, len(data))


@given(st.binary(max_size=80))
@example(b"\x82\xa1a\x01\xa1a\x01")
@example(b"\xd9\x01a")
@example(b"\xc7\x00\x01")
@example(b"\xd6\xff\x00\x00\x00\x00")
@example(b"\xa3\xed\xa0\x80")
@example(b"\x91" * 9 + b"\x00")
@example(b"\x91" * 1100 + b"\x00")
@example(b"\xdc\x04\x01" + b"\x00" * 1025)
def test_both_readers_agree_about_any_bytes(data: bytes) -> None:
    assert fast(data) == exact(data)
    assert fast(data, padded=True) == exact(data, padded=True)


@given(shallow, st.integers(0), st.integers(1, 255))
def test_both_readers_agree_about_bytes_that_are_nearly_canonical(value: Value, at: int, mask: int) -> None:
    data = mutated(encode(value), at, mask)

    assert fast(data) == exact(data)


@given(st.binary(max_size=80) | shallow.map(encode), st.integers(0), st.integers(1, 255))
def test_what_is_read_is_written_again_as_the_same_bytes(data: bytes, at: int, mask: int) -> None:
    for candidate in (data, mutated(data, at, mask) if data else data):
        value = fast(candidate)
        if value is not None:
            assert encode(value) == candidate


@given(shallow, st.integers(0, 40))
def test_zero_bytes_behind_a_value_are_padding_and_nothing_else(value: Value, zeros: int) -> None:
    data = encode(value)

    assert decode_padded_untrusted(data + bytes(zeros)) == value
    assert fast(data + bytes(zeros) + b"\1", padded=True) is None


@given(scalars, st.lists(st.booleans(), min_size=9, max_size=20))
def test_a_writer_refuses_what_is_nested_too_deeply(value: Value, kinds: list[bool]) -> None:
    for is_map in kinds:
        value = {"a": value} if is_map else [value]

    with pytest.raises(Misuse):
        encode(value)


@pytest.mark.parametrize(
    "value",
    [
        None,
        1.5,
        float("nan"),
        {1: 2},
        {b"a": 1},
        {"a": None},
        [object()],
        "\ud800",
        {"\ud800": 1},
        2**53,
        (1, 2),
        [0] * 1025,
    ],
)
def test_a_writer_refuses_what_has_no_canonical_form(value: object) -> None:
    with pytest.raises(Misuse) as caught:
        encode(value)  # type: ignore[arg-type]

    assert caught.value.rule == "ENC-3"


def test_a_bool_is_not_an_integer() -> None:
    assert encode(True) != encode(1)
    assert decode_untrusted(b"\xc3") is True


def test_bytes_beyond_a_frame_are_refused_without_being_read() -> None:
    assert fast(b"\xc6" + (70_000).to_bytes(4, "big") + bytes(70_000)) is None
