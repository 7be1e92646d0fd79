"""Run one query on a pyoxigraph store and write its answer, within caps.

Shared by the embedded engine and the contained readers. Imports pyoxigraph and the
standard library only: the fork server carries nothing else into its readers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any, cast

import pyoxigraph as ox

from partnering.errors import EngineUnavailable, QueryError, QuerySyntax, QueryTooLarge, WrongUse
from partnering.store import media
from partnering.store.gate import survey
from partnering.store.media import Kind

_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.S)
_FROM = re.compile(r"\bfrom\b", re.I)
# By format: what stands at every row, how many more rows there are than of those (JSON writes
# it between rows, CSV and TSV have a heading), and strings in which it may stand as text.
_ROW_MARKS = {
    "json": (b"},{", 1, re.compile(rb'"(?:[^"\\]|\\.)*+"', re.S)),
    "xml": (b"<result>", 0, None),
    "csv": (b"\n", -1, re.compile(rb'"[^"]*+"')),
    "tsv": (b"\n", -1, None),
}


def evaluate(
    store: ox.Store,
    query: str,
    *,
    media_type: str | None = None,
    default_graphs: Sequence[str] | None = None,
    named_graphs: Sequence[str] | None = None,
    has_from: bool | None = None,
    prefixes: Mapping[str, str] | None = None,
    max_rows: int | None = None,
    max_bytes: int | None = None,
) -> tuple[Kind, str, bytes]:
    """Kind, media type and body of the answer.

    ``has_from`` says whether the query names its own dataset; None looks for it, and a
    query that merely mentions the word costs one pass over its tokens. ``prefixes``
    shorten the IRIs of Turtle, TriG and JSON-LD. Raises ``QueryTooLarge`` past a cap.
    """
    dataset = _dataset(query, default_graphs, named_graphs, has_from)
    try:
        results = store.query(query, **dataset)
    except SyntaxError as error:
        raise _syntax(error) from error
    except OSError as error:  # SERVICE that could not be reached
        raise EngineUnavailable(f"The query reaches out of this store: {error}") from error
    except (ValueError, RuntimeError) as error:
        raise QueryError(str(error)) from error
    kind: Kind = (
        "graph"
        if isinstance(results, ox.QueryTriples)
        else "ask"
        if isinstance(results, ox.QueryBoolean)
        else "select"
    )
    chosen = media.resolve(media_type, kind)
    if chosen is None:
        offers = ", ".join(m.name for m in (media.GRAPHS if kind == "graph" else media.RESULTS))
        what = "A graph" if kind == "graph" else "A table or truth value"
        raise WrongUse(f"{what} cannot be written as {media_type!r}.", mend=f"choose from {offers}")
    sink = _Sink(chosen, max_rows, max_bytes)
    out = cast(IO[bytes], sink)  # pyoxigraph calls write and flush, and no more
    try:
        if isinstance(results, ox.QueryTriples):
            form = ox.RdfFormat.from_media_type(chosen)
            assert form is not None
            ox.serialize(
                _counted(results, max_rows), out, format=form, prefixes=dict(prefixes or {})
            )
        else:
            table = ox.QueryResultsFormat.from_media_type(chosen)
            assert table is not None
            results.serialize(out, format=table)
    except OSError as error:
        raise EngineUnavailable(f"The query reaches out of this store: {error}") from error
    except (ValueError, RuntimeError) as error:
        if isinstance(error, QueryError):
            raise
        raise QueryError(str(error)) from error
    return kind, chosen, b"".join(sink.pieces)


def _dataset(
    query: str,
    default_graphs: Sequence[str] | None,
    named_graphs: Sequence[str] | None,
    has_from: bool | None,
) -> dict[str, Any]:
    if default_graphs is not None or named_graphs is not None:
        return {
            "default_graph": [_graph(iri) for iri in default_graphs or ()],
            "named_graphs": [_graph(iri) for iri in named_graphs or ()],
        }
    if has_from is None:
        # The plain look for the word first: the pattern alone takes a tenth of a small query's time.
        mentioned = "from" in query.lower() and _FROM.search(query)
        has_from = bool(mentioned and survey(query).datasets)
    # The flag beats FROM inside pyoxigraph, so it may only be set where there is no FROM.
    return {} if has_from else {"use_default_graph_as_union": True}


def _graph(iri: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise WrongUse(f"{iri!r} is not an absolute IRI.") from error


def _syntax(error: SyntaxError) -> QuerySyntax:
    text = str(error)
    found = _POSITION.match(text)
    if not found:
        return QuerySyntax(text)
    # The engine lists whole character classes; the first line says all a person can use.
    expected = found[3].split(", ['0' ..=")[0].split(", [")[0].split("\n")[0]
    return QuerySyntax(
        f"The query does not parse: {expected}",
        where=f"line {found[1]}, column {found[2]}",
        mend="look at or just before this place: a bracket, a dot or a variable may be missing",
    )


def _counted(triples: Iterator[ox.Triple], max_rows: int | None) -> Iterator[ox.Triple]:
    for number, triple in enumerate(triples, 1):
        if max_rows is not None and number > max_rows:
            raise _too_large(f"{max_rows:,} triples")
        yield triple


class _Sink:
    """Collects what the engine writes, and stops it at a cap in the middle of its work."""

    def __init__(self, media_type: str, max_rows: int | None, max_bytes: int | None) -> None:
        self.pieces: list[bytes] = []
        self._bytes = 0
        self._max_bytes = max_bytes
        name = next((m.name for m in media.RESULTS if m.media_type == media_type), "")
        self._mark, self._rows, self._string = _ROW_MARKS.get(name, (b"", 0, None))
        self._more = self._rows
        self._max_rows = max_rows if self._mark else None
        self._tail = b""

    def write(self, piece: bytes) -> int:
        self.pieces.append(bytes(piece))
        self._bytes += len(piece)
        if self._max_bytes is not None and self._bytes > self._max_bytes:
            raise _too_large(f"{self._max_bytes:,} bytes")
        if self._max_rows is not None:
            self._count(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def _count(self, piece: bytes) -> None:
        assert self._max_rows is not None
        # A mark may straddle two pieces, so the end of the last one is looked at again.
        text = self._tail + piece
        self._rows += text.count(self._mark)
        self._tail = text[-(len(self._mark) - 1) :] if len(self._mark) > 1 else b""
        if self._rows > self._max_rows and self._string:
            # Literals may hold the mark: count again without them before refusing.
            bare = self._string.sub(b"", b"".join(self.pieces))
            self._rows = bare.count(self._mark) + self._more
        if self._rows > self._max_rows:
            raise _too_large(f"{self._max_rows:,} rows")


def _too_large(what: str) -> QueryTooLarge:
    return QueryTooLarge(
        f"The answer is larger than {what}, the most one query may have.",
        mend="ask for less: add LIMIT, fewer variables, or a narrower pattern",
    )
