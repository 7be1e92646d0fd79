"""A workspace: the folder whose files are the truth, and where their products go.

The shipped workspace is the repository itself, or the copy of it inside the wheel.
A team's own workspace says in ``partnering.yaml`` what it builds on::

    base: shipped      # take over the shipped ontology, shapes and questions
    cases: true        # and the shipped cases, sources, synthesis and literature
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase, translate
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import yaml

from partnering import yaml_text
from partnering.digests import Digests
from partnering.errors import NotFound, ReadError
from partnering.namespaces import GRAPH

SETTINGS = "partnering.yaml"
MANIFEST = Path("data/manifest.yaml")
SCHEMA_KINDS = ("ontology", "vocabulary")
"""Kinds of graph that every other graph is read against."""
UNPUBLISHED_KINDS = ("alignment",)
"""Kinds that travel with the workspace and are not loaded into the index."""
EVIDENCE_KINDS = ("source", "case", "synthesis", "literature", "actors")
"""Kinds that a workspace of one's own may leave out of the shipped one."""


class _Line(NamedTuple):
    """A line of the manifest, for the files of one folder."""

    fits: Callable[[str], object]
    """Whether it speaks of a file of this name."""
    around: list[str]
    """The graph's IRI, taken apart where the file's name goes."""
    kind: str
    licence: str


@dataclass(frozen=True)
class GraphFile:
    """One Turtle file and the named graph it is."""

    place: str
    """Its path, as text: there may be ten thousand, most of which nobody opens."""
    relative: str
    kind: str
    graph: str
    licence: str
    digests: Digests | None = field(default=None, compare=False, repr=False)

    @cached_property
    def path(self) -> Path:
        return Path(self.place)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the file's bytes, in hexadecimal."""
        if self.digests is not None:
            return self.digests.of(self.place)
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    def __str__(self) -> str:
        return self.relative

    def __getstate__(self) -> dict[str, object]:
        # To another process goes the digest of this file, and not those of all there are.
        return {**vars(self), "digests": None, "digest": self.digest}


@dataclass(frozen=True)
class Workspace:
    """A folder with ``ontology/ data/ shapes/ queries/``, maybe on top of another."""

    root: Path
    base: Workspace | None = None
    with_cases: bool = True
    kinds: frozenset[str] = frozenset()
    """Kinds of graph that it is narrowed to; without any, all are here."""
    kept: Path | None = field(default=None, compare=False)
    """Where products go, if not where those of such a folder would."""

    def only(self, *kinds: str) -> Workspace:
        """The same workspace with graphs of these kinds alone: of ten thousand files, a few dozen."""
        base = self.base.only(*kinds) if self.base else None
        return replace(self, base=base, kinds=frozenset(kinds), kept=self.cache)

    def keeping_in(self, folder: Path) -> Workspace:
        """The same files, with products kept elsewhere."""
        return replace(self, kept=folder)

    @cached_property
    def graph_files(self) -> tuple[GraphFile, ...]:
        """Every graph of this workspace and its base, in the order of their names.

        A file of the workspace stands in for a file of the same path in its base.
        Raises ``ReadError`` for a Turtle file that no line of the manifest fits.
        """
        found = self._found(None if self.kinds else self.digests)
        return tuple(sorted(found.values(), key=lambda file: file.relative))

    @cached_property
    def schema_files(self) -> tuple[GraphFile, ...]:
        """The graphs that every other one is read against."""
        return tuple(file for file in self.graph_files if file.kind in SCHEMA_KINDS)

    @cached_property
    def digests(self) -> Digests:
        """What is known of files that have not changed since the last build."""
        return Digests(self.cache / "digests.json")

    def _found(self, digests: Digests | None) -> dict[str, GraphFile]:
        inherited = self.base._found(digests) if self.base else {}
        taken_over = {
            relative: file
            for relative, file in inherited.items()
            if self.with_cases or file.kind not in EVIDENCE_KINDS
        }
        own = {file.relative: file for file in self._own_graph_files(digests)}
        return taken_over | own

    def _own_graph_files(self, digests: Digests | None) -> Iterator[GraphFile]:
        for folder, names in sorted(_turtle_below(self.root, "ontology", "data")):
            lines = self._lines_for(folder)
            if self.kinds and self.kinds.isdisjoint(line.kind for line in lines):
                continue
            for name in sorted(names):
                relative = f"{folder}/{name}"
                for line in lines:
                    if line.fits(name):
                        if self.kinds and line.kind not in self.kinds:
                            break
                        graph = name.removesuffix(".ttl").join(line.around)
                        yield GraphFile(f"{self.root}/{relative}", relative, line.kind, graph,
                                        line.licence, digests)  # fmt: skip
                        break
                else:
                    raise ReadError(
                        "No line of the manifest fits this file, so it would belong to no graph.",
                        where=relative,
                        mend=f"move it to a folder named in {MANIFEST}, or add a line for it there",
                    )

    def _lines_for(self, folder: str) -> list[_Line]:
        """Lines of the manifest that may fit files in a folder, in its order: the first holds.

        ``*`` does not cross a slash: a pattern speaks of as many folders as it names.
        """
        found = []
        for line in self.manifest:
            above, _, name = line["files"].rpartition("/")
            if above.count("/") == folder.count("/") and fnmatchcase(folder, above):
                graph = line["graph"].format(stem="\0", parent=folder.rpartition("/")[2])
                fits = re.compile(translate(name)).match
                found.append(
                    _Line(fits, f"{GRAPH}{graph}".split("\0"), line["kind"], line["licence"])
                )
        return found

    @cached_property
    def manifest(self) -> list[dict[str, str]]:
        """Which files are which graphs: lines of files, kind, graph and licence."""
        path = self.root / MANIFEST
        if not path.exists() and self.base:
            return self.base.manifest
        try:
            lines: list[dict[str, str]] = yaml_text.load(path.read_text("utf-8"))["graphs"]
            for line in lines:
                line["files"], line["kind"], line["graph"], line["licence"]
        except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
            raise ReadError(
                f"The manifest does not read: {error}",
                where=str(path),
                mend="list under 'graphs' lines of files, kind, graph and licence",
            ) from error
        return lines

    def files(self, pattern: str) -> tuple[Path, ...]:
        """Files other than graphs, such as ``queries/questions/*.rq``, own before inherited."""
        found: dict[str, Path] = {}
        for layer in self.layers:
            for path in sorted(layer.root.glob(pattern)):
                found.setdefault(path.relative_to(layer.root).as_posix(), path)
        return tuple(found[name] for name in sorted(found))

    @property
    def layers(self) -> tuple[Workspace, ...]:
        """This workspace and what it builds on, nearest first."""
        return (self, *(self.base.layers if self.base else ()))

    def relative(self, path: Path) -> str:
        """A path as people say it: from the top of the layer it lies in."""
        for layer in self.layers:
            if path.is_relative_to(layer.root):
                return path.relative_to(layer.root).as_posix()
        return str(path)

    def owns(self, where: str) -> bool:
        """Whether a place, ``file:line``, is in a file of this workspace and not of its base."""
        return self.base is None or (self.root / where.rpartition(":")[0]).is_file()

    @cached_property
    def cache(self) -> Path:
        """Where products go: ``.partnering`` in the workspace, else the user's cache folder.

        ``PARTNERING_CACHE`` overrides. A wheel's copy may not be writable, nor ours to litter.
        """
        if self.kept:
            return self.kept
        named = os.environ.get("PARTNERING_CACHE")
        if named:
            return Path(named).expanduser().resolve() / _fingerprint(self.root)
        if not _inside_package(self.root) and os.access(self.root, os.W_OK):
            return self.root / ".partnering"
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        return home / "partnering" / _fingerprint(self.root)


def locate(folder: Path | str | None = None) -> Workspace:
    """The workspace in ``folder``; without one, the one stood in, else the shipped one.

    Raises ``NotFound`` when a folder is named that is no workspace.
    """
    if folder is not None:
        root = Path(folder).expanduser().resolve()
        if not _is_workspace(root):
            raise NotFound(
                "This folder is no workspace.",
                where=str(root),
                mend="name one with ontology/partnering.ttl or partnering.yaml in it,"
                " or make one: partnering init",
            )
        return _open(root)
    here = Path.cwd()
    for root in (here, *here.parents):
        if _is_workspace(root):
            return _open(root)
    return _open(shipped_root())


def shipped_root() -> Path:
    """Top of the shipped workspace: the checkout, or the copy inside the installed package."""
    checkout = Path(__file__).resolve().parents[2]
    if (checkout / "ontology" / "partnering.ttl").exists():
        return checkout
    return Path(__file__).resolve().parent / "shipped"


def _turtle_below(root: Path, *folders: str) -> Iterator[tuple[str, list[str]]]:
    """Folders of these and below them with Turtle files in them, as paths from the root."""
    waiting = [folder for folder in folders if (root / folder).is_dir()]
    while waiting:
        folder, names = waiting.pop(), []
        with os.scandir(root / folder) as entries:
            for entry in entries:
                if entry.name.endswith(".ttl") and entry.is_file():
                    names.append(entry.name)
                elif entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{folder}/{entry.name}")
        if names:
            yield folder, names


def _is_workspace(root: Path) -> bool:
    return (root / SETTINGS).exists() or (root / "ontology" / "partnering.ttl").exists()


def _open(root: Path) -> Workspace:
    path = root / SETTINGS
    if not path.exists():
        return Workspace(root)
    try:
        settings = yaml_text.load(path.read_text("utf-8")) or {}
        base = settings.get("base", "shipped")
        with_cases = bool(settings.get("cases", True))
    except (yaml.YAMLError, AttributeError) as error:
        raise ReadError(
            f"The settings do not read: {error}",
            where=str(path),
            mend="write lines such as 'base: shipped'",
        ) from error
    below = Workspace(shipped_root()) if base == "shipped" else locate(root / str(base))
    return Workspace(root, below, with_cases)


def _inside_package(root: Path) -> bool:
    return root.is_relative_to(Path(__file__).resolve().parent)


def _fingerprint(root: Path) -> str:
    return hashlib.sha256(str(root).encode()).hexdigest()[:16]
