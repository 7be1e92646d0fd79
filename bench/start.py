"""From the start of the process to the first page, beside what has to be loaded in any case."""

from __future__ import annotations

import compileall
import subprocess
import sys
import time
from pathlib import Path

import partnering.webui

from bench import servers, site
from bench.measure import Found, Row, Timing, spoken
from partnering.pipeline.publish import Index
from partnering.workspace import Workspace

LIBRARIES = "click, flask, pyoxigraph, rdflib, waitress, yaml"
MOST_IMPORTS = 3.0
MOST_LOADS = 2.0
MOST_MEMORY = 1.3
_LOAD = """
import pyoxigraph as ox, sys, time
begun = time.perf_counter()
store = ox.Store()
store.bulk_load(path=sys.argv[1], format=ox.RdfFormat.N_QUADS)
print(time.perf_counter() - begun, flush=True)
sys.stdin.read()
"""


def run(workspace: Workspace, index: Index, dump: Path, size: int, port: int, found: Found,
        *, runs: int) -> None:  # fmt: skip
    """Start the site some times; a small one beside its imports, a large one beside the load."""
    for package in (partnering, partnering.webui):
        # As pip does when it installs; the libraries' bytecode is there.
        compileall.compile_dir(Path(str(package.__file__)).parent, quiet=1)
    seconds, memory = [], 0
    for _ in range(runs):
        with site.serving(workspace.root, port) as live:
            seconds.append(live.first_page)
            live.get("/cases")
            memory = servers.proportional(live.pid)
    first = Timing.of(seconds)
    imports = Timing.of([_import() for _ in range(runs)])
    found.add(Row("start", "Start to first page, beside importing its libraries", size, str(first),
                  str(imports), first.median / imports.median,
                  f"≤ {MOST_IMPORTS:g}" if size <= 5 else ""))  # fmt: skip
    loads, store = [], 0
    for _ in range(runs):
        took, store = _load(dump)
        loads.append(took)
    load = Timing.of(loads)
    found.add(
        Row("start", "Start to first page, beside pyoxigraph loading the dump", size, str(first),
            str(load), first.median / load.median, f"≤ {MOST_LOADS:g}" if size > 1000 else ""),
        Row("memory", "The site's process tree (PSS), beside one store in a process", size,
            f"{memory >> 20} MiB", f"{store >> 20} MiB", memory / store,
            f"≤ {MOST_MEMORY:g}" if size > 1000 else ""),
    )  # fmt: skip
    found.note(f"{size:,} cases are {index.quads:,} quads in {len(index.parts):,} graphs; a quad"
               f" takes {store / max(index.quads, 1):.0f} bytes in memory and"
               f" {spoken(load.median / max(index.quads, 1))} to load")  # fmt: skip


def _import() -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", f"import {LIBRARIES}"], check=True)
    return time.perf_counter() - begun


def _load(dump: Path) -> tuple[float, int]:
    """Seconds that pyoxigraph needs, and bytes of the process that holds the store."""
    process = subprocess.Popen([sys.executable, "-c", _LOAD, str(dump)], text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip
    assert process.stdout is not None
    try:
        took = float(process.stdout.readline())
        return took, servers.proportional(process.pid)
    finally:
        process.kill()
        process.communicate()
