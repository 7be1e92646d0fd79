"""Errors, said once: a page for people, one plain line or a JSON object for programs."""

from __future__ import annotations

import difflib

from flask import Flask, Response, current_app, jsonify, render_template, request
from partnering.webui import live
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from partnering.errors import Busy, PartneringError

TITLES = {
    400: "This cannot be asked that way",
    404: "There is nothing here",
    405: "This address only answers reading",
    406: "Not to be had in that form",
    429: "Too much asked from one address",
    502: "The data do not answer just now",
    503: "Too busy, or too much asked at once",
}
MACHINE = ("/sparql", "/api/", "/healthz")
LINKED = ("/data/", "/vocab/", "/graph/", "/id/", "/dataset", "/downloads/")
"""Where programs are at home, and people say so."""
JSON = ("application/json", "application/sparql-results+json", "application/ld+json")


def register(app: Flask) -> None:
    """Turn every error into a plain answer; never a trace."""

    @app.errorhandler(PartneringError)
    def ours(error: PartneringError) -> Response:
        return say(error.http_status, error.message, where=error.where, mend=error.mend,
                   retry_after=error.retry_after if isinstance(error, Busy) else None)  # fmt: skip

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        status = error.code or 500
        if status < 400:
            return Response(error.get_response().response, status, dict(error.get_headers()))
        if status == 404:
            return say(404, f"There is no page at {request.path}.", near=_near(request.path))
        answer = say(status, error.description or error.name)
        if status == 405 and getattr(error, "valid_methods", None):
            answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))  # type: ignore[attr-defined]
        return answer

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Response:
        current_app.logger.exception("unforeseen error at %s", request.path, exc_info=error)
        return say(
            500, "Something went wrong here that should not have; it is in the server's log."
        )


def say(
    status: int,
    message: str,
    *,
    where: str | None = None,
    mend: str | None = None,
    near: tuple[str, ...] = (),
    retry_after: int | None = None,
) -> Response:
    """One error in the form that fits the reader."""
    if _wants_json():
        answer = jsonify({"error": message, "where": where, "mend": mend, "status": status})
    elif _for_programs():
        answer = Response(line(message, where, mend) + "\n", mimetype="text/plain")
    else:
        page = render_template(
            "error.html",
            title=TITLES.get(status, "That did not work"),
            message=message,
            where=where,
            mend=mend,
            near=near,
        )
        answer = Response(page, mimetype="text/html")
    answer.status_code = status
    if status in (429, 503):
        answer.headers["Retry-After"] = str(retry_after or 5)
    return answer


def line(message: str, where: str | None, mend: str | None) -> str:
    """An error as one line."""
    parts = [f"{where}: {message}" if where else message, *([f"To mend: {mend}"] if mend else [])]
    return " ".join(" ".join(parts).split())


def _for_programs() -> bool:
    """Whether a line of text serves better than a page: nobody asked for HTML, or nobody could."""
    path, accept = request.path, request.headers.get("Accept")
    if path.startswith(MACHINE) or path.endswith((".csv", ".json", ".ttl")):
        return True
    kinds = request.accept_mimetypes
    if path.startswith(LINKED):
        return not any(kind in ("text/html", "application/xhtml+xml") for kind, _ in kinds)
    return bool(accept) and not kinds.quality("text/html")


def _wants_json() -> bool:
    if request.path.endswith(".json") or request.path.startswith("/api/"):
        return True
    named = request.args.get("format", "").lower()
    if _for_programs() and named:
        return named == "json"
    if not request.headers.get("Accept"):
        return False
    best = request.accept_mimetypes.best_match(("text/html", "text/plain", *JSON))
    return best in JSON


def _near(path: str) -> tuple[str, ...]:
    """Addresses that look like the one that was asked for."""
    known = [rule.rule for rule in current_app.url_map.iter_rules() if _plain(rule)]
    known += [f"/questions/{question.slug}" for question in live.knowledge().questions()]
    known += [f"/cases/{case.name}" for case in live.knowledge().vocabulary.choices("case")]
    return tuple(difflib.get_close_matches(path, known, n=4, cutoff=0.5))


def _plain(rule: Rule) -> bool:
    return (
        not rule.arguments and "GET" in (rule.methods or ()) and not rule.rule.startswith("/assets")
    )
