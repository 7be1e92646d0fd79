"""Words with a fixed meaning: explained on hover and focus where they stand, and at the page's foot.

A view asks for the meaning of what it shows; the page ends with all that were asked for, once
each. So a word's link leads somewhere without JavaScript and on paper too. A word with a page of
its own, such as a factor, leads there instead; ``words.js`` asks for its meaning when it is needed.
"""

from __future__ import annotations

from flask import Blueprint, Flask, Response, g
from partnering.webui import links, live

from partnering.answering.vocabulary import Choice
from partnering.errors import NotFound
from partnering.namespaces import CONCEPT

pages = Blueprint("glossary", __name__)


@pages.get("/words/<name>")
def word(name: str) -> Response:
    """What one word means, such as ``factor-trust``, as plain text."""
    choice = live.knowledge().vocabulary.concept(f"{CONCEPT}{name}")
    if choice is None or not choice.definition:
        raise NotFound(f"There is no word “{name}” with a meaning here.")
    return Response(choice.definition, mimetype="text/plain")


class Glossary:
    """The words that one page explains."""

    def __init__(self) -> None:
        self._met: dict[str, Choice] = {}
        self._here: set[str] = set()
        self._said: set[str] = set()

    def news(self, text: str) -> bool:
        """Whether a sentence that many panels share is said on the page for the first time."""
        first = text not in self._said
        self._said.add(text)
        return first

    def new_section(self) -> None:
        """Where a word that was explained before may be explained again."""
        self._here.clear()

    def meaning(self, iri: str, *, again: bool = True) -> str | None:
        """Name of a concept that has a definition, from now on explained at the foot.

        Without ``again`` None too where it has been explained in this section.
        """
        choice = live.knowledge().vocabulary.concept(iri) if iri else None
        name = links.short(iri)
        if choice is None or not choice.definition or links.own_page(name):
            return None
        if name in self._here and not again:
            return None
        self._here.add(name)
        self._met[name] = choice
        return name

    def words(self) -> list[tuple[str, Choice]]:
        """Names and concepts, by label."""
        return sorted(self._met.items(), key=lambda one: one[1].label.casefold())


def of_page() -> Glossary:
    """The glossary of the page that is being made."""
    if "glossary" not in g:
        g.glossary = Glossary()
    found: Glossary = g.glossary
    return found


def register(app: Flask) -> None:
    """Give templates their glossary."""

    @app.context_processor
    def everywhere() -> dict[str, Glossary]:
        return {"glossary": of_page()}
