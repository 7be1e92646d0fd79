"""The reference: a page for every class, property, concept, scheme, shape and rule.

What stands there is worked out by :mod:`partnering.reference` from the state that is served;
terms are pages at ``/reference/class/CaseStudy``, shapes at ``/reference/shape/case``.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NoReturn
from urllib.parse import quote

from flask import Blueprint, render_template
from partnering.webui import live

from partnering.errors import NotFound
from partnering.knowledge import KnowledgeGraph
from partnering.namespaces import CONCEPT, DATA, PTN
from partnering.reference import Reference, Term

pages = Blueprint("reference", __name__)
HEIGHT, INDENT, WIDTH = 26, 30, 720
"""Height of a line of the class diagram, how far a step goes in, and how wide it is, in px."""


@dataclass(frozen=True)
class Box:
    """A class in the diagram: where its words stand, and where the line to it begins."""

    term: Term
    x: int
    y: int
    above: tuple[int, int] | None
    bar: float


@lru_cache(maxsize=2)
def _of(knowledge: KnowledgeGraph, snapshot: str) -> Reference:
    """Kept as long as the snapshot stays the one that is served."""
    return Reference(knowledge.engine, knowledge.workspace)


def reference() -> Reference:
    """The reference of the state that is served."""
    return _of(live.knowledge(), live.service().snapshot)


@pages.get("/reference")
def index() -> str:
    """Everything there is, and the classes as a diagram."""
    return render_template("reference/index.html", reference=reference(), boxes=diagram(),
                           line=HEIGHT, width=WIDTH)  # fmt: skip


@pages.get("/reference/<any('class', 'property', 'concept', 'scheme'):kind>/<name>")
def term(kind: str, name: str) -> str:
    """One term: what it is, what it is tied to, who uses it."""
    known = {_local(one.iri): one for one in reference().of_kind(kind)}
    found = known.get(name) or _missing(kind, name, known)
    return render_template("reference/term.html", term=found, reference=reference())


@pages.get("/reference/shape/<name>")
def shape(name: str) -> str:
    """One shape: what it looks at, and every constraint in it."""
    known = {one.name: one for one in reference().constraints}
    found = known.get(name) or _missing("shape", name, known)
    return render_template("reference/shape.html", shape=found, reference=reference())


@pages.get("/reference/rule/<any(infer, judge, consistency, hygiene):family>/<name>")
def rule(family: str, name: str) -> str:
    """One rule: what it does, and its query."""
    known = {one.name: one for one in reference().rules if one.family == family}
    found = known.get(name) or _missing("rule", name, known)
    return render_template("reference/rule.html", rule=found, reference=reference())


def _missing(kind: str, name: str, known: Iterable[str]) -> NoReturn:
    near = difflib.get_close_matches(name, list(known), n=3, cutoff=0.5)
    raise NotFound(
        f"There is no {kind} “{name}” in the reference.",
        mend=f"did you mean {' or '.join(near)}?" if near else "see /reference for all there is",
    )


def diagram() -> list[Box]:
    """The classes as a tree: each below the first class above it, with how many are of it."""
    known = {one.iri: one for one in reference().of_kind("class")}
    below: dict[str, list[Term]] = {}
    for one in known.values():
        above = [link.iri for link in one.ties.get("above it", ()) if link.iri in known]
        below.setdefault(above[0] if above else "", []).append(one)
    most = max((one.uses for one in known.values()), default=1) or 1
    boxes: list[Box] = []

    def lay(terms: Iterable[Term], depth: int, above: tuple[int, int] | None) -> None:
        for one in terms:
            x, y = 12 + depth * INDENT, HEIGHT * len(boxes) + HEIGHT // 2
            boxes.append(Box(one, x, y, above, round(90 * (one.uses / most) ** 0.5, 1)))
            lay(below.get(one.iri, ()), depth + 1, (x, y))

    lay(below.get("", ()), 0, None)
    return boxes


def page_of(iri: str) -> str | None:
    """Where the reference tells of a term; None for what it does not hold."""
    found = reference().terms.get(iri)
    return f"/reference/{found.kind}/{quote(_local(iri))}" if found else None


def outside_of(iri: str) -> str | None:
    """Where a link leads: the reference's page, the site's page of a case, or the web."""
    if not iri or (own := page_of(iri)):
        return own if iri else None
    if iri.startswith(str(DATA)):
        case = iri.removeprefix(str(DATA)).partition("/")[0]
        known = live.knowledge().vocabulary.named("case", case)
        return f"/cases/{quote(case)}" if known else None
    return iri if iri.startswith("http") and not iri.startswith(str(PTN)) else None


def _local(iri: str) -> str:
    return iri.removeprefix(str(PTN)).removeprefix(str(CONCEPT))


@pages.app_context_processor
def _links() -> dict[str, object]:
    return {"reference_page": outside_of}
