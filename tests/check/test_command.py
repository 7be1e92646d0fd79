"""``partnering check`` as it is typed: one summary, messages for people, JSON for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.check.broken import CHANGES
from tests.check.laundry import CASE_FILE

from partnering import gates
from partnering.cli import main

pytestmark = pytest.mark.slow


def run(root: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["check", "--workspace", str(root), "--changed", *options])


def test_the_command_ends_with_one_summary(root: Path) -> None:
    ran = run(root)
    assert ran.exit_code == 0, ran.output
    assert "4 anchors" in ran.stdout
    assert "4 accounted for" in ran.stdout
    assert "Not looked at: reasoner, There is no Java" in ran.stdout
    assert ran.stdout.rstrip().splitlines()[-1].startswith("Everything holds: 0 violations")


def test_strictness_fails_a_gate_that_could_not_look(root: Path) -> None:
    assert run(root, "--strict").exit_code == 3


def test_the_command_says_what_where_why_and_how_to_mend(root: Path) -> None:
    CHANGES["polarity-missing"][0](root)
    ran = run(root)
    assert ran.exit_code == 1
    line = (root / CASE_FILE).read_text("utf-8").splitlines().index(
        "this:enabler-trust a ptn:FactorFinding ;") + 1  # fmt: skip
    assert f"{CASE_FILE}:{line}: violation: " in ran.stdout
    assert "    why: " in ran.stdout
    assert "    to mend: " in ran.stdout
    assert "Something does not hold" in ran.stdout


def test_json_holds_gates_counts_and_problems(root: Path) -> None:
    CHANGES["misspelt-concept"][0](root)
    ran = run(root, "--format", "json")
    assert ran.exit_code == 1
    said = json.loads(ran.stdout)
    assert said["holds"] is False
    assert [one["gate"] for one in said["gates"]] == [gate.name for gate in gates.GATES]
    assert {"what": all(p["message"] and p["mend"] for p in said["problems"])} == {"what": True}
    assert any(p["rule"] == "unknown-term" for p in said["problems"])
