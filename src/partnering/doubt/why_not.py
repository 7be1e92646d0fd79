"""Why something is not in an answer, and the smallest addition that would put it there.

The question's own pattern is asked with the given things bound, condition by condition; the
first that leaves no solution is the reason. Additions are tried on a scratch copy, the
smallest first, until the row is really there.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product
from typing import Any

from rdflib import URIRef
from rdflib.term import Identifier

from partnering.answering.questions import BoundQuestion
from partnering.doubt.candidates import TRIED
from partnering.doubt.conditions import Condition, Conditions
from partnering.doubt.obstacles import Obstacle, Obstacles
from partnering.doubt.proposals import Addition, Proposer
from partnering.doubt.scratch import Scratch
from partnering.namespaces import PTN
from partnering.store.base import Engine

MOST_TRIED = 60
_ARRANGEMENTS = """
PREFIX ptn: <https://w3id.org/partnering/ontology#>
SELECT DISTINCT ?arrangement ?graph ?main WHERE {
  GRAPH ?graph { ?case a ptn:CaseStudy . ?case ptn:hasPartnership|ptn:hasMainPartnership ?arrangement }
  OPTIONAL { ?any ptn:hasMainPartnership ?arrangement . BIND (1 AS ?main) }
  %s
} ORDER BY DESC(?main) ?graph ?arrangement"""


@dataclass(frozen=True)
class WhyNot:
    """What keeps a thing out of an answer, the first obstacle first, and what would admit it."""

    sentence: str
    present: bool
    obstacles: tuple[Obstacle, ...]
    addition: Addition | None
    tried: int

    @property
    def reason(self) -> str:
        """The first obstacle in words."""
        if self.present:
            return "It is in the answer."
        return self.obstacles[0].words if self.obstacles else "No single condition keeps it out."

    def lines(self) -> Iterator[str]:
        """All of it in words."""
        yield self.sentence
        yield f"  {self.reason}"
        yield from (f"  Then: {obstacle.words}" for obstacle in self.obstacles[1:])
        if self.addition:
            yield "  It would be there with:"
            yield from (f"    + {words}" for words in self.addition.words)
        elif not self.present:
            yield (
                f"  No addition of the kinds tried admits it ({self.tried} tried: a statement,"
                " a value of an arrangement, an outcome or judgement that turns a verdict)."
            )


class Asker:
    """Asks why not, on one scratch copy."""

    def __init__(
        self, scratch: Scratch, most_tried: int = MOST_TRIED, seconds: float | None = None
    ) -> None:
        self._scratch = scratch
        self._most = most_tried
        self._seconds = seconds

    def why_not(self, bound: BoundQuestion, given: Mapping[str, URIRef | Identifier]) -> WhyNot:
        """Why no row of the question holds the given things (by variable of its pattern)."""
        search = _Search(self._scratch, bound, {name: term.n3() for name, term in given.items()})
        if search.present():
            return WhyNot(bound.sentence, True, (), None, 0)
        obstacles = Obstacles(self._scratch.engine, search.conditions, bound).found()
        tried = 0
        until = None if self._seconds is None else time.monotonic() + self._seconds
        for addition in islice(search.additions(), self._most):
            # The first is the likeliest: it is tried however long it took to find.
            if tried and until is not None and time.monotonic() > until:
                break
            tried += 1
            with self._scratch.changed(addition.change):
                if search.present():
                    return WhyNot(bound.sentence, False, obstacles, addition, tried)
        return WhyNot(bound.sentence, False, obstacles, None, tried)


class _Search:
    """The additions worth trying for one question and some given things."""

    def __init__(self, scratch: Scratch, bound: BoundQuestion, given: Mapping[str, str]) -> None:
        self._scratch = scratch
        self._bound = bound
        self.conditions = Conditions.of(bound.query, given)
        self._given = given

    @property
    def _engine(self) -> Engine:
        return self._scratch.engine

    def present(self) -> bool:
        """Whether a row holds the given things: their columns, and the pattern behind it."""
        table = self._scratch.select(self._bound.query)
        shown = {name: term for name, term in self._given.items() if name in table.columns}
        at = {name: table.columns.index(name) for name in shown}
        found = any(
            all((cell := row[at[name]]) is not None and cell.n3() == term
                for name, term in shown.items())
            for row in table.rows
        )  # fmt: skip
        return found and self.conditions.hold(self._engine)

    def additions(self) -> Iterator[Addition]:
        """What each arrangement lacks, the one that lacks least first; then anything else."""
        lacking: list[Any] = []
        for arrangement, graph in self._arrangements():
            lacks = self._lacks(arrangement)
            lacking.append((len(lacks), len(lacking), lacks, self._of(arrangement, graph)))
        ordered = sorted(lacking, key=lambda one: one[:2])
        for _, _, lacks, proposal in ordered:
            yield from proposal.filling(lacks)
        proposals = [proposal for _, _, _, proposal in ordered]
        for kind in ("values", "statements", "outcomes"):
            for proposal in proposals:
                yield from getattr(proposal, kind)

    def _lacks(self, arrangement: str) -> frozenset[str]:
        """Which kinds of addition the pattern needs with this arrangement in it."""
        names = {"arrangement", "partnership"} & self.conditions.variables
        given = {**self._given, **dict.fromkeys(names, f"<{arrangement}>")}
        conditions = Conditions(self.conditions.prologue, self.conditions.all, given)
        verdicts = [c for c in conditions.all if c.is_verdict or c.kind == "values"]
        others = [c for c in conditions.all if not c.is_verdict and c.kind != "filter"]
        lacks = set()
        if not conditions.hold(self._engine, others):
            lacks.add("statements")
        if self._asks_success and not conditions.hold(self._engine, verdicts):
            lacks.add("outcomes")
        if any(not self._says(arrangement, *cell) for cell in self._cells()):
            lacks.add("values")
        return frozenset(lacks)

    @cached_property
    def _asks_success(self) -> bool:
        return any(condition.is_verdict for condition in self.conditions.all)

    def _arrangements(self) -> list[tuple[str, str]]:
        limits = " ".join(
            f"FILTER (?{name} = {self._given[name]})"
            for name in ("case", "arrangement") if name in self._given
        )  # fmt: skip
        rows = self._scratch.select(_ARRANGEMENTS % limits).rows
        known = [(str(a), str(g)) for a, g, _ in rows if str(g) in self._scratch.graphs]
        return known[:8]

    def _of(self, arrangement: str, graph: str) -> _Proposal:
        proposer = Proposer(self._scratch, graph)
        values = tuple(
            proposer.value(arrangement, attribute, value) for attribute, value in self._cells()
            if not self._says(arrangement, attribute, value)
        )  # fmt: skip
        statements = tuple(
            addition
            for kind, said, open_ones in self._wanted()
            for addition in proposer.statements(kind, said, arrangement, left_open=open_ones)
        )
        outcomes = tuple(proposer.outcomes(arrangement)) if self._asks_success else ()
        return _Proposal(values, statements, outcomes)

    def _says(self, subject: str, attribute: str, value: str) -> bool:
        return bool(self._scratch.select(
            f"SELECT * {{ <{subject}> <{attribute}> <{value}> }} LIMIT 1").rows)  # fmt: skip

    def _cells(self) -> Iterator[tuple[str, str]]:
        """Nature and scale asked for, where the question asks for them."""
        for parameter in self._bound.question.parameters:
            attribute = {"scheme:nature": "hasNature", "scheme:scale": "hasScale"}.get(
                parameter.kind
            )
            for choice in self._bound.bound[parameter.name] if attribute else ():
                yield str(PTN[str(attribute)]), str(choice.iri)

    def _wanted(self) -> Iterator[tuple[str, dict[str, str], list[str]]]:
        """Kinds of statement the pattern speaks of, what each is to say, and what it leaves open."""
        for subject, kind in self._typed():
            said, left_open = {}, [str(PTN.hasPolarity)]
            for condition in self._triples():
                s, p, o = condition.triple
                if s != subject or condition.is_type:
                    continue
                if value := self._resolved(o):
                    said[p[1:-1]] = value
                elif p[1:-1] in TRIED:
                    left_open.append(p[1:-1])
            yield kind, said, left_open

    def _typed(self) -> Iterator[tuple[str, str]]:
        seen = set()
        for condition in self._triples():
            s, _, o = condition.triple
            if condition.is_type and o.startswith("<") and s[1:] not in self._given:
                if (s, o) not in seen and not o.endswith("DerivedAssessment>"):
                    yield s, o[1:-1]
                seen.add((s, o))

    def _triples(self) -> Iterator[Condition]:
        yield from (c for c in self.conditions.everywhere if c.kind == "triple")

    def _resolved(self, term: str) -> str:
        """The IRI a term of the pattern stands for, if the question or the asker fixes it."""
        if term.startswith("<"):
            return term[1:-1]
        name = term[1:]
        if name in self._given and self._given[name].startswith("<"):
            return self._given[name][1:-1]
        choices = self._bound.bound.get(name, ())
        return str(choices[0].iri) if len(choices) == 1 else ""


@dataclass(frozen=True)
class _Proposal:
    """Additions on one arrangement, by kind."""

    values: tuple[Addition, ...]
    statements: tuple[Addition, ...]
    outcomes: tuple[Addition, ...]

    def filling(self, lacks: frozenset[str]) -> Iterator[Addition]:
        """Additions of all the kinds that are lacking at once."""
        choices: list[tuple[Addition, ...]] = []
        if "values" in lacks and self.values:
            choices.append((sum_of(self.values),))
        if "statements" in lacks:
            choices.append(self.statements[:6])
        if "outcomes" in lacks:
            choices.append(self.outcomes)
        for parts in product(*choices) if choices else ():
            yield sum_of(parts)


def sum_of(parts: tuple[Addition, ...]) -> Addition:
    """Several additions as one."""
    first, *more = parts
    for one in more:
        first = first + one
    return first
