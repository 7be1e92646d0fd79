"""What keeps given things out of an answer, in words with labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rdflib import URIRef
from rdflib.term import Identifier

from partnering.anatomy import dissect
from partnering.answering.comparison import listed, short
from partnering.answering.questions import BoundQuestion
from partnering.doubt.conditions import Condition, Conditions
from partnering.store.base import Engine, Table, select

MOST = 4
_LABEL = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?label WHERE { VALUES ?thing { %s } ?thing rdfs:label ?label } ORDER BY ?label LIMIT 1"""
_VALUES = "SELECT DISTINCT ?value WHERE { <%s> %s ?value } ORDER BY ?value LIMIT 20"
_MEMBERS = "SELECT (COUNT(DISTINCT ?thing) AS ?number) WHERE { ?thing a <%s> }"
_VERDICT = """
PREFIX ptn: <https://w3id.org/partnering/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?verdict ?caveat ?rule WHERE {
  ?a a ptn:DerivedAssessment ; ptn:assesses <%s> ; ptn:underRule ?r ; ptn:hasVerdict/rdfs:label ?verdict .
  %s ?r rdfs:label ?rule .
  OPTIONAL { ?a ptn:caveat ?caveat }
} ORDER BY ?rule"""


@dataclass(frozen=True)
class Obstacle:
    """One condition that fails, as it stands in the question, and what that means."""

    condition: str
    words: str


class Obstacles:
    """Finds the obstacles of one question for some given things."""

    def __init__(self, engine: Engine, conditions: Conditions, bound: BoundQuestion) -> None:
        self._engine = engine
        self._conditions = conditions
        self._bound = bound

    def found(self) -> tuple[Obstacle, ...]:
        """Every obstacle met when those before it are waived, in the order they are met."""
        obstacles: list[Obstacle] = []
        waiting = self._conditions.in_order
        while len(obstacles) < MOST:
            at = self._conditions.first_failing(self._engine, waiting)
            if at is None:
                break
            failing, before = waiting[at], waiting[:at]
            obstacles.append(Obstacle(failing.text, self._words(failing, before)))
            waiting = self._waive(waiting, failing, before)
        if not obstacles:
            obstacles += self._having()
        return tuple(obstacles)

    def _waive(
        self, waiting: tuple[Condition, ...], failing: Condition, before: tuple[Condition, ...]
    ) -> tuple[Condition, ...]:
        """The conditions without the failing one; without its subject's all, if there is none."""
        subject = failing.triple[0]
        if failing.kind != "triple" or failing.is_type or failing.is_verdict:
            return tuple(c for c in waiting if c is not failing)
        gone = {subject} if subject.startswith("?") else set()
        return tuple(
            c for c in waiting
            if c is not failing and not (c.kind == "triple" and c.triple[0] in gone)
            and not (c.kind == "union" and any(name in c.text for name in gone))
        )  # fmt: skip

    def _words(self, failing: Condition, before: tuple[Condition, ...]) -> str:
        met = self._conditions.solutions(self._engine, before, 40)
        if failing.is_verdict:
            return self._verdict(failing, met)
        if failing.is_type:
            return self._other_kind(failing, met)
        if failing.kind == "triple":
            return self._nothing_says(failing, before)
        if failing.kind == "filter":
            return self._filter(failing, met)
        kind = {"query": "its inner question", "minus": "what it leaves out"}.get(failing.kind)
        return f"It does not pass {kind or 'a choice of the question'}: {_one_line(failing.text)}"

    def _verdict(self, failing: Condition, met: Table) -> str:
        rules = self._bound.rules
        limit = f"VALUES ?r {{ {' '.join(rule.n3() for rule in rules)} }}" if rules else ""
        said = []
        for name in ("arrangement", "partnership", failing.triple[0][1:]):
            for thing in _cells(met, name):
                for verdict, caveat, rule in select(self._engine, _VERDICT % (thing, limit)).rows:
                    why = f" ({str(caveat).rstrip('.')})" if caveat else ""
                    said.append(f"the rule “{rule}” gives “{self._label(thing)}” the verdict"
                                f" “{verdict}”{why}")  # fmt: skip
            if said:
                return f"Not that verdict: {listed(said, 2)}."
        return "There is no such verdict on it."

    def _other_kind(self, failing: Condition, met: Table) -> str:
        subject, _, wanted = failing.triple
        said = []
        for thing in _cells(met, subject[1:]):
            kinds = self._values(thing, failing.triple[1])
            narrowest = min(kinds, key=lambda kind: (self._size(kind), kind), default=thing)
            said.append(f"“{self._label(thing)}” is {_article(self._label(narrowest))}")
        wanted_words = _article(self._label(URIRef(wanted[1:-1])))
        return f"Of another kind, not {wanted_words}: {listed(said, 2)}."

    def _nothing_says(self, failing: Condition, before: tuple[Condition, ...]) -> str:
        """What the subject would have had to be, told by all that is asked of it so far."""
        subject = failing.triple[0]
        asked = [c for c in (*before, failing) if c.kind == "triple" and c.triple[0] == subject]
        kind = next((c.triple[2] for c in self._conditions.everywhere
                     if c.is_type and c.triple[0] == subject and c.triple[2][0] == "<"), "")  # fmt: skip
        name = self._label(URIRef(kind[1:-1])) if kind else self._named(subject)
        held = [f"{self._path(c.triple[1])} {self._named(c.triple[2])}" for c in asked
                if not c.is_type and not self._named(c.triple[2]).startswith("any ")]  # fmt: skip
        if subject.startswith("?") and subject[1:] not in self._conditions.given:
            like = (
                f" that says: {', '.join(dict.fromkeys(held))}"
                if held
                else " of the kind asked for"
            )
            return f"There is no {name}{like}."
        return f"{self._named(subject)} has no {self._path(failing.triple[1])}" + (
            f" {self._named(failing.triple[2])}." if failing.triple[2][0] != "?" else "."
        )

    def _filter(self, failing: Condition, met: Table) -> str:
        names = [n for n in met.columns if n in failing.variables]
        said = []
        for row in met.rows:
            cells = dict(zip(met.columns, row, strict=True))
            thing = cells.get("arrangement") or cells.get("finding")
            about = f"for “{self._label(thing)}” " if isinstance(thing, URIRef) else ""
            said.append(about + ", ".join(self._against_asked(names, cells)))
        return f"Outside what is asked: {listed(dict.fromkeys(said), 2)}."

    def _against_asked(
        self, names: list[str], cells: Mapping[str, Identifier | None]
    ) -> Iterator[str]:
        """What each variable holds; ``itsNature`` beside ``nature``, which is what was asked for."""
        asked = {f"its{name[:1].upper()}{name[1:]}": name for name in names}
        met = {own: name for own, name in asked.items() if own in names}
        for name in names:
            if name in met:
                own, wanted = self._cell(cells[name]), self._cell(cells[met[name]])
                yield f"{_spaced(name)} is {own}, not {wanted}"
            elif name not in met.values():
                yield f"{_spaced(name)} is {self._cell(cells[name])}"

    def _having(self) -> list[Obstacle]:
        after = dissect(self._bound.query).after
        at = after.upper().find("HAVING")
        if at < 0:
            return []
        text = _one_line(after[at:].split("ORDER BY")[0])
        return [Obstacle(text, f"The pattern is met, but too little of it for {text}.")]

    def _named(self, term: str) -> str:
        name = term[1:] if term.startswith("?") else ""
        given = self._conditions.given.get(name)
        choices = self._bound.bound.get(name, ())
        if given or term.startswith("<"):
            return f"“{self._label((given or term).strip('<>'))}”"
        return " or ".join(f"“{c.label}”" for c in choices) or f"any {_spaced(name)}"

    def _path(self, path: str) -> str:
        steps = [step for step in path.replace("^", "/").split(">") if step]
        said = [self._label(step[step.find("<") + 1 :]) for step in steps]
        return " / ".join(words.removeprefix("has ") for words in said)

    def _label(self, iri: Identifier | str) -> str:
        for (label,) in select(self._engine, _LABEL % URIRef(str(iri)).n3()).rows:
            return str(label)
        return short(URIRef(str(iri)))

    def _cell(self, cell: Identifier | None) -> str:
        return f"“{self._label(cell)}”" if isinstance(cell, URIRef) else short(cell)

    def _size(self, kind: Identifier) -> int:
        """How many things are of a class: the narrowest says most."""
        ((number,),) = select(self._engine, _MEMBERS % kind).rows
        return int(str(number))

    def _values(self, subject: Identifier, path: str) -> list[Identifier]:
        rows = select(self._engine, _VALUES % (subject, path)).rows
        return [cell for (cell,) in rows if cell is not None]


def _cells(table: Table, name: str) -> list[Identifier]:
    """The things in a column, each once."""
    if name not in table.columns:
        return []
    return list(dict.fromkeys(c for c in table.column(name) if isinstance(c, URIRef)))


def _article(noun: str) -> str:
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def _spaced(name: str) -> str:
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name)


def _one_line(text: str) -> str:
    return " ".join(text.split())
