"""The route of the wire inspector. It needs nothing of the daemon: bytes in, a tree out."""

from __future__ import annotations

import base64
import binascii

import msgspec

from intentcastd import clock
from intentcastd.api import shapes_vendor
from intentcastd.api.op import Call, invalid, tell
from intentcastd.inspect.inspector import decode
from intentcastd.inspect.parts import Decoded


@tell("POST", "/v1/wire/decode", shapes_vendor.DecodeWire, shapes_vendor.Decoded)
async def decode_wire(call: Call, body: shapes_vendor.DecodeWire) -> shapes_vendor.Decoded:
    """Take bytes of the protocol apart."""
    if (body.hex is None) == (body.base64 is None):
        raise invalid("give either hex or base64")
    try:
        data = bytes.fromhex(body.hex) if body.hex is not None else base64.b64decode(body.base64 or "", validate=True)
    except (ValueError, binascii.Error) as error:
        raise invalid(str(error)) from error
    return shape_of(decode(data, kind=body.kind, now=clock.unix_seconds()))


def shape_of(decoded: Decoded) -> shapes_vendor.Decoded:
    """Return what the inspector found as JSON has it."""
    return msgspec.convert(decoded, shapes_vendor.Decoded, from_attributes=True)


OPS = (decode_wire,)
