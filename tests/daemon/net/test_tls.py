"""TLS: the key is the relay, its certificate tells nothing else, and nothing is sent before the pin was checked."""

from __future__ import annotations

import os
import ssl
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trio
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from intentcast.crypto.keys import SigningKey
from intentcast.ids import RelayKey
from intentcastd.net import tls
from intentcastd.net.errors import HandshakeFailed, PinMismatch
from intentcastd.net.tls import Identity, TlsStream

Sockets = Callable[[], Awaitable[tuple[trio.SocketStream, trio.SocketStream]]]


def test_an_identity_is_the_key_that_the_core_signs_with(relay: Identity) -> None:
    assert relay.key == SigningKey(relay.seed).public
    assert relay.seed.hex() not in repr(relay)


def test_the_certificate_is_a_function_of_the_key(relay: Identity) -> None:
    assert relay.certificate() == Identity(relay.seed).certificate()
    assert relay.certificate() != Identity(bytes(32)).certificate()
    assert len(relay.certificate()) < 300


def test_the_private_key_never_has_a_name_in_a_folder_that_stays(
    relay: Identity, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    tls.server_context(relay)
    monkeypatch.delattr(os, "memfd_create", raising=False)
    tls.server_context(relay)

    assert os.listdir(str(tmp_path)) == []


async def test_a_pinned_channel_carries_bytes_both_ways(
    secured: Callable[[], Awaitable[tuple[TlsStream, TlsStream]]], relay: Identity
) -> None:
    client, server = await secured()

    await client.send_all(b"up")
    assert await server.receive_some(10) == b"up"
    await server.send_all(b"down")
    assert await client.receive_some(10) == b"down"
    assert tls.peer_key(client) == relay.key
    assert client.version() == "TLSv1.3"
    assert client.selected_alpn_protocol() == server.selected_alpn_protocol() == "intentcast/1"


async def meet(
    sockets: Sockets, server_context: ssl.SSLContext, connect: Callable[[trio.SocketStream], Awaitable[object]]
) -> tuple[BaseException | None, BaseException | None, bytes]:
    """Let two ends meet; return what the client and the server raised, and what the server read after its handshake."""
    client, server = await sockets()
    raised: dict[str, BaseException] = {}
    read = bytearray()

    async def accept() -> None:
        try:
            stream = await tls.accept(server, server_context)
            read.extend(await stream.receive_some(100))
        except (HandshakeFailed, trio.BrokenResourceError) as error:
            raised["server"] = error

    with trio.fail_after(10):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(accept)
            try:
                await connect(client)
            except (HandshakeFailed, PinMismatch) as error:
                raised["client"] = error
    assert client.socket.fileno() == -1, "a failed handshake closes the stream"
    return raised.get("client"), raised.get("server"), bytes(read)


async def test_another_key_is_a_mismatch_and_nothing_is_sent(sockets: Sockets, relay: Identity) -> None:
    # LNK-2
    other = Identity(bytes(32)).key

    client, _, read = await meet(sockets, tls.server_context(relay), lambda s: tls.connect_pinned(s, other))

    assert isinstance(client, PinMismatch)
    assert client.exit == 6
    assert "relay line" in client.hint
    assert read == b""


async def test_no_common_protocol_fails_on_both_sides(sockets: Sockets, relay: Identity) -> None:
    # LNK-1
    foreign = tls.client_context()
    foreign.set_alpn_protocols(["h2"])

    client, server, read = await meet(
        sockets, tls.server_context(relay), lambda s: tls.connect_pinned(s, relay.key, foreign)
    )

    assert isinstance(client, HandshakeFailed)
    assert isinstance(server, HandshakeFailed)
    assert read == b""


async def test_an_older_tls_is_refused(sockets: Sockets, relay: Identity) -> None:
    # LNK-1
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname = False
    old.verify_mode = ssl.CERT_NONE
    old.maximum_version = ssl.TLSVersion.TLSv1_2

    client, server, _ = await meet(sockets, tls.server_context(relay), lambda s: tls.connect_pinned(s, relay.key, old))

    assert isinstance(client, HandshakeFailed)
    assert isinstance(server, HandshakeFailed)


async def test_a_peer_that_speaks_no_tls_fails_at_once(sockets: Sockets, relay: Identity) -> None:
    client, server = await sockets()
    await server.send_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with pytest.raises(HandshakeFailed, match="broke off"), trio.fail_after(5):
        await tls.connect_pinned(client, relay.key)


async def test_a_silent_peer_is_given_up_on_both_sides(sockets: Sockets, relay: Identity) -> None:
    # LNK-3
    mine, _silent = await sockets()
    with pytest.raises(HandshakeFailed, match=r"0\.05 seconds"), trio.fail_after(5):
        await tls.accept(mine, tls.server_context(relay), seconds=0.05)

    mine, _silent = await sockets()
    with pytest.raises(HandshakeFailed, match=r"0\.05 seconds"), trio.fail_after(5):
        await tls.connect_pinned(mine, RelayKey(bytes(32)), seconds=0.05)


async def test_a_certificate_with_another_kind_of_key_is_refused(
    sockets: Sockets, relay: Identity, tmp_path: Path
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(Encoding.PEM)
    (tmp_path / "elliptic.pem").write_bytes(pem)
    elliptic = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    elliptic.load_cert_chain(tmp_path / "elliptic.pem")
    elliptic.set_alpn_protocols([tls.ALPN])

    client, _, _ = await meet(sockets, elliptic, lambda s: tls.connect_pinned(s, relay.key))

    assert isinstance(client, HandshakeFailed)
    assert "Ed25519" in client.message
