"""Synthetic workspaces on disk, one folder a size, made once and kept for the next run."""

from __future__ import annotations

import shutil
from pathlib import Path

from bench import cases, reports, vocabularies
from bench.reports import CASES_A_REPORT, Report
from partnering.workspace import Workspace, locate, shipped_root

SEED = 20261128
_SCHEMA = ("ontology", "shapes", "queries/rules", "data/success-rules")
"""What travels with a synthetic workspace, so that an edit elsewhere does not make an hour's
build stale; the questions are always the shipped ones."""
_SETTINGS = """\
# Synthetic: made by bench/ for measuring, seed {seed}, {number} cases about nothing.
base: shipped
cases: false
"""


def make(folder: Path, number: int, seed: int = SEED) -> Workspace:
    """The workspace of so many cases in a folder; written where it is not there yet.

    The same number and seed always give the same files, and the first cases of a larger
    workspace are those of a smaller one.
    """
    if not (folder / "partnering.yaml").exists():
        _write(folder, number, seed)
    return locate(folder)


def _write(folder: Path, number: int, seed: int) -> None:
    for name in _SCHEMA:
        shutil.copytree(shipped_root() / name, folder / name, dirs_exist_ok=True)
    concept = vocabularies.read(folder / "ontology" / "vocab")
    _put(folder / "data/actors/synthetic-bodies.ttl", reports.bodies())
    for at in range(1, -(-number // CASES_A_REPORT) + 1):
        told = min(CASES_A_REPORT, number - (at - 1) * CASES_A_REPORT)
        report = Report(seed, at, told)
        _put(folder / f"data/sources/{report.name}/source.ttl", report.source())
        _put(folder / f"data/synthesis/{report.name}/learning.ttl", report.synthesis(concept))
        for one in range(report.first_case, report.first_case + told):
            text = cases.case(one, report, concept)
            _put(folder / f"data/cases/{cases.name_of(one)}.ttl", text)
    # Last: a folder without it was left half-written, and is written again.
    (folder / "partnering.yaml").write_text(_SETTINGS.format(seed=seed, number=number), "utf-8")


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
