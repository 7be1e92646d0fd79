"""Products of cases that repeat others under new names, made by renaming instead of work.

Beyond ``DISTINCT`` reports a synthetic workspace tells the same again. What a build makes of a
repeated file is what it made of the first, with other names in it, so that ten thousand cases
are ready to publish in minutes. Only a file that is its original renamed, byte for byte, has its
products made so; all else is left to the build.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bench.reports import CASES_A_REPORT, DISTINCT
from partnering import reading, slices
from partnering.pipeline import publish
from partnering.pipeline.flow import Flow
from partnering.slices import Slice
from partnering.workspace import UNPUBLISHED_KINDS, GraphFile, Workspace

_NAMES = re.compile(
    r"(?P<report>synthetic-report-|\b[Rr]eport |\bauthor )(?P<of_report>\d{4})(?!\d)"
    r"|(?P<case>synthetic-|\b[Cc]ase[ -]|\bS-)(?P<of_case>\d{5})(?!\d)"
)
Pair = tuple[Path, Path]
"""A file of the smaller workspace, and what it becomes in the larger one."""


def distinct_cases() -> int:
    """How many cases are told before they come again."""
    return CASES_A_REPORT * DISTINCT


def rename(text: str, turns: int) -> str:
    """The text, telling of the cases and reports that come so many turns later."""

    def later(found: re.Match[str]) -> str:
        if found["report"]:
            return f"{found['report']}{int(found['of_report']) + DISTINCT * turns:04}"
        return f"{found['case']}{int(found['of_case']) + distinct_cases() * turns:05}"

    return _NAMES.sub(later, text)


def stale(workspace: Workspace) -> bool:
    """Whether anything has changed since its index was published, or there is none."""
    flow = Flow(workspace)
    kept = publish.last_good(workspace).sheets
    return any(
        part.name not in kept or kept[part.name].key != flow.key(part)
        for part in slices.of_workspace(workspace)
    )


def bring(small: Workspace, large: Workspace) -> int:
    """Give a larger workspace what was built for the one it repeats; returns how many slices.

    ``small`` is built and holds every distinct case.
    """
    repeated = dict(_repeated_files(small, large))
    known = {part.name: part for part in slices.of_workspace(small)}
    before, after = Flow(small), Flow(large)
    brought = 0
    for part in slices.of_workspace(large):
        turns = _turns(part.files[0].relative)
        first = known.get(rename(part.name, -turns))
        if first and _names(first) == [repeated.get(name) for name in _names(part)]:
            for source, target in _products(before, first, after, part):
                _write(source, target, turns)
            brought += 1
    return brought


def _repeated_files(small: Workspace, large: Workspace) -> Iterator[tuple[str, str]]:
    """Files that repeat one, with its path; their quads are written on the way."""
    originals = {file.relative: file for file in small.graph_files}
    for file in large.graph_files:
        turns = _turns(file.relative)
        original = originals.get(rename(file.relative, -turns))
        if original and _repeats(original, file, turns):
            if file.kind not in UNPUBLISHED_KINDS:
                _write(_quads(small, original), _quads(large, file), turns)
            yield file.relative, original.relative


def _turns(relative: str) -> int:
    """How often the cases have come before the one that a file belongs to."""
    found = _NAMES.search(relative)
    if found is None:
        return 0
    if found["report"]:
        return (int(found["of_report"]) - 1) // DISTINCT
    return (int(found["of_case"]) - 1) // distinct_cases()


def _repeats(original: GraphFile, file: GraphFile, turns: int) -> bool:
    if turns == 0:
        return original.digest == file.digest
    return rename(original.path.read_text("utf-8"), turns) == file.path.read_text("utf-8")


def _names(part: Slice) -> list[str]:
    """Paths of all that is looked at for a slice."""
    return [file.relative for file in (*part.files, *part.beside, *part.neighbours)]


def _products(before: Flow, first: Slice, after: Flow, part: Slice) -> Iterator[Pair]:
    yield before.gates.product(first), after.gates.product(part)
    yield before.inference.product(first), after.inference.product(part)
    yield before.consistency(first), after.consistency(part)
    for one, other in zip(before.rules(first.kind), after.rules(part.kind), strict=True):
        yield before.bench.product(first, one), after.bench.product(part, other)


def _quads(workspace: Workspace, file: GraphFile) -> Path:
    return workspace.cache / "quads" / reading.name_of(file)


def _write(source: Path, target: Path, turns: int) -> None:
    if source.exists() and not target.exists():
        lines = rename(source.read_text("utf-8"), turns).splitlines()
        reading.write_lines(target, sorted(lines) if target.suffix == ".nq" else lines)
