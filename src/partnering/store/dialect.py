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

from partnering.errors import QueryRefused
from partnering.store.gate import survey
from partnering.store.tokens import place

Style = Literal["named", "excluding", "whole"]

# Strings, IRIs and comments are passed over. A block that binds nothing joins with everything.
# Virtuoso takes a function named by a relative IRI for a procedure of its own database.
_ODD = re.compile(
    r'"{3}(?:[^"\\]|\\.|"(?!""))*+"{3}' r"|'{3}(?:[^'\\]|\\.|'(?!''))*+'{3}"
    r'|"(?:[^"\\\r\n]|\\.)*+"' r"|'(?:[^'\\\r\n]|\\.)*+'" r"|(?P<reach_iri><(?:bif|sql):|<[^<>\s:]*+>)|<[^<>\s]*+>|\#[^\r\n]*+"
    r"|(?P<reach>\b(?:bif|sql):)"
    r"|(?P<none>\bVALUES\s++[?$]\w++\s*+\{\s*+UNDEF\s*+\})",
    re.I | re.S,
)  # fmt: skip

# One bracket in another, as deep as a saved question goes.
_CHOICE = re.compile(
    r"\bBIND\s*+\(\s*+IF\s*+\((?P<test>(?:[^()]|\((?:[^()]|\([^()]*+\))*+\))*?),\s*+"
    r"(?:\?(?P<yes>\w++),\s*+\?none|\?none,\s*+\?(?P<no>\w++))\s*+\)\s*+AS\s*+(?P<into>\?\w++)\s*+\)",
    re.I,
)
"""``BIND (IF(test, ?finding, ?none) AS ?counted)``: a value in some rows, so that they are counted."""
_UNLIKE = re.compile(r"(\?\w++)\s*+!=\s*+\w++:[\w-]++")
_COUNT = re.compile(r"\bCOUNT\s*+\(\s*+DISTINCT\s++(\?\w++)\s*+\)", re.I)


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

    @property
    def takes_many(self) -> bool:
        """Whether SELECTs beside each other in a UNION are answered as each alone.

        Virtuoso 7.2 takes three to ten times as long, and from one run to the next leaves out
        rows or values of theirs.
        """
        return self.style != "excluding"

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
        question that is left open. Where an IF chooses what is counted, it loses some IRIs, takes
        what is not bound for unlike anything, and counts it as a value, by the plan it happens on.
        """
        if self.style != "excluding":
            return query
        query = _ODD.sub(lambda found: "" if found["none"] else found[0], query)
        if not _COUNT.search(query):
            return query  # the reasons of a row: what was chosen is told, not counted
        query, chosen = _CHOICE.subn(_by_text, query)
        return _COUNT.sub(_COUNTED_BY_TEXT, query) if chosen else query

    def check(self, query: str) -> None:
        """Refuse what would reach past the data: Virtuoso calls its own SQL from a query."""
        if self.style != "excluding":
            return
        for found in _ODD.finditer(query):
            if found["reach"] or found["reach_iri"]:
                raise QueryRefused(
                    "The query calls a function of the engine's own, which may reach out,"
                    " or has a relative IRI, which may name one.",
                    where=place(query, found.start()),
                    mend="ask in standard SPARQL 1.1, and write IRIs whole",
                )


_COUNTED_BY_TEXT = r'(COUNT(DISTINCT COALESCE(STR(\1), "")) - MAX(IF(BOUND(\1), 0, 1)))'


def _by_text(choice: re.Match[str]) -> str:
    """A choice of texts, which are not lost, by a test that is false where nothing is bound."""
    test = _UNLIKE.sub(r"(BOUND(\1) && \g<0>)", choice["test"])
    values = f"STR(?{choice['yes']}), ?none" if choice["yes"] else f"?none, STR(?{choice['no']})"
    return f"BIND (IF({test}, {values}) AS {choice['into']})"
