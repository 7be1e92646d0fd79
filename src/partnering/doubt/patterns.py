"""Which triples a query can meet at all: a test of whether a change could touch its answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph as ox
from rdflib import RDF, URIRef
from rdflib.paths import InvPath, Path
from rdflib.term import Identifier

from partnering.answering.algebra import algebra

_TYPE = RDF.type.n3()
Pattern = tuple[str | None, str | None, str | None]


@dataclass(frozen=True)
class Patterns:
    """The triple patterns of a query, constants in N-Triples, None where a variable stands.

    A change of triples none of which fits a pattern cannot change the answer, whatever else
    the query does.
    """

    patterns: frozenset[Pattern]

    def meet(self, triples: Iterable[ox.Triple]) -> bool:
        """Whether any of the triples fits any pattern."""
        return any(self._fits(triple) for triple in triples)

    def uses(self, predicates: Iterable[str]) -> bool:
        """Whether a pattern has one of these predicates (bare IRIs), or any predicate at all."""
        wanted = {f"<{iri}>" for iri in predicates}
        return any(p is None or p in wanted for _, p, _ in self.patterns)

    def mentions(self, terms: Iterable[str]) -> bool:
        """Whether a pattern names one of these terms (bare IRIs), or leaves its predicate open."""
        wanted = {f"<{iri}>" for iri in terms}
        open_type = any(p == _TYPE and o is None for _, p, o in self.patterns)
        return open_type or any(
            p is None or p in wanted or o in wanted for _, p, o in self.patterns
        )

    def _fits(self, triple: ox.Triple) -> bool:
        s, p, o = str(triple.subject), str(triple.predicate), str(triple.object)
        return any(
            (a is None or a == s) and (b is None or b == p) and (c is None or c == o)
            for a, b, c in self.patterns
        )


@lru_cache(maxsize=256)
def of(query: str) -> Patterns:
    """The patterns of a query; parsed once."""
    return Patterns(frozenset(_walk(algebra(query))))


def _walk(node: object) -> Iterator[Pattern]:
    if isinstance(node, dict):
        if getattr(node, "name", "") == "BGP":
            for s, p, o in node["triples"]:
                yield from _pattern(s, p, o)
        for value in node.values():
            yield from _walk(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _walk(value)


def _pattern(s: object, p: object, o: object) -> Iterator[Pattern]:
    if isinstance(p, Path):
        # The nodes between the steps are variables; a step backwards swaps the ends.
        for predicate in _steps(p):
            yield None, predicate, None
    else:
        yield _constant(s), _constant(p), _constant(o)


def _steps(path: object) -> Iterator[str | None]:
    if isinstance(path, URIRef):
        yield path.n3()
    elif isinstance(path, InvPath):
        yield from _steps(path.arg)
    elif hasattr(path, "args"):
        for step in path.args:
            yield from _steps(step)
    elif hasattr(path, "path"):
        yield from _steps(path.path)
    else:
        yield None


def _constant(term: object) -> str | None:
    # A literal may be written in several ways; it is left open, which errs on the safe side.
    return term.n3() if isinstance(term, Identifier) and isinstance(term, URIRef) else None
