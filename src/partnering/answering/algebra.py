"""rdflib's algebra of a query.

Its parser, made of pyparsing's rules, takes as long to load as all else a small site needs for
its first page. It is loaded when somebody first asks why a row is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdflib.plugins.sparql.parserutils import CompValue


def algebra(query: str) -> CompValue:
    """The algebra; its nodes are dicts that have a ``name``."""
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    found: CompValue = translateQuery(parseQuery(query)).algebra
    return found
