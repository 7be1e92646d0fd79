"""``python -m bench``: every benchmark on synthetic workspaces, and one table of what they found.

The workspaces are kept in a folder, so that a second run need not build them again; ten
thousand cases take about half an hour on two cores the first time.
"""

from __future__ import annotations

import argparse
import json
import signal
import time
from pathlib import Path

from bench import change, load, queries, repeats, site, start, table, whole, workspaces
from bench.measure import Found, spoken
from partnering.pipeline import publish
from partnering.pipeline.publish import Index
from partnering.workspace import Workspace

PARTS = ("queries", "change", "build", "start", "load")
SIZES = (5, 100, 1_000, 10_000)
QUERIED = (5, 1_000, 10_000)
DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "performance.md"


def main() -> None:
    """Run what is asked for and write the table."""
    # Stopped from outside as by Ctrl-C: what was edited is put back, and what was started is ended.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    given = _arguments()
    folder: Path = given.folder.resolve()
    sizes = [5] if given.short else given.sizes
    begun = time.monotonic()
    parts = _kept(folder) if given.add else {}
    held = {size: _ready(folder, size) for size in sizes}
    for part in given.only or PARTS:
        print(f"== {part}, after {spoken(time.monotonic() - begun)}", flush=True)
        parts[part] = Found()
        try:
            _PARTS[part](held, folder, given, parts[part])
        finally:
            parts[part].conditions = table.conditions()
            _keep(folder, parts)
    print(table.markdown(parts))
    if given.write:
        table.write(given.write, parts)
        print(f"Written into {given.write}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path("build/bench"),
        help="where synthetic workspaces are made and kept (build/bench)",
    )
    parser.add_argument(
        "--sizes",
        type=_sizes,
        default=list(SIZES),
        metavar="N,N",
        help="numbers of cases (5,100,1000,10000)",
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, help="parts to run (all)")
    parser.add_argument(
        "--add", action="store_true", help="keep what the last run found of parts not run now"
    )
    parser.add_argument("--port", type=int, default=18080, help="first of four free ports")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each load measured (5)")
    parser.add_argument("--runs", type=int, default=5, help="starts and edits measured (5)")
    parser.add_argument(
        "--whole",
        type=int,
        default=1_000,
        metavar="N",
        help="cases up to which everything is built from nothing (1000); the rest is estimated",
    )
    parser.add_argument("--budget", type=float, default=0.5, help="seconds a question (0.5)")
    parser.add_argument(
        "--short",
        action="store_true",
        help="five cases and few runs: sees that all works, measures nothing",
    )
    parser.add_argument(
        "--write",
        type=Path,
        nargs="?",
        const=DOCUMENT,
        metavar="FILE",
        help="put the table into a document (docs/performance.md)",
    )
    given = parser.parse_args()
    if given.short:
        given.seconds, given.runs, given.budget = 0.2, 1, 0.0
    return given


def _sizes(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def _ready(folder: Path, size: int) -> tuple[Workspace, Index]:
    """The workspace of a size, generated and built where it is not there yet."""
    workspace = workspaces.make(folder / str(size), size)
    begun = time.monotonic()
    if size > repeats.distinct_cases() and repeats.stale(workspace):
        small, _ = _ready(folder, repeats.distinct_cases())
        print(f"{repeats.bring(small, workspace):,} slices made by renaming those of"
              f" {repeats.distinct_cases()} cases", flush=True)  # fmt: skip
    site.run("build", "--workspace", str(workspace.root))
    index = publish.current(workspace)
    assert index is not None
    print(f"{size:,} cases: {index.quads:,} quads, brought up to date in"
          f" {spoken(time.monotonic() - begun)}", flush=True)  # fmt: skip
    return workspace, index


Held = dict[int, tuple[Workspace, Index]]


def _queries(held: Held, folder: Path, given: argparse.Namespace, found: Found) -> None:
    for size in [size for size in held if size in QUERIED] or list(held):
        workspace, index = held[size]
        queries.run(workspace, index, folder, given.port + 1, found,
                    budget=given.budget, others=not given.short)  # fmt: skip


def _change(held: Held, folder: Path, given: argparse.Namespace, found: Found) -> None:
    sizes = {size: workspace for size, (workspace, _) in held.items() if size >= 100 or given.short}
    change.run(sizes, given.port, found, runs=given.runs)


def _build(held: Held, folder: Path, given: argparse.Namespace, found: Found) -> None:
    sizes = {size: workspace for size, (workspace, _) in held.items() if size >= 100 or given.short}
    whole.run(sizes, found, most=given.whole)


def _start(held: Held, folder: Path, given: argparse.Namespace, found: Found) -> None:
    for size in sorted({min(held), max(held)}):
        workspace, index = held[size]
        dump = queries.dump(index, folder / "dumps" / f"{index.snapshot}.nq")
        start.run(workspace, index, dump, size, given.port, found, runs=min(given.runs, 3))


def _load(held: Held, folder: Path, given: argparse.Namespace, found: Found) -> None:
    size = max(held)
    workspace, index = held[size]
    dump = queries.dump(index, folder / "dumps" / f"{index.snapshot}.nq")
    connections = (8,) if given.short else load.CONNECTIONS
    load.run(workspace, dump, size, given.port, found, seconds=given.seconds,
             connections=connections)  # fmt: skip


_PARTS = {"queries": _queries, "change": _change, "build": _build, "start": _start, "load": _load}


def _keep(folder: Path, parts: dict[str, Found]) -> None:
    """Write down what was found so far, for whoever interrupts a long run."""
    told = {name: found.to_dict() for name, found in parts.items()}
    (folder / "found.json").write_text(json.dumps(told, indent=1), "utf-8")


def _kept(folder: Path) -> dict[str, Found]:
    """What runs before found, part by part."""
    try:
        kept = json.loads((folder / "found.json").read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return {name: Found.from_dict(found) for name, found in kept.items()}


if __name__ == "__main__":
    main()
