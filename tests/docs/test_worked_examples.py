"""The rule and the challenge that the docs write out, in a workspace on top of the shipped one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pytest
from tests.unit.test_scratch import built

from partnering import slices
from partnering.checking import checks
from partnering.knowledge import KnowledgeGraph
from partnering.workspace import Workspace

PAGE = Path(__file__).resolve().parents[2] / "docs" / "questions.md"
BLOCK = re.compile(r"^```(?:turtle|sparql)\n# ((?:data|queries)/\S+)\n(.*?)^```", re.S | re.M)
ACQUISITION = "https://w3id.org/partnering/data/case-c/acquisition"


class Two(NamedTuple):
    """The shipped workspace as it is, and with the files of the docs."""

    before: KnowledgeGraph
    after: KnowledgeGraph
    workspace: Workspace
    files: dict[str, str]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Two:
    files = dict(BLOCK.findall(PAGE.read_text("utf-8")))
    root = tmp_path_factory.mktemp("worked")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PARTNERING_CACHE", raising=False)
        (root / "partnering.yaml").write_text("base: shipped\ncases: true\n", "utf-8")
        workspace, index = built(root)
        before = KnowledgeGraph(index.load(), workspace, index)
        for relative, text in files.items():
            (root / relative).parent.mkdir(parents=True, exist_ok=True)
            (root / relative).write_text(text, "utf-8")
        workspace, index = built(root)
        return Two(before, KnowledgeGraph(index.load(), workspace, index), workspace, files)


def test_the_docs_write_out_a_rule_and_a_challenge(two: Two) -> None:
    assert [path.split("/")[1] for path in two.files] == ["success-rules", "rules", "synthesis"]


def test_they_pass_every_check_of_their_slice(two: Two) -> None:
    named = {part.files[0].relative: part for part in slices.of_workspace(two.workspace)}
    for path in two.files:
        if path.endswith(".ttl"):
            found = checks.look(two.workspace, named[path])
            assert [p for p in found.problems if p.severity == "violation"] == []


def test_every_arrangement_is_judged_by_the_new_rule(two: Two) -> None:
    rows = two.after.ask_question("verdicts-with-reasons", rule="patients-first").rows
    arrangements = two.after.select(
        "SELECT ?a { ?a a <https://w3id.org/partnering/ontology#Partnership> }"
    )
    assert {row["arrangement"] for row in rows} == {str(a) for (a,) in arrangements}
    verdicts = {row["verdictLabel"] for row in rows}
    assert {"met", "insufficient evidence"} <= verdicts
    assert {row["side"] for row in rows} >= {"for"}


def test_a_question_takes_the_new_rule_and_names_it(two: Two) -> None:
    answer = two.after.ask_question("enablers-in-successful-partnerships", rule="patients first")
    assert answer.rows
    assert "rule “patients first” (version 0.1.0)" in answer.reading
    assert "rule patients first version 0.1.0" in answer.citation


def test_the_challenge_is_shown_and_the_verdict_contested(two: Two) -> None:
    for kg, contested in ((two.before, False), (two.after, True)):
        answer = kg.ask_question("verdict-by-case-and-rule")
        row = next(n for n, row in enumerate(answer.rows)
                   if (row["arrangement"], row["ruleLabel"]) == (ACQUISITION, "strict"))  # fmt: skip
        (verdict,) = answer.why(row).verdicts
        assert verdict.contested == contested
        assert [one.status for one in verdict.challenges] == ["open"] * contested
    assert "Whether the gains last" in verdict.challenges[0].summary


def test_what_the_other_rules_say_is_what_it_was(two: Two) -> None:
    old, new = ({line for line in _lines(kg) if "patients-first" not in line}
                for kg in (two.before, two.after))  # fmt: skip
    assert old == new
    assert len(old) > 100


def _lines(kg: KnowledgeGraph) -> set[str]:
    """All that rules of success yield, as N-Quads."""
    paths = [path for part, path in zip(kg.index.parts, kg.index.paths, strict=True)
             if "/assessment/" in part.graph]  # fmt: skip
    return {str(quad) for path in paths for quad in ox.parse(path=str(path))}
