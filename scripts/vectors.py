"""Make the test vectors in specs/vectors from the reference code, by the hands in scripts/vectorlib.

usage: scripts/vectors.py [--check]

Each vector says what must come out; the code only fills in decoded values. With --check nothing is written and
the exit code is 1 if a file differs from what is made, is missing, or should not be there.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.vectorlib import (  # noqa: E402
    admission,
    anonymity,
    boards,
    bodies,
    circuits,
    cryptography,
    encoding,
    envelopes,
    links,
    messages,
    mutations,
    odd_signatures,
    offers,
    transcripts,
    words,
)

FOLDER = ROOT / "specs" / "vectors"
MAKERS = (
    encoding,
    cryptography,
    odd_signatures,
    words,
    envelopes,
    bodies,
    messages,
    offers,
    anonymity,
    links,
    admission,
    boards,
    circuits,
    transcripts,
    mutations,
)


def text_of(document: Mapping[str, object]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=True) + "\n"


def made() -> dict[str, str]:
    """Return the text of each file, by its path under specs/vectors."""
    texts: dict[str, str] = {}
    groups: Counter[str] = Counter()
    expectations: Counter[str] = Counter()
    rules: set[str] = set()
    for maker in MAKERS:
        for case in maker.chapter().cases:
            if case.path in texts:
                raise AssertionError(f"two vectors are called {case.path}")
            document = case.document()
            texts[case.path] = text_of(document)
            groups[case.group] += 1
            expectations[case.expect] += 1
            rules.update(rule for rule in (case.rule, *case.also, case.by) if rule)
    files = {path: hashlib.sha256(texts[path].encode()).hexdigest() for path in sorted(texts)}
    whole = "".join(f"{path} {digest}\n" for path, digest in files.items())
    manifest = {
        "format": 1,
        "about": "A vector is one file with one fault, or none. sha256 is that of the lines 'path digest' of all files.",
        "count": len(texts),
        "classes": dict(sorted(groups.items())),
        "expectations": dict(sorted(expectations.items())),
        "rules": sorted(rules),
        "sha256": hashlib.sha256(whole.encode()).hexdigest(),
        "files": files,
    }
    return texts | {"manifest.json": text_of(manifest)}


def stale(texts: Mapping[str, str]) -> list[str]:
    """Return the files that differ from what is made, are missing, or should not be there."""
    there = {path.relative_to(FOLDER).as_posix(): path.read_text("utf-8") for path in FOLDER.rglob("*.json")}
    return sorted(path for path in there.keys() | texts.keys() if there.get(path) != texts.get(path))


def main() -> int:
    texts = made()
    different = stale(texts)
    if "--check" in sys.argv[1:]:
        for path in different:
            print(f"specs/vectors/{path} is not what the code makes: run scripts/vectors", file=sys.stderr)
        return 1 if different else 0
    for path in different:
        target = FOLDER / path
        if path in texts:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(texts[path], "utf-8")
        else:
            target.unlink()
    print(f"{len(texts) - 1} vectors, {len(different)} files written or removed")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
