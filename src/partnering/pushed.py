"""What was pushed to a remote engine, as it is written down over there.

One graph beside ours says which graphs were brought, from which contents, and whether all of
them are. Its name of the snapshot is written last: a push that breaks off leaves a store that
nobody takes for whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, VOID

from partnering.errors import EngineUnavailable
from partnering.namespaces import GRAPH
from partnering.pipeline.publish import Index
from partnering.pipeline.sheets import Part
from partnering.store.remote import RemoteEngine
from partnering.store.rewrite import document

MARKER = str(GRAPH["pushed"])
"""The graph that tells; it is no part of the data."""
_READ = f"SELECT ?s ?p ?o FROM <{MARKER}> WHERE {{ ?s ?p ?o }}"


@dataclass(frozen=True)
class Pushed:
    """The state of a store: its graphs by name, and the snapshot they make, if they are whole."""

    snapshot: str = ""
    inputs: str = ""
    at: str = ""
    """When the index was published."""
    by: str = ""
    """A word of its own for each push, so that two at once notice each other."""
    parts: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    """Graph to the digest of its contents and its triples."""

    @property
    def whole(self) -> bool:
        return bool(self.snapshot)

    @property
    def when(self) -> datetime:
        return datetime.fromisoformat(self.at).astimezone(UTC)

    def triples(self) -> bytes:
        """As N-Triples, for the graph :data:`MARKER`."""
        here = URIRef(MARKER)
        told = [
            (here, DCTERMS.identifier, self.snapshot),
            (here, DCTERMS.source, self.inputs),
            (here, DCTERMS.modified, self.at),
            (here, DCTERMS.contributor, self.by),
        ]
        lines = [f"{s.n3()} {p.n3()} {Literal(o).n3()} ." for s, p, o in told if o]
        return ("\n".join([*lines, *_lines(self.parts)]) + "\n").encode()

    def index(self, folder: Path) -> Index:
        """The same as an index; its files are over there, and none in ``folder``."""
        parts = tuple(
            Part(graph, "", digest, quads) for graph, (digest, quads) in sorted(self.parts.items())
        )
        return Index.elsewhere(self.snapshot, self.inputs, parts, folder)


def noted(parts: Mapping[str, tuple[str, int]]) -> str:
    """An update that adds some graphs to those that are there."""
    lines = "\n".join(_lines(parts))
    return f"INSERT DATA {{ GRAPH <{MARKER}> {{\n{lines}\n}} }}"


def _lines(parts: Mapping[str, tuple[str, int]]) -> list[str]:
    return [
        line
        for graph, (digest, quads) in sorted(parts.items())
        for line in (
            f"{URIRef(graph).n3()} {DCTERMS.identifier.n3()} {Literal(digest).n3()} .",
            f"{URIRef(graph).n3()} {VOID.triples.n3()} {Literal(str(quads)).n3()} .",
        )
    ]


def read(engine: RemoteEngine) -> Pushed | None:
    """What the store says of itself; None where nothing was ever pushed to it."""
    said: dict[str, dict[str, str]] = {}
    for row in document(engine.ask(_READ, "SELECT", "json"))["results"]["bindings"]:
        said.setdefault(row["s"]["value"], {})[row["p"]["value"]] = row["o"]["value"]
    if not said:
        return None
    here = said.pop(MARKER, {})
    name, size = str(DCTERMS.identifier), str(VOID.triples)
    return Pushed(
        snapshot=here.get(name, ""),
        inputs=here.get(str(DCTERMS.source), ""),
        at=here.get(str(DCTERMS.modified), ""),
        by=here.get(str(DCTERMS.contributor), ""),
        parts={g: (one[name], int(one[size])) for g, one in said.items() if {name, size} <= {*one}},
    )


def read_whole(engine: RemoteEngine) -> Pushed:
    """What a whole store says of itself; ``EngineUnavailable`` where there is none to serve."""
    found = read(engine)
    if found is None:
        raise EngineUnavailable(
            "The engine holds nothing that was pushed to it.",
            where=engine.endpoint,
            mend="partnering push --endpoint ADDRESS",
        )
    if not found.whole:
        raise Unfinished(engine.endpoint)
    return found


class Unfinished(EngineUnavailable):
    """A push is under way, or broke off."""

    http_status = 503

    def __init__(self, endpoint: str) -> None:
        super().__init__(
            "The data are being published anew; they are not whole yet.",
            where=endpoint,
            mend="come back in a moment; if it lasts, run partnering push again",
        )
