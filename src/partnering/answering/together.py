"""Several queries asked as one, each answered as if it had been asked alone.

A page is many saved questions, and each alone is a round trip to the engine. So they stand
beside each other in a UNION, every row marked with the query it answers. No order of a nested
SELECT holds outside it: what a query is ordered by goes with its rows, and the whole is sorted by
the mark, then by a query's own keys, which in the rows of all others are unbound.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from partnering.anatomy import Key, dissect, ordering, words
from partnering.errors import Busy, QueryError
from partnering.store.base import Engine, Row, Table, select

_LOG = logging.getLogger(__name__)
_PREFIX = re.compile(r"(?i)\bPREFIX\s+(\S*:)\s*(<[^>]*>)")
_ALONE = frozenset({"BASE", "FROM", "REDUCED", "LIMIT", "OFFSET"})
"""What means something else, or nothing, in a SELECT that stands in another."""
_MARK = "asked"
MOST = 24
"""Queries in one: an engine that reads a UNION from within holds as many things open at once."""


@dataclass(frozen=True)
class Part:
    """A query that may stand beside others: its rows in braces, and what they are ordered by."""

    prefixes: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    distinct: bool
    rows: str
    keys: tuple[Key, ...]

    @classmethod
    def of(cls, query: str) -> Part | None:
        """None for a query that would not mean the same inside another."""
        parts = dissect(query)
        head = words(query[len(parts.prologue) : query.index(parts.body + "}" + parts.after)])
        outside = {*words(parts.prologue), *head, *words(parts.after)}
        if outside & _ALONE or "_:" in parts.body:
            return None
        groups, keys = ordering(parts)
        chosen = [f"({parts.made[name]} AS ?{name})" if name in parts.made else f"?{name}"
                  for name in parts.columns]  # fmt: skip
        chosen += [f"({key.expression} AS ?{_name(at, key)})" for at, key in enumerate(keys)]
        distinct = "DISTINCT" in head
        rows = f"SELECT {'DISTINCT ' if distinct else ''}{' '.join(chosen)} WHERE {{{parts.body}}} {groups}"
        prefixes = tuple(_PREFIX.findall(parts.prologue))
        return cls(prefixes, parts.columns, distinct, rows, keys)


def _name(at: int, key: Key) -> str:
    """Of a key's column, the same for every query, so that one ORDER BY sorts them all."""
    return f"{'falling' if key.falling else 'rising'}_{at:02}"


def together(engine: Engine, queries: Sequence[str]) -> dict[str, Table]:
    """The answer to each query, with as few round trips as the engine bears.

    Columns, rows and order are those of the query asked alone. One that does not fit beside
    others is asked alone, and so is each where an engine refuses the whole.
    """
    fitting = list(_fitting(queries).items()) if engine.takes_many else []
    tables: dict[str, Table] = {}
    for at in range(0, len(fitting), MOST):
        tables |= _at_once(engine, dict(fitting[at : at + MOST]))
    alone = (query for query in dict.fromkeys(queries) if query not in tables)
    return tables | {query: select(engine, query) for query in alone}


def _fitting(queries: Sequence[str]) -> dict[str, Part]:
    """Those that may stand beside each other: no prefix means one thing here and another there."""
    found: dict[str, Part] = {}
    meant: dict[str, str] = {}
    for query in dict.fromkeys(queries):
        part = Part.of(query)
        if part and all(meant.get(name, iri) == iri for name, iri in part.prefixes):
            meant |= part.prefixes
            found[query] = part
    return found


def _at_once(engine: Engine, asked: dict[str, Part]) -> dict[str, Table]:
    """Answers in one round trip; none where there is nothing to gain, or the whole is refused."""
    if len(asked) < 2:
        return {}
    parts = tuple(asked.values())
    try:
        whole = select(engine, _composed(parts))
    except Busy:
        raise
    except QueryError as error:  # past a limit that none of them need reach
        _LOG.warning("%d queries are asked one by one: %s", len(parts), error)
        return {}
    return dict(zip(asked, _split(whole, parts), strict=True))


def _composed(parts: Sequence[Part]) -> str:
    prefixes = dict.fromkeys(f"PREFIX {' '.join(one)}\n" for part in parts for one in part.prefixes)
    columns = " ".join(dict.fromkeys(f"?{name}" for part in parts for name in part.columns))
    sides = "\nUNION ".join(f'{{ {{ {part.rows} }} BIND ("{number:02}" AS ?{_MARK}) }}'
                            for number, part in enumerate(parts))  # fmt: skip
    keys = sorted(
        {(at, key.falling, _name(at, key)) for part in parts for at, key in enumerate(part.keys)}
    )
    order = " ".join(f"DESC(?{name})" if falling else f"?{name}" for _, falling, name in keys)
    return f"{''.join(prefixes)}SELECT ?{_MARK} {columns} WHERE {{\n{sides}\n}}\nORDER BY ?{_MARK} {order}"


def _split(table: Table, parts: Sequence[Part]) -> Iterator[Table]:
    """The rows of each query again."""
    places = {name: place for place, name in enumerate(table.columns)}
    cells = [[places[name] for name in part.columns] for part in parts]
    found: list[list[Row]] = [[] for _ in parts]
    for row in table.rows:
        number = int(str(row[places[_MARK]]))
        found[number].append(tuple(row[place] for place in cells[number]))
    for part, rows in zip(parts, found, strict=True):
        # A key that is no column may tell apart what is one row: that stands where it came first.
        yield Table(part.columns, tuple(dict.fromkeys(rows) if part.distinct else rows))
