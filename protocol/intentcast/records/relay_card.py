"""The relay card: a relay says where it is and what it does; and the relay line that people copy.

Spec: 03 §6 (REL-1..REL-5)
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from intentcast.encoding.canonical import Tree, Value, decode_padded_untrusted, encode
from intentcast.errors import Misuse, Rejected
from intentcast.ids import RelayKey
from intentcast.limits import MAX_NAME_CHARACTERS
from intentcast.records.fields import Fields

FEATURES = ("board", "circuit", "exit")
DEFAULT_PORT = 7117
MAX_ADDRESSES = 4
# IPv4-mapped, NAT64, 6to4, Teredo.
_CARRIES_IPV4 = tuple(map(ipaddress.IPv6Network, ("::ffff:0:0/96", "64:ff9b::/96", "2002::/16", "2001::/32")))
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")
_LINE = re.compile(r"relay:([0-9a-f]{64})@(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::([0-9]{1,5}))?")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a relay listens: a DNS name or an IP address, and a TCP port."""

    host: str
    port: int

    def to_map(self) -> dict[str, Tree]:
        return {"host": self.host, "port": self.port}


def _is_host(host: str) -> bool:
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        # A name that ends in a number is read as an IPv4 address by some resolvers: "127.1" is the reader itself.
        return len(host) <= 253 and _HOST.fullmatch(host) is not None and not host.rsplit(".", 1)[-1].isdigit()
    if isinstance(ip, ipaddress.IPv6Address) and (ip.ipv4_mapped is not None or ip.scope_id is not None):
        return False  # they have several forms, and no meaning to others
    return str(ip) == host


def address_block(host: str) -> bytes:
    """Return the block that an address is counted in: /16 of IPv4, /32 of IPv6, else the name itself (REL-5)."""
    try:
        packed = ipaddress.ip_address(host).packed
    except ValueError:
        return host.encode("ascii")
    return packed[:2] if len(packed) == 4 else packed[:4]


def is_public(host: str) -> bool:
    """Tell whether an address may be dialled where only public ones may; a name is judged once it is resolved (ADM-8)."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host != "localhost" and not host.endswith(".localhost")
    if address.version == 6 and any(address in block for block in _CARRIES_IPV4):
        return False  # what it leads to is an IPv4 address of whoever wrote it
    return address.is_global and not address.is_multicast


@dataclass(frozen=True, slots=True)
class RelayCard:
    """All that a relay card's body says; the relay's key is the envelope's author."""

    addresses: tuple[Address, ...]
    features: tuple[str, ...]
    name: str | None = None

    def to_body(self) -> bytes:
        """Return the canonical body, not padded (REL-1)."""
        body: dict[str, Tree] = {
            "addresses": [address.to_map() for address in self.addresses],
            "features": sorted(self.features),
        }
        if self.name is not None:
            body["name"] = self.name
        return encode(body)


def relay_card_untrusted(body: bytes, *, plain: bool = True) -> RelayCard:
    """Read the body of a relay card; unknown features are kept.

    Raises:
        Rejected: the body breaks the layout.

    Spec: 03 §6 (REL-1..REL-3)
    """
    fields = Fields(decode_padded_untrusted(body), "REL-1", plain=plain)
    features = fields.strings("features", 0, 16, 16)
    if list(features) != sorted(set(features)):
        raise Rejected("REL-3", "features are not sorted, or one comes twice", "body")
    return RelayCard(
        addresses=fields.each("addresses", 1, MAX_ADDRESSES, _address),
        features=features,
        name=fields.optional("name", lambda name: fields.text(name, MAX_NAME_CHARACTERS)),
    )


def _address(value: Value) -> Address:
    fields = Fields(value, "REL-2")
    host = fields.string("host", 253)
    if not _is_host(host):
        raise fields.fail("host", "a lower-case DNS name or a canonical IP address")
    return Address(host, fields.integer("port", 1, 65535))


def relay_line(key: RelayKey, address: Address) -> str:
    """Return the one line that people copy: `relay:<key>@<host>:<port>` (REL-4)."""
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"relay:{key.hex()}@{host}:{address.port}"


def parse_relay_line(line: str) -> tuple[RelayKey, Address]:
    """Read a relay line; the port may be left out.

    Raises:
        Misuse: it is no relay line; the reason says what one looks like.

    Spec: 03 §6 (REL-4)
    """
    match = _LINE.fullmatch(line.strip())
    host = match[2].strip("[]") if match else ""
    port = int(match[3] or DEFAULT_PORT) if match else 0
    if match is None or not _is_host(host) or not 0 < port < 65536:
        raise Misuse("REL-4", "a relay line looks like relay:<64 hex digits>@<host>:<port>")
    return RelayKey(bytes.fromhex(match[1])), Address(host, port)
