"""Make the constants in code and the tables in the chapters from specs/registries/*.json.

usage: scripts/registries.py [--check]

Writes protocol/intentcast/limits.py and protocol/intentcast/networks.py, and what stands between the `table` markers
of specs/*.md. With --check nothing is written and the exit code is 1 if a file differs from what the registries say,
or if the hash of a roster entry is wrong.
"""

from __future__ import annotations

import json
import pathlib
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parent.parent
REGISTRIES = ROOT / "specs" / "registries"
CORE = ROOT / "protocol" / "intentcast"
MARK = re.compile(r"<!-- table (?P<name>[a-z-]+) -->\n.*?<!-- end -->", re.DOTALL)


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
    lines += [
        "}",
        f"WEEK_SECONDS = {efforts['week_seconds']}",
        "",
        "# CIR-13: visits an hour in the mean; 0 holds one open",
    ]
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


# ---- tables of the chapters


def registry(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((REGISTRIES / f"{name}.json").read_text("utf-8"))
    return content


def table(heads: str, rows: Iterable[Iterable[object]]) -> str:
    """Return a table in Markdown: `heads` are the words of its first line, with bars between."""
    names = heads.split("|")
    lines = [names, ["---"] * len(names), *([str(cell).replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def limits_table() -> str:
    rows = [
        [v["id"], f"`{v['name']}`", f"{v['value']:,}", v["unit"], v["rule"], v["attack"]]
        for v in registry("limits")["limits"]
    ]
    return table("id|name|value|unit|rule|what it bounds", rows)


def sizes_table() -> str:
    sizes = {kind: sizes for kind, sizes in registry("limits")["sizes"].items() if kind != "about"}
    return table("kind|bytes", ([kind, ", ".join(f"{size:,}" for size in of)] for kind, of in sizes.items()))


def efforts_table() -> str:
    return table("kind|bits", ([kind, f"{bits:+d}"] for kind, bits in registry("limits")["efforts"]["kinds"].items()))


def paces_table() -> str:
    paces = {pace: visits for pace, visits in registry("limits")["paces"].items() if pace != "about"}
    return table("pace|visits an hour in the mean", ([f"`{p}`", v or "one, held open"] for p, v in paces.items()))


def networks_table() -> str:
    networks = registry("networks")["networks"]

    def cell(value: object) -> str:
        if isinstance(value, bool):
            return "yes" if value else "no"
        return (
            f"{value:,}"
            if isinstance(value, int)
            else " to ".join(map(str, value))
            if isinstance(value, list)
            else str(value)
        )

    rows = (
        [f"`{name}`: {about}", *(cell(of[name]) for of in networks.values())]
        for name, about in registry("networks")["fields"].items()
    )
    return table("field|" + "|".join(networks), rows)


def frames_table() -> str:
    def one(frame: Mapping[str, Any]) -> list[str]:
        fields = "<br>".join(f"`{name}`: {about}" for name, about in frame["fields"].items()) or "none"
        errors = ", ".join(frame["errors"]) or "none"
        size = f"<br>{frame['size']}" if "size" in frame else ""
        return [
            str(frame["code"]),
            f"`{frame['name']}`",
            frame["from"],
            frame["request"],
            fields + size,
            frame["answers"] or "none",
            errors,
        ]

    return table("code|name|from|request|fields|answer|errors", map(one, registry("frames")["frames"]))


def numbered_table(name: str, heads: str) -> Callable[[], str]:
    return lambda: table(heads, ([number, f"`{word}`"] for word, number in registry("frames")[name].items()))


def errors_table() -> str:
    return table("code|meaning", ([f"`{code}`", about] for code, about in registry("frames")["errors"].items()))


def attributes_table() -> str:
    rows = (
        [f"`{a['id']}`", a["type"], a.get("unit", ""), a["label"], ", ".join(a["branches"])]
        for a in registry("attributes")["attributes"]
    )
    return table("id|type|unit|label|branches", rows)


def services_table() -> str:
    return table(
        "word|category|label", ([f"`{s['word']}`", s["category"], s["label"]] for s in registry("services")["services"])
    )


def terms_table() -> str:
    entries = [item["entry"] for item in registry("terms")["entries"]]
    rows: list[list[object]] = [
        ["title", *(entry["title"] for entry in entries)],
        ["binds", *(entry["binds"] for entry in entries)],
    ]
    for rule, about in registry("terms")["rules"].items():
        rows.append([f"`{rule}`: {about['about']}", *(yes_no(entry["rules"][rule]) for entry in entries)])
    rows.append(["hash", *(f"`{item['hash'][:16]}…`" for item in registry("terms")["entries"])])
    return table("rule|" + "|".join(f"`{entry['id']}`" for entry in entries), rows)


def yes_no(value: object) -> object:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


TABLES: dict[str, Callable[[], str]] = {
    "attributes": attributes_table,
    "efforts": efforts_table,
    "errors": errors_table,
    "frames": frames_table,
    "kinds": numbered_table("kinds", "kind|noun"),
    "limits": limits_table,
    "messages": numbered_table("messages", "kind|noun"),
    "networks": networks_table,
    "paces": paces_table,
    "services": services_table,
    "sizes": sizes_table,
    "terms": terms_table,
}


def chapter_text(text: str) -> str:
    return MARK.sub(lambda match: f"<!-- table {match['name']} -->\n{TABLES[match['name']]()}\n<!-- end -->", text)


def wrong_hashes() -> list[str]:
    """Return the roster entries whose hash is not that of their text (TRM-1)."""
    # Only now: the library itself needs the constants that this script makes.
    from intentcast.records.terms import entry_hash  # noqa: PLC0415

    entries = registry("terms")["entries"]
    return [item["entry"]["id"] for item in entries if entry_hash(item["entry"]).hex() != item["hash"]]


def main() -> int:
    texts = {CORE / "limits.py": limits_text(), CORE / "networks.py": networks_text()}
    texts |= {path: chapter_text(path.read_text("utf-8")) for path in sorted((ROOT / "specs").glob("[0-9][0-9]-*.md"))}
    stale = [path for path, text in texts.items() if not path.exists() or path.read_text("utf-8") != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(
                f"{path.relative_to(ROOT)} is not what the registries say: run scripts/registries.py", file=sys.stderr
            )
        wrong = wrong_hashes()
        for entry in wrong:
            print(f"terms.json: the hash of {entry} is not that of its text", file=sys.stderr)
        return 1 if stale or wrong else 0
    for path in stale:
        path.write_text(texts[path], "utf-8")
        print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
