"""What a page is about in the words of https://schema.org, as a block of JSON-LD in its head.

A ``script`` of type ``application/ld+json`` is data and is never run, so the policy against
inline scripts does not concern it (https://html.spec.whatwg.org/multipage/scripting.html#data-block).
"""

from __future__ import annotations

import json
from typing import Any

from flask import Flask
from markupsafe import Markup
from partnering.webui import links, live

from partnering.answering.questions import Question
from partnering.answering.vocabulary import Choice
from partnering.namespaces import BASE, CONCEPT, ONTOLOGY_IRI
from partnering.store.media import GRAPHS

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
MAINTAINERS = {"@type": "Organization", "name": "The partnering maintainers"}
DATASET = f"{BASE}dataset"
NAME = "Partnering: a knowledge graph of evidence about how organisations work together"


def dataset() -> Markup:
    """The dataset, with where its files are."""
    service = live.service()
    return _block({
        **_whole(),
        "description": "Findings of case studies of partnering organisations, statement by"
        " statement: arrangements, roles, enablers, barriers, outcomes and who says so, each"
        " tied to the paragraph it rests on, with an ontology and vocabularies of its own.",
        "creator": MAINTAINERS,
        "license": LICENCE,
        "isAccessibleForFree": True,
        "version": service.snapshot,
        "dateModified": service.published.isoformat(timespec="seconds"),
        "keywords": ["partnering", "mergers and acquisitions", "buddying", "NHS providers",
                     "evidence synthesis", "knowledge graph"],
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": form.media_type,
             "contentUrl": links.outside(f"/downloads/partnering.{form.suffix or form.name}")}
            for form in GRAPHS
        ],
    })  # fmt: skip


def case(subject: Choice) -> Markup:
    """A case as a part of the dataset, whose licence and makers are its own too."""
    page = links.page_of(str(subject.iri), "case") or "/cases"
    return _block({"@type": "CreativeWork", "@id": str(subject.iri), "name": subject.label,
                   "url": links.outside(page), "isPartOf": {"@id": DATASET}})  # fmt: skip


def term(subject: Choice, scheme: str) -> Markup:
    """A concept as a term of its scheme."""
    return _block(_term(subject) | {"inDefinedTermSet": _scheme(scheme)})


def terms(scheme: str) -> Markup:
    """A scheme with every term."""
    choices = live.knowledge().vocabulary.choices(f"scheme:{scheme}")
    return _block(_scheme(scheme) | {"hasDefinedTerm": [_term(choice) for choice in choices]})


def ontology() -> Markup:
    """The ontology as a work."""
    return _block({"@type": "DefinedTermSet", "@id": ONTOLOGY_IRI, "name": "Partnering ontology",
                   "url": links.outside("/ontology"), "license": LICENCE,
                   "creator": MAINTAINERS})  # fmt: skip


def question(asked: Question, sentence: str, path: str) -> Markup:
    """An answer as a part of the dataset, with its files."""
    return _block({
        "@type": "Dataset", "@id": links.outside(path), "name": sentence,
        "description": asked.description or sentence, "url": links.outside(path),
        "license": LICENCE, "creator": MAINTAINERS, "isPartOf": {"@id": DATASET},
        "version": live.service().snapshot,
    })  # fmt: skip


def register(app: Flask) -> None:
    """Give templates their blocks: ``{{ schema_org.dataset() }}``."""
    app.jinja_env.globals.update(schema_org={
        "dataset": dataset, "case": case, "term": term, "terms": terms, "ontology": ontology,
        "question": question,
    })  # fmt: skip


def _whole() -> dict[str, Any]:
    return {"@type": "Dataset", "@id": DATASET, "name": NAME,
            "url": links.outside("/")}  # fmt: skip


def _scheme(scheme: str) -> dict[str, Any]:
    return {"@type": "DefinedTermSet", "@id": f"{CONCEPT}scheme-{scheme}",
            "name": scheme.replace("-", " ").capitalize(),
            "url": links.outside(f"/vocabulary/{scheme}")}  # fmt: skip


def _term(subject: Choice) -> dict[str, Any]:
    told = {"@type": "DefinedTerm", "@id": str(subject.iri), "name": subject.label,
            "termCode": str(subject.iri).removeprefix(str(CONCEPT))}  # fmt: skip
    return told | ({"description": subject.definition} if subject.definition else {})


def _block(told: dict[str, Any]) -> Markup:
    text = json.dumps({"@context": "https://schema.org"} | told, ensure_ascii=False)
    # No text may end the block it stands in.
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup('<script type="application/ld+json">{}</script>').format(Markup(text))
