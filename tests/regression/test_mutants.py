"""Wrong edits that change an answer: how many do the gates and reviewed answers catch?

A few in the ordinary run, two hundred before a release. Over half are edits of the shipped cases,
the others of the ontology and vocabularies, over the toy cases (they exercise every question, and
following a change of the schema through all shipped cases takes minutes for a hundred). An edit
counts where any question, under any value of its parameters that the edit could matter to, answers
otherwise; it is caught where a reviewed answer differs or, failing that, where lint, SHACL or
hygiene finds what it did not find before. Both kinds run at once, each in a process of its own.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib.namespace import SKOS
from tests.regression.edited import Rebuilt, WordlessScratch
from tests.regression.mutants import Mutant, Triples, node, of_data, of_ontology, of_words
from tests.regression.tally import Tally
from tests.regression.watch import Watch
from tests.unit.test_scratch import TOY, built

from partnering import slices
from partnering.answering.questions import Catalogue
from partnering.changes.regression import Answers
from partnering.checking import checks, hygiene
from partnering.workspace import Workspace, locate

SEED = 20261123
SOME, ALL = (16, 12), (120, 84)
"""Mutants of data and of the ontology that change an answer."""
REWORDED, AT_ONCE = 40, 5
"""Rewordings, and how many of them stand in one store."""

Follow = Callable[[Mutant], Answers]


@pytest.mark.slow
@pytest.mark.parametrize("wanted", [SOME, pytest.param(ALL, marks=pytest.mark.soak)])
def test_wrong_edits_that_change_an_answer_are_caught(
    wanted: tuple[int, int], tmp_path: Path
) -> None:
    begun = time.monotonic()
    # Threads of an engine do not survive a fork: each process starts afresh.
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(kind, tmp_path / kind.__name__, number)
                   for kind, number in zip((data, ontology), wanted, strict=True)]  # fmt: skip
        tally = sum((one.result() for one in waiting), Tally())
    counted, caught = tally.counted, tally.caught
    print(f"\n{tally}\n{counted} edits that change an answer, {caught} caught"
          f" ({caught / counted:.1%}) in {time.monotonic() - begun:.0f} s")  # fmt: skip
    assert counted >= sum(wanted)
    assert caught / counted >= 0.95


@pytest.mark.slow
def test_rewording_raises_no_answer_alarm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Labels, definitions, summaries and notes, of the schema and of the cases."""
    monkeypatch.delenv("PARTNERING_CACHE", raising=False)
    workspace, index = built(toy(tmp_path))
    rebuilt = Rebuilt(workspace, index)
    catalogue = Catalogue(workspace)
    watch = Watch(rebuilt.with_(), catalogue)
    tried = 0
    for triples in (rebuilt.schema, rebuilt.data):
        mutants = list(islice(of_words(triples, SEED), REWORDED // 2))
        for at in range(0, len(mutants), AT_ONCE):
            some = mutants[at : at + AT_ONCE]
            alarm = watch.alarm(Answers(rebuilt.with_(*some), catalogue))
            assert not alarm, f"one of {[m.remove for m in some]} changed the answer to {alarm}"
            tried += len(some)
    print(f"\n{tried} rewordings, no alarm")
    assert tried == REWORDED


def toy(tmp: Path) -> Path:
    """A copy of the toy workspace."""
    shutil.copytree(TOY, tmp / "toy")
    return tmp / "toy"


def data(tmp: Path, wanted: int) -> Tally:
    """Edits of the shipped cases."""
    os.environ.pop("PARTNERING_CACHE", None)
    root = tmp / "shipped"
    root.mkdir(parents=True)
    (root / "partnering.yaml").write_text("base: shipped\ncases: true\n", "utf-8")
    workspace, index = built(root)
    scratch = WordlessScratch(workspace, index)
    live = Answers(scratch.store, Catalogue(workspace))
    cases = {g: scratch.asserted(g) for g in scratch.graphs if "/case/" in g}

    def follow(mutant: Mutant) -> Answers:
        scratch.apply(mutant.change)
        return live

    watch = Watch(index.load().store, Catalogue(workspace))
    return count(wanted, of_data(cases, SEED), watch, follow, scratch.undo,
                 lambda m: noticed(root, tmp, m, _worded(workspace, m.graph)),
                 nearby(scratch.store))  # fmt: skip


def ontology(tmp: Path, wanted: int) -> Tally:
    """Edits of the ontology and the vocabularies, over the toy cases."""
    os.environ.pop("PARTNERING_CACHE", None)
    root = toy(tmp)
    workspace, index = built(root)
    rebuilt = Rebuilt(workspace, index)
    catalogue = Catalogue(workspace)
    base = rebuilt.with_()
    return count(wanted, of_ontology(rebuilt.schema, SEED), Watch(base, catalogue),
                 lambda m: Answers(rebuilt.with_(m), catalogue), lambda: None,
                 lambda m: noticed(root, tmp, m, rebuilt.schema[m.graph]), nearby(base))  # fmt: skip


def count(
    wanted: int, mutants: Iterator[Mutant], watch: Watch, follow: Follow, undo: Callable[[], None],
    gates: Callable[[Mutant], bool], near: Callable[[Mutant], set[str]],
) -> Tally:  # fmt: skip
    """What becomes of mutants, until so many of them have changed an answer."""
    tally, seen = Tally(), set[Mutant]()
    for mutant in mutants:
        if tally.counted >= wanted:
            break
        if mutant in seen:
            continue
        seen.add(mutant)
        assert len(seen) < 6 * wanted, "hardly any of these edits changes an answer"
        answers = follow(mutant)
        if watch.alarm(answers):
            tally.add(mutant.kind, "by answers")
        elif not (where := watch.wider(answers, mutant, near)):
            tally.add(mutant.kind, "no answer changed")
        elif gates(mutant):
            tally.add(mutant.kind, "by gates only")
        else:
            tally.add(mutant.kind, "missed", where)
        undo()
    return tally


def noticed(root: Path, tmp: Path, mutant: Mutant, triples: Triples) -> bool:
    """Whether lint, SHACL or hygiene finds more in the edited file than in the file as it was."""
    before, after = (_problems(root, tmp / name, mutant.graph, said) for name, said in (
        ("before", triples), ("after", (triples - mutant.remove) | mutant.add)))  # fmt: skip
    return bool(after - before)


def _problems(root: Path, copy: Path, graph: str, triples: Triples) -> set[tuple[str, str, str]]:
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(root, copy, ignore=shutil.ignore_patterns(".partnering"))
    (file,) = (file for file in locate(copy).graph_files if file.graph == graph)
    path = copy / file.relative
    path.parent.mkdir(parents=True, exist_ok=True)
    # A file of the copy stands in for the shipped file of the same path.
    path.write_text("\n".join(f"{t} ." for t in sorted(triples, key=str)), "utf-8")
    workspace = locate(copy)
    parts = [p for p in slices.of_workspace(workspace) if any(f.graph == graph for f in p.files)]
    found = [problem for part in parts for problem in checks.look(workspace, part).problems]
    found += hygiene.check(workspace).problems if parts[0].kind == "schema" else ()
    return {(problem.rule, problem.focus, problem.message) for problem in found}


def nearby(store: ox.Store) -> Callable[[Mutant], set[str]]:
    """The things a mutant names, and the concepts above them."""

    def near(mutant: Mutant) -> set[str]:
        named = {term for t in (*mutant.remove, *mutant.add) for term in (t.subject, t.object)}
        above = {q.object for one in named if isinstance(one, ox.NamedNode)
                 for q in store.quads_for_pattern(one, node(SKOS.broaderTransitive), None)}  # fmt: skip
        return {str(term)[1:-1] for term in (*named, *above) if isinstance(term, ox.NamedNode)}

    return near


def _worded(workspace: Workspace, graph: str) -> Triples:
    """What a file says, words and all."""
    (file,) = (file for file in workspace.graph_files if file.graph == graph)
    return frozenset(t.triple for t in ox.parse(path=str(file.path), format=ox.RdfFormat.TURTLE))
