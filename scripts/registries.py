"""Make the constants in code from specs/registries/*.json.

usage: scripts/registries.py [--check]

Writes protocol/intentcast/limits.py and protocol/intentcast/networks.py. With --check nothing is written and
the exit code is 1 if a file differs from what the registries say.
"""

from __future__ import annotations

import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
REGISTRIES = ROOT / "specs" / "registries"
CORE = ROOT / "protocol" / "intentcast"


def limits_text() -> str:
    registry = json.loads((REGISTRIES / "limits.json").read_text("utf-8"))
    frames = json.loads((REGISTRIES / "frames.json").read_text("utf-8"))
    lines = [
        '"""Every number of the protocol: value, unit, the attack it bounds, the rule it stands in.',
        "",
        "Made from specs/registries/limits.json by scripts/registries.py: change it there.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
    ]
    for limit in registry["limits"]:
        lines.append(f"# {limit['id']}, {limit['rule']}: {limit['attack']}")
        lines.append(f"{limit['name'].upper()} = {limit['value']}  # {limit['unit']}")
    lines += ["", "# PAD-1: exact sizes in bytes, smallest first"]
    kinds = {kind: frames["kinds"][kind] for kind in registry["sizes"] if kind != "about"}
    lines.append("SIZES: dict[int, tuple[int, ...]] = {")
    for kind, code in sorted(kinds.items(), key=lambda pair: pair[1]):
        sizes = registry["sizes"][kind]
        lines.append(f"    {code}: ({', '.join(map(str, sizes))}{',' if len(sizes) == 1 else ''}),  # {kind}")
    lines += ["}", "", "# STA-3: bits added to a network's base effort"]
    efforts = registry["efforts"]
    lines.append("EFFORT_OF_KIND: dict[str, int] = {")
    lines += [f'    "{kind}": {bits},' for kind, bits in efforts["kinds"].items()]
    lines += ["}", f"WEEK_SECONDS = {efforts['week_seconds']}", "", "# CIR-5: visits an hour in the mean; 0 holds one open"]
    lines.append("VISITS_PER_HOUR: dict[str, int] = {")
    lines += [f'    "{pace}": {visits},' for pace, visits in registry["paces"].items() if pace != "about"]
    lines += ["}", ""]
    return "\n".join(lines)


def networks_text() -> str:
    registry = json.loads((REGISTRIES / "networks.json").read_text("utf-8"))
    lines = [
        '"""The networks and all in which they differ: a table, and nowhere an `if`.',
        "",
        "Made from specs/registries/networks.json by scripts/registries.py: change it there.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
        "from dataclasses import dataclass",
        "",
        "from intentcast.ids import NetworkId",
        "",
        "",
        "@dataclass(frozen=True, slots=True)",
        "class Network:",
        '    """One network: the registry says what each field means."""',
        "",
        "    name: str",
        "    id: NetworkId",
    ]
    sample = next(iter(registry["networks"].values()))
    types = {bool: "bool", int: "int", str: "str", list: "tuple[int, int]"}
    for field, value in sample.items():
        if field != "id":
            lines.append(f"    {field}: {types[type(value)]}")
            about = registry["fields"][field]
            lines.append(f'    """{about[0].upper() + about[1:]}."""')
    lines += ["", "", "NETWORKS: dict[str, Network] = {"]
    for name, fields in registry["networks"].items():
        lines.append(f'    "{name}": Network(')
        lines.append(f'        name="{name}",')
        lines.append(f'        id=NetworkId(bytes.fromhex("{fields["id"]}")),')
        for field, value in fields.items():
            if field != "id":
                shown = f'"{value}"' if isinstance(value, str) else tuple(value) if isinstance(value, list) else value
                lines.append(f"        {field}={shown},")
        lines.append("    ),")
    lines += ["}", ""]
    return "\n".join(lines)


def main() -> int:
    texts = {CORE / "limits.py": limits_text(), CORE / "networks.py": networks_text()}
    stale = [path for path, text in texts.items() if not path.exists() or path.read_text("utf-8") != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not what the registries say: run scripts/registries.py", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        path.write_text(texts[path], "utf-8")
        print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
