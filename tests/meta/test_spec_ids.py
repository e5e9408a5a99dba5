"""The text of the specification and the code are tied together by rule ids.

`(ENV-7)`, alone in its parentheses, ends the sentence that makes the rule. Everywhere else the rule is cited without
parentheses of its own: ENV-7, or "see ENV-7 and ENV-8".
"""

import ast
import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Source

RULE = re.compile(r"\b[A-Z]{3}-[1-9][0-9]*\b")
MADE = re.compile(r"\((?P<id>[A-Z]{3}-[1-9][0-9]*)\)")
# Names of the outside world that look like rule ids.
FOREIGN = {"AES", "CRC", "EAN", "ISO", "ITF", "RFC", "SHA", "TLS", "UPC", "UTF"}
# The classes whose first argument is the rule that was broken.
VERDICTS = {"Rejected", "Ignored", "Misuse", "StampTooWeak"}


def rules_made(chapters: dict[str, str]) -> list[str]:
    return [match["id"] for text in chapters.values() for match in MADE.finditer(text)]


def limit_ids(root: Path) -> dict[str, str]:
    """Return each limit's id and the rule that it stands in, from the registry."""
    registry = json.loads((root / "specs/registries/limits.json").read_text("utf-8"))
    return {limit["id"]: limit["rule"] for limit in registry["limits"]}


def known_ids(root: Path, chapters: dict[str, str]) -> set[str]:
    return {*rules_made(chapters), *limit_ids(root)}


def blocks(text: str) -> list[str]:
    """Cut a chapter into what is read as one: a paragraph, an item of a list, a row of a table, a heading."""
    starts = re.compile(r"^\s*(?=$|[-*+] |\d+[.)] |\||#|>)", re.MULTILINE)
    return [" ".join(block.split()) for block in starts.split(text) if block.strip()]


def musts_without_id(text: str) -> list[str]:
    """Return what follows the last rule id of each block and still says MUST."""
    unnamed = []
    for block in blocks(text):
        rest = MADE.split(block)[-1]
        # The paragraph that says what the word means makes no rule.
        if re.search(r"\bMUST\b", rest) and "key words" not in block:
            unnamed.append(rest.strip())
    return unnamed


def test_every_must_ends_with_the_id_of_its_rule(chapters: dict[str, str]) -> None:
    unnamed = {name: musts_without_id(text) for name, text in chapters.items()}

    assert {name: texts for name, texts in unnamed.items() if texts} == {}


def test_no_rule_is_made_twice(chapters: dict[str, str]) -> None:
    twice = {rule: times for rule, times in Counter(rules_made(chapters)).items() if times > 1}

    assert twice == {}, "cite a rule without parentheses of its own"


def test_each_family_of_rules_lives_in_one_chapter(chapters: dict[str, str]) -> None:
    homes: dict[str, set[str]] = {}
    for name, text in chapters.items():
        for match in MADE.finditer(text):
            homes.setdefault(match["id"].split("-")[0], set()).add(name)

    assert {family: names for family, names in homes.items() if len(names) > 1} == {}


def test_every_rule_that_a_chapter_cites_exists(root: Path, chapters: dict[str, str]) -> None:
    known = known_ids(root, chapters)
    cited = {(name, rule) for name, text in chapters.items() for rule in RULE.findall(text)}

    assert {(name, rule) for name, rule in cited if rule not in known and rule.split("-")[0] not in FOREIGN} == set()


def test_every_rule_that_a_registry_or_a_vector_cites_exists(root: Path, chapters: dict[str, str]) -> None:
    known = known_ids(root, chapters)
    cited = {("limits.json", rule) for rule in limit_ids(root).values()}
    for path in sorted((root / "specs/vectors").rglob("*.json")):
        vector = json.loads(path.read_text("utf-8"))
        assert vector["rules"], f"{path.name} names no rule"
        cited |= {(path.name, rule) for rule in vector["rules"]}

    assert {(name, rule) for name, rule in cited if rule not in known} == set()


def test_every_rule_that_the_protocol_library_cites_exists(
    root: Path, chapters: dict[str, str], code: "list[Source]"
) -> None:
    known = known_ids(root, chapters)
    cited = {
        (source.name, rule)
        for source in code
        if source.module.startswith("intentcast.")
        for rule in RULE.findall(source.text)
    }

    assert {(name, rule) for name, rule in cited if rule not in known and rule.split("-")[0] not in FOREIGN} == set()


def test_every_rule_that_the_daemon_the_tests_and_the_scripts_cite_exists(root: Path, chapters: dict[str, str]) -> None:
    # Outside the library a part number may look like a rule, so only the families of the specification count.
    known = known_ids(root, chapters)
    families = {rule.split("-")[0] for rule in known}
    cited = {
        (path.relative_to(root).as_posix(), rule)
        for room in ("daemon", "tests", "scripts")
        for path in sorted((root / room).rglob("*.py"))
        if path.resolve() != Path(__file__).resolve()
        for rule in RULE.findall(path.read_text("utf-8"))
    }

    assert {(name, rule) for name, rule in cited if rule not in known and rule.split("-")[0] in families} == set()


def test_every_verdict_names_an_existing_rule(root: Path, chapters: dict[str, str], code: "list[Source]") -> None:
    known = known_ids(root, chapters)
    unknown = [
        f"{source.name}:{node.lineno} {rule.value}"
        for source in code
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in VERDICTS
        for rule in node.args[:1]
        if isinstance(rule, ast.Constant) and rule.value not in known
    ]

    assert unknown == []


def test_every_rule_has_a_vector_or_a_test_that_cites_it(root: Path, chapters: dict[str, str]) -> None:
    vectors = {
        rule
        for path in (root / "specs/vectors").rglob("*.json")
        for rule in json.loads(path.read_text("utf-8"))["rules"]
    }
    tests = {
        rule
        for path in (root / "tests").rglob("*.py")
        if "meta" not in path.relative_to(root).parts
        for rule in RULE.findall(path.read_text("utf-8"))
    }

    assert sorted(set(rules_made(chapters)) - vectors - tests) == []


def test_a_must_without_an_id_is_seen_in_a_paragraph_a_list_and_a_table() -> None:
    text = """
The key words MUST and MUST NOT are to be read as in everyday English.

A relay MUST drop
it (TST-1). It MUST also answer.

- A reader MUST reject it if the length is 0
  or above the limit (TST-2).
- A writer MUST pad.

| field | rule |
|---|---|
| `tag` | MUST be 32 bytes (TST-3) |
| `body` | MUST NOT be empty |
"""

    assert musts_without_id(text) == [
        ". It MUST also answer.",
        "- A writer MUST pad.",
        "| `body` | MUST NOT be empty |",
    ]
