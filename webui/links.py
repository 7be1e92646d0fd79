"""From a thing to the page that tells of it."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from partnering.webui import live

from partnering.namespaces import CONCEPT, DATA

_OWN_PAGES = {"factor": "factors", "dimension": "outcomes"}
"""Schemes whose concepts have a page each; others stand in a list of their scheme."""


def short(iri: str) -> str:
    """Last part of an IRI: ``nature-mandated``, ``strict``."""
    return iri.rstrip("/").replace("#", "/").rpartition("/")[2]


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
