"""The whole of an index in one file, in any form of RDF; made when first asked for, then kept.

    python -m partnering.dumps INDEX FORM FILE

A process of its own makes it, part by part, so that neither its time nor its memory is the
site's.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

import partnering
from partnering.errors import Busy, Missing, PartneringError
from partnering.export import spaces
from partnering.namespaces import PREFIXES
from partnering.notation import BARE, FORMATS, WITH_GRAPHS
from partnering.pipeline.publish import Index
from partnering.store.index import files

_MAKING = threading.Lock()
PATIENCE = 600
"""Seconds that making one file may take."""


def path_of(index: Index, form: str) -> Path:
    """Where a file lies, or will lie."""
    return index.folder / "dumps" / f"{index.snapshot}.{form}"


def ready(index: Index, form: str) -> Path:
    """The file, made now if it is not there; ``Busy`` while another one is being made."""
    path = path_of(index, form)
    if path.exists():
        return path
    if not all(file.exists() for file in index.paths):
        raise Missing("The files of this snapshot are not on this machine.",
                      mend="where the data were built: partnering export")  # fmt: skip
    if not _MAKING.acquire(blocking=False):
        raise Busy("The file is being made.", retry_after=5, mend="ask again in a few seconds")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.iterdir():
            if not old.name.startswith(index.snapshot):
                old.unlink(missing_ok=True)
        beside = path.with_name(f"{path.name}.{os.getpid()}.writing")
        home = str(Path(partnering.__file__).parent.parent)
        done = subprocess.run(
            [sys.executable, "-P", "-m", "partnering.dumps", str(index.path), form, str(beside)],
            env={**os.environ, "PYTHONPATH": home}, timeout=PATIENCE, check=False,
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            beside.unlink(missing_ok=True)
            raise PartneringError("The file could not be made.", where=done.stderr[-300:].strip())
        beside.replace(path)
    finally:
        _MAKING.release()
    return path


def _quads(paths: list[Path]) -> Iterator[ox.Quad]:
    for path in paths:
        yield from ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS)


def main(arguments: list[str]) -> int:
    """Write one file."""
    index, form, out = arguments
    os.nice(5)
    paths = files(Path(index))
    if form == "nq":
        with open(out, "wb") as whole:
            for path in paths:
                whole.write(path.read_bytes())
        return 0
    prefixes = dict(PREFIXES)
    for path in paths:
        prefixes = {**spaces(path.read_text("utf-8")), **prefixes}
    statements = _quads(paths) if form in WITH_GRAPHS else (q.triple for q in _quads(paths))
    given = None if form in BARE else prefixes
    ox.serialize(statements, out, format=FORMATS[form], prefixes=given)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
