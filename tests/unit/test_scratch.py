"""A change on the scratch copy gives what a build of the changed files would give."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from tests import unchecked

from partnering.doubt.scratch import Change, Scratch
from partnering.errors import WrongUse
from partnering.namespaces import CONCEPT, GRAPH, PTN
from partnering.pipeline.publish import Index
from partnering.workspace import Workspace, locate

TOY = Path(__file__).resolve().parents[1] / "questions" / "toy"
CASE_C = str(GRAPH["case/case-c"])
DATA = "https://w3id.org/partnering/data/case-c/"


def built(root: Path) -> tuple[Workspace, Index]:
    """All steps but the check, from nothing kept of the toy's own files."""
    workspace = locate(root)
    return workspace, unchecked.published(workspace)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PARTNERING_CACHE", raising=False)
        root = tmp_path_factory.mktemp("scratch") / "toy"
        shutil.copytree(TOY, root)
        built(root)
    return root


@pytest.fixture(scope="module")
def scratch(root: Path) -> Scratch:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PARTNERING_CACHE", raising=False)
        return Scratch(*built(root))


def contents(store: ox.Store) -> set[str]:
    """Every quad but a file's digest, which is not kept up; a blank node by any name."""
    return {re.sub(r"_:\w+", "_:b", str(quad)) for quad in store if "sha256:" not in str(quad)}


def iri(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{DATA}{name}")


def about(scratch: Scratch, name: str) -> frozenset[ox.Triple]:
    return frozenset(t for t in scratch.asserted(CASE_C) if iri(name) in (t.subject, t.object))


def flipped(scratch: Scratch) -> Change:
    finding = next(
        t.subject for t in scratch.asserted(CASE_C)
        if t.predicate.value == str(PTN.hasPolarity) and str(CONCEPT) in str(t.object)
    )  # fmt: skip
    old = next(t for t in scratch.asserted(CASE_C)
               if t.subject == finding and t.predicate.value == str(PTN.hasPolarity))  # fmt: skip
    helped = str(CONCEPT["polarity-enabling"])
    other = str(CONCEPT["polarity-hindering"]) if str(old.object)[1:-1] == helped else helped
    return Change(CASE_C, frozenset([old]),
                  frozenset([ox.Triple(finding, old.predicate, ox.NamedNode(other))]))  # fmt: skip


def no_outcomes(scratch: Scratch) -> Change:
    outcomes = {t.subject for t in scratch.asserted(CASE_C)
                if t.object == ox.NamedNode(str(PTN.OutcomeFinding))}  # fmt: skip
    assert len(outcomes) > 2
    return Change(CASE_C, frozenset(t for t in scratch.asserted(CASE_C) if t.subject in outcomes))


def voluntary(scratch: Scratch) -> Change:
    old = ox.Triple(iri("takeover"), ox.NamedNode(str(PTN.hasNature)),
                    ox.NamedNode(str(CONCEPT["nature-mandated"])))  # fmt: skip
    assert old in scratch.asserted(CASE_C)
    new = ox.Triple(old.subject, old.predicate, ox.NamedNode(str(CONCEPT["nature-voluntary"])))
    return Change(CASE_C, frozenset([old]), frozenset([new]))


@pytest.mark.parametrize("change", [flipped, no_outcomes, voluntary])
def test_a_change_gives_what_a_build_from_nothing_gives(
    scratch: Scratch,
    root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Scratch], Change],
) -> None:
    monkeypatch.delenv("PARTNERING_CACHE", raising=False)
    other = tmp_path / "other"
    shutil.copytree(root, other, ignore=shutil.ignore_patterns(".partnering"))
    with scratch.changed(change(scratch)):
        lines = [f"{t} ." for t in scratch.asserted(CASE_C)]
        (other / "data/cases/case-c.ttl").write_text("\n".join(lines), "utf-8")
        assert contents(scratch.store) == contents(built(other)[1].load().store)


@pytest.mark.parametrize(
    "file",
    ["data/cases/case-c.ttl", "data/cases/case-v.ttl", "data/synthesis/toy-report/general.ttl"],
)
def test_a_file_left_out_gives_what_a_build_without_it_gives(
    scratch: Scratch, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    monkeypatch.delenv("PARTNERING_CACHE", raising=False)
    other = tmp_path / "other"
    shutil.copytree(root, other, ignore=shutil.ignore_patterns(".partnering"))
    (other / file).unlink()
    workspace = locate(root)
    (graph,) = (f.graph for f in workspace.graph_files if f.relative == file)
    with scratch.without(graph):
        assert contents(scratch.store) == contents(built(other)[1].load().store)


def test_undo_leaves_no_trace_and_costs_little(scratch: Scratch) -> None:
    before = contents(scratch.store)
    scratch.apply(no_outcomes(scratch))
    assert contents(scratch.store) != before
    begun = time.monotonic()
    scratch.undo()
    assert time.monotonic() - begun < 0.5
    with scratch.without(scratch.rule_graphs[0]):
        assert contents(scratch.store) != before
    assert contents(scratch.store) == before


def test_without_a_rule_there_is_no_verdict_of_it(scratch: Scratch) -> None:
    asked = f"SELECT DISTINCT ?rule {{ ?a <{PTN.underRule}> ?rule }}"
    assert len(scratch.select(asked)) == len(scratch.success_rules) == 3
    with scratch.without(scratch.rule_graphs[0]):
        assert len(scratch.select(asked)) == 2


def test_nothing_is_written_to_the_workspace(scratch: Scratch, root: Path) -> None:
    def seen() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}

    before = seen()
    scratch.apply(voluntary(scratch))
    scratch.undo()
    assert seen() == before


def test_the_schema_cannot_be_changed_here(scratch: Scratch) -> None:
    with pytest.raises(WrongUse, match=re.escape("Only a case or a synthesis")):
        scratch.apply(Change(str(GRAPH["vocab/factor"])))
