"""What every engine promises: a query in, a :class:`Reply` out.

The embedded engine, the contained readers and a remote endpoint all stand behind
:class:`Engine`, so that nothing above has to know which one answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Identifier

from partnering.errors import EngineUnavailable, Missing, QueryError, WrongUse
from partnering.store.media import Kind

if TYPE_CHECKING:
    import pandas

Row = tuple[Identifier | None, ...]


@dataclass(frozen=True)
class Reply:
    """An answer as it goes over the wire: what kind it is, in which media type, and its bytes."""

    kind: Kind
    media_type: str
    body: bytes


@dataclass(frozen=True)
class Table:
    """Rows of a SELECT: rdflib terms in the cells, None where a variable is unbound."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def column(self, name: str) -> tuple[Identifier | None, ...]:
        """The cells under one column, in row order."""
        if name not in self.columns:
            raise WrongUse(
                f"There is no column {name!r}.", mend=f"choose from {', '.join(self.columns)}"
            )
        at = self.columns.index(name)
        return tuple(row[at] for row in self.rows)

    def records(self) -> list[dict[str, Any]]:
        """One dict a row: IRIs as str, literals as Python values, None where unbound."""
        return [
            {name: _plain(cell) for name, cell in zip(self.columns, row, strict=True)}
            for row in self.rows
        ]

    def to_pandas(self) -> pandas.DataFrame:
        """The records as a data frame with one column a variable; needs the extra ``pandas``."""
        try:
            import pandas
        except ImportError as error:
            raise Missing(
                "pandas is not installed.", mend="pip install 'partnering[pandas]'"
            ) from error
        return pandas.DataFrame.from_records(self.records(), columns=list(self.columns))

    @classmethod
    def from_json(cls, body: bytes) -> Table:
        """Read SPARQL 1.1 results JSON, https://www.w3.org/TR/sparql11-results-json/.

        Lexical forms are kept as they came (``"01"`` stays ``"01"``). Raises
        ``EngineUnavailable`` when the bytes are no such document, and ``QueryError`` on
        RDF 1.2 triple terms and directional strings, which rdflib has no term for.
        """
        try:
            document = json.loads(body)
            columns = tuple(document["head"]["vars"])
            read = _Reader(columns)
            rows = tuple(read.row(cells) for cells in document["results"]["bindings"])
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise EngineUnavailable(
                "The engine's answer is not a SPARQL results document in JSON."
            ) from error
        return cls(columns, rows)


class Engine(Protocol):
    """Anything that answers SPARQL queries.

    With neither ``default_graphs`` nor ``named_graphs`` (and no FROM in the query) the
    default graph is the union of all graphs and every named graph can be named. With
    either, the dataset is exactly what they list. ``media_type`` takes a media type or a
    short name of :mod:`partnering.store.media`; None is SPARQL JSON or N-Triples.
    """

    @property
    def takes_many(self) -> bool:
        """Whether many queries asked as one are answered as well as each alone."""
        ...

    def execute(
        self,
        query: str,
        *,
        media_type: str | None = None,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
    ) -> Reply:
        """Answer one query, or raise a ``QueryError`` that says why not."""
        ...

    def close(self) -> None:
        """Let go of processes, sockets and memory; closing twice is fine."""
        ...


def select(
    engine: Engine,
    query: str,
    *,
    default_graphs: Sequence[str] | None = None,
    named_graphs: Sequence[str] | None = None,
) -> Table:
    """Run a SELECT and read its rows."""
    reply = engine.execute(query, default_graphs=default_graphs, named_graphs=named_graphs)
    _expect(reply, "select")
    return Table.from_json(reply.body)


def ask(
    engine: Engine,
    query: str,
    *,
    default_graphs: Sequence[str] | None = None,
    named_graphs: Sequence[str] | None = None,
) -> bool:
    """Run an ASK and read its truth value."""
    reply = engine.execute(query, default_graphs=default_graphs, named_graphs=named_graphs)
    _expect(reply, "ask")
    try:
        answer = json.loads(reply.body)["boolean"]
    except (ValueError, KeyError, TypeError) as error:
        raise EngineUnavailable("The engine's answer holds no truth value.") from error
    if not isinstance(answer, bool):
        raise EngineUnavailable("The engine's answer holds no truth value.")
    return answer


def construct(
    engine: Engine,
    query: str,
    *,
    default_graphs: Sequence[str] | None = None,
    named_graphs: Sequence[str] | None = None,
) -> Graph:
    """Run a CONSTRUCT or DESCRIBE and read its triples."""
    reply = engine.execute(query, default_graphs=default_graphs, named_graphs=named_graphs)
    _expect(reply, "graph")
    try:
        # A fresh in-memory graph: N-Triples names no other file, so nothing is fetched.
        return Graph().parse(data=reply.body, format="nt")
    except Exception as error:  # rdflib's parsers raise whatever they meet
        raise EngineUnavailable("The engine's answer is not N-Triples.") from error


def _expect(reply: Reply, kind: Kind) -> None:
    if reply.kind != kind:
        form = {"select": "a SELECT", "ask": "an ASK", "graph": "a CONSTRUCT or DESCRIBE"}
        raise WrongUse(f"This needs {form[kind]} query, but got {form[reply.kind]}.")


class _Reader:
    """Reads the rows of one document.

    Each is as wide as the columns, which may be mostly empty; each term is made once, since many
    rows say the same few things.
    """

    def __init__(self, columns: Sequence[str]) -> None:
        self._at = {name: place for place, name in enumerate(columns)}
        self._made: dict[tuple[tuple[str, str], ...], Identifier] = {}

    def row(self, cells: Mapping[str, Any]) -> Row:
        """What is bound, each in its column."""
        row: list[Identifier | None] = [None] * len(self._at)
        for name, cell in cells.items():
            if name in self._at:
                row[self._at[name]] = self._term(cell)
        return tuple(row)

    def _term(self, cell: Mapping[str, Any]) -> Identifier:
        if not isinstance(cell["value"], str):
            return _term(cell)
        written = tuple(cell.items())
        if (made := self._made.get(written)) is None:
            made = self._made[written] = _term(cell)
        return made


def _term(cell: Mapping[str, Any]) -> Identifier:
    kind, value = cell["type"], cell["value"]
    if kind == "uri":
        return _iri(value)
    if kind == "bnode":
        return BNode(value)
    if kind == "triple":
        raise QueryError(
            "A row holds an RDF 1.2 triple term, which tables do not carry.",
            mend="ask for SUBJECT(?t), PREDICATE(?t) and OBJECT(?t) in columns of their own",
        )
    if kind not in ("literal", "typed-literal"):
        raise ValueError(kind)
    if "its:dir" in cell:
        raise QueryError(
            "A row holds a string with a base direction (RDF 1.2), which tables do not carry.",
            mend="ask for STR(?text)",
        )
    language = cell.get("xml:lang")
    datatype = None if language else cell.get("datatype")
    return Literal(
        value, lang=language, datatype=_iri(datatype) if datatype else None, normalize=False
    )


@lru_cache(maxsize=8192)
def _iri(value: str) -> URIRef:
    """The same few names fill a column; rdflib looks at every letter of each."""
    return URIRef(value)


def _plain(cell: Identifier | None) -> Any:
    if cell is None:
        return None
    if isinstance(cell, Literal):
        value = cell.toPython()
        return str(cell) if isinstance(value, Literal) else value
    return f"_:{cell}" if isinstance(cell, BNode) else str(cell)
