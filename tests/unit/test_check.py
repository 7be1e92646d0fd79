"""Every gate at once: what each says of one change, and that looking only at changes says the same.

The workspace is a small one over the shipped ontology: an invented case, an invented report
with its text attached, and a cross-case finding that refers to the case. HermiT has tests of
its own and is left out of most of these.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from partnering import gates, slices
from partnering.checking.checks import Gates
from partnering.cli import main
from partnering.errors import Missing
from partnering.gates import Report, logic
from partnering.sources import Outline, Rendition, describe, paragraphs, resolve_text
from partnering.workspace import Workspace, locate

pytestmark = pytest.mark.slow

DATA = "https://w3id.org/partnering/data/"
TEXT = "Two Laundries\nLeft and Right wash together.\nTrust made it work.\nSheets got softer.\n"
OUTLINE = """
document: {slug: laundry-report, prefix: lr, title: Two Laundries}
sections:
  - {id: all, title: All of it, heading: Two Laundries}
"""
HEAD = f"""@prefix this: <{DATA}THIS/> .
@prefix lr: <{DATA}laundry-report/> .
@prefix concept: <https://w3id.org/partnering/vocab/> .
@prefix ptn: <https://w3id.org/partnering/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
CASE = (
    HEAD.replace("THIS", "laundry")
    + """
this:case a ptn:CaseStudy ;
    rdfs:label "Case L: Left and Right"@en-GB ;
    ptn:caseCode "L" ;
    ptn:describedIn lr:report ;
    ptn:summary "Two invented hospitals share a laundry for the sake of this test." ;
    ptn:hasMainPartnership this:sharing ;
    ptn:hasPartnership this:sharing ;
    ptn:codedBy "test" ; ptn:codedOn "2026-01-01"^^xsd:date .

this:sharing a ptn:Partnership ;
    rdfs:label "Shared laundry of Left and Right"@en-GB ;
    ptn:summary "Left and Right, both invented, wash their sheets together." ;
    ptn:hasNature concept:nature-voluntary ;
    ptn:hasScale concept:scale-individual ;
    ptn:hasForm concept:form-alliance ;
    ptn:hasArrangementStatus concept:status-operating ;
    ptn:codingNote "Invented." ;
    ptn:hasAnchor "Left and Right wash together" .

this:left a ptn:ProviderOrganisation ; rdfs:label "Left"@en-GB ; ptn:isPseudonymous true .

this:enabler-trust a ptn:FactorFinding ;
    ptn:findingAbout this:sharing ;
    ptn:concernsFactor concept:factor-trust ;
    ptn:hasPolarity concept:polarity-enabling ;
    ptn:hasPresence concept:presence-present ;
    ptn:hasProminence concept:prominence-supporting ;
    ptn:claimedBy this:left ;
    ptn:summary "Left says that trusting Right with its sheets was what made it work." ;
    ptn:hasAnchor "Trust made it work" .

this:outcome-soft a ptn:OutcomeFinding ;
    ptn:findingAbout this:sharing ;
    ptn:hasDimension concept:dimension-patient-experience ;
    ptn:hasDirection concept:direction-improved ;
    ptn:hasRealisation concept:realisation-realised ;
    ptn:hasEvidenceStrength concept:evidence-anecdotal ;
    ptn:hasContribution concept:contribution-direct ;
    ptn:hasProminence concept:prominence-supporting ;
    ptn:claimedBy this:left ;
    ptn:summary "Left says that its patients found the sheets of the shared laundry softer." ;
    ptn:hasAnchor "Sheets got softer" .
"""
)
SYNTHESIS = (
    HEAD.replace("THIS", "laundry-report")
    + f"""@prefix laundry: <{DATA}laundry/> .

this:trust-matters a ptn:CrossCaseFinding ;
    ptn:claimedBy lr:authors ;
    ptn:concernsFactor concept:factor-trust ;
    ptn:drawsOnCase laundry:case ;
    ptn:coderLinksTo laundry:enabler-trust ;
    ptn:summary "The authors hold that laundries which trust each other last longer." ;
    ptn:hasAnchor "Trust made it work" .
"""
)
COVERAGE = (
    HEAD.replace("THIS", "laundry-report")
    + """
lr:p1 ptn:coverageStatus concept:coverage-apparatus .
"""
)
CASE_FILE = "data/cases/laundry.ttl"
COVERAGE_FILE = "data/sources/laundry-report/coverage.ttl"
SYNTHESIS_FILE = "data/synthesis/laundry-report/cross-case.ttl"


def anchored(text: str) -> str:
    """Quoted words replaced by anchors, as partnering source anchor does."""
    found = paragraphs(Rendition.from_text(TEXT))
    return resolve_text(text, found, f"{DATA}laundry-report/", where="test").text


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def no_java() -> str:
    raise Missing("There is no Java to run the reasoner on.", mend="install one")


@pytest.fixture(scope="module", autouse=True)
def alone() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PARTNERING_CACHE", raising=False)
        patch.delenv("PARTNERING_SOURCE", raising=False)
        patch.setattr(logic.reason, "java", no_java)
        yield


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    """A workspace in which everything holds, checked in full."""
    root = tmp_path_factory.mktemp("sound")
    write(root, "partnering.yaml", "base: shipped\ncases: false\n")
    write(root, CASE_FILE, anchored(CASE))
    write(root, SYNTHESIS_FILE, anchored(SYNTHESIS))
    write(root, COVERAGE_FILE, COVERAGE)
    write(root, "data/sources/laundry-report/outline.yaml", OUTLINE)
    described = describe(Rendition.from_text(TEXT), Outline.from_text(OUTLINE))
    write(root, "data/sources/laundry-report/source.ttl", described)
    write(root, "attached/laundry-report.txt", TEXT)
    return root, gates.check(locate(root))


@pytest.fixture
def root(sound: tuple[Path, Report], tmp_path: Path) -> Path:
    shutil.copytree(sound[0], tmp_path, dirs_exist_ok=True)
    return tmp_path


def told(report: Report) -> list[str]:
    """Violations alone: the toy is short on purpose, and remarks ask for more than it tells."""
    return [str(problem) for problem in report.problems if problem.severity == "violation"]


def test_a_sound_workspace_holds_and_every_gate_saw_something(
    sound: tuple[Path, Report],
) -> None:
    report = sound[1]
    assert told(report) == []
    assert report.holds
    assert [o.gate for o in report.outcomes] == [gate.name for gate in gates.GATES]
    counts = {o.gate: dict(o.checked.counts) for o in report.outcomes}
    assert counts["read"]["files"] > 40
    assert min(counts["read"][k] for k in ("classes", "properties", "concepts")) > 60
    assert counts["shapes"]["focus nodes"] > 400
    assert counts["shapes"]["constraints tried"] > 80
    assert counts["others"]["alignments"] == 6
    assert counts["hygiene"]["rules"] > 40
    assert counts["inference"]["disjoint pairs"] > 40
    assert counts["success"] == {"rules of success": 3, "verdicts": 3}
    assert counts["questions"]["with rows"] > 20
    assert counts["anchors"]["anchors"] == 4
    assert counts["coverage"] == {"paragraphs": 4, "accounted for": 4, "coded": 3}
    assert [outcome.gate for outcome in report.blind] == ["reasoner"]


def test_nothing_changed_nothing_looked_at(root: Path) -> None:
    report = gates.check(locate(root), changed=True)
    assert told(report) == []
    assert [o.gate for o in report.outcomes if o.fresh and not o.blind] == []


Change = Callable[[Path], None]


def edit(name: str, old: str, new: str) -> Change:
    def change(root: Path) -> None:
        text = (root / name).read_text("utf-8")
        assert old in text
        write(root, name, text.replace(old, new, 1))

    return change


def add(name: str, text: str) -> Change:
    return lambda root: write(root, name, text)


def remove(name: str) -> Change:
    return lambda root: (root / name).unlink()


QUESTION = """#+ id: Q999
#+ slug: which-laundries
#+ question: Which laundries are there?
#+ description: A question made up to be wrong in one place or another, for a test.
#+ tags: [test]
#+ columns:
#+   case: {title: Case, kind: case, label: caseLabel}
PREFIX ptn: <https://w3id.org/partnering/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?case ?caseLabel WHERE { ?case a ptn:CaseStudy ; rdfs:label ?caseLabel } ORDER BY ?case
"""
RULE = (
    HEAD.replace("THIS", "success-rules")
    + """
this:soft a ptn:SuccessRule ;
    rdfs:label "Soft sheets"@en-GB ;
    skos:definition "An arrangement succeeds when sheets get softer."@en-GB ;
    ptn:ruleVersion "1" ; ptn:rationale "Invented." ;
    ptn:ruleFile "queries/rules/success/soft.rq" ;
    ptn:countsAsSuccess concept:verdict-met .
"""
)
VOCABULARY = (
    HEAD
    + """
concept:factor-laundry a skos:Concept ;
    skos:inScheme concept:scheme-factor ; skos:prefLabel "laundry"@en-GB ;
    skos:broader concept:factor-infrastructure ;
    ptn:rank 900 ; ptn:termOrigin concept:origin-coder ; rdfs:isDefinedBy concept:scheme-factor .
"""
)
CHANGES = {
    "open-quotation": (
        edit(CASE_FILE, 'rdfs:label "Left"@en-GB', 'rdfs:label "Left@en-GB'),
        "read", "data/cases/laundry.ttl:",
    ),
    "misspelt-concept": (
        edit(CASE_FILE, "concept:factor-trust", "concept:factor-truts"),
        "lint", "concept:factor-truts is not a term",
    ),
    "polarity-missing": (
        edit(CASE_FILE, "    ptn:hasPolarity concept:polarity-enabling ;\n", ""),
        "shapes", "polarity",
    ),
    "two-things-at-once": (
        edit(CASE_FILE, "this:left a ptn:Prov", "this:left a ptn:OversightBody, ptn:Prov"),
        "inference", "'Left' is an oversight body and a provider organisation",
    ),
    "concept-without-definition": (
        add("ontology/vocab/laundry.ttl", VOCABULARY), "hygiene", "laundry",
    ),
    "query-with-unknown-term": (
        add("queries/questions/which-laundries.rq", QUESTION.replace("ptn:CaseSt", "ptn:CaseSd")),
        "others", "ptn:CaseSdudy",
    ),
    "question-that-does-not-run": (
        add("queries/questions/which-laundries.rq", QUESTION.replace("} ORDER", "ORDER")),
        "questions", "queries/questions/which-laundries.rq",
    ),
    "column-not-declared": (
        add("queries/questions/which-laundries.rq", QUESTION.replace(", label: caseLabel", "")),
        "questions", "caseLabel",
    ),
    "two-questions-of-one-id": (
        add("queries/questions/which-laundries.rq", QUESTION.replace("Q999", "Q001")),
        "questions", "Two questions have the id 'Q001'",
    ),
    "rule-without-a-query": (
        add("data/success-rules/soft.ttl", RULE), "success", "queries/rules/success/soft.rq",
    ),
    "anchor-moved": (
        edit(CASE_FILE, "lr:p3.0-18", "lr:p3.1-18"), "anchors", "p3.1-18",
    ),
    "text-changed": (
        edit("attached/laundry-report.txt", "softer", "whiter"), "anchors", "changed",
    ),
    "said-to-be-empty": (
        edit(COVERAGE_FILE, "lr:p1 ptn:coverageStatus concept:coverage-apparatus",
             "lr:p3 ptn:coverageStatus concept:coverage-nothing-to-code"),
        "coverage", "p3: said to hold nothing to code, but",
    ),
    "case-gone": (remove(CASE_FILE), "lint", "laundry/case, which nothing describes"),
    "finding-gone": (
        edit(CASE_FILE, "this:enabler-trust a", "this:enabler-confidence a"),
        "lint", "laundry/enabler-trust, which nothing describes",
    ),
}  # fmt: skip
"""What is changed, the gate that finds it, and words of its message."""
FURTHER = {
    "undeclared-prefix": (
        edit(CASE_FILE, "a ptn:ProviderOrganisation", "a pnt:ProviderOrganisation"),
        "read", "data/cases/laundry.ttl:",
    ),
    "property-of-the-wrong-kind": (
        edit(CASE_FILE, "ptn:claimedBy this:left", 'ptn:claimedBy "Left"'),
        "lint", "ptn:claimedBy leads to a thing, and has words here",
    ),
    "two-polarities": (
        edit(CASE_FILE, "concept:polarity-enabling", "concept:polarity-enabling, concept:polarity-hindering"),
        "shapes", "polarity",
    ),
    "concept-of-another-scheme": (
        edit(CASE_FILE, "ptn:hasForm concept:form-alliance", "ptn:hasForm concept:status-operating"),
        "shapes", "scheme of forms",
    ),
    "anchor-gone": (
        edit(CASE_FILE, "    ptn:hasAnchor lr:p3.0-18", '    ptn:codingNote "None."'),
        "shapes", "anchor",
    ),
    "concept-broader-than-itself": (
        add("ontology/vocab/laundry.ttl", VOCABULARY.replace(
            "concept:factor-infrastructure", "concept:factor-laundry")),
        "hygiene", "broader than itself",
    ),
    "label-taken": (
        add("ontology/vocab/laundry.ttl", VOCABULARY.replace('"laundry"', '"morale"')),
        "hygiene", "morale",
    ),
    "rule-that-does-not-run": (
        lambda root: (add("data/success-rules/soft.ttl", RULE)(root),
                      add("queries/rules/success/soft.rq", "CONSTRUCT {")(root)),
        "success", "queries/rules/success/soft.rq",
    ),
}  # fmt: skip
"""As above; with those, more than twenty copies of a sound workspace, each broken in one place."""


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_found_and_looking_at_changes_alone_says_the_same(
    name: str, root: Path
) -> None:
    change, gate, words = CHANGES[name]
    change(root)
    quick = gates.check(locate(root), changed=True)
    assert not quick.holds
    found = {outcome.gate: outcome.checked.violations for outcome in quick.outcomes}
    said = [f"{problem.where} {problem.message}" for problem in found[gate]]
    assert any(words in one for one in said), "\n".join(told(quick))
    full = gates.check(locate(root))
    assert [o.gate for o in full.outcomes] == [o.gate for o in quick.outcomes]
    for one, other in zip(quick.outcomes, full.outcomes, strict=True):
        assert one.checked == other.checked, one.gate
        assert one.blind == other.blind


@pytest.mark.parametrize("name", FURTHER)
def test_a_broken_copy_is_told_with_reason_and_remedy(name: str, root: Path) -> None:
    change, gate, words = FURTHER[name]
    change(root)
    found = {o.gate: o.checked.violations for o in gates.check(locate(root), changed=True).outcomes}
    said = [p for p in found[gate] if words in f"{p.where} {p.message}"]
    assert said, "\n".join(str(problem) for one in found.values() for problem in one)
    assert all(problem.mend for problem in said)


def test_twenty_copies_are_broken() -> None:
    assert len({**CHANGES, **FURTHER}) >= 20


def test_every_gate_but_the_reasoner_is_made_to_fail() -> None:
    assert {gate for _, gate, _ in CHANGES.values()} == {gate.name for gate in gates.GATES} - {
        "reasoner"
    }


def test_a_change_made_good_holds_again(root: Path) -> None:
    change, gate, _ = CHANGES["polarity-missing"]
    before = (root / CASE_FILE).read_text("utf-8")
    change(root)
    assert not gates.check(locate(root), changed=True).holds
    write(root, CASE_FILE, before)
    report = gates.check(locate(root), changed=True)
    assert report.holds
    assert [o.fresh for o in report.outcomes if o.gate == gate] == [False]


def test_looking_at_changes_alone_is_faster_by_far(root: Path) -> None:
    """One case edited: nothing that looks at the schema alone looks again."""
    edit(CASE_FILE, "softer.", "much softer.")(root)
    begun = time.process_time()
    quick = gates.check(locate(root), changed=True)
    half = time.process_time()
    full = gates.check(locate(root))
    ended = time.process_time()
    assert told(quick) == told(full) == []
    assert half - begun < (ended - half) * 0.7
    fresh = {outcome.gate for outcome in quick.outcomes if outcome.fresh and not outcome.blind}
    assert fresh == {gate.name for gate in gates.GATES} - {"others", "reasoner"}


def test_what_a_synthesis_refers_to_is_part_of_what_it_was_checked_with(root: Path) -> None:
    """Its slice is checked again when a case that it links to changes or goes."""

    def again() -> dict[str, bool]:
        workspace = locate(root)
        return {
            one.part.name: one.fresh
            for one in Gates(workspace).check(slices.of_workspace(workspace))
        }

    assert not any(again().values())
    edit(CASE_FILE, "softer.", "much softer.")(root)
    fresh = {name for name, was in again().items() if was}
    assert fresh == {"case/laundry", "synthesis/laundry-report/cross-case"}
    remove(CASE_FILE)(root)
    assert again()["synthesis/laundry-report/cross-case"]


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


def test_without_a_copy_nothing_is_verified_and_the_gate_says_so(root: Path) -> None:
    remove("attached/laundry-report.txt")(root)
    report = gates.check(locate(root), changed=True)
    blind = {outcome.gate: outcome.blind for outcome in report.blind}
    assert blind["anchors"] == "nothing was verified: no copy of laundry-report is attached"
    assert report.holds


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


def test_a_gate_that_sees_nothing_fails(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No question in the folder: nothing runs, and that is no success."""
    plain = Workspace.files

    def without(self: Workspace, pattern: str) -> tuple[Path, ...]:
        return () if pattern == "queries/questions/*.rq" else plain(self, pattern)

    monkeypatch.setattr(Workspace, "files", without)
    everywhere = replace(locate(root))
    everywhere.__dict__["cache"] = root / "elsewhere"
    report = gates.check(everywhere, changed=True)
    (questions,) = (o for o in report.outcomes if o.gate == "questions")
    assert [problem.rule for problem in questions.checked.violations] == ["saw-nothing"]
