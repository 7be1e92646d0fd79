"""How one engine wants to be asked: which graphs count, and what it gets wrong.

Engines differ in what they ask when no graph is named: Oxigraph and Fuseki an empty default
graph, Virtuoso and GraphDB the union of all, other people's graphs too. So the graphs are
said in every query. Virtuoso 7 takes seconds to plan a query with a hundred FROM clauses and
milliseconds to leave out the few graphs that are not ours, so it is told those.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from partnering.anatomy import TOKEN, dissect
from partnering.errors import QueryRefused, QuerySyntax
from partnering.store.gate import survey
from partnering.store.tokens import place

Style = Literal["named", "excluding", "whole"]

# Strings, IRIs and comments are passed over. A block that binds nothing joins with everything.
_ODD = re.compile(
    r'"{3}(?:[^"\\]|\\.|"(?!""))*+"{3}' r"|'{3}(?:[^'\\]|\\.|'(?!''))*+'{3}"
    r'|"(?:[^"\\\r\n]|\\.)*+"' r"|'(?:[^'\\\r\n]|\\.)*+'" r"|(?P<reach_iri><(?:bif|sql):)|<[^<>\s]*+>|\#[^\r\n]*+"
    r"|(?P<reach>\b(?:bif|sql):)"
    r"|(?P<none>\bVALUES\s++[?$]\w++\s*+\{\s*+UNDEF\s*+\})",
    re.I | re.S,
)  # fmt: skip

_COUNTED = re.compile(r"\bCOUNT\s*\(\s*DISTINCT\b.*\bBIND\s*\(\s*IF\b", re.I | re.S)
_GROUPED = re.compile(r"\bGROUP\s+BY\b", re.I)
_CHOSEN = re.compile(r"\bIF\s*\(", re.I)
_MULTIPLE = re.compile(r"\b(?:SUM|AVG|GROUP_CONCAT)\s*\(|\bCOUNT\s*\((?!\s*DISTINCT)", re.I)
"""Aggregates to which it matters how often a row is there."""


@dataclass(frozen=True)
class Dialect:
    """The graphs a query is asked over, said in the engine's own way.

    ``named`` lists them in FROM clauses, ``excluding`` lists those to leave out (Virtuoso
    alone), ``whole`` says nothing: the engine's own default graph must be their union.
    """

    ours: tuple[str, ...]
    others: tuple[str, ...] = ()
    style: Style = "named"

    @classmethod
    def of(cls, server: str, ours: Iterable[str], others: Iterable[str], *, whole: bool) -> Dialect:
        """For an engine that calls itself so in its header ``Server``."""
        style: Style = "excluding" if "virtuoso" in server.casefold() else "named"
        return cls(tuple(ours), tuple(others), "whole" if whole and style == "named" else style)

    def over_union(self, query: str) -> str:
        """A query over the union of our graphs, each of which it may also name."""
        if self.style == "excluding":
            left_out = "".join(
                f"define input:default-graph-exclude <{iri}> "
                f"define input:named-graph-exclude <{iri}> "
                for iri in self.others
            )
            return f"{left_out}{self.mended(query)}"
        return query if self.style == "whole" else self.over_named(query)

    def over_named(self, query: str) -> str:
        """The same in FROM clauses.

        They are no request parameters: Virtuoso repeats each of those in a header of its
        answer, and no client reads a hundred.
        """
        query = self.mended(query)
        at = survey(query).dataset_at
        said = " ".join(f"FROM <{iri}> FROM NAMED <{iri}>" for iri in self.ours)
        return f"{query[:at]} {said} {query[at:]}"

    def mended(self, query: str) -> str:
        """The same query without what the engine answers wrongly.

        Virtuoso 7.2 counts a row too many beside ``VALUES ?x { UNDEF }``, the blank of a saved
        question that is left open, and often a value too many where an IF binds what it counts
        in some rows only, unless the rows are made distinct first.
        """
        if self.style != "excluding":
            return query
        query = _ODD.sub(lambda found: "" if found["none"] else found[0], query)
        return _distinct_first(query) if _COUNTED.search(query) else query

    def check(self, query: str) -> None:
        """Refuse what would reach past the data: Virtuoso calls its own SQL from a query."""
        if self.style != "excluding":
            return
        for found in _ODD.finditer(query):
            if found["reach"] or found["reach_iri"]:
                raise QueryRefused(
                    "The query calls a function of the engine's own, which may reach out.",
                    where=place(query, found.start()),
                    mend="ask in standard SPARQL 1.1",
                )


def _distinct_first(query: str) -> str:
    """A grouped SELECT over distinct rows of the variables it uses.

    Only where no aggregate notices: counts of distinct values, MIN, MAX and SAMPLE.
    """
    try:
        parts = dissect(query)
    except QuerySyntax:
        return query
    start = query.index(parts.body, len(parts.prologue))
    head, after = query[len(parts.prologue) : start - 1], parts.after
    around = f"{head} {after}"
    if not _GROUPED.search(after) or _MULTIPLE.search(around) or _CHOSEN.search(head):
        return query
    held = {token.group()[1:] for token in TOKEN.finditer(parts.body) if token.lastgroup == "var"}
    used = [token.group()[1:] for token in TOKEN.finditer(around) if token.lastgroup == "var"]
    names = " ".join(f"?{name}" for name in dict.fromkeys(used) if name in held)
    if not names:
        return query
    inner = f"{{ SELECT DISTINCT {names} WHERE {{{parts.body}}} }}"
    return f"{parts.prologue}{head}{{ {inner} }}{after}"
