"""Measure what the design promises, each row beside the bare limit of the machine in the same run.

usage: scripts/bench [--json] [--only NAME] [--seconds S]

Rates are per second of CPU time of the process that is measured; `ratio` is rate by limit. With --json each row is one
line of JSON. The exit code is 1 if a row says that its figures are worthless, such as a relay that lost an envelope.
"""

from __future__ import annotations

import argparse
import json
import platform
import ssl
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402
from scripts.benchlib import end_to_end, parts, roles  # noqa: E402
from scripts.benchlib.measuring import Pair, Row, compare, rounded  # noqa: E402
from scripts.benchlib.programs import ProgramEnded  # noqa: E402

PAIRS: dict[str, Callable[[], Pair]] = {
    "encode": parts.encoding,
    "decode": parts.decoding,
    "stamp_check": parts.stamp_check,
    "verify": parts.verifying,
    "admission": roles.admission,
    "post": roles.posting,
    "read": roles.reading,
    "open": parts.opening,
}


def _pair(make: Callable[[], Pair], seconds: float) -> Row:
    return compare(make(), seconds)


MEASURES: dict[str, Callable[[float], Row]] = {
    **{name: partial(_pair, make) for name, make in PAIRS.items()},
    "relay_end_to_end": end_to_end.relay,
}


def machine() -> str:
    """Return what these figures were measured on, in one line."""
    try:
        names = [
            line for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines() if line.startswith("model name")
        ]
    except OSError:
        names = []
    model = " ".join(names[0].partition(":")[2].split()) if names else platform.machine()
    return f"{len(names) or '?'} x {model}, Python {platform.python_version()}, {ssl.OPENSSL_VERSION.rsplit(' ', 3)[0]}"


def show(rows: Sequence[Row]) -> None:
    """Print a table for people."""
    table = Table(box=None, pad_edge=False)
    for head in ("name", "rate", "", "limit", "ratio", "noise", "what the limit is"):
        table.add_column(head, justify="right" if head in ("rate", "limit", "ratio", "noise") else "left", no_wrap=True)
    for row in rows:
        figures = (f"{rounded(row.rate):,}", row.unit, f"{rounded(row.limit):,}", str(rounded(row.ratio)))
        table.add_row(row.name, *figures, f"{row.noise:.1%}", row.limit_name)
    print(f"per second of CPU time, on {machine()}\n")
    Console(width=None if sys.stdout.isatty() else 120).print(table)
    for row in rows:
        if row.more:
            print(f"\n{row.name}: " + ", ".join(f"{name} {value}" for name, value in row.more.items()))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="one line of JSON for each row")
    parser.add_argument("--only", action="append", choices=list(MEASURES), metavar="NAME", help=", ".join(MEASURES))
    parser.add_argument("--seconds", type=float, default=2.0, metavar="S", help="CPU time for each row (default: 2)")
    chosen = parser.parse_args(arguments)
    names = [name for name in MEASURES if chosen.only is None or name in chosen.only]
    rows: list[Row] = []
    for number, name in enumerate(names, start=1):
        print(f"bench: {name} ({number} of {len(names)})", file=sys.stderr, flush=True)
        try:
            rows.append(MEASURES[name](chosen.seconds))
        except ProgramEnded as error:
            print(f"bench: {name} FAILED: {error}", file=sys.stderr)
            return 1
        if chosen.json:
            print(json.dumps(rows[-1].document(machine())), flush=True)
    if not chosen.json:
        show(rows)
    failed = [row for row in rows if row.failed is not None]
    for row in failed:
        print(f"bench: {row.name} FAILED: {row.failed}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
