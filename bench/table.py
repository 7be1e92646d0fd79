"""The table of one run, written between two marks of docs/performance.md."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench.measure import Found, Row

BEGIN = "<!-- table: written by python -m bench -->"
END = "<!-- end of table -->"
HEADS = ("what", "cases", "median (middle half)", "beside", "ratio", "should be")
TITLES = {
    "queries": "Questions", "change": "Change", "build": "Whole build", "start": "Start",
    "load": "Load", "memory": "Memory", "question": "Question by question",
}  # fmt: skip
PACKAGES = ("partnering", "pyoxigraph", "oxigraph", "rdflib", "pyshacl", "flask", "waitress")


Parts = Mapping[str, Found]
"""What was found, by the name of the part that was run."""


def markdown(parts: Parts) -> str:
    """Conditions, one table for each kind of row, and the notes of the run."""
    told: dict[str, list[str]] = {}
    for name, found in parts.items():
        told.setdefault(found.conditions, []).append(name)
    lines = [line for said, names in told.items() for line in (f"{', '.join(names)}: {said}", "")]
    for kind, title in TITLES.items():
        rows = [row for found in parts.values() for row in found.rows if row.part == kind]
        if rows:
            lines += [f"### {title}", "", *_table(rows), ""]
    notes = [note for found in parts.values() for note in found.notes]
    if notes:
        lines += ["### Notes", "", *(f"- {note}" for note in notes), ""]
    return "\n".join(lines)


def _table(rows: list[Row]) -> list[str]:
    width = len(HEADS)
    return [
        f"| {' | '.join(HEADS)} |",
        f"|{'---|' * width}",
        *(f"| {' | '.join(cell.replace('|', '/') for cell in row.cells)} |" for row in rows),
    ]


def conditions() -> str:
    """Versions, the machine, and how busy it is now."""
    known = [f"{name} {_version(name)}" for name in PACKAGES]
    busy = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    return (
        f"Python {platform.python_version()}, {', '.join(known)}, Virtuoso {_virtuoso()};"
        f" {os.cpu_count()} cores, {_memory():.0f} GiB, {platform.system()} {platform.release()}."
        f" Load averages at the end: {busy}."
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


def write(path: Path, parts: Parts) -> None:
    """Put the table in its place; the text around it stays."""
    text = path.read_text("utf-8")
    before, mark, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not mark or not end:
        sys.exit(f"{path} lacks the marks {BEGIN} and {END}")
    path.write_text(f"{before}{BEGIN}\n{markdown(parts)}\n{END}{after}", "utf-8")
