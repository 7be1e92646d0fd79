"""The service behind the request at hand."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app

from partnering.knowledge import KnowledgeGraph
from partnering.service import Service


def service() -> Service:
    """The service the application was made over."""
    return service_of(current_app)


def service_of(app: Flask) -> Service:
    """The service an application was made over, while there is no request."""
    return cast(Service, app.extensions["partnering"])


def knowledge() -> KnowledgeGraph:
    """The knowledge graph that pages ask."""
    return service().knowledge
