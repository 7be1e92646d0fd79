"""The table of one run, written between two marks of docs/performance.md."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench.measure import Found, Row

BEGIN = "<!-- table: written by python -m bench -->"
END = "<!-- end of table -->"
HEADS = ("what", "cases", "median (middle half)", "beside", "ratio", "should be")
PARTS = {
    "queries": "Questions", "change": "Change", "build": "Whole build", "start": "Start",
    "load": "Load", "memory": "Memory", "question": "Question by question",
}  # fmt: skip
PACKAGES = ("partnering", "pyoxigraph", "oxigraph", "rdflib", "pyshacl", "flask", "waitress")


def markdown(found: Found) -> str:
    """Conditions, one table a part, and the notes of the run."""
    lines = [_conditions(), ""]
    for part, title in PARTS.items():
        rows = [row for row in found.rows if row.part == part]
        if rows:
            lines += [f"### {title}", "", *_table(rows), ""]
    if found.notes:
        lines += ["### Notes of this run", "", *(f"- {note}" for note in found.notes), ""]
    return "\n".join(lines)


def _table(rows: list[Row]) -> list[str]:
    width = len(HEADS)
    return [
        f"| {' | '.join(HEADS)} |",
        f"|{'---|' * width}",
        *(f"| {' | '.join(cell.replace('|', '/') for cell in row.cells)} |" for row in rows),
    ]


def _conditions() -> str:
    known = [f"{name} {_version(name)}" for name in PACKAGES]
    busy = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    return (
        f"Python {platform.python_version()}, {', '.join(known)}, Virtuoso {_virtuoso()};"
        f" {os.cpu_count()} cores, {_memory():.0f} GiB, {platform.system()} {platform.release()}."
        f" Other work on the machine at the end of the run: load averages {busy}."
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _virtuoso() -> str:
    binary = shutil.which("virtuoso-t")
    if not binary:
        return "not installed"
    said = subprocess.run([binary, "-?"], capture_output=True, text=True, check=False)
    found = re.search(r"Version (\d+\.\d+\.\d+(?:\.\d+)?)", said.stdout + said.stderr)
    return found[1] if found else "of unknown version"


def _memory() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)


def write(path: Path, found: Found) -> None:
    """Put the table in its place; the text around it stays."""
    text = path.read_text("utf-8")
    before, mark, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not mark or not end:
        sys.exit(f"{path} lacks the marks {BEGIN} and {END}")
    path.write_text(f"{before}{BEGIN}\n{markdown(found)}\n{END}{after}", "utf-8")
