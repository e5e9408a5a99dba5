"""One vector as its author writes it: what goes in, and what has to come out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from intentcast.conformance.run import run
from intentcast.conformance.vector import FORMAT, Json, vector_of
from intentcast.testing.samples import T0

Input = Mapping[str, Json]


@dataclass(frozen=True)
class Case:
    """One vector. `rule` names it; `by` is the rule that refuses, if that is another one."""

    chapter: str
    rule: str
    slug: str
    kind: str
    input: Input
    comment: str
    expect: str
    at: str
    by: str | None
    group: str
    output: Json = None
    now: int = int(T0)
    network: str = "test"
    also: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        return f"{self.chapter}/{self.rule}-{self.slug}.json"

    def document(self) -> dict[str, Json]:
        """Return the JSON object of the file.

        The author says what is expected; the core is asked only for decoded values that nobody wrote down.
        """
        rules = sorted({self.rule, *self.also, *([self.by] if self.by else [])})
        document: dict[str, Json] = {
            "format": FORMAT,
            "rules": rules,
            "class": self.group,
            "comment": self.comment,
            "kind": self.kind,
            "now": self.now,
            "network": self.network,
            "input": self.input,
            "expect": self.expect,
            "at": self.at,
            "rule": self.by,
        }
        outcome = run(vector_of(document))
        said = (outcome.expect, outcome.at, outcome.rule)
        if said != (self.expect, self.at, self.by):
            raise AssertionError(f"{self.path}: expected {(self.expect, self.at, self.by)}, the core says {said}")
        if self.output is not None and outcome.output != self.output:
            raise AssertionError(f"{self.path}: expected {self.output}, the core says {outcome.output}")
        return document | ({"output": outcome.output} if outcome.output else {})


@dataclass
class Chapter:
    """The vectors of one chapter."""

    name: str
    cases: list[Case] = field(default_factory=list)

    def accepts(
        self,
        name: str,
        kind: str,
        comment: str,
        given: Input,
        at: str,
        *,
        output: Json = None,
        group: str = "positive",
        now: int = int(T0),
        network: str = "test",
        also: tuple[str, ...] = (),
    ) -> None:
        """Add what a conforming program takes. `name` is rule and case: "ENC-2 fixint-127"."""
        rule, slug = name.split(" ")
        self.cases.append(
            Case(self.name, rule, slug, kind, given, comment, "accept", at, None, group, output, now, network, also)
        )

    def refuses(
        self,
        name: str,
        kind: str,
        comment: str,
        given: Input,
        at: str,
        *,
        by: str | None = None,
        expect: str = "reject",
        output: Json = None,
        group: str = "negative",
        now: int = int(T0),
        network: str = "test",
        also: tuple[str, ...] = (),
    ) -> None:
        """Add what a conforming program does not take, for one reason."""
        rule, slug = name.split(" ")
        self.cases.append(
            Case(self.name, rule, slug, kind, given, comment, expect, at, by or rule, group, output, now, network, also)
        )

    def mutates(self, name: str, comment: str, given: Input) -> None:
        """Add many altered forms of one record, none of which is taken."""
        rule, slug = name.split(" ")
        self.cases.append(
            Case(self.name, rule, slug, "mutations", given, comment, "reject", "mutation", None, "mutation")
        )

    def ignores(
        self, name: str, kind: str, comment: str, given: Input, at: str, *, by: str | None = None, now: int = int(T0)
    ) -> None:
        """Add sound bytes that have no effect."""
        self.refuses(name, kind, comment, given, at, by=by, expect="ignore", now=now)
