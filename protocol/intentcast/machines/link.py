"""Hello and welcome: who talks to whom, in which version and network.

The connecting side is anonymous unless it is a relay: then its hello proves its key by a signature over the
network, the key of the relay that it talks to (pinned by TLS) and its own key.

Spec: 05 §4 (LNK-4..LNK-6)
"""

from __future__ import annotations

from intentcast.crypto.keys import SigningKey
from intentcast.crypto.signing import is_signed, sign
from intentcast.errors import Rejected
from intentcast.ids import NetworkId, RelayKey, label
from intentcast.wire.frames import Error, Frame, Hello, Welcome

VERSION = 1
_PROOF = label("link", "proof")


def hello(network: NetworkId, server: RelayKey, relay: SigningKey | None, features: tuple[str, ...] = ()) -> Hello:
    """Return the hello of the connecting side; `relay` is its key if it is a relay (LNK-5)."""
    proof = None
    if relay is not None:
        proof = (relay.public, sign(relay, _PROOF, network + server + relay.public))
    return Hello(VERSION, network, features, proof)


def greeted_untrusted(frame: Frame, network: NetworkId, own: RelayKey) -> RelayKey | None:
    """Read the first frame of a link that somebody opened to us.

    Returns:
        The other's relay key if it proved one, else None.

    Raises:
        Rejected: it is no hello, or version, network or proof do not hold; `code` is what to answer.

    Spec: 05 §4 (LNK-4..LNK-6)
    """
    if not isinstance(frame, Hello):
        raise Rejected("LNK-4", "the first frame is not a hello")
    if frame.version != VERSION:
        raise Rejected("LNK-6", "the other side speaks another version", "version")
    if frame.network != network:
        raise Rejected("LNK-6", "the other side is in another network", "network")
    if frame.proof is None:
        return None
    key, signature = frame.proof
    if key == own or not is_signed(key, _PROOF, network + own + key, signature):
        raise Rejected("LNK-5", "the proof of the relay's key does not hold", "proof")
    return RelayKey(key)


def welcomed_untrusted(frame: Frame) -> Welcome:
    """Read the first answer of a relay that we connected to.

    Raises:
        Rejected: it is no welcome, or of another version; `code` repeats what the relay said.

    Spec: 05 §4 (LNK-4, LNK-6)
    """
    match frame:
        case Welcome():
            if frame.version != VERSION:
                raise Rejected("LNK-6", "the relay speaks another version", "version")
            return frame
        case Error():
            raise Rejected("LNK-6", f"the relay refused the link: {frame.code}", frame.code)
        case _:
            raise Rejected("LNK-4", "the relay's first frame is not a welcome")
