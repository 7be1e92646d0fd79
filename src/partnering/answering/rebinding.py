"""A query asked again with one row bound: its solutions, and those of every SELECT within it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rdflib import BNode, Literal, URIRef
from rdflib.namespace import XSD
from rdflib.paths import MulPath
from rdflib.term import Identifier

from partnering.anatomy import Anatomy, bound_first, dissect, subselects
from partnering.answering.algebra import algebra

_AGGREGATE = re.compile(r"(?i)\b(?:COUNT|SUM|MIN|MAX|AVG|SAMPLE|GROUP_CONCAT)\s*\(")
_GROUPED = re.compile(r"(?is)\bGROUP\s+BY\b(.*?)(?:\bHAVING\b|\bORDER\b|\bLIMIT\b|\bOFFSET\b|$)")
_SOME = re.compile(r"(?i)(?<!NOT)\s+EXISTS\s*\{")
_CUT = re.compile(r"(?i)\b(?:LIMIT|OFFSET)\s+\d")


@dataclass(frozen=True)
class Level:
    """One SELECT of a query and, as the inside of a WHERE, its solutions behind the row."""

    select: Anatomy
    solutions: str

    @property
    def query(self) -> str:
        """All that the solutions bind."""
        return f"{self.select.prologue}SELECT DISTINCT * WHERE {{ {self.solutions} }}"


def levels(query: str, row: Mapping[str, Identifier | None]) -> Iterator[Level]:
    """The query with the row's cells bound, then each SELECT nested in it for those solutions.

    Columns taken from the pattern bind, and those that an expression makes; an aggregate's
    does not, since its members are what is asked for.
    """
    parts = dissect(query)
    within, beside = _binding(parts, row)
    yield from _below(parts, f"{{ SELECT * WHERE {{ {within}{parts.body}}} }} {beside}")


def hidden(query: str, row: Mapping[str, Identifier | None]) -> tuple[str, ...]:
    """What the query keeps to itself, so that its reasons are told in part; '()' if nothing."""
    parts = dissect(query)
    found = []
    if any(isinstance(row.get(name), BNode) for name in parts.keys):
        found.append("a cell is a blank node, which no query can name")
    groups = _GROUPED.search(parts.after)
    unseen = sorted({*re.findall(r"[?$](\w+)", groups[1])} - {*parts.columns}) if groups else []
    if unseen:
        found.append(f"rows are grouped by ?{', ?'.join(unseen)}, which no column shows")
    if re.search(r"[\w>)][*+]", parts.body) and _of_any_length(query):
        found.append("a path of any length leaves the steps between its ends unsaid")
    if _SOME.search(parts.body):
        found.append("what EXISTS met is not bound")
    if any(_CUT.search(nested) for nested in subselects(parts.body)):
        found.append("a nested SELECT is cut by LIMIT or OFFSET")
    return tuple(found)


def _below(parts: Anatomy, solutions: str) -> Iterator[Level]:
    yield Level(parts, solutions)
    for nested in subselects(parts.body):
        inner = dissect(nested)
        names = " ".join(f"?{name}" for name in inner.keys)
        # What the solutions outside say of the keys: which groups are meant.
        given = f"{{ SELECT DISTINCT {names} WHERE {{ {solutions} }} }}" if names else ""
        whole = Anatomy(
            parts.prologue, inner.keys, inner.made, inner.body, inner.after, inner.columns
        )
        yield from _below(whole, f"{given} {{ SELECT * WHERE {{ {inner.body} }} }}")


def _binding(parts: Anatomy, row: Mapping[str, Identifier | None]) -> tuple[str, str]:
    """The cells as they bind: those that may stand first in the pattern, and all others beside it.

    Every engine plans from what stands first; beside the pattern Virtuoso took minutes to plan.
    """
    bindable = {name: row[name] for name in parts.keys
                if name in row and not isinstance(row[name], BNode)}  # fmt: skip
    lines = [f"FILTER (!BOUND(?{name}))" for name, cell in bindable.items() if cell is None]
    given = {name: cell for name, cell in bindable.items() if cell is not None}
    sure = bound_first(parts.body)
    first = {name: cell for name, cell in given.items() if name in sure}
    # No VALUES: it would join with what leaves the cell open, and Virtuoso joins no texts.
    lines += [f"FILTER ({_same(name, held)})"
              for name, held in given.items() if name not in first]  # fmt: skip
    if not is_grouped(parts):
        for name, expression in parts.made.items():
            cell = row.get(name)
            if name in row and not isinstance(cell, BNode):
                holds = _same(name, cell) if cell is not None else f"!BOUND(?{name})"
                lines.append(f"BIND (({expression}) AS ?{name}) FILTER ({holds})")
    return _values(first) if first else "", " ".join(lines)


def _same(name: str, cell: Identifier) -> str:
    """That a variable holds a cell; texts by their letters, since Virtuoso holds no text the same."""
    if isinstance(cell, Literal) and cell.datatype in (None, XSD.string):
        return f"STR(?{name}) = {Literal(str(cell)).n3()}"
    return f"?{name} = {_n3(cell)}"


def _values(cells: Mapping[str, Identifier]) -> str:
    names = " ".join(f"?{name}" for name in cells)
    held = " ".join(_n3(cell) for cell in cells.values())
    return f"VALUES ({names}) {{ ({held}) }} "


def is_grouped(parts: Anatomy) -> bool:
    """Whether rows stand for groups of solutions."""
    return bool(_GROUPED.search(parts.after)) or any(
        _AGGREGATE.search(expression) for expression in parts.made.values()
    )


@lru_cache(maxsize=256)
def _of_any_length(query: str) -> bool:
    waiting: list[object] = [algebra(query)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, MulPath):
            return True
        if isinstance(node, dict):
            waiting += node.values()
        elif isinstance(node, list | tuple | set):
            waiting += node
        else:
            waiting += getattr(node, "args", ())
    return False


def _n3(cell: Identifier) -> str:
    return cell.n3() if isinstance(cell, (URIRef, Literal)) else str(cell)
