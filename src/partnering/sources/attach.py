"""A source in a workspace: its folder, and where the user's own copy of its text is.

The text of a source is never part of a workspace's data. A user attaches a copy; it stays
in the ``attached`` folder, which git ignores.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rdflib import Graph

from partnering.errors import Missing, SourceError, WrongUse
from partnering.namespaces import DATA, PTN
from partnering.sources.outline import Outline
from partnering.sources.rendition import Paragraph, Rendition, paragraphs
from partnering.workspace import Workspace

ENVIRONMENT = "PARTNERING_SOURCE"
"""The environment variable that may name the user's copy."""


@dataclass(frozen=True)
class Source:
    """One source: ``data/sources/<slug>/`` under ``root``, attached to a workspace at ``home``.

    The two differ where a workspace takes the source over from the one it builds on.
    """

    root: Path
    slug: str
    home: Path

    @classmethod
    def new(cls, workspace: Workspace, slug: str) -> Source:
        """The workspace's own source of that name, described already or not."""
        return cls(workspace.root, slug, workspace.root)

    @classmethod
    def all_of(cls, workspace: Workspace) -> list[Source]:
        """Every source with an outline, by slug; the workspace's own before inherited."""
        found: dict[str, Source] = {}
        for layer in workspace.layers:
            for path in (layer.root / "data" / "sources").glob("*/outline.yaml"):
                slug = path.parent.name
                found.setdefault(slug, cls(layer.root, slug, workspace.root))
            if not layer.with_cases:
                break
        return [found[slug] for slug in sorted(found)]

    @classmethod
    def of(cls, workspace: Workspace, slug: str | None = None) -> Source:
        """The named source, or the only one; WrongUse when there is none or a choice."""
        every = cls.all_of(workspace)
        sources = [source for source in every if slug in (None, source.slug)]
        if len(sources) == 1:
            return sources[0]
        there = ", ".join(source.slug for source in every) or "none"
        raise WrongUse(
            f"no source '{slug}'" if slug else f"{len(sources)} sources to choose from",
            where=str(workspace.root / "data" / "sources"),
            mend=f"name one of them with --source (there: {there})",
        )

    @classmethod
    def of_files(cls, workspace: Workspace, files: Iterable[Path]) -> Source:
        """The one source whose names some files declare a prefix for; else as ``of``."""
        texts = [file.read_text("utf-8") for file in files]
        named = {s.slug for s in cls.all_of(workspace) if any(f"<{s.base}>" in t for t in texts)}
        return cls.of(workspace, named.pop() if len(named) == 1 else None)

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
        return self.home / "attached" / f"{self.slug}.txt"

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
