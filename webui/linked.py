"""Linked data: every IRI of ours answers here, at its own path.

A thing is no document: it answers 303, with the page that tells of it or with its description in
RDF, whichever is asked for (https://www.w3.org/TR/cooluris/). The description has an address of
its own for every form, ``….ttl`` beside ``….html``. A graph is a document and answers itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from partnering.webui import links, live, statements
from partnering.webui.serving import negotiation

from partnering import alignments, notation, resource
from partnering.errors import NotFound
from partnering.namespaces import BASE, CONCEPT, DATA, GRAPH, PREFIXES
from partnering.resource import Resource
from partnering.store.media import GRAPHS, MediaType

pages = Blueprint("linked", __name__)
HTML = MediaType("html", "text/html", False, ("application/xhtml+xml",))
RDF: tuple[MediaType, ...] = tuple(
    one for one in GRAPHS if one.name in ("ttl", "jsonld", "nt", "rdfxml")
)
OFFERS = (*RDF, HTML)
"""What a thing can be had as; whoever does not say gets Turtle, for browsers do say."""
MENTIONS = 100
"""Statements about other things that a page shows at most."""
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@pages.get("/data/<path:name>")
@pages.get("/vocab/<path:name>")
@pages.get("/maintainers")
@pages.get("/maintainers.<name>")
def thing(name: str = "") -> ResponseReturnValue:
    """A thing, or one of the documents that describe it."""
    return at(BASE + request.path[1:])


@pages.get("/id/<path:name>")
def by_name(name: str) -> ResponseReturnValue:
    """A thing by a prefixed name, as ``/id/ptn:CaseStudy``; ours lead to their own address."""
    prefix, colon, local = name.partition(":")
    if not colon or prefix not in PREFIXES:
        near = next((iri for space in (DATA, CONCEPT) if _known(iri := f"{space}{name}")), None)
        if near is None:
            raise NotFound(f"There is nothing called {name!r} here.",
                           mend=f"write a name with its prefix, one of {', '.join(PREFIXES)}")  # fmt: skip
        return see(links.local(near))
    iri = PREFIXES[prefix] + local
    if iri.startswith(BASE) and "#" not in iri:
        return see(links.local(iri))
    return at(iri, f"/id/{name}")


@pages.get("/graph/<path:name>")
def graph(name: str) -> ResponseReturnValue:
    """A named graph, whole: a document, so no redirect is needed."""
    iri, form = f"{GRAPH}{name}", None
    sizes = {part.graph: part.quads for part in live.knowledge().index.parts}
    if iri not in sizes:
        iri, form = split(iri)
    if iri not in sizes:
        raise NotFound(f"There is no graph {name!r}.", mend="/downloads lists all of them")
    chosen = form or chosen_of(OFFERS)
    if chosen is HTML:
        return page(description_of(iri), f"/graph/{iri.removeprefix(str(GRAPH))}", size=sizes[iri])
    reply = live.knowledge().engine.execute(
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", default_graphs=[iri],
        media_type=chosen.media_type,
    )  # fmt: skip
    return rdf(reply.body, chosen)


@pages.after_request
def vary(answer: Response) -> Response:
    """What is answered depends on what was asked for, also where nothing fits."""
    answer.vary.add("Accept")
    return answer


def at(iri: str, path: str = "") -> ResponseReturnValue:
    """The answer at an address that may name a thing or a document about one."""
    if _known(iri):
        return _see_other(iri, path or links.local(iri))
    stem, form = split(iri)
    if form is None or not _known(stem):
        raise NotFound(f"Nothing is said here about <{iri}>.")
    found = description_of(stem)
    if form is HTML:
        return page(found, split(path)[0] if path else links.local(stem))
    return rdf(notation.write(found.triples, form.name, _prefixes(found.triples)), form)


def description_of(iri: str) -> Resource:
    """What the index says of a thing; of what it does not hold, what an alignment says."""
    engine = live.knowledge().engine
    try:
        return resource.describe(engine, iri)
    except NotFound:
        told = alignments.triples(live.knowledge().workspace)
        statements = resource.bounded(told, iri)
        named = resource.named(statements)
        here = [t for t in told if t.predicate.value in resource.LABELLING
                and isinstance(t.subject, ox.NamedNode) and t.subject.value in named]  # fmt: skip
        return Resource(iri, statements, (*here, *resource.labels(engine, named)))


def rdf(body: bytes, form: MediaType) -> Response:
    """A document in RDF, with its licence."""
    text = form.media_type.startswith("text/")
    answer = Response(body, content_type=form.media_type + ("; charset=utf-8" if text else ""))
    answer.headers["Link"] = f'<{LICENCE}>; rel="license"'
    return answer


def split(iri: str) -> tuple[str, MediaType | None]:
    """The thing an address ends with, and the form that its last letters name."""
    stem, dot, suffix = iri.rpartition(".")
    for offer in OFFERS:
        if dot and suffix == (offer.suffix or offer.name):
            return stem, offer
    return iri, None


def chosen_of(offers: tuple[MediaType, ...]) -> MediaType:
    """The form this request asks for; ``NotAcceptable`` says what there is."""
    return negotiation.choose(request.headers.get("Accept", ""), request.args.get("format"), offers)


def twins(path: str) -> dict[str, str]:
    """Addresses of the documents about what answers at a path, by name of their form."""
    return {offer.name: f"{path}.{offer.suffix or offer.name}" for offer in OFFERS}


def _known(iri: str) -> bool:
    wanted = resource.node(iri)
    return resource.exists(live.knowledge().engine, iri) or any(
        t.subject == wanted for t in alignments.triples(live.knowledge().workspace)
    )


def _see_other(iri: str, path: str) -> ResponseReturnValue:
    chosen = chosen_of(OFFERS)
    own = None
    if chosen is HTML:
        if "#" in links.local(iri) and iri.startswith(BASE):
            own = links.local(iri)
        else:
            own = links.page_about(iri, resource.types(live.knowledge().engine, iri))
    return see(own or twins(path)[chosen.name])


def see(path: str) -> Response:
    """A redirect to what tells of the thing that was asked for."""
    answer = Response(f"See {links.outside(path)}\n", 303, mimetype="text/plain")
    answer.headers["Location"] = links.onward(path)
    return answer


def page(found: Resource, path: str, size: int | None = None) -> str:
    """A page with every statement about a thing; ``size`` is that of a graph."""
    engine = live.knowledge().engine
    mentions = resource.mentions(engine, found.iri, MENTIONS + 1)
    also = resource.names(resource.labels(engine, {one.predicate for one in mentions}))
    return render_template(
        "linked/thing.html",
        thing=found,
        said=statements.laid_out(found),
        names={**also, **found.names},
        mentions=mentions[:MENTIONS],
        more=len(mentions) > MENTIONS,
        graphs=resource.graphs(engine, found.iri) if size is None else [],
        size=size,
        twins=twins(path),
        own=links.page_about(found.iri, found.types),
        short=links.short,
    )


def _prefixes(triples: Sequence[ox.Triple]) -> dict[str, str]:
    """Prefixes for what a description names, its own case's among them."""
    found = dict(PREFIXES)
    for triple in triples:
        for term in (triple.subject, triple.object):
            if isinstance(term, ox.NamedNode) and term.value.startswith(str(DATA)):
                name, slash, _ = term.value.removeprefix(str(DATA)).partition("/")
                if slash and name.replace("-", "").isalnum() and name[0].isalpha():
                    found.setdefault(name, f"{DATA}{name}/")
    return found
