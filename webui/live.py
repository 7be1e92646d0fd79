"""The service behind the request at hand."""

from __future__ import annotations

from typing import cast

from flask import current_app

from partnering.knowledge import KnowledgeGraph
from partnering.service import Service


def service() -> Service:
    """The service the application was made over."""
    return cast(Service, current_app.extensions["partnering"])


def knowledge() -> KnowledgeGraph:
    """The knowledge graph that pages ask."""
    return service().knowledge
