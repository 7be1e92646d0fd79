"""A source in a workspace: its folder, and where the user's own copy of its text is.

The text of a source is never part of a workspace's data. A user attaches a copy; it stays
in the ``attached`` folder, which git ignores.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rdflib import Graph

from partnering.errors import Missing, SourceError, WrongUse
from partnering.namespaces import DATA, PTN
from partnering.sources.outline import Outline
from partnering.sources.rendition import Paragraph, Rendition, paragraphs

ENVIRONMENT = "PARTNERING_SOURCE"
"""The environment variable that may name the user's copy."""


@dataclass(frozen=True)
class Source:
    """One source of a workspace: ``data/sources/<slug>/`` under its root."""

    root: Path
    slug: str

    @classmethod
    def all_of(cls, root: Path) -> list[Source]:
        """Every source with an outline, by slug."""
        outlines = sorted((root / "data" / "sources").glob("*/outline.yaml"))
        return [cls(root, path.parent.name) for path in outlines]

    @classmethod
    def of(cls, root: Path, slug: str | None = None) -> Source:
        """The named source, or the only one; WrongUse when there is none or a choice."""
        sources = cls.all_of(root)
        if slug is not None:
            sources = [source for source in sources if source.slug == slug]
        if len(sources) == 1:
            return sources[0]
        there = ", ".join(source.slug for source in cls.all_of(root)) or "none"
        raise WrongUse(
            f"no source '{slug}'" if slug else f"{len(sources)} sources to choose from",
            where=str(root / "data" / "sources"),
            mend=f"name one of them with --source (there: {there})",
        )

    @property
    def folder(self) -> Path:
        return self.root / "data" / "sources" / self.slug

    @property
    def base(self) -> str:
        """The IRI its names begin with."""
        return f"{DATA}{self.slug}/"

    @property
    def description(self) -> Path:
        """The generated file that describes the document, its sections and paragraphs."""
        return self.folder / "source.ttl"

    @property
    def attached(self) -> Path:
        return self.root / "attached" / f"{self.slug}.txt"

    @cached_property
    def outline(self) -> Outline:
        return Outline.read(self.folder / "outline.yaml")

    def coded_digest(self) -> str:
        """The digest of the text that was coded, as the description says."""
        if not self.description.exists():
            raise Missing(
                "the source is not described yet",
                where=str(self.description),
                mend="run 'partnering source import FILE'",
            )
        graph = Graph().parse(self.description, format="turtle")
        digests = [str(digest) for digest in graph.objects(None, PTN.renditionDigest)]
        if len(digests) != 1:
            raise SourceError(
                f"the description names {len(digests)} rendition digests, not one",
                where=str(self.description),
                mend="run 'partnering source import FILE' again",
            )
        return digests[0]

    def text_file(self, given: Path | None = None) -> Path | None:
        """Where the user's copy is: the given file, the environment's, or the attached one."""
        if given is not None:
            return given
        if named := os.environ.get(ENVIRONMENT):
            return Path(named)
        return self.attached if self.attached.exists() else None

    def rendition(self, given: Path | None = None) -> Rendition:
        """The user's copy, read; Missing when there is none."""
        path = self.text_file(given)
        if path is None:
            raise Missing(
                "no copy of the source is attached",
                where=str(self.attached),
                mend=f"run 'partnering source attach FILE' or set {ENVIRONMENT}",
            )
        return Rendition.from_file(path)

    def paragraphs(self, given: Path | None = None) -> list[Paragraph]:
        return paragraphs(self.rendition(given))

    def attach(self, path: Path) -> Rendition:
        """Copy a file into the workspace, if it is the text that was coded."""
        rendition = Rendition.from_file(path)
        coded = self.coded_digest()
        if rendition.digest != coded:
            raise SourceError(
                "this is not the text that was coded: its digest is "
                f"{rendition.digest[:12]}…, the coded one's {coded[:12]}…",
                where=str(path),
                mend="attach the same rendition; 'partnering source verify FILE' tells which "
                "anchors still hold in this one",
            )
        self.attached.parent.mkdir(parents=True, exist_ok=True)
        if not self.attached.exists() or not self.attached.samefile(path):
            shutil.copyfile(path, self.attached)
        return rendition
