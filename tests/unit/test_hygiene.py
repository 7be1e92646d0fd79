"""Hygiene of the shipped schema, and what a rule file must be. The rules: tests/provocation."""

from __future__ import annotations

from pathlib import Path

import pytest

from partnering import workspace
from partnering.checking import hygiene, pitfalls
from partnering.errors import ReadError
from partnering.workspace import Workspace

HEADER = "#+ banner: A thing is wrong\n#+ severity: violation\n#+ why: Because.\n#+ mend: do it\n"


@pytest.fixture(scope="module")
def shipped(repository: Path) -> Workspace:
    return workspace.locate(repository)


def test_the_shipped_schema_is_clean(shipped: Workspace) -> None:
    found = hygiene.check(shipped)
    assert [str(problem) for problem in found.problems if problem.severity != "info"] == []
    assert found.counts["rules"] > 40
    assert found.counts["triples"] > 5000


def test_every_pitfall_of_the_catalogue_has_a_rule_or_a_reason(shipped: Workspace) -> None:
    found = pitfalls.looked_for(hygiene.rules(shipped))
    assert len(pitfalls.PITFALLS) == 41
    assert set(found) | set(pitfalls.LEFT) == set(pitfalls.PITFALLS)
    assert set(found).isdisjoint(pitfalls.LEFT)


def test_a_check_without_rules_is_a_violation(shipped: Workspace) -> None:
    assert [p.rule for p in hygiene.check(shipped, []).violations] == ["saw-nothing"]


def rule(folder: Path, text: str) -> hygiene.Rule:
    path = folder / "a-rule.rq"
    path.write_text(text, "utf-8")
    return hygiene.load([path])[0]


def test_a_rule_says_what_is_wrong(tmp_path: Path) -> None:
    found = rule(tmp_path, HEADER + "SELECT ?entity ?property ?value WHERE {}")
    assert (found.name, found.severity, found.over) == ("a-rule", "violation", "schema")


@pytest.mark.parametrize(
    "header",
    [
        HEADER.replace("#+ banner: A thing is wrong\n", ""),
        HEADER.replace("violation", "grave"),
        HEADER.replace("Because.", "one: two: three"),
    ],
)
def test_a_header_that_does_not_read_is_refused(tmp_path: Path, header: str) -> None:
    with pytest.raises(ReadError, match="header") as raised:
        rule(tmp_path, header + "SELECT ?entity ?property ?value WHERE {}")
    assert raised.value.mend


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?entity ?value WHERE {}",
        "ASK {}",
        "SELECT ?entity ?property ?value WHERE {",
    ],
)
def test_a_rule_that_does_not_run_is_an_error(
    shipped: Workspace, tmp_path: Path, query: str
) -> None:
    with pytest.raises(ReadError, match="rule"):
        hygiene.check(shipped, [rule(tmp_path, HEADER + query)])
