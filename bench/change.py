"""One case is edited: checked, inferred, judged, published, and readers switched to it."""

from __future__ import annotations

import time
from pathlib import Path

from bench import site
from bench.measure import Found, Row, Timing, spoken
from partnering.workspace import Workspace

MOST_GROWTH = 1.5
EDITED = "data/cases/synthetic-00003.ttl"
_MARK = "made for measuring."


def run(workspaces: dict[int, Workspace], port: int, found: Found, *, runs: int) -> None:
    """Edit one case at every size, beside the same edit at the smallest one."""
    smallest: Timing | None = None
    for size, workspace in sorted(workspaces.items()):
        timing, processor, peak, quiet = _edited(workspace.root, port, runs)
        ratio = timing.median / smallest.median if smallest else None
        beside = f"{spoken(smallest.median)} at {min(workspaces):,}" if smallest else ""
        found.add(
            Row("change", "Edit one case until readers answer from it", size, str(timing),
                beside, ratio, f"≤ {MOST_GROWTH}" if smallest else ""),
            Row("change", "Processor time of the build after the edit", size, str(processor)),
            Row("change", "A build that finds nothing changed", size, spoken(quiet)),
            Row("change", "Peak memory of the build after the edit", size, f"{peak >> 20} MiB"),
        )  # fmt: skip
        smallest = smallest or timing


def _edited(folder: Path, port: int, runs: int) -> tuple[Timing, Timing, int, float]:
    path = folder / EDITED
    original = path.read_text("utf-8")
    assert _MARK in original, f"{path} is no synthetic case"
    site.run("build", "--workspace", str(folder))
    quiet = site.run("build", "--workspace", str(folder)).seconds
    seconds, processor, peak = [], [], 0
    with site.serving(folder, port) as live:
        try:
            for turn in range(runs):
                before = live.snapshot
                path.write_text(
                    original.replace(_MARK, f"edited for the {turn + 1}. time."), "utf-8"
                )
                begun = time.perf_counter()
                built = site.run("build", "--workspace", str(folder))
                peak = max(peak, built.peak)
                processor.append(built.processor)
                while live.snapshot == before:
                    time.sleep(0.02)
                live.get("/cases/synthetic-00003")
                seconds.append(time.perf_counter() - begun)
        finally:
            path.write_text(original, "utf-8")
    site.run("build", "--workspace", str(folder))
    return Timing.of(seconds), Timing.of(processor), peak, quiet
