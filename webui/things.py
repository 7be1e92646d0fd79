"""Pages about things people look for, each a template that names its panels.

``/cases`` is ``templates/cases/index.html``, ``/cases/case-b`` is ``templates/cases/one.html``
with the case as ``subject``. A new family of pages is a line in :data:`THINGS`.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from flask import Blueprint, render_template
from partnering.webui import live

from partnering.answering.vocabulary import Choice
from partnering.errors import NotFound, WrongUse


@dataclass(frozen=True)
class Thing:
    """A family of pages: its address, and of which kind its single pages are, if it has any."""

    name: str
    kind: str | None = None


THINGS = (
    Thing("cases", "case"),
    Thing("factors", "scheme:factor"),
    Thing("outcomes", "scheme:dimension"),
    Thing("actors", "actor"),
    Thing("vocabulary", "scheme"),
)


def blueprint(thing: Thing) -> Blueprint:
    """The pages of one family."""
    pages = Blueprint(thing.name, __name__)

    @pages.get(f"/{thing.name}")
    def index() -> str:
        return render_template(f"{thing.name}/index.html")

    if thing.kind:
        kind = thing.kind

        @pages.get(f"/{thing.name}/<path:name>")
        def one(name: str) -> str:
            return render_template(f"{thing.name}/one.html", subject=subject(kind, name))

    return pages


def subject(kind: str, name: str) -> Choice | str:
    """The thing a page is about, by its short name; ``NotFound`` offers near ones."""
    vocabulary = live.knowledge().vocabulary
    if kind == "scheme":
        if name in vocabulary.schemes:
            return name
        known = list(vocabulary.schemes)
    else:
        try:
            return vocabulary.resolve(kind, name, parameter=kind)
        except WrongUse:
            known = [choice.name for choice in vocabulary.choices(kind)]
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
    raise NotFound(
        f"There is no {kind.removeprefix('scheme:')} called “{name}” here.",
        mend=f"did you mean {' or '.join(near)}?" if near else None,
    )


BLUEPRINTS = tuple(blueprint(thing) for thing in THINGS)
