"""TLS between peers: the server's key is pinned, the client is anonymous. The only door to certificates.

A relay is its Ed25519 key. Its certificate is made from that key alone, with a fixed name and fixed dates, so it tells
nothing else and is the same each time. No session tickets and no server name: both would let a listener link connections.
Who connects as a relay says so inside the channel, in its first frame.
"""

from __future__ import annotations

import os
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import trio
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from intentcast.ids import RelayKey
from intentcast.limits import HANDSHAKE_SECONDS
from intentcastd.net.errors import HandshakeFailed, PinMismatch

ALPN: Final = "intentcast/1"
TlsStream = trio.SSLStream[trio.abc.Stream]
_NAME: Final = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "intentcast")])
_FROM: Final = datetime(2020, 1, 1)  # noqa: DTZ001  # certificates count in UTC
_UNTIL: Final = datetime(9999, 12, 31)  # noqa: DTZ001


@dataclass(frozen=True, slots=True)
class Identity:
    """The Ed25519 key pair that a relay is known by."""

    seed: bytes = field(repr=False)

    @property
    def key(self) -> RelayKey:
        """The public key, 32 bytes: what others pin."""
        return RelayKey(self._private().public_key().public_bytes_raw())

    def certificate(self) -> bytes:
        """Return the self-signed certificate as DER: a function of the key and nothing else."""
        return self._certificate().public_bytes(Encoding.DER)

    def pem(self) -> bytes:
        """Return private key and certificate in the only form that `ssl` reads."""
        private = self._private().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return private + self._certificate().public_bytes(Encoding.PEM)

    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    def _certificate(self) -> x509.Certificate:
        private = self._private()
        return (
            x509.CertificateBuilder()
            .subject_name(_NAME)
            .issuer_name(_NAME)
            .public_key(private.public_key())
            .serial_number(1)
            .not_valid_before(_FROM)
            .not_valid_after(_UNTIL)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .sign(private, None)
        )


def server_context(identity: Identity) -> ssl.SSLContext:
    """Return the settings of the accepting side: TLS 1.3, this certificate, no tickets."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.num_tickets = 0
    context.set_alpn_protocols([ALPN])
    with _as_file(identity.pem()) as path:
        context.load_cert_chain(path)
    return context


def client_context() -> ssl.SSLContext:
    """Return the settings of the connecting side. It trusts no authority: `connect_pinned` compares the key itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols([ALPN])
    return context


def peer_key(stream: TlsStream) -> RelayKey:
    """Return the Ed25519 key that the accepting side proved to have.

    Raises:
        HandshakeFailed: its certificate holds another kind of key, or is none.
    """
    certificate = stream.getpeercert(binary_form=True)
    try:
        key = x509.load_der_x509_certificate(certificate).public_key() if certificate else None
    except Exception as error:  # a stranger's bytes: every way in which they cannot be read is the same
        raise _failed("its certificate cannot be read") from error
    if not isinstance(key, Ed25519PublicKey):
        raise _failed("its certificate holds no Ed25519 key")
    return RelayKey(key.public_bytes_raw())


async def accept(stream: trio.abc.Stream, context: ssl.SSLContext, seconds: float = HANDSHAKE_SECONDS) -> TlsStream:
    """Do the handshake of the accepting side; if it fails the stream is closed.

    Raises:
        HandshakeFailed: the other side speaks something else, or took too long (LIM-34).
    """
    tls = trio.SSLStream(stream, context, server_side=True, https_compatible=False)
    return await _shake(tls, seconds, None)


async def connect_pinned(
    stream: trio.abc.Stream,
    key: RelayKey,
    context: ssl.SSLContext | None = None,
    seconds: float = HANDSHAKE_SECONDS,
) -> TlsStream:
    """Do the handshake of the connecting side towards one relay; if it fails the stream is closed.

    No byte of ours is sent before the relay has proved that it has the key. The stream may be a tunnel through
    another relay: then this is TLS inside TLS.

    Raises:
        PinMismatch: somebody else answers.
        HandshakeFailed: no peer of this protocol answers, or it took too long (LIM-34).
    """
    # Without a server name: it would stand on the wire for all to read.
    tls = trio.SSLStream(stream, context or client_context(), https_compatible=False)
    return await _shake(tls, seconds, key)


async def _shake(tls: TlsStream, seconds: float, pin: RelayKey | None) -> TlsStream:
    try:
        with trio.fail_after(seconds):
            await tls.do_handshake()
        if tls.selected_alpn_protocol() != ALPN:
            # OpenSSL connects all the same when the two sides have no protocol in common.
            raise _failed("it does not speak this protocol")
        if pin is not None and peer_key(tls) != pin:
            raise PinMismatch(
                "The relay that answers has another key than the one you named: somebody else has its address, "
                "or it was set up anew.",
                "Ask its operator for the current relay line. Nothing was sent.",
            )
    except BaseException as error:
        with trio.CancelScope(shield=True):
            await trio.aclose_forcefully(tls)
        if isinstance(error, trio.TooSlowError):
            raise _failed(f"it took more than {seconds:g} seconds") from error
        if isinstance(error, trio.BrokenResourceError | trio.ClosedResourceError | ssl.SSLError):
            raise _failed("it broke off") from error
        raise
    return tls


def _failed(reason: str) -> HandshakeFailed:
    return HandshakeFailed(
        f"The handshake with the other side failed: {reason}.",
        "Check that host and port belong to an intentcast relay, then try again.",
    )


@contextmanager
def _as_file(content: bytes) -> Iterator[str]:
    """Have bytes under a path for a moment: in memory where the system can, else in a folder that nobody else may enter."""
    if hasattr(os, "memfd_create") and os.path.isdir("/proc/self/fd"):
        with os.fdopen(os.memfd_create("intentcast", os.MFD_CLOEXEC), "wb") as file:
            file.write(content)
            file.flush()
            yield f"/proc/self/fd/{file.fileno()}"
        return
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "identity.pem")
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        yield path
