"""The check step: every gate on every slice, remembered for slices that have not changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from partnering import reading, slices, workers
from partnering.checking.problems import Checked, Problem
from partnering.slices import Slice
from partnering.workspace import Workspace

SHAPES = "shapes/**/*.*"
CODE = ("checking/**/*.py", "names.py", "written.py", "flat.py")
"""Modules that what a gate says of a slice depends on."""


@dataclass(frozen=True)
class SliceChecked:
    """What the gates said of one slice, and whether they had to look again."""

    part: Slice
    checked: Checked
    fresh: bool


class Gates:
    """Lint and SHACL over slices of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def check(self, parts: Iterable[Slice]) -> Iterator[SliceChecked]:
        """Check every slice, on all cores where many have to be looked at."""
        parts = list(parts)
        waiting = {part.name for part in parts if not self.product(part).exists()}
        if len(waiting) >= workers.MANY:
            todo = [part for part in parts if part.name in waiting]
            for _ in workers.on_every_core(self._keep, todo):
                pass
        for part in parts:
            yield SliceChecked(part, self.one(part).checked, part.name in waiting)

    def one(self, part: Slice) -> SliceChecked:
        """What the gates say of one slice; kept for the next time."""
        kept = self.product(part)
        if kept.exists():
            return SliceChecked(part, load(kept), False)
        checked = look(self.workspace, part)
        reading.write_lines(kept, [dump(checked)])
        return SliceChecked(part, checked, True)

    def _keep(self, part: Slice) -> None:
        # Nothing is handed back: a slice knows the schema and the digests of every file there is.
        self.one(part)

    @cached_property
    def digest(self) -> str:
        """Of the shapes, and of the gates themselves: others may find something else."""
        package = Path(__file__).parents[1]
        code = [path for name in CODE for path in package.glob(name)]
        return slices.digest_of([*self.workspace.files(SHAPES), *code])

    def product(self, part: Slice) -> Path:
        """Where the outcome of the gates on a slice is kept."""
        key = slices.combine([part.checked_digest, self.digest])
        return self.workspace.cache / "checked" / f"{key}.json"


def look(workspace: Workspace, part: Slice) -> Checked:
    """Run every gate on one slice, here and now."""
    # pyshacl takes a second to import: not for a build in which nothing changed.
    from partnering import names
    from partnering.checking import lint, validate

    found = [
        lint.check(workspace, part, names.of_workspace(workspace)),
        validate.check(workspace, part, validate.load(workspace)),
    ]
    counts: dict[str, int] = {}
    for checked in found:
        for name, count in checked.counts.items():
            counts[name] = counts.get(name, 0) + count
    return Checked(tuple(sorted(p for checked in found for p in checked.problems)), counts)


def dump(checked: Checked) -> str:
    """An outcome as one line of JSON."""
    return json.dumps(
        {
            "problems": [asdict(problem) for problem in checked.problems],
            "counts": dict(checked.counts),
        }
    )


def load(path: Path) -> Checked:
    """An outcome that was kept."""
    kept = json.loads(path.read_text("utf-8"))
    return Checked(tuple(Problem(**problem) for problem in kept["problems"]), kept["counts"])
