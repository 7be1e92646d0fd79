"""The lint on shipped files, and where it says a fault stands. The rules: tests/provocation."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from partnering import names, slices, workspace
from partnering.checking import lint
from partnering.workspace import Workspace
from partnering.written import Written


@pytest.fixture(scope="module")
def shipped(repository: Path) -> Workspace:
    return workspace.locate(repository)


def test_the_shipped_schema_uses_only_names_it_declares(shipped: Workspace) -> None:
    schema = slices.of_workspace(shipped)[0]
    found = lint.check(shipped, schema, names.of_workspace(shipped))
    assert found.violations == ()
    assert found.counts["files"] > 30
    assert found.counts["triples"] > 5000


def test_the_shipped_shapes_and_queries_use_only_declared_names(shipped: Workspace) -> None:
    found = lint.check_others(shipped, names.of_workspace(shipped))
    assert [str(problem) for problem in found.violations] == []
    assert found.counts["shapes files"] >= 8
    assert found.counts["query files"] > 60


def test_the_nearest_names_are_offered(shipped: Workspace) -> None:
    known = names.of_workspace(shipped)
    near = known.nearest("https://w3id.org/partnering/ontology#hasPolarty")
    assert near[0] == "ptn:hasPolarity"


def test_labels_stand_for_names(shipped: Workspace) -> None:
    known = names.of_workspace(shipped)
    assert known.say("https://w3id.org/partnering/vocab/polarity-enabling") == "'enabling'"
    assert known.say("https://w3id.org/partnering/data/case-x/merger") == "case-x/merger"


def test_classes_above_are_known(shipped: Workspace) -> None:
    ptn = "https://w3id.org/partnering/ontology#"
    above = names.of_workspace(shipped).classes_of([f"{ptn}PrivateProvider"])
    assert {f"{ptn}ProviderOrganisation", f"{ptn}Organisation", f"{ptn}Actor"} <= above


TEXT = """@prefix this: <https://mills.example/> .

# this:mill is spoken of here
this:wheel this:of this:mill .
this:mill-race this:of this:mill .

this:mill
    this:has this:wheel .
<https://mills.example/dam> this:has this:mill .
"""


@pytest.mark.parametrize(
    ("subject", "term", "line"),
    [
        ("mill", None, 7),
        ("mill", "has", 8),
        ("wheel", None, 4),
        ("mill-race", None, 5),
        ("dam", None, 9),
    ],
)
def test_the_line_is_that_of_the_description(
    tmp_path: Path, subject: str, term: str | None, line: int
) -> None:
    path = tmp_path / "mills.ttl"
    path.write_text(TEXT, "utf-8")
    base = "https://mills.example/"
    where = Written(path, "mills.ttl").where(base + subject, term and base + term)
    assert where == f"mills.ttl:{line}"


def test_what_is_nowhere_has_no_line(tmp_path: Path) -> None:
    path = tmp_path / "mills.ttl"
    path.write_text(TEXT, "utf-8")
    assert Written(path, "mills.ttl").where("https://mills.example/barn") == "mills.ttl"


def test_only_files_of_the_namespace_referred_to_are_read(
    shipped: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A workspace with many cases costs no more: one case does not make others be read."""
    for name in ("one", "two"):
        (tmp_path / "data" / "cases").mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / "cases" / f"{name}.ttl").write_text(
            f"@prefix this: <https://w3id.org/partnering/data/{name}/> .\n"
            "@prefix ptn: <https://w3id.org/partnering/ontology#> .\n"
            "this:miller a ptn:IndividualActor .\n",
            "utf-8",
        )
    (tmp_path / "partnering.yaml").write_text("base: shipped\ncases: false\n", "utf-8")
    mine = workspace.locate(tmp_path)
    parts = slices.of_workspace(mine)
    known = names.of_workspace(mine)
    part = next(one for one in parts if one.name == "case/one")
    (tmp_path / "data" / "cases" / "two.ttl").write_text("this is no Turtle", "utf-8")
    assert lint.check(mine, part, known).problems == ()


def test_an_outcome_can_cross_processes(shipped: Workspace) -> None:
    part = next(one for one in slices.of_workspace(shipped) if one.kind == "actors")
    found = lint.check(shipped, part, names.of_workspace(shipped))
    assert pickle.loads(pickle.dumps(found)) == found
