"""``/sparql``: what is said there beside the answers of queries, which :mod:`.direct` gives.

https://www.w3.org/TR/sparql11-protocol/#query-operation and, for a bare GET,
https://www.w3.org/TR/sparql11-service-description/.
"""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, redirect, request
from flask.typing import ResponseReturnValue
from partnering.webui import description, direct, live, prefixes
from partnering.webui.operation import Refused
from partnering.webui.serving import faults, negotiation, unthreaded

from partnering.errors import PartneringError, QuerySyntax

endpoint = Blueprint("sparql", __name__)
METHODS = (*unthreaded.METHODS, "OPTIONS")


@endpoint.route(unthreaded.PATH, methods=[*METHODS, "PUT", "DELETE", "PATCH", "TRACE"])
def endpoint_() -> ResponseReturnValue:
    """Describe the service, lead to the editor, or say plainly what is wrong."""
    left: direct.Left = request.environ.get(direct.LEFT, direct.Left())
    try:
        if left.error:
            raise left.error
        if request.method == "OPTIONS":
            return _preflight()
        if request.method not in METHODS:
            raise Refused(405, f"{request.method} is not answered here.", "ask with GET or POST")
        return _see_editor(left.asked.query) if left.asked else _no_query()
    except PartneringError as error:
        mend, query = error.mend, left.asked.query if left.asked else ""
        if isinstance(error, QuerySyntax) and (gone := prefixes.missing(query)):
            mend = f"declare the prefix: {' '.join(prefixes.lines(gone))}"
        answer = faults.say(error.http_status, error.message, where=error.where, mend=mend,
                            retry_after=getattr(error, "retry_after", None))  # fmt: skip
        if error.http_status == 405:
            answer.headers["Allow"] = ", ".join(METHODS)
        return answer


def _no_query() -> Response:
    """A bare GET: people go to the editor, programs get the service's description."""
    accept, form = request.headers.get("Accept", ""), request.args.get("format")
    if form is None and negotiation.prefers_html(accept, description.OFFERS):
        return redirect("/query", 303)  # type: ignore[return-value]
    chosen = negotiation.choose(accept, form, description.OFFERS)
    text = description.of(live.service(), current_app.config["BASE_URL"], chosen)
    return Response(text, content_type=f"{chosen.media_type}; charset=utf-8")


def _see_editor(query: str) -> Response:
    return redirect("/query?" + urlencode({"query": query}), 303)  # type: ignore[return-value]


def _preflight() -> Response:
    return Response(status=204, headers={
        "Allow": ", ".join(METHODS),
        "Access-Control-Allow-Methods": ", ".join(METHODS),
        "Access-Control-Allow-Headers": "Accept, Content-Type",
        "Access-Control-Max-Age": "86400",
    })  # fmt: skip
