"""The inspector names every byte, and judges as relays and readers do."""

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intentcast.crypto.keys import BoxKey
from intentcast.crypto.sealing import open_untrusted
from intentcast.encoding.canonical import encode
from intentcast.records.envelope import envelope_untrusted
from intentcast.records.head import Head, set_digest, shard_of
from intentcast.testing.samples import T0, TOMORROW
from intentcast.wire.codec import write
from intentcast.wire.frames import Give, Notes, Ping, Pong, Post, Reading, ReadNote, Visit, Visited
from intentcastd.inspect.inspector import decode
from intentcastd.inspect.parts import Decoded, Part, walk
from intentcastd.inspect.text import lines

if TYPE_CHECKING:
    from conftest import Market


def named(decoded: Decoded, name: str) -> list[Part]:
    assert decoded.tree is not None
    return [part for part in walk(decoded.tree) if part.name == name]


def leaves(part: Part) -> list[Part]:
    return [part] if not part.parts else [leaf for inner in part.parts for leaf in leaves(inner)]


def test_each_kind_of_envelope_is_accepted_and_named(market: "Market") -> None:
    records = {
        "rfp": market.buyer.data,
        "close": market.samples.close(market.buyer),
        "relay": market.samples.relay_card(market.relay),
        "vendor": market.vendor_card,
        "note": market.note,
    }
    for name, data in records.items():
        decoded = decode(data, now=T0)

        assert (decoded.kind, decoded.verdict, decoded.rule) == (name, "accept", None)
        assert decoded.tree is not None
        assert (decoded.tree.start, decoded.tree.end) == (0, len(data))


def test_the_range_of_a_field_holds_exactly_its_bytes(market: "Market") -> None:
    decoded = decode(market.buyer.data, now=T0)
    (category,), (author,), (padding,) = (named(decoded, name) for name in ("category", "author", "padding"))

    assert market.buyer.data[category.start : category.end] == encode("category") + encode("bt-6-3-2")
    assert market.buyer.data[author.start : author.end] == encode(market.buyer.key.public)
    assert set(market.buyer.data[padding.start : padding.end]) == {0}
    assert category.rules == ("VOC-1",)
    assert {"ENV-5", "ENV-7", "RFP-2", "VOC-7", "PAD-2"} <= set(decoded.rules)


def test_the_ranges_of_an_envelope_leave_no_gap_between_its_items(market: "Market") -> None:
    decoded = decode(market.buyer.data, now=T0)
    assert decoded.tree is not None
    ends = [1] + [part.end for part in decoded.tree.parts]

    assert [part.start for part in decoded.tree.parts] == ends[:-1]
    assert ends[-1] == len(market.buyer.data)


def test_what_is_sealed_stays_opaque_without_the_key_and_opens_with_it(market: "Market") -> None:
    closed = decode(market.note, now=T0)
    opened = decode(market.note, now=T0, secret=market.buyer.box.secret)
    (title,) = (part for part in named(opened, "title"))

    assert named(closed, "options") == []
    assert "was not opened" in closed.reason
    assert title.value == '"Twin stroller"'
    assert title.sealed
    plain = open_untrusted(envelope_untrusted(market.note).body, market.buyer.box)
    assert plain[title.start : title.end] == encode("title") + encode("Twin stroller")
    assert opened.verdict == "accept"


def test_another_key_opens_nothing_and_says_so(market: "Market") -> None:
    decoded = decode(market.note, now=T0, secret=bytes(31) + b"\x01")

    assert (decoded.verdict, decoded.rule) == ("ignore", "CRY-7")
    assert "not sealed to this key" in decoded.reason


def test_a_note_posted_by_somebody_else_is_found_out_once_opened(market: "Market") -> None:
    body = market.samples.offer(bytes(32)).to_body()
    stolen = market.samples.note(market.buyer, market.vendor, body)
    sealed = envelope_untrusted(stolen).body
    posted = market.samples.posted(sealed, market.samples.key(), market.buyer.key.public, TOMORROW)

    assert decode(posted, now=T0).verdict == "accept"
    assert decode(posted, now=T0, secret=market.buyer.box.secret).rule == "MSG-7"


def test_each_fault_is_named_with_its_rule(market: "Market") -> None:
    good = market.buyer.data

    def changed(at: int, value: int) -> bytes:
        return good[:at] + bytes((value,)) + good[at + 1 :]

    faults = {
        "ENV-1": good[:-1],
        "ENV-3": changed(2, 9),
        "ENV-4": changed(6, good[6] ^ 1),
        "ENV-6": changed(28, good[28] ^ 1),
        "ENV-7": good[:-1] + bytes((good[-1] ^ 1,)),
    }
    for rule, data in faults.items():
        decoded = decode(data, now=T0)

        assert (decoded.verdict, decoded.rule) == ("reject", rule), rule
        assert decoded.reason


def test_a_weak_stamp_is_refused_with_the_bits_that_would_do(market: "Market") -> None:
    weak = market.samples.public(1, market.buyer.rfp.to_body(), market.buyer.key, TOMORROW, extra=-1)
    decoded = decode(weak, now=T0)

    assert (decoded.verdict, decoded.rule) == ("reject", "ADM-3")
    assert "4 bits are needed" in decoded.reason


def test_an_expired_rfp_is_ignored_and_without_a_clock_it_is_not(market: "Market") -> None:
    assert decode(market.buyer.data, now=TOMORROW).rule == "ENV-5"
    assert decode(market.buyer.data, now=TOMORROW).verdict == "ignore"
    assert decode(market.buyer.data).verdict == "accept"


def test_a_body_that_breaks_its_layout_is_refused_by_the_rule_of_the_body(market: "Market") -> None:
    body = encode({"reason": "bored", "rfp": bytes(32)})
    decoded = decode(market.samples.public(2, body, market.buyer.key, TOMORROW), now=T0)

    assert (decoded.kind, decoded.verdict, decoded.rule) == ("close", "reject", "CLO-1")
    assert [part.value for part in named(decoded, "reason")] == ['"bored"']


def test_what_a_preview_shows_is_read_before_it_is_signed(market: "Market") -> None:
    data = market.buyer.data
    decoded = decode(data[:21] + data[29:-66])
    (signature,) = named(decoded, "signature")

    assert (decoded.kind, decoded.verdict, decoded.rule) == ("rfp", "reject", "ENV-7")
    assert "not stamped and signed yet" in decoded.reason
    assert [part.value for part in named(decoded, "category")] == ['"bt-6-3-2"']
    assert (signature.note, signature.end) == ("still to come", len(data))


def test_a_message_is_judged_without_its_note(market: "Market") -> None:
    plain = open_untrusted(envelope_untrusted(market.note).body, market.buyer.box)
    decoded = decode(plain)
    broken = decode(plain.replace(b"Pram Palace", b"Pram Palast"))

    assert (decoded.kind, decoded.verdict) == ("message", "accept")
    assert [part.value for part in named(decoded, "accept")] == ['"SD-BASE"']
    assert (broken.verdict, broken.rule) == ("reject", "MSG-2")


def test_a_head_is_judged_by_its_signature(market: "Market") -> None:
    shard = shard_of(market.buyer.key.public, 4)
    head = Head(market.samples.network.id, shard, T0 // 600, 0, set_digest(()), set_digest(()), T0, market.relay.public)
    data = head.signed_by(market.relay)

    assert (decode(data).kind, decode(data).verdict) == ("head", "accept")
    assert decode(data[:-1] + bytes((data[-1] ^ 1,))).rule == "BRD-10"


def test_frames_show_what_they_carry_and_where(market: "Market") -> None:
    reading = Reading(0, b"", (T0 // 600,), 0, (market.relay.public,), follow=False)
    run = [
        Ping(),
        Give((market.buyer.data, market.vendor_card)),
        Post(market.note),
        Visit(market.buyer.data, reading),
        Visited(notes=(ReadNote(1, 5, market.note),), cards=(market.samples.relay_card(market.relay),)),
        Notes(5, (market.note,)),
        Pong(),
    ]
    data = b"".join(write(item, 7) for item in run)
    decoded = decode(data, now=T0)

    assert (decoded.kind, decoded.verdict) == ("frame", "accept")
    assert decoded.tree is not None
    assert [part.name for part in decoded.tree.parts] == ["ping", "give", "post", "visit", "visited", "notes", "pong"]
    carried = [part for part in walk(decoded.tree) if part.kind == "envelope"]
    assert [part.name for part in carried] == ["rfp", "vendor", "note", "rfp", "relay", "note", "note"]
    assert [data[part.start : part.end] for part in carried[:2]] == [market.buyer.data, market.vendor_card]
    assert {part.note.split(":")[0] for part in carried} == {"accept"}


def test_a_bad_envelope_in_a_good_frame_is_marked_where_it_lies(market: "Market") -> None:
    bad = market.buyer.data[:-1] + bytes((market.buyer.data[-1] ^ 1,))
    decoded = decode(write(Give((market.vendor_card, bad))), now=T0)
    assert decoded.tree is not None
    notes = [part.note for part in walk(decoded.tree) if part.kind == "envelope"]

    assert decoded.verdict == "accept"
    assert notes[0].startswith("accept")
    assert notes[1] == "reject: the signature does not hold"


def test_a_frame_without_its_length_is_read_and_one_cut_short_is_refused() -> None:
    whole = write(Ping(), 3)

    assert decode(whole[4:]).verdict == "accept"
    assert decode(whole + whole[:-1]).rule == "FRM-1"
    assert decode(encode([99, 0, {}])).rule == "FRM-3"


@pytest.mark.parametrize(
    "data", [b"", b"\x00", b"\xc0", b"hello", bytes(5_000), b"\x99" * 40, b"\x9a" * 1024, b"\x81\xa1a"]
)
def test_what_is_nothing_of_ours_is_refused_in_a_sentence(data: bytes) -> None:
    decoded = decode(data)

    assert decoded.verdict == "reject"
    assert list(lines(decoded))[-1].startswith("REJECT")


def test_hostile_words_reach_no_terminal() -> None:
    decoded = decode(encode({"P\x1b[31m": "P\x1b[2J\u202elace"}))
    text = "\n".join(lines(decoded))

    assert "\x1b" not in text
    assert "\u202e" not in text
    assert r"P\u001b[2J\u202elace" in text


def test_the_text_has_a_line_for_each_value_and_ends_with_the_verdict(market: "Market") -> None:
    text = list(lines(decode(market.buyer.data, now=T0)))

    assert text[0].startswith(" 0000-0400  rfp")
    assert any("expires  1795392000  (2026-11-23T00:00:00Z)  ENV-5" in line for line in text)
    assert any("(the network test)" in line for line in text)
    assert text[-1] == "ACCEPT: size, structure, stamp, signature and body hold."


@given(st.binary(max_size=1_200), st.sampled_from(["auto", "envelope", "frame", "message", "head"]))
def test_no_bytes_make_it_fail(data: bytes, kind: str) -> None:
    decoded = decode(data, kind=kind)

    assert decoded.verdict in ("accept", "ignore", "reject")
    assert list(lines(decoded))


@given(st.data())
def test_no_flipped_byte_makes_it_fail_or_accept(market: "Market", data: st.DataObject) -> None:
    record = data.draw(st.sampled_from([market.buyer.data, market.note, market.vendor_card]))
    at = data.draw(st.integers(0, len(record) - 1))
    other = data.draw(st.integers(1, 255))
    decoded = decode(record[:at] + bytes((record[at] ^ other,)) + record[at + 1 :], secret=BoxKey(b"\x05" * 32).secret)

    assert decoded.verdict != "accept"
    if decoded.tree is not None:
        assert all(leaf.start <= leaf.end for leaf in leaves(decoded.tree))
