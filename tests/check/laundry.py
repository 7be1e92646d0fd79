"""An invented case, an invented report, and a cross-case finding that refers to the case."""

from __future__ import annotations

from pathlib import Path

from partnering.sources import Outline, Rendition, describe, paragraphs, resolve_text

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


def workspace(root: Path) -> Path:
    """A workspace in which everything holds, over the shipped ontology, its text attached."""
    write(root, "partnering.yaml", "base: shipped\ncases: false\n")
    write(root, CASE_FILE, anchored(CASE))
    write(root, SYNTHESIS_FILE, anchored(SYNTHESIS))
    write(root, COVERAGE_FILE, COVERAGE)
    write(root, "data/sources/laundry-report/outline.yaml", OUTLINE)
    described = describe(Rendition.from_text(TEXT), Outline.from_text(OUTLINE))
    write(root, "data/sources/laundry-report/source.ttl", described)
    write(root, "attached/laundry-report.txt", TEXT)
    return root
