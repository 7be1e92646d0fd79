"""The ontology: one page with every term, the whole in RDF, its modules and its alignments.

Its IRI names a document, as do those of its modules, so they answer directly in the form asked
for. Terms are places in it: ``/ontology#CaseStudy``.
"""

from __future__ import annotations

from functools import lru_cache

import pyoxigraph as ox
from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from partnering.webui import linked, links, live
from rdflib.namespace import OWL

from partnering import alignments, notation
from partnering.errors import NotFound
from partnering.knowledge import KnowledgeGraph
from partnering.namespaces import GRAPH, ONTOLOGY_IRI, PREFIXES
from partnering.store.base import select
from partnering.store.media import MediaType

pages = Blueprint("ontology", __name__)
OFFERS = (linked.HTML, *linked.RDF)
_VERSIONS = f"SELECT ?version ?ontology {{ ?ontology <{OWL.versionIRI}> ?version }}"
_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


@pages.get("/ontology")
@pages.get("/ontology.<suffix>")
def whole(suffix: str = "") -> ResponseReturnValue:
    """Every class and property, for people or for programs."""
    _, form = linked.split(f"ontology.{suffix}")
    if suffix and form is None:
        raise NotFound(f"The ontology is not to be had as .{suffix}.", mend="/ontology.ttl is")
    form = form or linked.chosen_of(OFFERS)
    if form is linked.HTML:
        return render_template("ontology/index.html", twins=linked.twins("/ontology"))
    answer = _graphs(f"{GRAPH}ontology/", form)
    answer.headers["Content-Location"] = linked.twins("/ontology")[form.name]
    return answer


@pages.get("/ontology/<path:name>")
def part(name: str) -> ResponseReturnValue:
    """A module, a version of either, or an alignment with another vocabulary."""
    parts = _parts()
    iri, form = parts.get(name), None
    if iri is None:
        stem, form = linked.split(name)
        iri = parts.get(stem) if form else None
    if iri is None:
        raise NotFound(f"The ontology has no part or version {name!r}.",
                       mend=f"there are {', '.join(sorted(parts))}")  # fmt: skip
    form = form or linked.chosen_of(linked.OFFERS)
    if form is linked.HTML:
        return linked.page(linked.description_of(iri), links.local(iri))
    aligned = alignments.of(live.knowledge().workspace).get(iri)
    if aligned:
        return linked.rdf(notation.write(aligned, form.name, PREFIXES), form)
    inside = "" if iri == ONTOLOGY_IRI else iri.removeprefix(f"{ONTOLOGY_IRI}/")
    return _graphs(f"{GRAPH}ontology/{inside}", form)


@pages.after_request
def vary(answer: Response) -> Response:
    """What is answered depends on what was asked for."""
    answer.vary.add("Accept")
    return answer


def _parts() -> dict[str, str]:
    """Modules, versions and alignments by the end of their IRI, and what each is a name of."""
    knowledge = live.knowledge()
    found = {str(v): str(o) for v, o in select(knowledge.engine, _VERSIONS).rows}
    found |= alignments.versions(knowledge.workspace)
    found |= {iri: iri for iri in found.values()}
    return {iri.removeprefix(f"{ONTOLOGY_IRI}/"): told for iri, told in found.items()}


def _graphs(beginning: str, form: MediaType) -> Response:
    """Every graph of the index whose name begins so, as one."""
    parts = live.knowledge().index.parts
    chosen = tuple(part.graph for part in parts if part.graph.startswith(beginning))
    return linked.rdf(_written(live.knowledge(), chosen, form.name), form)


@lru_cache(maxsize=128)
def _written(knowledge: KnowledgeGraph, graphs: tuple[str, ...], form: str) -> bytes:
    """Kept: what one snapshot says never changes."""
    reply = knowledge.engine.execute(_ALL, default_graphs=graphs)
    read = ox.parse(reply.body, format=ox.RdfFormat.N_TRIPLES)
    return notation.write(sorted((quad.triple for quad in read), key=str), form, PREFIXES)
