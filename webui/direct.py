"""Queries of ``/sparql`` answered before Flask looks at them, by the WSGI application in front.

A small query takes the engine a tenth of a millisecond, and Flask four times that. What is no
answered query (a mistake, a bare address, a person with a browser) goes on to :mod:`.sparql`,
which says it in the form that fits the reader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Flask
from partnering.webui import live, operation
from partnering.webui.operation import Asked
from partnering.webui.serving import budget, headers, negotiation
from partnering.webui.serving.unthreaded import LATER, METHODS, PATHS, Later
from werkzeug.wrappers import Request

from partnering.store import gate
from partnering.store.base import Reply
from partnering.store.media import GRAPHS, RESULTS
from partnering.store.readers import ReaderPool

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LEFT = "partnering.left"
"""Stands in the environment of what goes on: :class:`Left`."""


@dataclass(frozen=True)
class Left:
    """A request that is no answered query: what it asked, if anything, and what is wrong with it."""

    asked: Asked | None = None
    error: Exception | None = None


def answering(app: Flask, inner: WSGIApplication) -> WSGIApplication:
    """The same application, with queries answered in front of it."""

    def application(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] not in PATHS:
            return inner(environ, start)
        answer = _Answer(app, inner, environ, start)
        later: Later | None = environ.get(LATER)
        answer.begin(later)
        return answer.pieces() if later is None else answer

    return application


class _Answer:
    """The answer to one request, which is made when its first piece is asked for."""

    def __init__(
        self, app: Flask, inner: WSGIApplication, environ: WSGIEnvironment, start: StartResponse
    ) -> None:
        self._purses: budget.Budget = app.extensions["partnering.budget"]
        self._engine = live.service_of(app).public
        self._inner, self._environ, self._start = inner, environ, start
        self._asked: Asked | None = None
        self._reply: Callable[[], Reply] | None = None
        self._held = ExitStack()
        """What the query costs, and what it holds until it has its answer."""

    def begin(self, later: Later | None) -> None:
        """Read what is asked; who answers ``later`` is left the question to put."""
        environ = self._environ
        if environ["REQUEST_METHOD"] not in METHODS or headers.too_long(environ):
            return
        try:
            with ExitStack() as held:
                self._reply = self._ask(Request(environ), later, held)
                self._held = held.pop_all()
            environ[LEFT] = Left(self._asked)
        except Exception as error:
            environ[LEFT] = Left(self._asked, error)

    def pieces(self) -> Iterable[bytes]:
        """The answer; what is no answered query goes on inside."""
        environ = self._environ
        if self._reply is not None:
            try:
                with self._held:
                    reply = self._reply()
            except Exception as error:
                environ[LEFT] = Left(self._asked, error)
            else:
                self._start("200 OK", _headers(reply))
                return [b"" if environ["REQUEST_METHOD"] == "HEAD" else reply.body]
        return self._inner(environ, self._start)

    def __iter__(self) -> Iterator[bytes]:
        pieces = self.pieces()
        if hasattr(pieces, "close"):
            self._held.callback(pieces.close)
        yield from pieces

    def close(self) -> None:
        """Give back what is held; twice is fine."""
        self._held.close()

    def _ask(
        self, request: Request, later: Later | None, held: ExitStack
    ) -> Callable[[], Reply] | None:
        """What gives the reply to a request; None where it is no query to be answered here."""
        self._asked = asked = operation.read(request)
        media_type = _wish(request, asked) if asked else None
        if not asked or not media_type:
            return None
        held.enter_context(self._purses.spent_by(request.remote_addr or ""))
        how: dict[str, Any] = {
            "media_type": media_type,
            "default_graphs": asked.default_graphs or None,
            "named_graphs": asked.named_graphs or None,
        }
        if later is None or not isinstance(self._engine, ReaderPool):
            return partial(self._engine.execute, asked.query, **how)
        later.question = question = self._engine.question(asked.query, **how)
        held.callback(question.close)
        later.held.callback(self.close)
        return question.answer


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
