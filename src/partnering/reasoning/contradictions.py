"""Things of two classes that are declared disjoint, found without a reasoner.

With the classes that domains and ranges give, that is all the inconsistency to which the
ontology's axioms can lead once the rules have inferred; so a slip in a case is found at every
build.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import pyoxigraph as ox

from partnering.checking.problems import Problem
from partnering.names import Names
from partnering.reasoning.explanation import Explainer

Pair = tuple[str, str]

_DISJOINT = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT DISTINCT ?one ?other WHERE {
  { ?one owl:disjointWith ?other }
  UNION { ?all a owl:AllDisjointClasses ; owl:members ?list .
          ?list rdf:rest*/rdf:first ?one , ?other . FILTER (STR(?one) < STR(?other)) }
  FILTER (isIRI(?one) && isIRI(?other))
} ORDER BY ?one ?other"""


class Contradiction(NamedTuple):
    """A thing and the two classes that it cannot both be of, by IRI."""

    thing: str
    one: str
    other: str


def disjoint_pairs(schema: ox.Store) -> tuple[Pair, ...]:
    """Classes that are declared disjoint, two by two."""
    return tuple((_text(row[0]), _text(row[1])) for row in _rows(schema, _DISJOINT))


def among(store: ox.Store, known: Names, pairs: Iterable[Pair]) -> Iterator[Contradiction]:
    """The contradictions of a store that holds what is said and what follows."""
    members = _members(store, known)
    for one, other in pairs:
        for thing in sorted(members[one] & members[other]):
            yield Contradiction(thing, one, other)


def problems(
    found: Iterable[Contradiction], gate: str, speaker: Explainer, where: Callable[[str], str]
) -> list[Problem]:
    """Contradictions said so that somebody can mend them; ``where`` gives a thing's place."""
    return [
        Problem(
            gate=gate,
            severity="violation",
            message=f"{speaker.say(thing)} is {speaker.a(one)} and {speaker.a(other)}, which are"
            f" declared disjoint at {speaker.disjoint_at((one, other))}.",
            where=where(thing),
            focus=thing,
            why="From a contradiction everything follows; no answer about this could be trusted.",
            mend="look at its classes and at the properties it is used with;"
            " partnering reason --explain --with FILE shows each step",
            rule="disjoint",
        )
        for thing, one, other in found
    ]


def _members(store: ox.Store, known: Names) -> defaultdict[str, set[str]]:
    """Things by class: by what is said, by what follows, and by the properties they are used in."""
    members: defaultdict[str, set[str]] = defaultdict(set)

    def note(terms: Iterable[object], classes: Iterable[str]) -> None:
        things = {term.value for term in terms if isinstance(term, ox.NamedNode)}
        for name in known.classes_of(classes):
            members[name] |= things

    for row in _rows(store, "SELECT DISTINCT ?class { ?thing a ?class }"):
        kind = _text(row[0])
        note(_column(store, f"SELECT ?thing {{ ?thing a <{kind}> }}"), [kind])
    for relation, domains in known.domains.items():
        note(_column(store, f"SELECT DISTINCT ?thing {{ ?thing <{relation}> ?value }}"), domains)
    for relation, ranges in known.ranges.items():
        note(_column(store, f"SELECT DISTINCT ?value {{ ?thing <{relation}> ?value }}"), ranges)
    return members


def _column(store: ox.Store, query: str) -> Iterator[object]:
    for row in _rows(store, query):
        yield row[0]


def _rows(store: ox.Store, query: str) -> Iterator[ox.QuerySolution]:
    rows = store.query(query, use_default_graph_as_union=True)
    assert isinstance(rows, ox.QuerySolutions)
    yield from rows


def _text(term: object) -> str:
    return str(getattr(term, "value", term))
