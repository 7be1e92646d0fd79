"""What the query editor needs beyond its form: the built bundle, and the names it completes."""

from __future__ import annotations

import json
from functools import cache
from importlib import import_module
from typing import Any

from flask import Blueprint, Response, request, send_from_directory
from partnering.webui import links, live
from werkzeug.exceptions import NotFound

from partnering.errors import NotFound as NoQuestion
from partnering.namespaces import CONCEPT, PREFIXES

pages = Blueprint("editor", __name__)
# By its name: to a type checker the folder beside it, which Python passes over, hides it.
assets: Any = import_module("partnering.webui.assets")
A_YEAR = 365 * 24 * 3600


@cache
def stamp() -> str | None:
    """Names the bundle that is there, for addresses; None where none was built."""
    built = assets.built()
    return str(built["digest"]) if built else None


@pages.get("/static/vendor/<name>")
def vendor(name: str) -> Response:
    """A built file; its address names its contents, so it holds for a year."""
    if name not in (*assets.COPIED.values(), "NOTICES.txt"):
        raise NotFound()
    packed = request.accept_encodings["gzip"] > 0 and (assets.STATIC / f"{name}.gz").is_file()
    kind = {"js": "text/javascript", "css": "text/css"}.get(name.rpartition(".")[2], "text/plain")
    answer = send_from_directory(
        assets.STATIC, f"{name}.gz" if packed else name, mimetype=kind, max_age=A_YEAR
    )
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
    return answer


@pages.get("/query/names.json")
def names() -> Response:
    """Prefixes, classes, properties and concepts, each with its label: what may be completed."""
    document = {"prefixes": PREFIXES, "names": [*_terms(), *_concepts()]}
    return Response(json.dumps(document, ensure_ascii=False), mimetype="application/json")


def _terms() -> list[dict[str, Any]]:
    try:
        rows = live.service().ask("terms-of-the-ontology").rows
    except NoQuestion:
        return []
    found = {
        row["written"]: {
            "name": row["written"],
            "label": row["termLabel"],
            "kind": "class" if row["kind"] == "class" else "property",
        }
        for row in rows
    }
    return list(found.values())


def _concepts() -> list[dict[str, Any]]:
    vocabulary = live.knowledge().vocabulary
    return [
        {"name": f"concept:{links.short(str(choice.iri))}", "label": choice.label,
         "kind": "concept"}
        for scheme in vocabulary.schemes
        for choice in vocabulary.choices(f"scheme:{scheme}")
        if str(choice.iri).startswith(str(CONCEPT))
    ]  # fmt: skip
