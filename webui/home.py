"""The first page, and whether all is well."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template
from partnering.webui import live

pages = Blueprint("home", __name__)


@pages.get("/")
def first() -> str:
    """What this is, and the headline question answered."""
    return render_template("home.html")


@pages.get("/healthz")
def healthz() -> Response:
    """Alive, which snapshot, stale or not, how the readers do."""
    answer = jsonify(live.service().health())
    answer.headers["Cache-Control"] = "no-store"
    return answer
