"""Greetings: who proves what, to whom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intentcast.crypto.keys import SigningKey
from intentcast.errors import Rejected
from intentcast.ids import NetworkId, RelayKey
from intentcast.limits import FIRST_FRAME_BYTES
from intentcast.machines.link import greeted_untrusted, hello, welcomed_untrusted
from intentcast.networks import NETWORKS
from intentcast.wire.codec import payload_of
from intentcast.wire.frames import Error, Hello, Ping, Welcome

NETWORK = NETWORKS["test"].id
RELAY, SERVER, OTHER = (SigningKey(bytes((n,)) * 32) for n in (1, 2, 3))
SERVER_KEY = RelayKey(SERVER.public)


def refusal(frame: Hello | Ping, server: SigningKey = SERVER) -> tuple[str, str]:
    with pytest.raises(Rejected) as caught:
        greeted_untrusted(frame, NETWORK, RelayKey(server.public))
    return caught.value.rule, caught.value.code


def test_whoever_is_no_relay_says_no_name() -> None:
    assert greeted_untrusted(hello(NETWORK, SERVER_KEY, None), NETWORK, SERVER_KEY) is None


def test_a_relay_proves_its_key() -> None:
    """LNK-5."""
    assert greeted_untrusted(hello(NETWORK, SERVER_KEY, RELAY), NETWORK, SERVER_KEY) == RELAY.public


def test_a_proof_is_worth_nothing_at_another_server() -> None:
    """Whoever is greeted by a relay cannot greet a third one in its name."""
    assert refusal(hello(NETWORK, SERVER_KEY, RELAY), OTHER) == ("LNK-5", "proof")


def test_a_proof_of_ones_own_key_is_a_mirror() -> None:
    assert refusal(hello(NETWORK, SERVER_KEY, SERVER)) == ("LNK-5", "proof")


def test_another_version_or_network_is_said() -> None:
    """LNK-6."""
    assert refusal(Hello(2, NETWORK, ())) == ("LNK-6", "version")
    assert refusal(hello(NetworkId(bytes(8)), SERVER_KEY, RELAY)) == ("LNK-6", "network")
    assert refusal(Ping()) == ("LNK-4", "malformed")


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=64, max_size=64))
def test_no_other_signature_is_a_proof(key: bytes, signature: bytes) -> None:
    assert refusal(Hello(1, NETWORK, (), (key, signature)))[0] == "LNK-5"


def test_a_welcome_is_taken_and_all_else_refused() -> None:
    assert welcomed_untrusted(Welcome(1, (), 3)).surcharge == 3
    for frame, rule, code in (
        (Welcome(2, (), 0), "LNK-6", "version"),
        (Error("busy"), "LNK-6", "busy"),
        (Ping(), "LNK-4", "malformed"),
    ):
        with pytest.raises(Rejected) as caught:
            welcomed_untrusted(frame)
        assert (caught.value.rule, caught.value.code) == (rule, code)


def test_a_hello_with_proof_fits_into_the_first_frame() -> None:
    assert len(payload_of(hello(NETWORK, SERVER_KEY, RELAY, ("board", "circuit", "exit")))) < FIRST_FRAME_BYTES
