"""Terms change for good: every use is rewritten, and the old name goes on resolving."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, SKOS

from partnering import names, slices
from partnering.answering.questions import Catalogue
from partnering.checking import lint
from partnering.checking.lint import check_query
from partnering.errors import WrongUse
from partnering.extend import terms
from partnering.extend.edits import Edits
from partnering.extend.start import start
from partnering.namespaces import CONCEPT, PTN
from partnering.workspace import Workspace, locate

ROOT = Path(__file__).resolve().parents[2]
OLD, NEW = CONCEPT["factor-leadership-visibility"], CONCEPT["factor-leadership-style"]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A scratch copy of what is shipped."""
    for folder in ("ontology", "data", "shapes", "queries"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return locate(tmp_path)


def vocab(workspace: Workspace, name: str) -> Graph:
    return Graph().parse(workspace.root / f"ontology/vocab/{name}.ttl", format="turtle")


def faults(root: Path) -> list[str]:
    """What the closed-namespace lint says of every slice and query, remarks on old names too."""
    workspace = locate(root)
    known = names.of_workspace(workspace)
    parts = slices.of_workspace(workspace)
    checked = [lint.check(workspace, part, known) for part in parts]
    checked += [check_query(p, p.name, known) for p in workspace.files("queries/**/*.rq")]
    assert sum(one.counts.get("triples", 0) for one in checked) > 20_000
    return [str(problem) for one in checked for problem in one.problems]


@pytest.mark.slow
def test_merging_rewrites_every_use_and_keeps_the_old_name(workspace: Workspace) -> None:
    before = faults(workspace.root)
    edits = Edits(workspace)
    found = terms.merge(workspace, edits, "visibility of leaders", "leadership style")
    edits.write()
    assert len(found) >= 3
    graph = vocab(workspace, "factor")
    assert (OLD, OWL.deprecated, Literal(True)) in graph
    assert (OLD, DCTERMS.isReplacedBy, NEW) in graph
    assert graph.value(OLD, SKOS.changeNote)
    assert Literal("visibility of leaders", lang="en-GB") in set(graph.objects(NEW, SKOS.altLabel))
    assert faults(workspace.root) == before
    assert terms.uses(workspace, Edits(workspace), OLD) == ()


@pytest.mark.slow
def test_a_renamed_concept_takes_the_defaults_of_questions_along(workspace: Workspace) -> None:
    before = faults(workspace.root)
    edits = Edits(workspace)
    new, found = terms.rename(workspace, edits, "nature-mandated", "required from outside")
    edits.write()
    assert new == CONCEPT["nature-required-from-outside"]
    assert len(found) >= 20
    assert faults(workspace.root) == before
    asked = Catalogue(locate(workspace.root)).get("enablers-in-successful-partnerships")
    assert asked.parameters[0].default == "required-from-outside"
    graph = vocab(workspace, "nature")
    ranks = sorted(int(str(r)) for r in graph.objects(None, PTN.rank))
    assert len(set(ranks)) == len(ranks) == 3


@pytest.mark.slow
def test_a_renamed_class_is_renamed_in_ontology_shapes_and_queries(workspace: Workspace) -> None:
    before = faults(workspace.root)
    edits = Edits(workspace)
    new, found = terms.rename(workspace, edits, "ptn:EnablerFinding", "helping finding")
    edits.write()
    assert new == PTN.HelpingFinding
    assert {Path(use.where.rpartition(":")[0]).suffix for use in found} >= {".rq"}
    assert faults(workspace.root) == before


def test_strings_comments_and_longer_names_are_left_alone(tmp_path: Path) -> None:
    workspace = start(tmp_path / "own", cases=False)
    path = workspace.root / "data/actors/bodies.ttl"
    path.parent.mkdir(exist_ok=True)
    text = (
        "@prefix concept: <https://w3id.org/partnering/vocab/> .\n"
        "@prefix v: <https://w3id.org/partnering/vocab/> .\n"
        "@prefix ptn: <https://w3id.org/partnering/ontology#> .\n"
        "# concept:factor-trust stays here\n"
        "<https://w3id.org/partnering/data/bodies/x> ptn:concernsFactor {one}, {two}, {three} ;\n"
        "    ptn:summary 'concept:factor-trust, and <{iri}>' ;\n"
        '    ptn:codingNote """concept:factor-trust\nof two lines""" ;\n'
        "    ptn:hasAnchor concept:factor-trust-me .\n"
    )
    iri = CONCEPT["factor-trust"]
    path.write_text(
        text.format(one="v:factor-trust", two=f"<{iri}>", three="concept:factor-headspace", iri=iri)
    )
    edits = Edits(locate(workspace.root))
    terms.deprecate(edits.workspace, edits, "factor-trust", instead="factor-shared-values")
    after = edits.text(path)
    assert after == text.format(
        one="concept:factor-shared-values", two="concept:factor-headspace", three="", iri=iri
    ).replace(",  ;", " ;")


def test_moving_changes_the_place_alone(workspace: Workspace) -> None:
    edits = Edits(workspace)
    assert terms.move(workspace, edits, "factor-teamwork", "relationships and trust") == (
        "culture and values",
        "relationships and trust",
    )
    (edit,) = edits.changed
    assert edit.lines == (1, 1)
    terms.move(workspace, edits, "factor-teamwork", "")
    edits.write()
    graph = vocab(workspace, "factor")
    teamwork = CONCEPT["factor-teamwork"]
    assert not list(graph.objects(teamwork, SKOS.broader))
    assert list(graph.objects(teamwork, SKOS.topConceptOf)) == [CONCEPT["scheme-factor"]]


def test_what_would_make_a_circle_or_mix_kinds_is_refused(workspace: Workspace) -> None:
    edits = Edits(workspace)
    for attempt in (
        lambda: terms.move(workspace, edits, "factor-culture", "factor-teamwork"),
        lambda: terms.merge(workspace, edits, "factor-culture", "factor-teamwork"),
        lambda: terms.deprecate(workspace, edits, "factor-trust", instead="nature-voluntary"),
        lambda: terms.deprecate(workspace, edits, "factor-trust", instead="ptn:Finding"),
        lambda: terms.deprecate(workspace, edits, "factor-trust"),
        lambda: terms.rename(workspace, edits, "factor-trust", "teamwork"),
        lambda: terms.merge(workspace, edits, "ptn:Finding", "ptn:CodedStatement"),
    ):
        with pytest.raises(WrongUse):
            attempt()
    assert edits.changed == ()


def test_an_inherited_file_is_copied_into_the_workspace_and_only_there_changed(
    tmp_path: Path,
) -> None:
    workspace = start(tmp_path / "own", cases=True)
    shipped = {f.relative: f.path.read_bytes() for f in workspace.graph_files}
    edits = Edits(workspace)
    terms.merge(workspace, edits, str(OLD), str(NEW))
    edits.write()
    after = locate(workspace.root)
    own = {f.relative for f in after.graph_files if f.path.is_relative_to(workspace.root)}
    assert own == {edit.relative for edit in edits.changed}
    assert all(edit.taken_over for edit in edits.changed)
    assert {f.relative: f.path.read_bytes() for f in workspace.graph_files} == shipped
    assert URIRef(OLD) == OLD
