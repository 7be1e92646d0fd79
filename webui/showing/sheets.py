"""The style sheets of a page: ``site.css`` always, others where a view or a page asks for them.

What is shown is made before the head, so a view names its sheet itself and no page need know.
"""

from __future__ import annotations

from flask import Flask, g


def used() -> list[str]:
    """Names of the further sheets of the page that is being made, as they were asked for."""
    found: list[str] = g.setdefault("sheets", [])
    return found


def register(app: Flask) -> None:
    """Give templates ``{{ style("figures") }}``, for what they show, and the list of all."""

    def style(name: str) -> str:
        if name not in used():
            used().append(name)
        return ""

    app.jinja_env.globals.update(style=style, sheets=used)
