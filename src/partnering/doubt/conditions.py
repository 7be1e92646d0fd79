"""A question's pattern taken apart into conditions that can be tried one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from partnering.anatomy import TOKEN, dissect
from partnering.doubt.neighbourhood import VERDICTS
from partnering.store.base import Engine, Table, select

Kind = Literal["values", "triple", "bind", "optional", "filter", "union", "minus", "query"]
_OPENERS = {"FILTER": "filter", "BIND": "bind", "OPTIONAL": "optional", "MINUS": "minus",
            "VALUES": "values"}  # fmt: skip
_VARIABLE = re.compile(r"[?$](\w+)")


@dataclass(frozen=True)
class Condition:
    """One element of a pattern; ``triple`` holds its terms as written, prefixes resolved."""

    kind: Kind
    text: str
    triple: tuple[str, str, str] = ("", "", "")

    @cached_property
    def variables(self) -> frozenset[str]:
        return frozenset(_VARIABLE.findall(self.text))

    @property
    def must_hold(self) -> bool:
        """Whether a row can fail because of it."""
        return self.kind not in ("bind", "optional")

    @property
    def is_type(self) -> bool:
        return self.triple[1].endswith("22-rdf-syntax-ns#type>")

    @property
    def is_verdict(self) -> bool:
        return self.triple[1][1:-1] in VERDICTS or self.triple[2].endswith("DerivedAssessment>")


@dataclass(frozen=True)
class Conditions:
    """A pattern's conditions, and terms given for some of its variables (in SPARQL)."""

    prologue: str
    all: tuple[Condition, ...]
    given: Mapping[str, str]

    @classmethod
    def of(cls, query: str, given: Mapping[str, str]) -> Conditions:
        """Of a SELECT's outer pattern; of the inner one, where the outer is nothing but a SELECT."""
        parts = dissect(query)
        held = tuple(_read(parts.prologue, parts.body))
        while len(held) == 1 and held[0].kind == "query" and set(given) <= held[0].variables:
            inner = dissect(held[0].text.strip()[1:-1])
            held = tuple(_read(parts.prologue, inner.body))
        return cls(parts.prologue, held, given)

    @property
    def variables(self) -> frozenset[str]:
        return frozenset(name for condition in self.all for name in condition.variables)

    @cached_property
    def everywhere(self) -> tuple[Condition, ...]:
        """All conditions, with those inside optional parts, unions and inner questions."""
        return tuple(self._within(self.all))

    def _within(self, conditions: Iterable[Condition]) -> Iterator[Condition]:
        for condition in conditions:
            yield condition
            if condition.kind in ("union", "optional", "query"):
                for inner in _groups(condition.text):
                    asked = re.match(r"\s*SELECT\b", inner, re.I)
                    body = dissect(inner).body if asked else inner
                    yield from self._within(_read(self.prologue, body))

    @cached_property
    def in_order(self) -> tuple[Condition, ...]:
        """What is asked about the given things first; then types, verdicts, and the rest."""

        def rank(condition: Condition) -> int:
            if condition.kind == "values":
                return 0
            if condition.kind != "triple":
                return 5
            if condition.is_verdict:
                return 4
            if condition.is_type:
                return 3
            return 1 if condition.variables & set(self.given) else 2

        return tuple(sorted(self.all, key=rank))

    def solutions(self, engine: Engine, conditions: Iterable[Condition], most: int = 1) -> Table:
        """Some solutions of some of the conditions, the given terms bound."""
        held = list(conditions)
        bindable = {name for c in held if c.kind in ("triple", "values") for name in c.variables}
        early = {name: term for name, term in self.given.items() if name in bindable}
        late = {name: term for name, term in self.given.items() if name not in bindable}
        body = f"{_values(early)} {' '.join(c.text for c in held)}"
        if late:
            body = f"{{ SELECT * WHERE {{ {body} }} }} {_values(late)}"
        return select(engine, f"{self.prologue}SELECT * WHERE {{ {body} }} LIMIT {most}")

    def hold(self, engine: Engine, conditions: Iterable[Condition] | None = None) -> bool:
        """Whether the conditions, all by default, have a solution for the given terms."""
        return bool(len(self.solutions(engine, self.all if conditions is None else conditions)))

    def first_failing(self, engine: Engine, conditions: tuple[Condition, ...]) -> int | None:
        """Position of the first condition without which there was still a solution."""
        for at, condition in enumerate(conditions):
            if condition.must_hold and not self.hold(engine, conditions[: at + 1]):
                return at
        return None


def _values(given: Mapping[str, str]) -> str:
    return " ".join(f"VALUES ?{name} {{ {term} }}" for name, term in given.items())


def _read(prologue: str, body: str) -> Iterator[Condition]:
    prefixes = dict(re.findall(r"(?i)PREFIX\s+([\w-]*):\s*<([^>]*)>", prologue))
    for kind, text in _elements(body):
        if kind == "triple":
            for triple in _triples(text, prefixes):
                yield Condition("triple", " ".join(triple) + " .", triple)
        elif kind == "group":
            nested = re.match(r"\{\s*SELECT\b", text, re.I)
            yield Condition("query" if nested else "union", text)
        else:
            yield Condition(kind, text)  # type: ignore[arg-type]


def _elements(body: str) -> Iterator[tuple[str, str]]:
    """Kind and text of each element of a group, in order."""
    tokens = [token for token in TOKEN.finditer(body) if token.lastgroup != "skip"]
    at = 0
    while at < len(tokens):
        start = at
        word = tokens[at].group().upper()
        if word == ".":
            at += 1
            continue
        if word in _OPENERS:
            at = _past_brackets(tokens, at + 1)
            if word == "VALUES" and tokens[at - 1].group() == ")":
                at = _past_brackets(tokens, at)
            kind = _OPENERS[word]
        elif word == "{":
            at = _past_brackets(tokens, at)
            while at < len(tokens) and tokens[at].group().upper() == "UNION":
                at = _past_brackets(tokens, at + 1)
            kind = "group"
        else:
            while at < len(tokens) and not _ends_triples(tokens[at].group()):
                at += 1
            kind = "triple"
        yield kind, body[tokens[start].start() : tokens[at - 1].end()]


def _groups(text: str) -> Iterator[str]:
    """What stands in the outermost braces of an element."""
    tokens = [token for token in TOKEN.finditer(text) if token.lastgroup != "skip"]
    at = 0
    while at < len(tokens):
        start, at = at, _past_brackets(tokens, at) if tokens[at].group() == "{" else at + 1
        if tokens[start].group() == "{":
            yield text[tokens[start].end() : tokens[at - 1].start()]


def _ends_triples(text: str) -> bool:
    return text in (".", "{") or text.upper() in _OPENERS


def _past_brackets(tokens: list[re.Match[str]], at: int) -> int:
    """The position after the next bracketed part."""
    depth = 0
    while at < len(tokens):
        text = tokens[at].group()
        depth += (text in "({") - (text in ")}")
        at += 1
        if depth == 0 and text in ")}":
            return at
    return at


def _triples(text: str, prefixes: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    tokens = [t.group() for t in TOKEN.finditer(text) if t.lastgroup != "skip"]
    subject, at = _full(tokens[0], prefixes), 1
    while at < len(tokens):
        verb = _full("a" if tokens[at] == "a" else tokens[at], prefixes, verb=True)
        at += 1
        while at < len(tokens) and tokens[at] in "/|^*+?":
            verb += tokens[at] + (_full(tokens[at + 1], prefixes) if tokens[at] in "/|^" else "")
            at += 2 if tokens[at] in "/|^" else 1
        yield subject, verb, _full(tokens[at], prefixes)
        at += 1
        while at < len(tokens) and tokens[at] == ",":
            yield subject, verb, _full(tokens[at + 1], prefixes)
            at += 2
        while at < len(tokens) and tokens[at] == ";":
            at += 1


def _full(token: str, prefixes: Mapping[str, str], *, verb: bool = False) -> str:
    if verb and token == "a":
        return "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    prefix, colon, local = token.partition(":")
    if colon and prefix in prefixes and not token.startswith(("<", '"', "'")):
        return f"<{prefixes[prefix]}{local}>"
    return token
