"""A remote engine's answers, checked, and rewritten into the media type asked for.

A lying endpoint may nest what it sends until a parser in native code falls over, so it
is read in Python first, whose parser gives up in good order.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pyoxigraph as ox

from partnering.errors import EngineUnavailable, QueryError, QueryTooLarge
from partnering.store import media
from partnering.store.exchange import Answer

_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
_STRING_TYPE = "http://www.w3.org/2001/XMLSchema#string"
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"')


def document(answer: Answer) -> dict[str, Any]:
    """SPARQL results JSON, whole, checked and mended cell by cell."""
    try:
        found = json.loads(answer.body)
        if "boolean" in found:
            return {"head": {}, "boolean": found["boolean"]}
        rows = found["results"]["bindings"]
        for row in rows:
            for name, cell in row.items():
                row[name] = _mended(cell)
        return {"head": {"vars": list(found["head"]["vars"])}, "results": {"bindings": rows}}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise EngineUnavailable(
            "The engine's answer is cut off or is not SPARQL results in JSON."
        ) from error


def _mended(cell: dict[str, Any]) -> dict[str, Any]:
    """One cell as RDF 1.1 writes it: Virtuoso has 1 for true, and names what needs no name."""
    kind = cell["type"]
    if kind == "triple":
        raise QueryError("A row holds an RDF 1.2 triple term, which is not carried.")
    if kind == "typed-literal":
        cell["type"] = "literal"
    datatype = cell.get("datatype")
    if datatype == _STRING_TYPE:
        del cell["datatype"]
    elif datatype == _BOOLEAN:
        cell["value"] = {"1": "true", "0": "false"}.get(cell["value"], cell["value"])
    return cell


def rewrite_results(answer: Answer, chosen: str, kind: media.Kind, max_rows: int) -> bytes:
    """A table or truth value in the media type that was asked for."""
    results = document(answer)
    if ("boolean" in results) != (kind == "ask"):
        raise EngineUnavailable("The engine answered another kind of query than was asked.")
    if kind == "select" and len(results["results"]["bindings"]) > max_rows:
        raise QueryTooLarge(f"The answer has more than {max_rows:,} rows.", mend="add LIMIT")
    # Written anew, so that whoever reads on sees what was checked and nothing else.
    checked = json.dumps(results, ensure_ascii=False, separators=(",", ":")).encode()
    if chosen == media.DEFAULT_RESULT:
        return checked
    form = ox.QueryResultsFormat.from_media_type(chosen)
    assert form is not None
    try:
        parsed = ox.parse_query_results(checked, format=ox.QueryResultsFormat.JSON)
        return parsed.serialize(format=form) or b""
    except (ValueError, SyntaxError) as error:
        raise EngineUnavailable(f"The engine's answer does not parse: {error}") from error


def rewrite_graph(body: bytes, chosen: str, max_rows: int) -> bytes:
    """N-Triples, checked, in the media type that was asked for."""
    if b"<<" in body and b"<<" in _STRING.sub(b"", body):
        raise QueryError("The answer holds RDF 1.2 triple terms, which are not carried.")
    try:
        quads = list(ox.parse(body, format=ox.RdfFormat.N_TRIPLES))
    except (ValueError, SyntaxError) as error:
        raise EngineUnavailable("The engine's answer is cut off or is not N-Triples.") from error
    if len(quads) > max_rows:
        raise QueryTooLarge(f"The answer has more than {max_rows:,} triples.", mend="add LIMIT")
    form = ox.RdfFormat.from_media_type(chosen)
    assert form is not None
    return ox.serialize((quad.triple for quad in quads), format=form) or b""
