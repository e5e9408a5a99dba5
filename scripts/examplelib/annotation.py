"""One example as people read it: in short, and byte by byte with each value's offset and meaning."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby

from intentcast.crypto.stamp import bits_of, core_of
from intentcast.encoding.framing import HEAD_BYTES
from intentcast.encoding.scan import Node, scan_untrusted
from intentcast.ids import digest, label
from intentcast.records.envelope import Envelope

HEADER = ("version", "kind", "network", "expires", "effort", "nonce")
ITEMS = {
    "envelope": (*HEADER, "body", "author", "signature"),
    "note": (*HEADER, "tag", "body: a sealed box", "author", "signature"),
    "message": (
        *("version", "kind", "network", "rfp", "reader", "poster", "terms"),
        *("body: the offer, canonical bytes", "author", "signature"),
    ),
    "head": ("version", "network", "bits", "prefix", "epoch", "count", "notes", "rfps", "at", "board", "signature"),
    "frame": ("code", "request", "body"),
}


@dataclass(frozen=True)
class Example:
    """One record and what there is to say about it."""

    name: str
    title: str
    data: bytes
    layout: str
    facts: tuple[str, ...] = ()


# ---- short form: values, one line each


def short(node: Node, indent: int = 0) -> str:
    """Return a value in a notation for people: bytes as h'…', shortened; everything else as JSON writes it."""
    if node.kind == "bin":
        assert isinstance(node.value, bytes)
        text = node.value.hex()
        return f"h'{text}'" if len(text) <= 40 else f"h'{text[:16]}…' ({len(node.value)} bytes)"
    if node.kind == "array":
        return "[" + ", ".join(short(item, indent) for item in node.items) + "]"
    if node.kind == "map":
        pairs = [f"{json.dumps(k.value)}: {short(v, indent + 1)}" for k, v in zip(node.keys, node.items, strict=True)]
        flat = "{" + ", ".join(pairs) + "}"
        if len(flat) + 2 * indent <= 100:
            return flat
        pad = "  " * (indent + 1)
        return "{\n" + ",\n".join(pad + pair for pair in pairs) + "\n" + "  " * indent + "}"
    return json.dumps(node.value, ensure_ascii=False)


def parse(example: Example) -> tuple[Node, int]:
    """Return the value of an example, and at which byte it begins."""
    start = HEAD_BYTES if example.layout == "frame" else 0
    padded = example.layout in ("frame", "message")
    return scan_untrusted(example.data[start:], padded=padded), start


def short_text(example: Example) -> str:
    """Return an example as a chapter shows it: one line for each item, bytes cut short, padding counted."""
    node, start = parse(example)
    if example.layout == "offer":
        return short(node)
    size = int.from_bytes(example.data[:start], "big")
    lines = [f"{size:<10}  length of the payload"] if start else []
    for name, item in zip(ITEMS[example.layout], node.items, strict=True):
        body = body_of(example, name, item)
        inner = item if body is None else scan_untrusted(body, padded=True)
        lines.append(f"{name.split(':')[0]:<10}  " + short(inner).replace("\n", "\n" + " " * 12))
        lines += zeros_line(0 if body is None else len(body) - inner.end)
    return "\n".join([*lines, *zeros_line(len(example.data) - start - node.end)])


def stamp_text(envelope: Envelope) -> str:
    """Return how the id and the stamp of an RFP come about."""
    signed, names = envelope.signed, {use: label("rfp", use) for use in ("id", "work", "stamp")}
    nonce, core = signed[21:29], core_of("rfp", signed[:21] + signed[29:])
    proof = digest(names["stamp"], core, nonce)
    lines = [f"label  {names['id'].hex(' ')}   {names['id'][:-1].decode()} and a zero byte"]
    lines += [f"S      bytes 0 to {len(signed) - 1}", f"id     H(rfp/id, S) = {envelope.id.hex()}", ""]
    lines += ["core   H(rfp/work, S without bytes 21 to 28)", f"       = {core.hex()}"]
    lines += [f"proof  H(rfp/stamp, core, {nonce.hex()})", f"       = {proof.hex()}"]
    lines += [f"       {bits_of('rfp', core, nonce)} zero bits; the header commits to {envelope.effort}"]
    return "\n".join(lines)


def zeros_line(count: int) -> list[str]:
    return [f"            and {count} zero bytes"] if count else []


def body_of(example: Example, name: str, item: Node) -> bytes | None:
    """Return the bytes of an envelope's body, which hold a map; None for every other value."""
    return item.value if isinstance(item.value, bytes) and name == "body" and example.layout == "envelope" else None


# ---- long form: bytes, one line each


def long_lines(data: bytes, node: Node, name: str, depth: int, shift: int) -> list[str]:
    """Return a listing: offset, bytes, what they are."""
    indent = "  " * depth
    if node.kind in ("array", "map"):
        lines = hex_rows(
            data[node.start : node.content], node.start + shift, f"{indent}{name} {node.kind} of {len(node.items)}"
        )
        names = [str(key.value) for key in node.keys] or ITEMS.get(name.rstrip(":"), ())
        for number, item in enumerate(node.items):
            if node.keys:
                key = node.keys[number]
                rows = hex_rows(data[key.start : key.end], key.start + shift, f"{indent}  {json.dumps(key.value)}")
                lines += rows + long_lines(data, item, "", depth + 2, shift)
            else:
                lines += long_lines(data, item, names[number] if names else f"[{number}]", depth + 1, shift)
        return lines
    if node.kind == "bin" and name == "body":
        assert isinstance(node.value, bytes)
        head = hex_rows(
            data[node.start : node.content], node.start + shift, f"{indent}{name}: bin of {len(node.value)}"
        )
        inner = scan_untrusted(node.value, padded=True)
        lines = head + long_lines(node.value, inner, "", depth + 1, node.content + shift)
        zeros = len(node.value) - inner.end
        return [*lines, f"{node.content + inner.end + shift:5}  00 x {zeros}  {indent}  padding"] if zeros else lines
    shown = node.kind if node.kind == "bin" else json.dumps(node.value, ensure_ascii=False)
    return hex_rows(data[node.start : node.end], node.start + shift, f"{indent}{name} {shown}".rstrip())


def hex_rows(data: bytes, start: int, text: str) -> list[str]:
    """Return 16 bytes a line, the text beside the first; many lines of zero bytes as one."""
    rows = [(start + at, data[at : at + 16]) for at in range(0, len(data), 16)]
    lines = [f"{start:5}  {rows[0][1].hex(' '):<47}  {text}"]
    for is_zero, group in groupby(rows[1:], lambda row: not any(row[1])):
        same = list(group)
        if is_zero and len(same) > 2:
            lines.append(f"{same[0][0]:5}  00 x {sum(len(row) for _, row in same)}")
        else:
            lines += [f"{at:5}  {row.hex(' ')}" for at, row in same]
    return lines


def long_text(example: Example) -> str:
    node, start = parse(example)
    lines = []
    if start:
        lines = hex_rows(example.data[:start], 0, f"length of the payload: {len(example.data) - start}")
    lines += long_lines(example.data[start:], node, example.layout, 0, start)
    zeros = len(example.data) - start - node.end
    lines += [f"{start + node.end:5}  00 x {zeros}  padding"] if zeros else []
    facts = "".join(f"- {fact}\n" for fact in example.facts)
    facts = facts and facts + "\n"
    return (
        f"# {example.title}\n\nMade by scripts/examples.py. Plain hexadecimal: [{example.name}.hex]({example.name}.hex).\n\n"
        f"{facts}```text\n" + "\n".join(line.rstrip() for line in lines) + "\n```\n"
    )


def plain_hex(data: bytes) -> str:
    return "".join(data[at : at + 32].hex() + "\n" for at in range(0, len(data), 32))
