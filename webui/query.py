"""The query editor: a plain form over the endpoint, with examples to start from."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue
from partnering.webui import editor as bundle
from partnering.webui import live, prefixes
from partnering.webui.serving import budget

from partnering.errors import PartneringError
from partnering.namespaces import PREFIXES
from partnering.store.base import Table
from partnering.store.gate import check

pages = Blueprint("query", __name__)

SHOWN_ROWS = 200
START = """\
SELECT ?case ?label
WHERE {
  ?case a ptn:CaseStudy ; rdfs:label ?label .
}
ORDER BY ?label
"""


@pages.get("/query")
def editor() -> ResponseReturnValue:
    """The form; with a query, its first rows too."""
    text = request.args.get("query", "")
    start = _example(request.args.get("example", ""))
    table: Table | None = None
    graph = error = None
    status = 200
    if text.strip():
        # Here, and not at /sparql: what is missing is added where the writer can see it.
        text = prefixes.completed(text)
        try:
            if check(text).form in ("SELECT", "ASK"):
                table = _table(text)
            else:
                graph = budget.ask(text, media_type="ttl").body.decode()
        except PartneringError as wrong:
            error, status = wrong, wrong.http_status
    page = render_template(
        "query.html", text=text or start or prefixes.completed(START), table=table, graph=graph,
        error=error, shown=SHOWN_ROWS, bundle=bundle.stamp(), examples=_examples(), known=PREFIXES,
    )  # fmt: skip
    return make_response(page, status)


def _table(text: str) -> Table:
    reply = budget.ask(text)
    if reply.kind == "ask":
        from rdflib import Literal

        return Table(("answer",), ((Literal("yes" if b"true" in reply.body else "no"),),))
    return Table.from_json(reply.body)


def _example(slug: str) -> str:
    """Query of a saved question, blanks filled as they are unasked."""
    return live.knowledge().catalogue.get(slug).query if slug else ""


def _examples() -> list[tuple[str, str]]:
    """Wording and slug of questions to start from: the first of each subject."""
    found: dict[str, tuple[str, str]] = {}
    for question in live.knowledge().questions():
        found.setdefault(question.tags[0], (question.wording, question.slug))
    return list(found.values())
