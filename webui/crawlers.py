"""What machines that read the site should know: ``robots.txt`` and ``sitemap.xml``."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from flask import Blueprint, Response, current_app
from partnering.webui import links, live, things
from partnering.webui import pages as templates

pages = Blueprint("crawlers", __name__)
CLOSED = ("/sparql", "/query", "/search", "/api/", "/id/", "/*?")
"""What asks the data anew at every address, and would be walked without end."""
FAMILIES = ("/ontology", "/questions", "/map", "/compare", "/source", "/downloads")
"""Pages beside those of things and those that are a template alone."""
MOST = 50_000
"""Addresses a sitemap may hold, https://www.sitemaps.org/protocol.html."""


@pages.get("/robots.txt")
def robots() -> Response:
    """Pages may be read by machines; what asks the data anew at every address is not for them."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), "",
             f"Sitemap: {links.outside('/sitemap.xml')}"]  # fmt: skip
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@pages.get("/sitemap.xml")
def sitemap() -> Response:
    """Every page about one thing, up to as many as one map may hold."""
    day = live.service().published.date().isoformat()
    entries = [
        f"<url><loc>{escape(links.outside(path))}</loc><lastmod>{day}</lastmod></url>"
        for path, _ in zip(addresses(), range(MOST), strict=False)
    ]
    text = "\n".join(('<?xml version="1.0" encoding="UTF-8"?>',
                      '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
                      *entries, "</urlset>", ""))  # fmt: skip
    return Response(text, mimetype="application/xml")


def addresses() -> Iterator[str]:
    """Paths of pages, those that most look for first."""
    vocabulary, knowledge = live.knowledge().vocabulary, live.knowledge()
    yield from ("/", *(f"/{thing.name}" for thing in things.THINGS), *FAMILIES)
    yield from (rule.rule for rule in current_app.url_map.iter_rules()
                if rule.endpoint.startswith(f"{templates.FOLDER}."))  # fmt: skip
    for choice in vocabulary.choices("case"):
        yield links.page_of(str(choice.iri), "case") or "/cases"
    for scheme in ("factor", "dimension"):
        if scheme in vocabulary.schemes:
            for choice in vocabulary.choices(f"scheme:{scheme}"):
                yield links.concept_page(f"{scheme}-{choice.name}")
    yield from (f"/questions/{question.slug}" for question in knowledge.questions())
    yield from (f"/vocabulary/{scheme}" for scheme in vocabulary.schemes)
    for choice in vocabulary.choices("actor"):
        yield links.page_of(str(choice.iri), "actor") or "/actors"
