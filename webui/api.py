"""The saved questions for programs: ``/api/questions``, described by ``/api/openapi.json``.

The answers are those of ``/questions/<slug>.json`` and ``.csv``; the description is made from the
questions' own headers, each an operation of its own with its parameters and columns.
"""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request
from partnering.webui import live, questions
from partnering.webui.serving import negotiation

from partnering.answering.questions import ANY, Parameter, Question
from partnering.errors import NotFound, WrongUse
from partnering.store.media import MediaType

pages = Blueprint("api", __name__)
JSON = MediaType("json", "application/json", False)
CSV = MediaType("csv", "text/csv", False)
LONGEST = 2000
"""Characters that one parameter may hold."""
CELL = ["string", "number", "boolean", "null"]
LISTED = 400
"""Values of a parameter that are listed; where there are more, its kind is named."""


@pages.get("/api/questions")
def catalogue() -> Response:
    """Every question with its parameters."""
    _only(())
    _form((JSON,))
    return questions.catalogue()


@pages.get("/api/questions/<slug>")
def answer(slug: str) -> Response:
    """One question answered, as JSON or CSV."""
    question = live.knowledge().catalogue.get(slug)
    _only([parameter.name for parameter in question.parameters] + ["why"])
    form = _form((JSON, CSV))
    # A row that does not exist is refused whatever the form, though CSV shows no reasons.
    _expect_row(slug)
    if form is CSV:
        return questions.as_csv(slug)
    return questions.as_json(slug)


@pages.get("/api/openapi.json")
def openapi() -> Response:
    """The description of all this, https://spec.openapis.org/oas/v3.1.0."""
    _only(())
    return jsonify(described(live.knowledge().questions(), current_app.config["BASE_URL"]))


def _expect_row(slug: str) -> None:
    """Say that a row is not there, where its number is one."""
    number = request.args.get("why", "")
    if not number:
        return
    if not re.fullmatch("[1-9][0-9]{0,8}", number):
        raise WrongUse(f"why={number!r} is no number of a row.", mend="give a number from 1")
    count = len(live.service().ask(slug, questions.parameters()).table)
    if int(number) > count:
        raise NotFound(f"The answer has no row {number}.", mend=f"it has {count} rows")


def _form(offers: tuple[MediaType, ...]) -> MediaType:
    return negotiation.choose(request.headers.get("Accept", ""), request.args.get("format"), offers)


def _only(names: Sequence[str]) -> None:
    """Refuse what nobody would miss: a parameter that does not exist, or stands there twice."""
    for name, values in request.args.lists():
        if name not in (*names, "format"):
            raise WrongUse(
                f"There is no parameter {name!r} here.",
                mend=f"it takes {', '.join((*names, 'format'))}",
            )
        if len(values) > 1:
            raise WrongUse(f"The parameter {name!r} is given {len(values)} times.",
                           mend="give it once")  # fmt: skip
        if not values[0]:
            raise WrongUse(f"The parameter {name!r} is empty.", mend="fill it, or leave it out")
        if len(values[0]) > LONGEST:
            raise WrongUse(
                f"The parameter {name!r} is {len(values[0]):,} characters long.",
                mend=f"give at most {LONGEST:,}",
            )


def described(catalogue: Sequence[Question], base_url: str) -> dict[str, Any]:
    """The OpenAPI document."""
    listed = {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["id", "slug", "question", "description", "parameters", "tags"],
        },
    }
    paths: dict[str, Any] = {
        "/api/questions": {
            "get": {
                "operationId": "questions",
                "summary": "Every saved question with its parameters",
                "parameters": [_format(("json",))],
                "responses": {"200": _content({JSON.media_type: listed}), **_faults(400, 406)},
            }
        }
    }
    for question in catalogue:
        paths[f"/api/questions/{question.slug}"] = {"get": _operation(question)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Partnering: saved questions",
            "description": "Questions to a knowledge graph of evidence about how organisations"
            " work together. Answers name their snapshot and their rule of success.",
            "version": importlib.metadata.version("partnering"),
            "license": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"},
        },
        "servers": [{"url": base_url}],
        "paths": paths,
        "components": {"schemas": {"Fault": FAULT}},
    }


FAULT = {
    "type": "object",
    "required": ["error", "status"],
    "properties": {
        "error": {"type": "string"},
        "where": {"type": ["string", "null"]},
        "mend": {"type": ["string", "null"]},
        "status": {"type": "integer"},
    },
}


SUPPORT = {
    "type": "object",
    "required": ["statements", "voices", "cases", "thin"],
    "properties": {
        "statements": {"type": "integer"},
        "voices": {"type": "integer"},
        "cases": {"type": "integer"},
        "thin": {"type": "string"},
    },
}
"""What stands behind the row of the same place."""


def _operation(question: Question) -> dict[str, Any]:
    row = {
        "type": "object",
        "required": list(question.variables),
        "properties": {name: {"type": CELL} for name in question.variables},
        "additionalProperties": False,
    }
    for column in question.columns:
        row["properties"][column.name]["title"] = column.title  # type: ignore[index]
    document = {
        "type": "object",
        "required": [
            "question",
            "parameters",
            "rule",
            "snapshot",
            "citation",
            "caveats",
            "columns",
            "rows",
            "support",
        ],
        "properties": {
            "question": {"type": "object", "required": ["id", "slug", "wording"]},
            "parameters": {"type": "object", "additionalProperties": {"type": "string"}},
            "rule": {"type": ["object", "array", "null"]},
            "snapshot": {"type": "string"},
            "citation": {"type": "string"},
            "caveats": {"type": "array", "items": {"type": "string"}},
            "columns": {"const": list(question.variables)},
            "rows": {"type": "array", "items": row},
            "support": {"type": "array", "items": SUPPORT},
            "why": {"type": "object"},
        },
    }
    why = {
        "name": "why", "in": "query", "description": "Number of a row, whose reasons to add",
        "schema": {"type": "integer", "minimum": 1, "maximum": 999_999_999},
    }  # fmt: skip
    forms = {JSON.media_type: document, CSV.media_type: {"type": "string"}}
    return {
        "operationId": question.slug,
        "summary": question.wording,
        "description": question.description.strip(),
        "tags": list(question.tags[:1]),
        "parameters": [*map(_parameter, question.parameters), why, _format(("json", "csv"))],
        "responses": {"200": _content(forms), **_faults(400, 404, 406, 502, 503)},
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": "query",
        "description": f"{parameter.title}; “{parameter.default}” unless given",
        "schema": _values(parameter) | {"default": parameter.default},
    }


def _values(parameter: Parameter) -> dict[str, Any]:
    if parameter.kind == "number":
        return {"type": "integer"}
    if parameter.kind == "text":
        return {"type": "string", "minLength": 1, "maxLength": LONGEST}
    names = [choice.name for choice in live.knowledge().vocabulary.choices(parameter.kind)]
    if parameter.may_be_any:
        names.append(ANY)
    if len(names) > LISTED:
        return {"type": "string", "description": f"short name, label or IRI of a {parameter.kind}"}
    return {"type": "string", "enum": names}


def _format(names: Sequence[str]) -> dict[str, Any]:
    return {
        "name": "format", "in": "query", "description": "Form of the answer, before Accept",
        "schema": {"type": "string", "enum": list(names)},
    }  # fmt: skip


def _content(forms: Any) -> dict[str, Any]:
    return {
        "description": "The answer",
        "content": {media_type: {"schema": schema} for media_type, schema in forms.items()},
    }


def _faults(*statuses: int) -> dict[str, Any]:
    said = {"schema": {"$ref": "#/components/schemas/Fault"}}
    return {
        str(status): {"description": MEANINGS[status], "content": {JSON.media_type: said}}
        for status in statuses
    }


MEANINGS = {
    400: "A parameter or its value does not exist; the message lists those that do",
    404: "The answer has no row of that number",
    406: "No such form is on offer",
    502: "The engine behind does not answer",
    503: "Too much at once; Retry-After says when to come back",
}
