"""The words an anchor marks, for whoever has attached their copy of the report."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from partnering.errors import PartneringError
from partnering.sources.anchors import Anchor
from partnering.sources.attach import Source
from partnering.sources.rendition import Paragraph
from partnering.workspace import Workspace


class Passages:
    """From an anchor's IRI to its words.

    None without a copy, and None where the copy is not the text that was coded: words from
    another edition would look like evidence and be none.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def __call__(self, iri: str) -> str | None:
        """The words of one anchor."""
        anchor = Anchor.parse(iri)
        if anchor is None:
            return None
        for source, paragraphs in self._texts:
            if iri.startswith(source.base):
                return anchor.passage(paragraphs)
        return None

    def paragraph(self, iri: str) -> str | None:
        """The words of a whole paragraph, by its IRI."""
        for source, paragraphs in self._texts:
            number = iri.removeprefix(f"{source.base}p")
            if number != iri and number.isdecimal() and 0 < int(number) <= len(paragraphs):
                return paragraphs[int(number) - 1].text
        return None

    @cached_property
    def attached(self) -> tuple[str, ...]:
        """Slugs of the sources whose text is at hand."""
        return tuple(source.slug for source, _ in self._texts)

    @cached_property
    def _texts(self) -> tuple[tuple[Source, Sequence[Paragraph]], ...]:
        found = []
        for source in Source.all_of(self._workspace):
            try:
                if source.rendition().digest == source.coded_digest():
                    found.append((source, source.paragraphs()))
            except PartneringError:
                continue  # no copy, or one that does not read: nothing is shown
        return tuple(found)
