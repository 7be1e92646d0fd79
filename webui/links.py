"""From a thing to the page that tells of it."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote, urlencode

from flask import current_app
from partnering.webui import live

from partnering.namespaces import BASE, CONCEPT, DATA, PTN
from partnering.pipeline.catalogue import QUESTIONS

_OWN_PAGES = {"factor": "factors", "dimension": "outcomes"}
"""Schemes whose concepts have a page each; others stand in a list of their scheme."""
_OWN_KINDS = {str(PTN.CaseStudy): "case", str(PTN.SuccessRule): "rule", str(PTN.Actor): "actor"}
"""Classes whose things have a page each, and the kind it goes by."""


def short(iri: str) -> str:
    """Last part of an IRI: ``nature-mandated``, ``strict``."""
    return iri.rstrip("/").replace("#", "/").rpartition("/")[2]


def local(iri: str) -> str:
    """Where an IRI of ours answers on this server; any other leads to itself."""
    if not iri.startswith(BASE):
        return iri
    return "/" + quote(iri.removeprefix(BASE), safe="/#:,;@~+")


def outside(path: str) -> str:
    """A path as the world knows it: under the address of the site, whatever ``Host`` says."""
    return f"{current_app.config['BASE_URL']}{path}"


def onward(path: str) -> str:
    """Where a redirect leads: under the configured address; without one, where the asker is."""
    return outside(path) if current_app.config["BASE_URL_IS_GIVEN"] else path


def page_about(iri: str, classes: Iterable[str]) -> str | None:
    """The page that tells of a thing and of nothing else; None where there is none."""
    if iri.startswith(f"{CONCEPT}scheme-"):
        notation = iri.removeprefix(f"{CONCEPT}scheme-")
        known = notation in live.knowledge().vocabulary.schemes
        return f"/vocabulary/{quote(notation)}" if known else None
    if iri.startswith(QUESTIONS):
        return f"/questions/{quote(iri.removeprefix(QUESTIONS))}"
    if iri.startswith(str(CONCEPT)):
        return own_page(short(iri))
    kind = next((kind for name in classes if (kind := _OWN_KINDS.get(name))), "")
    return page_of(iri, kind) if kind else None


def page_of(iri: str, kind: str) -> str | None:
    """Path of the page on ``iri``, a thing of a column's ``kind``; None where it has none."""
    if iri.startswith(str(CONCEPT)):
        return own_page(short(iri))
    if not iri.startswith(str(DATA)):
        return None
    within = iri.removeprefix(str(DATA))
    folder, _, _ = within.partition("/")
    if kind == "case":
        return f"/cases/{quote(folder)}"
    if kind == "partnership":
        return f"/cases/{quote(folder)}#arrangements"
    if kind == "rule":
        return f"/about#rule-{quote(short(iri))}"
    if kind == "actor":
        return f"/actors/{quote(within)}"
    return None


def own_page(name: str) -> str | None:
    """Path of a concept's page, where its scheme gives each one: ``factor-trust``."""
    scheme = _scheme(name)
    if scheme not in _OWN_PAGES:
        return None
    return f"/{_OWN_PAGES[scheme]}/{quote(name.removeprefix(f'{scheme}-'))}"


def paragraph_page(anchor: str) -> str:
    """Path to the paragraph that an anchor stands in: of ``…/p155.141-198`` to ``p155``."""
    report, _, place = anchor.removeprefix(str(DATA)).rpartition("/")
    return f"/source/paragraph/{quote(report)}/{quote(place.partition('.')[0])}"


def concept_page(name: str) -> str:
    """Path of a concept's page, or of its place in the list of its scheme: ``role-lead``."""
    scheme = _scheme(name)
    listed = f"/vocabulary/{scheme}" if scheme else "/vocabulary"
    return own_page(name) or f"{listed}#{quote(name)}"


def _scheme(name: str) -> str:
    return live.knowledge().vocabulary.scheme_of(f"{CONCEPT}{name}") or ""


def question_page(slug: str, parameters: dict[str, str], form: str = "", **more: object) -> str:
    """Path of a question with its parameters: the page, or its ``.json``, ``.csv`` or ``.ttl``."""
    asked = urlencode({**parameters, **more})
    return f"/questions/{slug}{form}" + (f"?{asked}" if asked else "")
