"""Figures, laid out here from the rows of a panel and drawn by the views."""

from __future__ import annotations

from flask import Flask
from partnering.webui.showing.figures.evidence_map import evidence_map
from partnering.webui.showing.figures.lanes import lanes
from partnering.webui.showing.figures.neighbourhood import neighbourhood


def register(app: Flask) -> None:
    """Give views their figures."""
    app.jinja_env.globals.update(
        evidence_map=evidence_map, lanes=lanes, neighbourhood=neighbourhood
    )
