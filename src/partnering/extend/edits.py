"""Edits of a workspace's files: worked out first, then written all together or not at all."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from partnering.errors import PartneringError, WrongUse
from partnering.workspace import Workspace


@dataclass(frozen=True)
class Edit:
    """One file as it is, and as it is to be.

    ``taken_over`` says that the file is inherited: the edited copy goes into the workspace and
    stands in for it there.
    """

    relative: str
    target: Path
    before: str | None
    after: str
    taken_over: bool = False

    @property
    def lines(self) -> tuple[int, int]:
        """How many lines are new and how many are gone."""
        old, new = (self.before or "").splitlines(), self.after.splitlines()
        found = [line[:2] for line in difflib.ndiff(old, new)] if len(old) + len(new) < 400 else [
            f"{line[0]} " for line in difflib.unified_diff(old, new, n=0)
            if not line.startswith(("---", "+++"))
        ]  # fmt: skip
        return found.count("+ "), found.count("- ")

    def __str__(self) -> str:
        if self.before is None:
            return f"{self.relative}: new"
        added, gone = self.lines
        own = "; a copy of the inherited file, which it stands in for" if self.taken_over else ""
        return f"{self.relative}: lines in {added}, out {gone}{own}"


@dataclass
class Edits:
    """What is to be written; a file edited twice is edited once, one change on the other."""

    workspace: Workspace
    _held: dict[str, Edit] = field(default_factory=dict)

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self.changed)

    @property
    def changed(self) -> tuple[Edit, ...]:
        """The files that will not stay as they are."""
        return tuple(e for _, e in sorted(self._held.items()) if e.after != e.before)

    def text(self, path: Path) -> str:
        """A file of the workspace as it will be."""
        relative = self.workspace.relative(path)
        if relative in self._held:
            return self._held[relative].after
        return path.read_bytes().decode("utf-8")

    def change(self, path: Path, after: str) -> None:
        """Put new text in place of a file's, the workspace's own or inherited."""
        relative = self.workspace.relative(path)
        target = self.workspace.root / relative
        before = path.read_bytes().decode("utf-8")
        self._held[relative] = Edit(relative, target, before, after, target != path)

    def create(self, relative: str, text: str) -> None:
        """Write a file that is not there; ``WrongUse`` where one of that name is, anywhere."""
        for layer in self.workspace.layers:
            if (layer.root / relative).exists():
                raise WrongUse(
                    "This file is there already; it was left as it is.",
                    where=str(layer.root / relative),
                    mend="choose another name, or edit the file",
                )
        self._held[relative] = Edit(relative, self.workspace.root / relative, None, text)

    def write(self) -> None:
        """Write every changed file, after a look that each still parses."""
        for edit in self.changed:
            _parse(edit)
        beside = [(edit, edit.target.with_name(f".{edit.target.name}.new")) for edit in self]
        try:
            for edit, path in beside:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(edit.after.encode("utf-8"))
            for edit, path in beside:
                path.replace(edit.target)
        finally:
            for _, path in beside:
                path.unlink(missing_ok=True)


def _parse(edit: Edit) -> None:
    if not edit.relative.endswith(".ttl"):
        return
    try:
        list(ox.parse(edit.after.encode("utf-8"), format=ox.RdfFormat.TURTLE))
    except (SyntaxError, ValueError) as error:
        raise PartneringError(
            f"The edit would not be Turtle, so nothing was written: {error}",
            where=edit.relative,
            mend="mend the file by hand first, then try again",
        ) from error
