"""A file as it is written: its graph, and the line on which a name stands."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from rdflib import Graph

from partnering import flat, reading
from partnering.workspace import GraphFile

# rdflib logs a trace for each value that its type forbids; the lint says so with file and line.
logging.getLogger("rdflib.term").setLevel(logging.ERROR)

_PREFIX = re.compile(r"^\s*(?:@prefix|PREFIX)\s+([\w.-]*):\s*<([^>]*)>", re.M | re.I)
_NAME_GOES_ON = r"(?![\w:%-]|\.[\w%-])"


@dataclass(frozen=True)
class Written:
    """One file's text and, for Turtle, its graph with lexical forms untouched."""

    path: Path
    relative: str

    @cached_property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @cached_property
    def graph(self) -> Graph:
        reading.parse_turtle(self.path, self.relative)
        parsed = flat.graph()
        parsed.parse(self.path, format="turtle")
        return parsed

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """Prefixes as the file declares them, without the parser's own."""
        return dict(_PREFIX.findall(self.text))

    def spellings(self, iri: str) -> tuple[str, ...]:
        """How the file may write an IRI: by each prefix that fits, and in full."""
        short = [
            f"{prefix}:{iri.removeprefix(start)}"
            for prefix, start in self.prefixes.items()
            if start and iri.startswith(start)
        ]
        return (*short, f"<{iri}>")

    def where(self, subject: str, term: str | None = None) -> str:
        """``file:line`` of a term in the description of a subject, else of the subject.

        The file alone where neither is found, as with subjects that have no name.
        """
        start = self._find(subject, 0, as_subject=True)
        if start is None:
            start = self._find(subject, 0)
        if term is not None:
            found = self._find(term, start or 0)
            start = found if found is not None else self._find(term, 0) if start is None else start
        if start is None:
            return self.relative
        return f"{self.relative}:{self.text.count(chr(10), 0, start) + 1}"

    def line_of(self, subject: str) -> int | None:
        """The line on which the description of a subject begins."""
        start = self._find(subject, 0, as_subject=True)
        return None if start is None else self.text.count("\n", 0, start) + 1

    def _find(self, iri: str, position: int, *, as_subject: bool = False) -> int | None:
        names = "|".join(re.escape(name) for name in self.spellings(iri))
        # A subject begins its line; what is indented belongs to the one above.
        before = "^" if as_subject else r"(?<![\w:-])"
        pattern = re.compile(rf"{before}(?P<name>{names}){_NAME_GOES_ON}", re.M)
        found = pattern.search(self.text, position)
        return found.start("name") if found else None


@lru_cache(maxsize=64)
def _kept(path: Path, relative: str, digest: str) -> Written:
    return Written(path, relative)


def written(file: GraphFile) -> Written:
    """The file, read and parsed once while several gates look at it."""
    return _kept(file.path, file.relative, file.digest)


def place(iri: str, files: Iterable[GraphFile]) -> str:
    """``file:line`` of a thing's description in the first file that has one, else the thing."""
    for file in files:
        if (line := written(file).line_of(iri)) is not None:
            return f"{file.relative}:{line}"
    return iri
