"""The inspector agrees with the published vectors and examples of the specification."""

import json
from pathlib import Path
from typing import Any

import pytest

from intentcast.networks import NETWORKS
from intentcastd import specs
from intentcastd.inspect.inspector import Kind, decode

KINDS: dict[str, Kind] = {
    "envelope": "envelope",
    "admission": "envelope",
    "message": "envelope",
    "head": "head",
    "frame": "frame",
}
# What these rules ask cannot be seen in the bytes: what a relay knows already, whose RFP or board it should be.
ASK_MORE = {"ADM-1", "TRM-4", "ADM-5", "ADM-6", "ADM-7", "BRD-12", "ENV-9", "TRM-5"}
MORE = {"seen", "surcharge", "live", "closed", "refused", "server"}
# The examples are of one moment.
EXAMPLES_AT = 1_795_305_600


def judged() -> list[Any]:
    found = []
    for path in sorted((specs.folder() / "vectors").rglob("*.json")):
        vector = json.loads(path.read_text("utf-8"))
        if path.name == "manifest.json" or vector["class"] == "mutation" or vector["kind"] not in KINDS:
            continue
        data = bytes_of(vector)
        alien = vector["kind"] == "admission" and data[5:13] != NETWORKS[vector["network"]].id
        other_rfp = vector["kind"] == "message" and vector["rule"] == "MSG-5"
        if not alien and not other_rfp and vector["rule"] not in ASK_MORE and not MORE & set(vector["input"]):
            found.append(pytest.param(vector, id=path.stem))
    return found


def bytes_of(vector: dict[str, Any]) -> bytes:
    given = vector["input"]
    data = bytes.fromhex(given.get("note", given.get("hex", "")))
    return data + bytes(max(0, given.get("size", 0) - len(data)))


@pytest.mark.parametrize("vector", judged())
def test_the_verdict_is_that_of_the_vector(vector: dict[str, Any]) -> None:
    secret = vector["input"].get("secret")
    decoded = decode(
        bytes_of(vector),
        kind=KINDS[vector["kind"]],
        now=vector["now"],
        secret=None if secret is None else bytes.fromhex(secret),
    )

    assert (decoded.verdict, decoded.rule) == (vector["expect"], vector["rule"])


def test_many_vectors_are_asked() -> None:
    assert len(judged()) > 150


@pytest.mark.parametrize("path", sorted((specs.folder() / "examples").glob("*.hex")), ids=lambda path: path.stem)
def test_every_example_is_recognized_and_holds(path: Path) -> None:
    decoded = decode(bytes.fromhex(path.read_text("utf-8")), now=EXAMPLES_AT)

    assert (decoded.verdict, decoded.rule) == ("accept", None)
    assert decoded.kind != "unknown"
