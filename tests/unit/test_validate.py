"""Validation of shipped slices, what messages say, and what every shape must carry."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest
from rdflib import URIRef
from rdflib.namespace import RDF, RDFS, SH

from partnering import slices, workspace
from partnering.checking import constraints, shapes, validate
from partnering.checking.problems import Problem, checked, combine
from partnering.checking.shapes import Shapes
from partnering.workspace import Workspace


@pytest.fixture(scope="module")
def shipped(repository: Path) -> Workspace:
    return workspace.locate(repository)


@pytest.fixture(scope="module")
def known(shipped: Workspace) -> Shapes:
    return shapes.load(shipped)


def test_the_shipped_schema_conforms(shipped: Workspace, known: Shapes) -> None:
    found = validate.check(shipped, slices.of_workspace(shipped)[0], known)
    assert [str(problem) for problem in found.problems] == []
    assert found.counts["focus nodes"] > 400
    assert found.counts["checks"] > 4000


@pytest.mark.parametrize("predicate", [SH.name, SH.description, SH.order, SH.group, SH.severity])
def test_every_constraint_can_be_shown_in_a_form(known: Shapes, predicate: URIRef) -> None:
    assert len(known.constraints) > 150
    assert [c for c in known.constraints if known.graph.value(c, predicate) is None] == []


def test_every_message_says_what_why_and_how_to_mend(known: Shapes) -> None:
    said = [shapes.spoken(str(known.graph.value(c, SH.message))) for c in known.constraints]
    assert len(said) > 150
    assert [one for one in said if not (one.what and one.why and one.mend)] == []


def test_every_group_is_declared_and_labelled(known: Shapes) -> None:
    groups = set(known.graph.objects(None, SH.group))
    assert len(groups) > 4
    for group in groups:
        assert (group, RDF.type, SH.PropertyGroup) in known.graph
        assert known.graph.value(group, RDFS.label) is not None


def test_every_shape_named_is_described(known: Shapes) -> None:
    named = {o for p in (SH.property, SH.node) for o in known.graph.objects(None, p)}
    assert len(named) > 150
    assert [shape for shape in named if (shape, None, None) not in known.graph] == []


def test_no_shape_is_left_without_a_target(known: Shapes) -> None:
    reached = {c for shape in known.targeted for c in known.constraints_of(shape)}
    assert set(known.constraints) == reached


PROBLEM = Problem("validate", "violation", "It is wrong.", "a.ttl:12", "", "Why.", "Mend.", "rule")


def test_a_check_that_saw_nothing_is_a_violation() -> None:
    found = checked("validate", [], {"focus nodes": 0}, where="a.ttl", must_see="focus nodes")
    assert [problem.message for problem in found.violations] == ["No focus nodes seen by validate."]


def test_problems_stand_in_order_of_gravity_and_line() -> None:
    def at(line: int, severity: str) -> Problem:
        return Problem("g", severity, "m", f"a.ttl:{line}", "", "", "", "r")  # type: ignore[arg-type]

    wrong = [at(9, "violation"), at(10, "violation"), at(1, "warning")]
    assert sorted(reversed(wrong)) == wrong


def test_counts_of_several_checks_add_up() -> None:
    one = checked("g", [PROBLEM], {"files": 1}, where="", must_see="files")
    both = combine([one, one])
    assert both.counts == {"files": 2}
    assert both.problems == (PROBLEM,)
    assert pickle.loads(pickle.dumps(both)) == both


def test_a_problem_in_words() -> None:
    assert str(PROBLEM) == (
        "a.ttl:12: violation: It is wrong. [rule]\n    why: Why.\n    to mend: Mend."
    )


def test_the_reference_page_is_current(repository: Path, shipped: Workspace) -> None:
    page = (repository / "docs" / "reference" / "constraints.md").read_text("utf-8")
    wanted = constraints.table(shipped)
    assert page == wanted, (
        "run: python -m partnering.checking.constraints > docs/reference/constraints.md"
    )
    assert len(re.findall(r"^\| `", page, re.M)) > 200


def test_the_reference_page_links_to_files_that_are_there(repository: Path) -> None:
    folder = repository / "docs" / "reference"
    page = (folder / "constraints.md").read_text("utf-8")
    links = re.findall(r"\]\(([^)]+)\)", page)
    assert len(links) > 400
    assert [link for link in links if not (folder / link).exists()] == []
