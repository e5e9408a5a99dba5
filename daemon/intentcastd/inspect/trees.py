"""From scanned bytes to named parts: walks a Node with the layout that it should have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from intentcast.encoding.scan import Node
from intentcast.limits import EPOCH_SECONDS
from intentcast.networks import NETWORKS
from intentcast.records.envelope import NOUNS
from intentcast.wire.frames import Frame
from intentcastd.inspect.layouts import LAYOUTS, POSITIONS, Field
from intentcastd.inspect.parts import Part, printable

Within = Callable[[bytes, int], Part]
"""Takes bytes that hold something of their own, and where they begin; returns their part."""

FRAME_NAMES: dict[int, str] = {kind.CODE: kind.__name__.lower() for kind in Frame.__args__}
_NETWORK_NAMES = {network.id: name for name, network in NETWORKS.items()}
_PLAIN = Field()
_UNKNOWN = Field("not known to this version; readers ignore it", "REC-1")


@dataclass(frozen=True, slots=True)
class Annotator:
    """Names the values of one run of bytes.

    Attributes:
        offset: where these bytes begin in what is shown.
        sealed: whether they are the content of an opened box.
        within: what to do with bytes that hold something, by its layout's name.
    """

    offset: int = 0
    sealed: bool = False
    within: Mapping[str, Within] = field(default_factory=dict)

    def part(self, node: Node, name: str, layout: str = "", about: Field = _PLAIN) -> Part:
        """Return a value and all in it, named."""
        rules = tuple(about.rules.split())
        here = Part(
            name=name,
            kind=node.kind,
            start=self.offset + node.start,
            end=self.offset + node.end,
            note=about.note,
            rules=rules,
            sealed=self.sealed,
        )
        if node.kind == "map":
            return replace(here, value=_count(node, "entry", "entries"), parts=self._entries(node, layout))
        if node.kind == "array":
            return replace(here, value=_count(node, "item", "items"), parts=self._items(node, layout))
        here = replace(here, value=_value(node), note=_meaning(node, about) or about.note)
        if node.kind == "bin" and layout in self.within and isinstance(node.value, bytes):
            inner = self.within[layout](node.value, self.offset + node.content)
            return replace(here, value=f"{len(node.value)} bytes", parts=(inner,))
        return here

    def _entries(self, node: Node, layout: str) -> tuple[Part, ...]:
        fields = LAYOUTS.get(layout)
        # The fields of a frame are explained in the frames registry; only those that hold something have a layout.
        other = _PLAIN if layout.startswith("frame.") else _UNKNOWN
        parts = []
        for key, item in zip(node.keys, node.items, strict=True):
            name = str(key.value)
            about = _PLAIN if fields is None else fields.get(name, other)
            part = self.part(item, printable(name), about.inner, about)
            # The range of an entry begins with its key.
            parts.append(replace(part, start=self.offset + key.start))
        return tuple(parts)

    def _items(self, node: Node, layout: str) -> tuple[Part, ...]:
        names = POSITIONS.get(layout)
        if names is None or len(names) != len(node.items):
            return tuple(self.part(item, str(place), layout) for place, item in enumerate(node.items))
        fields = LAYOUTS[layout]
        return tuple(
            self.part(item, name, fields[name].inner, fields[name])
            for name, item in zip(names, node.items, strict=True)
        )


def time_text(seconds: int) -> str:
    """Return a UNIX time as people read it, in UTC; empty where no calendar has it."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError, OSError):
        return ""


def _count(node: Node, one: str, many: str) -> str:
    return f"{len(node.items)} {one if len(node.items) == 1 else many}"


def _value(node: Node) -> str:
    match node.value:
        case bool():
            return "true" if node.value else "false"
        case bytes():
            return node.value.hex()
        case str():
            return f'"{printable(node.value)}"'
        case _:
            return str(node.value)


def _meaning(node: Node, about: Field) -> str:
    value = node.value
    if about.form == "network" and isinstance(value, bytes):
        name = next((name for key, name in _NETWORK_NAMES.items() if key == value), None)
        return f"the network {name}" if name else "a network that this program does not know"
    if not isinstance(value, int) or isinstance(value, bool):
        return ""
    match about.form:
        case "time":
            return time_text(value)
        case "epoch":
            return f"begins {time_text(value * EPOCH_SECONDS)}"
        case "kind":
            return NOUNS.get(value, "not known")
        case "code":
            return FRAME_NAMES.get(value, "not known")
        case _:
            return ""
