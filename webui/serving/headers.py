"""Headers of every answer: what a page may load, how long it holds, who may read it."""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response, request
from partnering.webui import live
from partnering.webui.serving import kept

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POLICY = "; ".join((
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' data:",
    "script-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
))  # fmt: skip
"""Nothing inline, no other host."""
ALWAYS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
"""Of every answer."""
READING = ("GET", "HEAD", "OPTIONS")
EXPOSED = "Content-Location, ETag, Link, Location, Retry-After"
"""Headers of an answer that a page from elsewhere may look at."""
READ_ANYWHERE = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", EXPOSED),
)
"""Of what is only read. There is nothing to sign in to: what one may read here, any page may."""
LISTS = ("Accept", "If-None-Match", "If-Match", "Range")
NEGOTIATED = {"linked", "dataset", "ontology", "api", "sparql"}
"""Families whose answers depend on ``Accept``."""
_KEYS = tuple((name, "HTTP_" + name.upper().replace("-", "_")) for name in LISTS)
LONGEST = 4096
"""Characters of a header that is a list; comparing longer ones would take seconds."""
UNTAGGED = {"static", "editor.vendor", "sparql.endpoint_", "query.editor", "home.healthz"}
"""Endpoints whose answers may change under one snapshot (NOW(), RAND(), health)."""


def hostless(inner: WSGIApplication) -> WSGIApplication:
    """The same application, which never learns under which name it was asked.

    What is known outside is the configured base; a ``Host`` that is no host's name would only
    fail on the way.
    """

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ.pop("HTTP_HOST", None)
        return inner(environ, start_response)

    return application


def register(app: Flask) -> None:
    """Answer 304 where the reader has the page already; pack the rest and set its headers."""
    pages = kept.Kept()
    layers = live.service_of(app).knowledge.workspace.layers
    code = _fingerprint(Path(app.root_path), *(layer.root / "pages" for layer in layers))

    def tag() -> str | None:
        if (
            request.endpoint is None
            or request.endpoint in UNTAGGED
            or request.method not in ("GET", "HEAD")
        ):
            return None
        service = live.service()
        told = "\n".join((service.snapshot, str(service.published), service.stale or "", code,
                          request.full_path,
                          request.headers.get("Accept", "") if _negotiates() else "",
                          "packed" if _unpacks() else ""))  # fmt: skip
        return hashlib.sha256(told.encode()).hexdigest()[:32]

    @app.before_request
    def brief() -> Response | None:
        name = too_long(request.environ)
        if name is None:
            return None
        text = f"The header {name} is longer than {LONGEST:,} characters.\n"
        return Response(text, 431, mimetype="text/plain")

    @app.before_request
    def unchanged() -> Response | None:
        held = tag()
        # Weakly: a proxy that packs what passes makes a tag a weak one.
        if held and request.if_none_match.contains_weak(held):
            return Response(status=304)
        return pages.get(held) if held else None

    @app.after_request
    def finish(answer: Response) -> Response:
        for name, value in ALWAYS:
            answer.headers.setdefault(name, value)
        if request.method in READING or request.blueprint == "sparql":
            answer.headers.update(READ_ANYWHERE)
        if request.method == "OPTIONS":
            answer.headers.setdefault("Access-Control-Allow-Methods", ", ".join(READING))
            answer.headers.setdefault("Access-Control-Allow-Headers", "Accept, If-None-Match")
            answer.headers.setdefault("Access-Control-Max-Age", "86400")
        answer.vary.update(("Accept-Encoding", "Accept") if _negotiates() else ("Accept-Encoding",))
        if answer.status_code == 200 and kept.can_be_packed(answer) and _unpacks():
            kept.pack(answer)
        held = tag() if answer.status_code in (200, 304) else None
        if held:
            answer.set_etag(held)
            answer.headers["Cache-Control"] = "no-cache"
            if answer.status_code == 200:
                pages.keep(held, answer)
        return answer


def too_long(environ: WSGIEnvironment) -> str | None:
    """The header of a request that nobody should look into, if there is one."""
    for name, key in _KEYS:
        if len(environ.get(key, "")) > LONGEST:
            return name
    return None


def _negotiates() -> bool:
    """Whether the same address has several answers."""
    return request.blueprint in NEGOTIATED


def _unpacks() -> bool:
    """Whether the reader opens what is packed."""
    return request.accept_encodings["gzip"] > 0


def _fingerprint(root: Path, *pages: Path) -> str:
    """Of the templates, assets and version: an upgrade makes every kept page old."""
    told = hashlib.sha256(importlib.metadata.version("partnering").encode())
    own = [path for folder in pages for path in folder.glob("*.html")]
    for path in sorted([*root.glob("templates/**/*.html"), *root.glob("assets/*"), *own]):
        told.update(path.read_bytes() if path.is_file() else b"")
    return told.hexdigest()
