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
        return concept_page(short(iri))
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


def concept_page(name: str) -> str:
    """``factor-trust`` has a page; ``role-lead`` a place in the list of roles."""
    schemes = live.knowledge().vocabulary.schemes
    scheme = next((one for one in schemes if name.startswith(f"{one}-")), None)
    if scheme in _OWN_PAGES:
        return f"/{_OWN_PAGES[scheme]}/{quote(name.removeprefix(f'{scheme}-'))}"
    return f"/vocabulary/{scheme}#{quote(name)}" if scheme else f"/vocabulary#{quote(name)}"


def question_page(slug: str, parameters: dict[str, str], form: str = "", **more: object) -> str:
    """Path of a question with its parameters: the page, or its ``.json`` or ``.csv``."""
    asked = urlencode({**parameters, **more})
    return f"/questions/{slug}{form}" + (f"?{asked}" if asked else "")
