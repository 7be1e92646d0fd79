"""Every kind of page the site has, and every state of one that looks different.

Tests of all pages walk this register; one of them fails where the site has an address that
is not in it.
"""

from __future__ import annotations

from urllib.parse import quote_plus

HEADLINE = "/questions/enablers-in-successful-partnerships"


def _query(text: str) -> str:
    return f"/query?query={quote_plus(text)}"


PAGES = (
    "/",
    "/?nature=voluntary&scale=any&rule=strict",
    "/cases",
    "/cases?nature=mandated",
    "/cases/case-b",
    "/cases/case-c",
    "/factors",
    "/factors/trust",
    "/factors/leadership",  # a group
    "/outcomes",
    "/outcomes/patient",
    "/actors",
    "/actors/case-b/green-bay",
    "/actors/partnering-for-improvement/authors",
    "/synthesis",
    "/literature",
    "/source",
    "/source/case-c",
    "/quality",
    "/about",
    "/vocabulary",
    "/vocabulary/direction",
    "/vocabulary/factor",  # the longest
    "/ontology",
    "/ontology/actors.html",
    "/downloads",
    "/data/case-b/regency-vale-buddying.html",
    "/vocab/direction-improved.html",
    "/graph/case/case-b.html",
    "/id/ptn:EnablerFinding.html",
    "/reference",
    "/reference/class/CaseStudy",
    "/reference/shape/case",
    "/reference/rule/infer/chain",
    "/questions",
    "/questions?tag=case",
    HEADLINE,
    f"{HEADLINE}?nature=mandated&rule=authors-view&why=1",
    f"{HEADLINE}?nature=voluntary&scale=individual&rule=strict",
    f"{HEADLINE}?nature=mandated&missing=factor&what=trust",
    f"{HEADLINE}?nature=mandated&missing=factor&what=trust&add=1",
    f"{HEADLINE}?nature=mandated&missing=factor&what=nothing+of+that+name",
    f"{HEADLINE}?nature=mandated&why=2&change=1",
    "/questions/what-came-of-it?case=case-c&why=2",
    "/questions/paragraphs-and-what-they-became?page=2",
    "/questions/options-refused",
    "/search",
    "/search?q=board+stabilty",
    "/search?q=trust&kind=finding&case=case-c",
    "/search?q=qwxzqwxz",
    "/map",
    "/map?by=kind",
    "/compare",
    "/compare?cases=case-a",
    "/compare?cases=case-a,case-b,case-c,case-d,case-e",
    "/compare?cases=case-a,case-b,case-c,case-d,case-e&group=leadership",
    "/around/cases/case-c",
    "/around/factors/trust",
    "/query",
    "/query?example=timeline",
    _query("SELECT * WHERE { ?case a ptn:CaseStudy }"),
    _query("SELECT * WHERE { ?case a ptn:CaseStudy ; ptn:nothing ?that }"),
    _query("ASK { ?case a ptn:CaseStudy }"),
    _query("DESCRIBE ptn:CaseStudy"),
)

ALIKE = (
    "/cases/case-a",
    "/cases/case-d",
    "/cases/case-e",
    "/cases?scale=structural&reported=met",
    "/source/case-c/impact-of-partnering",
    "/reference/class/EnablerFinding",
)
"""As others of the pages, so no browser need see them."""

FAULTS = (
    ("/nothing-here", 404),
    ("/cases/case-z", 404),
    ("/source/no-such-section", 404),
    ("/source/paragraph/partnering-for-improvement/p9999", 404),
    ("/ontology/nothing", 404),
    ("/cases?nature=purple", 400),
    ("/questions/what-helpd", 404),
    ("/questions/what-helped?case=case-z", 400),
    ("/questions/what-helped?colour=red", 400),
    ("/questions/what-helped?why=9999", 400),
    ("/?rule=generous", 400),
    ("/search?q=trust&kind=fruit", 400),
    ("/map?by=colour", 400),
    ("/compare?cases=case-a,case-z", 400),
    ("/around/cases/case-z", 404),
    (_query("SELECT {"), 400),
    (_query("DELETE WHERE { ?s ?p ?o }"), 400),
)

FOR_PROGRAMS = {
    "static",
    "source.paragraph",
    "home.healthz",
    "questions.as_csv",
    "questions.as_json",
    "questions.as_turtle",
    "questions.catalogue",
    "api.catalogue",
    "api.answer",
    "api.openapi",
    "sparql.endpoint_",
    "editor.vendor",
    "editor.names",
    "search.as_json",
    "glossary.word",
    "crawlers.robots",
    "crawlers.sitemap",
    "downloads.whole",
    "downloads.findings",
    "dataset.dataset",
    "dataset.document",
    "dataset.well_known",
}
"""What answers at an address that is no page."""

EVERY = (*((address, 200) for address in PAGES), *FAULTS)
