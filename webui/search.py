"""Search: one page and its JSON twin; the state is the address."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from partnering.webui import links, live

from partnering.errors import WrongUse
from partnering.namespaces import CONCEPT
from partnering.search import Hit, Results

pages = Blueprint("search", __name__)
KINDS = {
    "case": ("case", "Cases"),
    "factor": ("factor", "Factors"),
    "outcome": ("outcome dimension", "Outcome dimensions"),
    "concept": ("term", "Other terms"),
    "arrangement": ("arrangement", "Arrangements"),
    "actor": ("who took part", "Who took part"),
    "event": ("event", "Events and phases"),
    "finding": ("finding", "Findings"),
    "general": ("general statement", "Advice and general statements"),
    "literature": ("literature", "Literature"),
    "question": ("question", "Questions"),
    "objection": ("objection", "Objections"),
}
"""What one thing of a kind and what many of it are called."""
EXAMPLES = (
    "board stability",
    "takeover",
    "trust",
    "who paid",
    "staff morale",
    '"special measures"',
)


@dataclass(frozen=True)
class Asked:
    """What stands in the address."""

    words: str
    kind: str
    case: str
    page: int

    def link(self, **changed: str | int) -> str:
        """Address of the same search with something changed; a changed choice turns back."""
        given = {"q": self.words, "kind": self.kind, "case": self.case, **changed}
        kept = {name: value for name, value in given.items() if value and value != 1}
        return f"/search?{urlencode(kept)}"


@pages.get("/search")
def search() -> str:
    """What was found, best first, and ways to narrow it."""
    asked = _asked()
    found = _found(asked)
    return render_template(
        "search/index.html", found=found, asked_for=asked, kinds=KINDS, examples=EXAMPLES,
        page_of=page_of,
    )  # fmt: skip


@pages.get("/search.json")
@pages.get("/api/search")
def as_json() -> Response:
    """The same for programs; hits carry the page that tells of them."""
    asked = _asked()
    found = _found(asked)
    document = found.to_dict()
    for hit, told in zip(found.hits, document["hits"], strict=True):
        told["page"] = page_of(hit)
    text = json.dumps(document, ensure_ascii=False, indent=2)
    answer = Response(text + "\n", mimetype="application/json")
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def page_of(hit: Hit) -> str:
    """Where a hit is told of; a finding's own place where there is one."""
    if hit.iri.startswith(str(CONCEPT)):
        return links.concept_page(links.short(hit.iri))
    if hit.kind in ("concept", "case", "actor", "arrangement"):
        kind = {"arrangement": "partnership"}.get(hit.kind, hit.kind)
        rule = "rule" if "/success-rules/" in hit.iri else kind
        return links.page_of(hit.iri, rule) or "/"
    if hit.kind == "question":
        return f"/questions/{links.short(hit.iri)}"
    return f"{links.local(hit.iri)}.html"


def _asked() -> Asked:
    page = request.args.get("page", "") or "1"
    if not page.isascii() or not page.isdigit():
        raise WrongUse(f"page={page!r} is no number.", mend="count pages from 1")
    words = " ".join(request.args.get("q", "").split())
    return Asked(words, request.args.get("kind", ""), request.args.get("case", ""), int(page[:6]))


def _found(asked: Asked) -> Results:
    return live.service().search(asked.words, kind=asked.kind, case=asked.case, page=asked.page)
