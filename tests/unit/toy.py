"""A workspace with one invented case over the shipped ontology, for tests that build it."""

from __future__ import annotations

from pathlib import Path

from partnering.workspace import Workspace, locate

CASE = """@prefix this: <https://w3id.org/partnering/data/toy/> .
@prefix toy: <https://w3id.org/partnering/data/toy-report/> .
@prefix concept: <https://w3id.org/partnering/vocab/> .
@prefix ptn: <https://w3id.org/partnering/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

this:case a ptn:CaseStudy ;
    rdfs:label "Case T: Left and Right"@en-GB ;
    ptn:caseCode "T" ;
    ptn:describedIn toy:report ;
    ptn:summary "Two invented hospitals share a laundry for the sake of this test." ;
    ptn:hasMainPartnership this:laundry ;
    ptn:hasPartnership this:laundry ;
    ptn:codedBy "test" ; ptn:codedOn "2026-01-01"^^xsd:date .

this:laundry a ptn:Partnership ;
    rdfs:label "Shared laundry of Left and Right"@en-GB ;
    ptn:summary "Left and Right, both invented, wash their sheets together." ;
    ptn:hasNature concept:nature-voluntary ;
    ptn:hasScale concept:scale-individual ;
    ptn:hasForm concept:form-alliance ;
    ptn:hasArrangementStatus concept:status-operating ;
    ptn:codingNote "Invented." ;
    ptn:hasAnchor toy:p1.0-4 .

this:left a ptn:ProviderOrganisation ; rdfs:label "Left"@en-GB ; ptn:isPseudonymous true .

this:enabler-trust a ptn:FactorFinding ;
    ptn:findingAbout this:laundry ;
    ptn:concernsFactor concept:factor-trust ;
    ptn:hasPolarity concept:polarity-enabling ;
    ptn:hasPresence concept:presence-present ;
    ptn:hasProminence concept:prominence-supporting ;
    ptn:claimedBy this:left ;
    ptn:summary "Left says that trusting Right with its sheets was what made it work." ;
    ptn:hasAnchor toy:p1.0-4 .

this:outcome-clean a ptn:OutcomeFinding ;
    ptn:findingAbout this:laundry ;
    ptn:hasDimension concept:dimension-patient-experience ;
    ptn:hasDirection concept:direction-improved ;
    ptn:hasRealisation concept:realisation-realised ;
    ptn:hasEvidenceStrength concept:evidence-anecdotal ;
    ptn:hasContribution concept:contribution-direct ;
    ptn:hasProminence concept:prominence-supporting ;
    ptn:claimedBy this:left ;
    ptn:summary "Left says that its patients found the sheets of the shared laundry softer." ;
    ptn:hasAnchor toy:p1.0-4 .

# ---- anchors: written by 'partnering source anchor', do not edit below ----
toy:p1.0-4 a ptn:EvidenceAnchor ;
    ptn:anchoredIn toy:p1 ; ptn:startOffset 0 ; ptn:endOffset 4 ;
    ptn:passageDigest "4ba69b7f2ed44b2a4a6f5ae7a9a4a4ed4ba69b7f2ed44b2a4a6f5ae7a9a4a4ed" .
"""
SOURCE = """@prefix toy: <https://w3id.org/partnering/data/toy-report/> .
@prefix ptn: <https://w3id.org/partnering/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

toy:report a ptn:SourceDocument ;
    rdfs:label "A report that does not exist"@en-GB ; dcterms:title "A report that does not exist" ;
    ptn:narratedBy toy:authors ; ptn:hasRendition toy:rendition .
toy:authors a ptn:ReportAuthors ; rdfs:label "Nobody"@en-GB .
toy:rendition a ptn:TextRendition ;
    ptn:renditionDigest "4ba69b7f2ed44b2a4a6f5ae7a9a4a4ed4ba69b7f2ed44b2a4a6f5ae7a9a4a4ed" ;
    ptn:renditionLength 10 ; ptn:normalisation "none" .
toy:s.all a ptn:SourceSection ; rdfs:label "All of it"@en-GB ; ptn:sectionPath "all" ;
    ptn:inDocument toy:report ; ptn:orderInDocument 1 .
toy:p1 a ptn:SourceParagraph ; rdfs:label "All of it, paragraph 1"@en-GB ;
    ptn:inSection toy:s.all ; ptn:inDocument toy:report ; ptn:paragraphNumber 1 ; ptn:paragraphIndex 1 ;
    ptn:documentOffset 0 ; ptn:textLength 10 ; ptn:paragraphKind "body" ;
    ptn:textDigest "4ba69b7f2ed44b2a4a6f5ae7a9a4a4ed4ba69b7f2ed44b2a4a6f5ae7a9a4a4ed" .
"""


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def again(workspace: Workspace) -> Workspace:
    """The same folder, as a command that starts now would see it."""
    return locate(workspace.root)
