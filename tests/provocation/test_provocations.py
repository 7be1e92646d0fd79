"""Every constraint, lint and hygiene rule is provoked by a small file, right but for one fault."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.provocation.gates import HERE, Expected, Gates, context, graph_file, provocations

from partnering import names, workspace
from partnering.checking import hygiene, lint, validate
from partnering.slices import Slice

GATES = ("syntax", "lint", "validate", "hygiene")
CASES = [(gate, path) for gate in GATES for path in provocations(gate)]


@pytest.fixture(scope="module")
def gates(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gates]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARTNERING_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield Gates(workspace.locate(repository))


@pytest.mark.parametrize(("gate", "path"), CASES, ids=[f"{g}/{p.name}" for g, p in CASES])
def test_a_fault_raises_exactly_what_its_file_says(gate: str, path: Path, gates: Gates) -> None:
    expected = Expected.of(path)
    said = [p for p in gates.run(gate, path) if p.severity != "info" or p.rule == expected.rule]
    assert {problem.rule for problem in said} == {expected.rule}, "\n".join(map(str, said))
    assert any(expected.words in problem.message for problem in said), "\n".join(map(str, said))
    assert all(problem.mend for problem in said), "a message says how to mend it"


def provoked(gate: str) -> set[str]:
    return {Expected.of(path).rule for path in provocations(gate)}


def test_every_shape_is_provoked(gates: Gates) -> None:
    shapes = validate.load(gates.workspace)
    constraints = {str(shape).rpartition("#")[2] for shape in shapes.constraints}
    rules = {rule.name for rule in shapes.rules}
    assert len(constraints) > 150
    assert len(rules) > 10
    assert provoked("validate") == constraints | rules | {"saw-nothing"}


def test_every_part_of_a_shape_is_provoked(gates: Gates) -> None:
    """What must be there, once, and of one scheme can be broken in three ways: three files."""
    broken = {
        (Expected.of(path).rule, component)
        for path in provocations("validate")
        for component in gates.components(path)
    }
    missing = gates.components_of_shapes() - broken
    assert not missing, sorted(missing)


def test_every_lint_rule_is_provoked() -> None:
    assert provoked("lint") == lint.RULES | {"saw-nothing"}


def test_every_hygiene_rule_is_provoked(gates: Gates) -> None:
    rules = {rule.name for rule in hygiene.rules(gates.workspace)}
    assert len(rules) > 40
    assert provoked("hygiene") == rules


@pytest.mark.parametrize("name", ["mill-report.ttl", "mills.ttl"])
def test_what_is_right_raises_nothing(name: str, gates: Gates) -> None:
    around = context(gates.workspace)
    file = next(one for one in around if one.path.name == name)
    part = Slice(name, file.kind, (file,), beside=tuple(f for f in around if f != file))
    known = names.of_workspace(gates.workspace)
    linted = lint.check(gates.workspace, part, known)
    validated = validate.check(gates.workspace, part, validate.load(gates.workspace))
    assert linted.problems == validated.problems == ()
    assert linted.counts["triples"] > 20
    assert validated.counts["focus nodes"] > 4


def test_a_clean_module_raises_nothing(gates: Gates) -> None:
    path = HERE / "hygiene" / "context" / "mill-ontology.ttl"
    found = hygiene.check_files(
        gates.workspace,
        (graph_file(path, "ontology/mills.ttl", "ontology"),),
        hygiene.rules(gates.workspace),
    )
    assert found.problems == ()
    assert found.counts["triples"] > 50
