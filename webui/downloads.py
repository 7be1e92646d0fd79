"""``/downloads``: the whole, the ontology and every graph as files, in every form of RDF."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from flask import Blueprint, Response, render_template, send_file
from partnering.webui import linked, links, live
from partnering.webui.showing import panels

from partnering import alignments, dumps, export
from partnering.errors import NotFound
from partnering.knowledge import KnowledgeGraph
from partnering.namespaces import GRAPH
from partnering.store.media import GRAPHS, MediaType

pages = Blueprint("downloads", __name__)
FORMS: dict[str, MediaType] = {one.suffix or one.name: one for one in GRAPHS}
"""Forms of the whole, by the ending of their file; TriG and N-Quads keep the graphs apart."""
KINDS = {
    "case": "Cases", "synthesis": "Synthesis", "literature": "Literature", "actors": "Actors",
    "success-rule": "Rules of success", "source": "Sources", "vocab": "Vocabularies",
    "ontology": "Modules of the ontology", "inferred": "Inferred", "assessment": "Verdicts",
    "catalogue": "Saved questions", "provenance": "Provenance",
}  # fmt: skip
"""Kinds of graph by the beginning of their name, in the order they are listed."""


@dataclass(frozen=True)
class Listed:
    """One graph to take away."""

    name: str
    path: str
    size: int


@pages.get("/downloads")
def page() -> str:
    """What can be taken away, and as what."""
    kinds: defaultdict[str, list[Listed]] = defaultdict(list)
    index = live.knowledge().index
    for part in index.parts:
        name = part.graph.removeprefix(str(GRAPH))
        kind = name.partition("/")[0]
        kinds[KINDS.get(kind, "Others")].append(Listed(name, links.local(part.graph), part.quads))
    order = [*KINDS.values(), "Others"]
    return render_template(
        "downloads/index.html",
        kinds=sorted(kinds.items(), key=lambda pair: order.index(pair[0])),
        size=index.quads,
        graphs=len(index.parts),
        most=panels.MOST_ROWS,
        forms=FORMS,
        alignments=sorted(map(links.local, alignments.of(live.knowledge().workspace))),
        suffixes=[offer.suffix or offer.name for offer in linked.RDF],
    )


@pages.get("/downloads/partnering.<suffix>")
def whole(suffix: str) -> Response:
    """Everything that is published, inferred triples too."""
    if suffix not in FORMS:
        raise NotFound(f"The whole is not to be had as .{suffix}.",
                       mend=f"there are {', '.join(FORMS)}")  # fmt: skip
    form, index = FORMS[suffix], live.knowledge().index
    answer = send_file(dumps.ready(index, form.name), mimetype=form.media_type, etag=False,
                       as_attachment=True,
                       download_name=f"partnering-{index.snapshot}.{suffix}")  # fmt: skip
    answer.headers["Link"] = f'<{linked.LICENCE}>; rel="license"'
    return answer


@pages.get("/downloads/findings.csv")
def findings() -> Response:
    """Every finding of every case as one line, in words."""
    answer = Response(_findings(live.knowledge()), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="findings.csv"'
    return answer


@lru_cache(maxsize=2)
def _findings(knowledge: KnowledgeGraph) -> bytes:
    return export.findings(knowledge.engine).encode("utf-8")
