"""Synthetic workspaces: the same for the same seed, marked as such, and apart from the shipped."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from bench import workspaces

PTN = "PREFIX ptn: <https://w3id.org/partnering/ontology#> "
KINDS = ("FactorFinding", "ContextFinding", "OutcomeFinding", "MechanismFinding", "CostFinding",
         "OptionAppraisal", "EvidenceGap", "QuotedStatement", "StatedAssessment", "Challenge",
         "TypologyAttribution", "EvidenceAnchor")  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synthetic")
    workspaces.make(folder, 20)
    return folder


def cases(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "data/cases").glob("*.ttl"))}


def test_a_larger_workspace_begins_with_the_cases_of_a_smaller_one(
    made: Path, tmp_path: Path
) -> None:
    workspaces.make(tmp_path, 10)
    smaller, larger = cases(tmp_path), cases(made)
    assert (len(smaller), len(larger)) == (10, 20)
    assert all(larger[name] == text for name, text in smaller.items())


def test_another_seed_tells_another_story(made: Path, tmp_path: Path) -> None:
    workspaces.make(tmp_path, 10, seed=1)
    assert cases(tmp_path)["synthetic-00001.ttl"] != cases(made)["synthetic-00001.ttl"]


def test_every_kind_of_finding_nesting_and_disagreement_is_there(made: Path) -> None:
    store = ox.Store()
    for path in (made / "data/cases").glob("*.ttl"):
        store.load(path=str(path), format=ox.RdfFormat.TURTLE)
    for kind in KINDS:
        assert store.query(f"{PTN} ASK {{ ?x a ptn:{kind} }}"), kind
    assert store.query(f"{PTN} ASK {{ ?x ptn:partOfPartnership ?y }}")
    assert store.query(
        f"{PTN} ASK {{ ?a ptn:attributionOf ?p ; ptn:attributesConcept ?one ."
        " ?b ptn:attributionOf ?p ; ptn:attributesConcept ?other . FILTER (?one != ?other) }"
    )


def test_each_file_says_that_it_is_synthetic(made: Path) -> None:
    files = [*(made / "data/cases").glob("*"), *(made / "data/sources").rglob("*.ttl"),
             *(made / "data/synthesis").rglob("*.ttl")]  # fmt: skip
    assert len(files) == 24
    assert all("# Synthetic: made by bench/" in path.read_text("utf-8") for path in files)


def test_a_workspace_that_is_there_is_not_written_again(made: Path) -> None:
    path = made / "data/cases/synthetic-00001.ttl"
    before = path.stat().st_mtime_ns
    workspaces.make(made, 20)
    assert path.stat().st_mtime_ns == before
