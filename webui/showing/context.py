"""What every template knows: its panels, the words for numbers and blanks, the state of the site."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Flask, g, render_template, request
from markupsafe import Markup, escape
from partnering.webui import links, live
from partnering.webui.showing import glossary, panels, rows, wording

from partnering.errors import NotFound

MANY = 200
"""Things of one kind beyond which a form takes a name, and offers no list to choose from."""


_PLACE = re.compile(r"<!-- panel (\d+) -->")


def _panel(made: panels.Panel) -> str:
    glossary.of_page().new_section()
    # Nothing in a panel keeps its white space, and a page of many rows is half of it.
    return re.sub(r"\n\s+", "\n", render_template("panel.html", panel=made))


def register(app: Flask) -> None:
    """Give templates their panels."""

    def panel(
        slug: str, parameters: Mapping[str, str | None] | None = None, **options: Any
    ) -> Markup:
        """The place of a panel; a workspace without the question gets a page without the panel."""
        try:
            made = panels.on_a_page(slug, parameters, **options)
        except NotFound:
            return Markup(render_template("panel_missing.html", slug=slug))
        named: list[panels.Panel] = g.setdefault("panels", [])
        named.append(made)
        return Markup(f"<!-- panel {len(named) - 1} -->")

    def with_panels(shown: Markup) -> Markup:
        """What a page shows, each panel in its place: by now every one of them is named."""
        return Markup(_PLACE.sub(lambda place: _panel(g.panels[int(place[1])]), shown))

    app.jinja_env.globals.update(panel=panel, with_panels=with_panels, ask=panels.make, many=MANY)
    app.jinja_env.filters.update(capital=wording.capital, standing=rows.standing)

    @app.template_filter("counted")
    def counted(number: int, noun: str) -> str:
        return wording.counted(int(number), noun)

    @app.template_filter("blanks")
    def blanks(text: str) -> Markup:
        """A question's wording with its blanks named."""
        return Markup(re.sub(r"\{(\w+)\}", r'<i class="blank-word">[\1]</i>', str(escape(text))))

    @app.context_processor
    def everywhere() -> dict[str, Any]:
        service = live.service()
        return {
            "kg": service.knowledge,
            "service": service,
            "stale": service.stale,
            "snapshot": service.snapshot,
            "published": service.published,
            "asked": request.args,
            "base_url": app.config["BASE_URL"],
            "address": request.full_path.rstrip("?"),
            "local": links.local,
            "paragraph_page": links.paragraph_page,
        }
