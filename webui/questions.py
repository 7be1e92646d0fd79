"""The catalogue, a page for each question, and the same for programs."""

from __future__ import annotations

import json
from collections import Counter

from flask import Blueprint, Response, current_app, render_template, request
from partnering.webui import doubts, links, live
from partnering.webui.showing import panels

from partnering.answering.answer import Answer
from partnering.answering.questions import Question
from partnering.errors import WrongUse

pages = Blueprint("questions", __name__)
ROWS = 50
"""Rows a page shows; the CSV and JSON hold all."""
COMMON = 4
"""Questions a word must stand for to be offered as a way into the catalogue."""
RESERVED = ("why", "page", "format", *doubts.RESERVED)


@pages.get("/questions")
def index() -> str:
    """Every saved question, by what it is about."""
    found = live.knowledge().questions()
    tag = request.args.get("tag", "")
    chosen = [question for question in found if not tag or tag in question.tags]
    tags = Counter(tag for question in found for tag in question.tags)
    groups: dict[str, list[Question]] = {}
    for question in chosen:
        groups.setdefault(tag or question.tags[0], []).append(question)
    offered = sorted(one for one, times in tags.items() if times >= COMMON or one == tag)
    return render_template(
        "questions/index.html", groups=groups, tag=tag, tags=offered, count=len(chosen)
    )


@pages.get("/questions/<slug>")
def one(slug: str) -> str:
    """A question with its form, its answer, and the reasons of one row where they are asked."""
    count = len(live.service().ask(slug, parameters()).table)
    number = _number("why", count)
    pages = max(1, -(-count // ROWS))
    page = _number("page", pages) or (1 + (number - 1) // ROWS if number else 1)
    panel = panels.in_full(slug, parameters(), first=(page - 1) * ROWS, limit=ROWS, here=number)
    why = panel.answer.why(number - 1) if number else None
    attached = why is not None and any(p.passage for it in why.findings for p in it.places)
    return render_template(
        "questions/one.html",
        panel=panel,
        why=why,
        titles={column.name: column.title for column in panel.question.columns},
        number=number,
        attached=attached,
        page=page,
        pages=pages,
        may_miss=doubts.columns(panel.answer),
        missed=doubts.missed(panel.answer),
        changes=doubts.changes(panel.answer, number, why),
    )


@pages.get("/questions/<slug>.csv")
def as_csv(slug: str) -> Response:
    """The rows, a header line first."""
    answer = live.service().ask(slug, parameters())
    return _cited(Response(answer.to_csv(), mimetype="text/csv"), answer)


@pages.get("/questions/<slug>.json")
def as_json(slug: str) -> Response:
    """The answer as one object; with ``why`` the reasons of that row, counted from 1."""
    answer = live.service().ask(slug, parameters())
    document = answer.to_dict()
    number = _number("why", len(answer.table))
    if number:
        document["why"] = answer.why(number - 1).to_dict()
    return _cited(_json(document), answer)


@pages.get("/questions/<slug>.ttl")
def as_turtle(slug: str) -> Response:
    """What is said of each thing the answer names."""
    answer = live.service().ask(slug, parameters())
    return _open_to_all(Response(live.knowledge().turtle(answer), mimetype="text/turtle"))


@pages.get("/questions.json")
def catalogue() -> Response:
    """Every question with its parameters."""
    return _json([question.summary() for question in live.knowledge().questions()])


def parameters() -> dict[str, str]:
    """The question's own parameters of this request."""
    return {name: value for name, value in request.args.items() if name not in RESERVED}


def _number(name: str, most: int) -> int | None:
    """A number from 1 in the address, such as ``why=3``."""
    given = request.args.get(name, "")
    if not given:
        return None
    digits = given.isascii() and given.isdigit() and len(given) < 10
    if not digits or not 1 <= int(given) <= most:
        raise WrongUse(
            f"{name}={given!r} is too large, or no number.",
            mend=f"give a number from 1 to {most}" if most else "there are no rows",
        )
    return int(given)


def _json(document: object) -> Response:
    text = json.dumps(document, ensure_ascii=False, indent=2, default=str)
    return _open_to_all(Response(text + "\n", mimetype="application/json"))


def _cited(reply: Response, answer: Answer) -> Response:
    """With the address to cite it by, https://www.rfc-editor.org/rfc/rfc8574: rows have no room."""
    page = links.question_page(answer.question.slug, answer.bound.values)
    reply.headers["Link"] = f'<{current_app.config["BASE_URL"]}{page}>; rel="cite-as"'
    reply.headers["Access-Control-Expose-Headers"] = "Link"
    return _open_to_all(reply)


def _open_to_all(answer: Response) -> Response:
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
