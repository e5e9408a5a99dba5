"""Every vector of specs/vectors is run: the same verdict, from the same layer, by the same rule, with the same values."""

import hashlib
import importlib.util
import json
import re
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from intentcast.conformance.run import run
from intentcast.conformance.vector import CLASSES, EXPECTATIONS, Json, vector_of

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "specs" / "vectors"
PATHS = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.json") if path.name != "manifest.json")
MANIFEST = json.loads((FOLDER / "manifest.json").read_text("utf-8"))


def document(path: str) -> dict[str, Json]:
    loaded: dict[str, Json] = json.loads((FOLDER / path).read_text("utf-8"))
    return loaded


@pytest.mark.parametrize("path", PATHS)
def test_the_library_makes_of_a_vector_what_it_says(path: str) -> None:
    vector = document(path)

    outcome = run(vector_of(vector))

    assert (outcome.expect, outcome.at, outcome.rule) == (vector["expect"], vector["at"], vector["rule"])
    assert outcome.output == vector.get("output") or (not outcome.output and "output" not in vector)


def test_every_vector_is_whole_and_named_after_its_rule() -> None:
    for path in PATHS:
        vector = document(path)
        rules = vector["rules"]
        assert isinstance(rules, list), path
        assert re.fullmatch(r"([0-9]{2}-[a-z]+|mutations)/[A-Z]{3}-[0-9]+-[a-zA-Z0-9.-]+\.json", path), path
        assert "-".join(Path(path).stem.split("-")[:2]) in rules, path
        assert vector["class"] in CLASSES, path
        assert vector["expect"] in EXPECTATIONS, path
        assert vector["comment"], path
        assert vector["at"], path
        assert (vector["rule"] is None) == (vector["expect"] == "accept" or vector["class"] == "mutation"), path


def test_more_than_half_of_the_vectors_are_refused() -> None:
    expected = Counter(document(path)["expect"] for path in PATHS)

    assert expected["reject"] + expected["ignore"] > len(PATHS) / 2


def test_every_canary_and_every_negative_vector_is_refused_or_shows_a_value_that_a_sloppy_reader_gets_wrong() -> None:
    for path in PATHS:
        vector = document(path)
        if vector["class"] == "negative":
            assert vector["expect"] != "accept", path
        if vector["class"] == "canary" and vector["expect"] == "accept":
            assert vector.get("output") or vector["kind"] == "admission", path


def test_each_mutation_names_a_rule_that_refuses_it() -> None:
    mutations = [document(path) for path in PATHS if path.startswith("mutations/")]

    assert len(mutations) >= 7
    for vector in mutations:
        output = vector["output"]
        assert isinstance(output, dict)
        cases = output["cases"]
        assert isinstance(cases, list)
        assert len(cases) > 100
        assert all(rule for _, _, rule in cases)


def test_the_manifest_counts_and_hashes_what_is_there() -> None:
    digests = {path: hashlib.sha256((FOLDER / path).read_bytes()).hexdigest() for path in PATHS}
    whole = "".join(f"{path} {digest}\n" for path, digest in digests.items())
    vectors = [document(path) for path in PATHS]

    assert MANIFEST["files"] == digests
    assert MANIFEST["sha256"] == hashlib.sha256(whole.encode()).hexdigest()
    assert MANIFEST["count"] == len(PATHS) >= 150
    assert MANIFEST["classes"] == Counter(str(vector["class"]) for vector in vectors)
    assert MANIFEST["expectations"] == Counter(str(vector["expect"]) for vector in vectors)


def test_every_rule_that_a_vector_cites_is_made_in_a_chapter() -> None:
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "specs").glob("[0-9][0-9]-*.md"))]
    made = set(re.findall(r"\(([A-Z]{3}-[1-9][0-9]*)\)", "\n".join(texts)))

    assert texts, "there are no chapters"
    assert set(MANIFEST["rules"]) - made == set()


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("scripts_vectors", ROOT / "scripts" / "vectors.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_vectors_are_those_that_the_generator_makes() -> None:
    module = generator()

    assert module.stale(module.made()) == []
