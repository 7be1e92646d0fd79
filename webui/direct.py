"""Queries of ``/sparql`` answered before Flask looks at them, by the WSGI application in front.

A small query takes the engine a tenth of a millisecond, and Flask four times that. What is no
answered query (a mistake, a bare address, a person with a browser) goes on to :mod:`.sparql`,
which says it in the form that fits the reader.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask
from partnering.webui import live, operation
from partnering.webui.operation import Asked
from partnering.webui.serving import budget, headers, negotiation
from werkzeug.wrappers import Request

from partnering.store import gate
from partnering.store.base import Reply
from partnering.store.media import GRAPHS, RESULTS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH = "/sparql"
PATHS = (PATH, f"{PATH}/")
"""Flask, which knows no strict slashes here, leads both to the view."""
METHODS = ("GET", "HEAD", "POST")
LEFT = "partnering.left"
"""Stands in the environment of what goes on: :class:`Left`."""


@dataclass(frozen=True)
class Left:
    """A request that is no answered query: what it asked, if anything, and what is wrong with it."""

    asked: Asked | None = None
    error: Exception | None = None


def answering(app: Flask, inner: WSGIApplication) -> WSGIApplication:
    """The same application, with queries answered in front of it."""
    purses: budget.Budget = app.extensions["partnering.budget"]
    service = live.service_of(app)

    def application(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if environ["PATH_INFO"] not in PATHS or method not in METHODS or headers.too_long(environ):
            return inner(environ, start)
        request, asked = Request(environ), None
        try:
            asked = operation.read(request)
            media_type = _wish(request, asked) if asked else None
            if asked and media_type:
                with purses.spent_by(request.remote_addr or ""):
                    reply = service.public.execute(
                        asked.query,
                        media_type=media_type,
                        default_graphs=asked.default_graphs or None,
                        named_graphs=asked.named_graphs or None,
                    )
                start("200 OK", _headers(reply))
                return [b"" if method == "HEAD" else reply.body]
            environ[LEFT] = Left(asked)
        except Exception as error:
            environ[LEFT] = Left(asked, error)
        return inner(environ, start)

    return application


def _wish(request: Request, asked: Asked) -> str | None:
    """The media type to answer in; None for a person, who is shown the editor."""
    survey = gate.survey(asked.query, gate.CAPS)
    offers = GRAPHS if survey.form in ("CONSTRUCT", "DESCRIBE") else RESULTS
    accept = request.headers.get("Accept", "")
    by_link = request.method != "POST" and asked.format is None
    if by_link and negotiation.prefers_html(accept, offers):
        return None
    return negotiation.choose(accept, asked.format, offers).media_type


def _headers(reply: Reply) -> list[tuple[str, str]]:
    text = reply.media_type.startswith("text/")
    return [
        ("Content-Type", reply.media_type + ("; charset=utf-8" if text else "")),
        ("Content-Length", str(len(reply.body))),
        ("Cache-Control", "no-cache"),
        ("Vary", "Accept-Encoding, Accept"),
        *headers.ALWAYS,
        *headers.READ_ANYWHERE,
    ]
