"""One case is edited: checked, inferred, judged, published, and readers switched to it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from bench import site
from bench.measure import Found, Row, Timing, spoken
from partnering.workspace import Workspace

MOST_GROWTH = 1.5
EDITED = "data/cases/synthetic-00003.ttl"
_MARK = "made for measuring."


def run(workspaces: dict[int, Workspace], port: int, found: Found, *, runs: int) -> None:
    """Edit one case at every size, beside the same edit at the smallest one."""
    smallest: Edited | None = None
    for size, workspace in sorted(workspaces.items()):
        edited = _edited(workspace.root, port, runs)
        first = smallest or edited
        for what, mine, its, bound in (
            (
                "Edit one case until readers answer from it",
                edited.all,
                first.all,
                f"≤ {MOST_GROWTH}",
            ),
            ("Processor time of the build after the edit", edited.processor, first.processor, ""),
        ):
            found.add(
                Row("change", what, size, str(mine), *_beside(mine, its, min(workspaces), bound))
            )
        found.add(
            Row("change", "Of that, from the end of the build", size, str(edited.switch)),
            Row("change", "A build that finds nothing changed", size, spoken(edited.quiet)),
            Row("change", "Peak memory of the build after the edit", size, f"{edited.peak >> 20} MiB"),
        )  # fmt: skip
        smallest = first


def _beside(mine: Timing, its: Timing, size: int, bound: str) -> tuple[str, float | None, str]:
    if mine is its:
        return "", None, ""
    return f"{spoken(its.median)} at {size:,}", mine.median / its.median, bound


@dataclass(frozen=True)
class Edited:
    """What an edit took; a build that finds nothing to do, in seconds; a build's memory, in bytes."""

    all: Timing
    processor: Timing
    switch: Timing
    """From the end of the build until readers answer."""
    quiet: float
    peak: int


def _edited(folder: Path, port: int, runs: int) -> Edited:
    path = folder / EDITED
    original = path.read_text("utf-8")
    assert _MARK in original, f"{path} is no synthetic case"
    site.run("build", "--workspace", str(folder))
    quiet = site.run("build", "--workspace", str(folder)).seconds
    seconds, processor, switch = [], [], []
    with site.serving(folder, port) as live:
        try:
            for turn in range(runs):
                live.rest()
                before = live.snapshot
                _edit(path, original, turn)
                begun = time.perf_counter()
                built = site.run("build", "--workspace", str(folder))
                processor.append(built.processor)
                while live.snapshot == before:
                    time.sleep(0.02)
                live.get("/cases/synthetic-00003")
                seconds.append(time.perf_counter() - begun)
                switch.append(seconds[-1] - built.seconds)
            _edit(path, original, runs)
            peak = site.weighed("build", "--workspace", str(folder))
        finally:
            path.write_text(original, "utf-8")
    site.run("build", "--workspace", str(folder))
    return Edited(Timing.of(seconds), Timing.of(processor), Timing.of(switch), quiet, peak)


def _edit(path: Path, original: str, turn: int) -> None:
    path.write_text(original.replace(_MARK, f"edited for the {turn + 1}. time."), "utf-8")
