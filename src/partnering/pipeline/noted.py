"""What a build leaves behind for the next one: which files the index in force was made of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from partnering import reading
from partnering.pipeline.publish import PRODUCTS
from partnering.workspace import Workspace


@dataclass(frozen=True)
class Noted:
    """The index that a build left in force, and what it was made of."""

    snapshot: str = ""
    context: str = ""
    """Digest of all that bears on every slice alike."""
    folders: Mapping[str, int] = field(default_factory=dict)
    """When a product was last put into each folder or taken out of it, in nanoseconds."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Digest of the file of each slice."""
    dropped: tuple[str, ...] = ()
    """Products that only the index before this one needs."""

    @classmethod
    def read(cls, workspace: Workspace) -> Noted:
        """The note there is; an empty one, which fits nothing, where none reads."""
        try:
            told = json.loads(_path(workspace).read_text("utf-8"))
            return cls(**told | {"dropped": tuple(told["dropped"])})
        except (OSError, ValueError, TypeError, KeyError):
            return cls()

    def untouched(self, workspace: Workspace) -> bool:
        """Whether all products are there that were, and no others."""
        return self.folders == _folders(workspace)

    def fits(self, snapshot: str, context: str) -> bool:
        """Whether it tells of this index, in this context."""
        return bool(snapshot) and (snapshot, context) == (self.snapshot, self.context)


def leave(workspace: Workspace, snapshot: str, context: str, files: Mapping[str, str],
          dropped: Iterable[str]) -> None:  # fmt: skip
    """Note for the next build what this one leaves behind, its products being in place."""
    told = {
        "snapshot": snapshot,
        "context": context,
        "folders": _folders(workspace),
        "files": files,
        "dropped": sorted(dropped),
    }
    reading.write_lines(_path(workspace), [json.dumps(told)])


def _folders(workspace: Workspace) -> dict[str, int]:
    found = {}
    for name in PRODUCTS:
        try:
            found[name] = (workspace.cache / name).stat().st_mtime_ns
        except FileNotFoundError:
            found[name] = 0
    return found


def _path(workspace: Workspace) -> Path:
    return workspace.cache / "noted.json"
