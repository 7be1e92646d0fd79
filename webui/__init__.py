"""The web face of the knowledge graph: pages, linked data and the SPARQL endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask
from partnering.webui import (
    api,
    crawlers,
    dataset,
    direct,
    downloads,
    editor,
    home,
    linked,
    maps,
    ontology,
    pages,
    query,
    questions,
    reference,
    search,
    source,
    sparql,
    things,
)
from partnering.webui.serving import budget, faults, headers
from partnering.webui.showing import context, facets, figures, glossary, schema_org, sheets

if TYPE_CHECKING:
    from partnering.service import Service

__all__ = ["create_app"]


def create_app(
    service: Service,
    *,
    base_url: str | None = None,
    address: str = "http://127.0.0.1:8000",
    query_budget: float = 0,
) -> Flask:
    """The site over a live knowledge graph, known outside as ``base_url``.

    Without one it is known by the ``address`` it listens on, and redirects stay where the asker
    is. ``query_budget`` is in seconds of long queries a client; see :mod:`.serving.budget`.
    """
    app = Flask(__name__, static_folder="assets", static_url_path="/assets")
    app.extensions["partnering"] = service
    app.extensions["partnering.budget"] = budget.Budget(query_budget, few=service.readers - 1)
    app.config["BASE_URL"] = (base_url or address).rstrip("/")
    app.config["BASE_URL_IS_GIVEN"] = bool(base_url)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.strict_slashes = False
    app.wsgi_app = headers.hostless(direct.answering(app, app.wsgi_app))  # type: ignore[assignment,method-assign]
    headers.register(app)
    faults.register(app)
    glossary.register(app)
    context.register(app)
    sheets.register(app)
    facets.register(app)
    figures.register(app)
    schema_org.register(app)
    for blueprint in (
        home.pages,
        crawlers.pages,
        downloads.pages,
        dataset.pages,
        linked.pages,
        ontology.pages,
        questions.pages,
        api.pages,
        sparql.endpoint,
        query.pages,
        editor.pages,
        search.pages,
        maps.pages,
        source.pages,
        glossary.pages,
        reference.pages,
        *things.BLUEPRINTS,
    ):
        app.register_blueprint(blueprint)
    pages.register(app, service.knowledge.workspace)
    return app
