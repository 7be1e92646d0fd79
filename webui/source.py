"""The source: its sections, and what each of their paragraphs became."""

from __future__ import annotations

import difflib

from flask import Blueprint, Response, redirect, render_template
from partnering.webui import links, live
from partnering.webui.showing import panels

from partnering.errors import NotFound
from partnering.namespaces import DATA

pages = Blueprint("source", __name__)


@pages.get("/source")
def index() -> str:
    """Every section, and how much of it was coded."""
    return render_template("source/index.html", attached=live.knowledge().passages.attached)


@pages.get("/source/paragraph/<path:name>")
def paragraph(name: str) -> Response:
    """To a paragraph in its section: ``partnering-for-improvement/p155``."""
    for row in panels.make("paragraphs-and-what-they-became").rows:
        if row["paragraph"].iri == f"{DATA}{name}":
            place = f"/source/{row['path'].text}#{links.short(name)}"
            return redirect(links.onward(place), 303)  # type: ignore[return-value]
    raise NotFound(f"The source has no paragraph “{name}”.")


@pages.get("/source/<path:path>")
def section(path: str) -> str:
    """One section, paragraph by paragraph, with its words where the source is attached."""
    sections = panels.make("coverage-by-section").rows
    paths = [row["path"].text for row in sections]
    if path not in paths:
        near = difflib.get_close_matches(path, paths, n=3, cutoff=0.4)
        raise NotFound(f"The source has no section “{path}”.",
                       mend=f"did you mean {' or '.join(near)}?" if near else None)  # fmt: skip
    at = paths.index(path)
    passages = live.knowledge().passages
    return render_template(
        "source/one.html",
        path=path,
        title=sections[at]["section"].text,
        before=sections[at - 1] if at else None,
        after=sections[at + 1] if at + 1 < len(sections) else None,
        attached=passages.attached,
        words=passages.paragraph,
    )
