"""Every paragraph of a source is accounted for, or listed as left."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rdflib import Graph

from partnering.cli.source import coverage
from partnering.errors import Missing, WrongUse
from partnering.namespaces import CONCEPT, PTN
from partnering.sources import (
    Coverage,
    CoverageReport,
    Outline,
    Rendition,
    Source,
    coverage_of,
    data_graphs,
    describe,
    resolve_text,
)
from partnering.sources.rendition import paragraphs
from partnering.workspace import Workspace, locate

TEXT = "Two Mills\nCase 1\nTrust grew.\nOutcome\nThe wheel turned.\nCase 2\nNothing came of it.\n"
OUTLINE = """
document: {slug: two-mills, prefix: tm, title: Two Mills}
sections:
  - {id: front, title: Front, starts: 1}
  - {id: case-1, title: Case 1, heading: Case 1}
  - {id: case-1/outcome, title: Outcome, level: 2, heading: Outcome}
  - {id: case-2, title: Case 2, heading: Case 2}
"""
BASE = "https://w3id.org/partnering/data/two-mills/"
HEAD = f"@prefix ptn: <{PTN}> .\n@prefix concept: <{CONCEPT}> .\n@prefix tm: <{BASE}> .\n"
CASE = 'tm:a ptn:hasAnchor "Trust", "grew" . tm:b ptn:hasAnchor "p4: Outcome" .\n'
BY_HAND = """
tm:p1 ptn:coverageStatus concept:coverage-apparatus .
tm:p2 ptn:coverageStatus concept:coverage-apparatus .
tm:p4 ptn:coverageStatus concept:coverage-apparatus .
tm:p7 ptn:coverageStatus concept:coverage-nothing-to-code ; ptn:coverageReason "says no more" .
"""


def files(by_hand: str = BY_HAND) -> dict[str, str]:
    rendition = Rendition.from_text(TEXT)
    case = resolve_text(HEAD + CASE, paragraphs(rendition), BASE, where="case.ttl").text
    return {
        "data/cases/case.ttl": case,
        "data/cases/second-reading.ttl": case,
        "data/sources/two-mills/coverage.ttl": HEAD + by_hand,
        "data/sources/two-mills/source.ttl": describe(rendition, Outline.from_text(OUTLINE)),
    }


def measured(by_hand: str = BY_HAND) -> CoverageReport:
    graphs = {
        name: Graph().parse(data=text, format="turtle") for name, text in files(by_hand).items()
    }
    return coverage_of(graphs, BASE)


def test_each_paragraph_has_one_status_and_an_anchor_outweighs_apparatus() -> None:
    assert [(one.number, one.status, one.anchors) for one in measured().paragraphs] == [
        (1, Coverage.APPARATUS, 0),
        (2, Coverage.APPARATUS, 0),
        (3, Coverage.CODED, 2),
        (4, Coverage.CODED, 1),
        (5, Coverage.LEFT, 0),
        (6, Coverage.LEFT, 0),
        (7, Coverage.NOTHING, 0),
    ]


def test_a_case_counts_its_subsections_and_a_section_only_itself() -> None:
    report = measured()
    counted = [(t.name, t.coded, t.nothing, t.apparatus, t.left) for t in report.by_part()]
    assert counted == [("front", 0, 0, 1, 0), ("case-1", 2, 0, 1, 1), ("case-2", 0, 1, 0, 1)]
    assert [(t.name, t.total) for t in report.by_section()] == [
        ("front", 1), ("case-1", 2), ("case-1/outcome", 2), ("case-2", 2),
    ]  # fmt: skip
    assert report.total.total == 7
    assert report.total.accounted == pytest.approx(5 / 7)


def test_what_is_left_is_listed_with_its_place() -> None:
    assert [(one.number, one.section, one.label) for one in measured().left] == [
        (5, "case-1/outcome", "Case 1, outcome, paragraph 2"),
        (6, "case-2", "Case 2, heading"),
    ]


def test_consistent_statuses_are_no_contradiction() -> None:
    assert measured().contradictions == ()


@pytest.mark.parametrize(
    ("by_hand", "contradiction"),
    [
        (
            'tm:p3 ptn:coverageStatus concept:coverage-nothing-to-code ; ptn:coverageReason "x" .',
            "p3: said to hold nothing to code, but 2 anchors stand in it",
        ),
        (
            "tm:p5 ptn:coverageStatus concept:coverage-nothing-to-code .",
            "p5: said to hold nothing to code, without a reason",
        ),
        (
            "tm:p8 ptn:coverageStatus concept:coverage-apparatus .",
            "p8: has a coverage status, but is no paragraph of the source",
        ),
        (
            "tm:p5 ptn:coverageStatus concept:coverage-apparatus, concept:coverage-nothing-to-code"
            ' ; ptn:coverageReason "x" .',
            "p5: has 2 coverage statuses",
        ),
        (
            "tm:p5 ptn:coverageStatus concept:coverage-apparatus ; ptn:coverageReason 'x' .",
            "p5: has a reason, but is not said to hold nothing to code",
        ),
        (
            "tm:p5 ptn:coverageStatus concept:coverage-nothing .",
            f"p5: <{CONCEPT}coverage-nothing> is no coverage status",
        ),
    ],
)
def test_a_contradiction_is_named(by_hand: str, contradiction: str) -> None:
    assert measured(by_hand).contradictions == (contradiction,)


def test_a_source_that_is_not_described_is_missing() -> None:
    with pytest.raises(Missing, match="no paragraphs are described"):
        coverage_of({"empty": Graph()}, BASE)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    for name, text in files().items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "data/sources/two-mills/outline.yaml").write_text(OUTLINE, encoding="utf-8")
    (tmp_path / "partnering.yaml").write_text("base: shipped\ncases: false\n")
    return tmp_path


def run(workspace: Path, *arguments: str) -> Result:
    return CliRunner().invoke(coverage, ["--workspace", str(workspace), *arguments])


def test_the_command_counts_by_part_in_three_formats(workspace: Path) -> None:
    table = run(workspace)
    assert table.exit_code == 0
    assert table.stdout.splitlines()[2].split() == [
        "case-1", "2", "0", "1", "1", "4", "75",
    ]  # fmt: skip
    rows = list(csv.DictReader(run(workspace, "--format", "csv").stdout.splitlines()))
    records = json.loads(run(workspace, "--format", "json").stdout)
    assert [row["coded"] for row in rows] == [str(record["coded"]) for record in records]
    assert (rows[-1]["accounted for %"], records[-1]["accounted for %"]) == ("71", 71)
    assert len(run(workspace, "--by", "section").stdout.splitlines()) == 1 + 4 + 1


def test_paragraphs_left_are_a_finding_when_asked_for(workspace: Path) -> None:
    done = run(workspace, "--left", "--format", "json")
    assert done.exit_code == 1
    assert [record["paragraph"] for record in json.loads(done.stdout)] == ["p5", "p6"]


def test_a_contradiction_is_a_finding(workspace: Path) -> None:
    with (workspace / "data/sources/two-mills/coverage.ttl").open("a") as file:
        file.write("tm:p9 ptn:coverageStatus concept:coverage-apparatus .\n")
    done = run(workspace)
    assert done.exit_code == 1
    assert "p9: has a coverage status, but is no paragraph" in done.stderr


def test_a_file_that_is_not_turtle_is_named_with_its_line(workspace: Path) -> None:
    (workspace / "data/cases/broken.ttl").write_text("tm:a a tm:B .\n")
    done = run(workspace)
    assert "data/cases/broken.ttl:1: This is not Turtle" in str(done.exception)


def test_the_shipped_apparatus_is_without_contradiction(repository: Path) -> None:
    base = "https://w3id.org/partnering/data/partnering-for-improvement/"
    report = coverage_of(data_graphs(Workspace(repository)), base)
    assert report.total.total == 354
    assert report.total.apparatus + report.total.coded > 100
    assert report.contradictions == ()
    speakers = [one for one in report.paragraphs if one.kind == "speaker label"]
    assert len(speakers) == 21
    assert {one.status for one in speakers} <= {Coverage.APPARATUS, Coverage.CODED}


def test_an_inherited_source_is_counted_and_attached_to_one_s_own_workspace(
    tmp_path: Path,
) -> None:
    (tmp_path / "partnering.yaml").write_text("base: shipped\n")
    of = Source.of(locate(tmp_path))
    assert of.slug == "partnering-for-improvement"
    assert of.attached.is_relative_to(tmp_path)
    assert len(of.coded_digest()) == 64
    assert run(tmp_path).stdout.splitlines()[-1].split()[5] == "354"


def test_without_inherited_cases_there_is_no_inherited_source(tmp_path: Path) -> None:
    (tmp_path / "partnering.yaml").write_text("base: shipped\ncases: false\n")
    with pytest.raises(WrongUse, match="0 sources"):
        Source.of(locate(tmp_path))
