"""What the rules materialise of each shipped case is what HermiT infers, triple by triple.

Compared are the classes of the case's things and the object properties between them, in our
own namespaces. Where the two differ, the difference is listed here with its reason.
"""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF

from partnering import reading, slices
from partnering.namespaces import BASE, DATA, PTN
from partnering.pipeline.infer import Inference
from partnering.reasoning import reason
from partnering.slices import Slice
from partnering.workspace import Workspace, locate

pytestmark = pytest.mark.slow

CASES = (
    "case-a",
    "case-b",
    *(pytest.param(name, marks=pytest.mark.soak) for name in ("case-c", "case-d", "case-e")),
)
RULES_ALONE = {
    "enabledByFactor": "a short-cut over a finding's class, polarity and factor: no OWL axiom",
    "impededByFactor": "a short-cut over a finding's class, polarity and factor: no OWL axiom",
    "hasVoice": "a value that depends on the class of the claimant: no OWL axiom",
}
"""Properties that only the rules give, and why."""
HERMIT_ALONE: dict[str, str] = {}
"""Properties that only HermiT gives, and why. Rules do not type by domain or range; every
thing of a shipped case says its class itself, so nothing is missed by that."""


@pytest.fixture(scope="module")
def workspace(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = tmp_path_factory.mktemp("workspace")
    (root / "partnering.yaml").write_text("base: shipped\n", "utf-8")
    return locate(root)


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def parts(workspace: Workspace, case: str) -> tuple[Slice, Slice]:
    """The schema and the case."""
    every = slices.of_workspace(workspace)
    return every[0], next(part for part in every if part.files[0].path.stem == case)


Triple = tuple[str, str, str]


@pytest.fixture(scope="module")
def asserted(workspace: Workspace, parts: tuple[Slice, Slice]) -> set[Triple]:
    file = parts[1].files[0]
    return triples(reading.quads(workspace, file), file.path.stem)


@pytest.fixture(scope="module")
def ruled(workspace: Workspace, parts: tuple[Slice, Slice], asserted: set[Triple]) -> set[Triple]:
    path = Inference(workspace).infer(parts[1])
    return triples(path, parts[1].files[0].path.stem) - asserted


@pytest.fixture(scope="module")
def reasoned(workspace: Workspace, case: str, asserted: set[Triple]) -> set[Triple]:
    (path,) = workspace.files(f"data/cases/{case}.ttl")
    found = reason.check(workspace, beside=[path])
    assert found.consistent
    typed = {(thing, str(RDF.type), kind) for thing, kind in found.types}
    return {triple for triple in {*typed, *found.relations} if ours(triple, case)} - asserted


def triples(path: Path, case: str) -> set[Triple]:
    """Triples between names in the project's namespaces, of an N-Quads file."""
    found = {
        (q.subject.value, q.predicate.value, q.object.value)
        for q in ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS)
        if isinstance(q.subject, ox.NamedNode) and isinstance(q.object, ox.NamedNode)
    }
    return {triple for triple in found if ours(triple, case)}


def ours(triple: Triple, case: str) -> bool:
    subject, predicate, value = triple
    said = predicate.startswith(str(PTN)) or predicate == str(RDF.type)
    return subject.startswith(f"{DATA}{case}/") and said and value.startswith(BASE)


def about(found: set[Triple]) -> set[str]:
    return {predicate.rpartition("#")[2] for _, predicate, _ in found}


def test_rules_and_reasoner_agree(ruled: set[Triple], reasoned: set[Triple]) -> None:
    assert len(ruled & reasoned) > 500
    assert about(ruled - reasoned) == set(RULES_ALONE)
    assert about(reasoned - ruled) == set(HERMIT_ALONE)


def test_what_only_the_rules_say_is_of_listed_properties_alone(
    ruled: set[Triple], reasoned: set[Triple]
) -> None:
    """None of the properties that only rules give is given by HermiT for some things."""
    assert about(reasoned).isdisjoint(RULES_ALONE)
    assert all(len(reason) > 20 for reason in {**RULES_ALONE, **HERMIT_ALONE}.values())
