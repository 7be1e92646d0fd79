"""A new case: a file that says what a case says, one commented example of each kind."""

from __future__ import annotations

import re
from datetime import date

from partnering.errors import WrongUse
from partnering.extend.edits import Edits
from partnering.extend.scheme import slug
from partnering.namespaces import DATA, PREFIXES
from partnering.sources.attach import Source
from partnering.workspace import Workspace

_TEXT = """@prefix this: <{data}{name}/> .
@prefix {p}: <{data}{source}/> .
@prefix concept: <{concept}> .
@prefix ptn: <{ptn}> .
@prefix rdfs: <{rdfs}> .
@prefix xsd: <{xsd}> .

# A case, to be filled in from the top. What is marked TODO is missing: 'partnering validate' with
# this file's name says what, line by line. An example that begins with '#' is there to be copied:
# take the '# ' away and say what the source says. Where words of the source are asked for, write
# them exactly, in quotation marks after ptn:hasAnchor; 'partnering source anchor' turns them into
# places.
# The words to choose from: 'partnering vocab list SCHEME', such as role, form, factor, dimension.

# ==== The case ================================================================

this:case a ptn:CaseStudy ;
    rdfs:label {label} ;
    ptn:caseCode {code} ;
    ptn:describedIn {p}:report ;
    # TODO: ptn:summary "the story in two or three sentences, in your own words" ;
    ptn:hasMainPartnership this:arrangement ;
    ptn:hasPartnership this:arrangement ;
    # TODO: ptn:codedBy "first coder" ;
    ptn:codedOn "{today}"^^xsd:date .
    # What is not told is worth telling: ptn:statesNothingAbout concept:topic-start-date, …

# ==== Arrangements ============================================================

this:arrangement a ptn:Partnership ;
    rdfs:label {label} ;
    # TODO: ptn:summary "what the parties do together" ;
    # TODO: ptn:hasNature concept:nature-voluntary ;      or concept:nature-mandated
    # TODO: ptn:hasScale concept:scale-structural ;       or concept:scale-individual
    # TODO: ptn:hasForm concept:form-… ;                  'vocab list form'
    # TODO: ptn:hasArrangementStatus concept:status-… ;   'vocab list status'
    # TODO: ptn:hasParticipation this:part-first, this:part-second ;
    # TODO: ptn:codingNote "why this nature, scale and form" ;
    ptn:hasAnchor "TODO the words of the source that tell of it" .

# An arrangement within the first; list it under ptn:hasPartnership of the case as well. One that
# came before another is ptn:precedesPartnership of it.
# this:arrangement-within a ptn:Partnership ;
#     rdfs:label "What the smaller one is called"@en-GB ;
#     ptn:partOfPartnership this:arrangement ;
#     ptn:summary "What the parties do together in it." ;
#     ptn:hasNature concept:nature-voluntary ;
#     ptn:hasScale concept:scale-individual ;
#     ptn:hasForm concept:form-… ;
#     ptn:hasArrangementStatus concept:status-… ;
#     ptn:hasAnchor "the words" .

# ==== Who calls it what =======================================================

# this:attribution-heading a ptn:TypologyAttribution ;
#     ptn:attributionOf this:arrangement ;
#     ptn:attributesConcept concept:nature-voluntary ;
#     ptn:attributedTerm "the term, as the source has it" ;
#     ptn:attributionPlace concept:place-heading ;
#     ptn:claimedBy {p}:authors ;
#     ptn:summary "Who calls it what, and where." ;
#     ptn:hasAnchor "the words" .

# ==== Actors ==================================================================

# this:first-trust a ptn:ProviderOrganisation ;
#     rdfs:label "First Trust"@en-GB ;
#     ptn:hasActorType concept:actor-type-acute-trust ;
#     ptn:isPseudonymous true ;
#     ptn:hasAnchor "the words" .

# this:first-chief-executive a ptn:IndividualActor ;
#     rdfs:label "Chief executive of First Trust"@en-GB ;
#     ptn:hasIndividualRole concept:role-chief-executive ;
#     ptn:belongsTo this:first-trust ;
#     ptn:hasAnchor "the words" .

# ==== Who took part, in which role ============================================

# this:part-first a ptn:Participation ;
#     ptn:participant this:first-trust ;
#     ptn:playsRole concept:role-partner ;
#     ptn:hasAnchor "the words" .

# ==== Phases and events =======================================================

# (list them on the arrangement with ptn:hasPhase and ptn:hasEvent)
# this:phase-first-year a ptn:PartnershipPhase ;
#     rdfs:label "The first year"@en-GB ;
#     ptn:summary "What happened in it." ;
#     ptn:orderInCase 1 ;
#     ptn:timeNote "the time as the source gives it" ;
#     ptn:hasTimePrecision concept:precision-order-only ;
#     ptn:hasAnchor "the words" .

# ==== Why they entered it =====================================================

# this:driver-money a ptn:ContextFinding ;
#     ptn:findingAbout this:arrangement ;
#     ptn:hasContextKind concept:context-driver ;
#     ptn:concernsDriver concept:driver-… ;
#     ptn:claimedBy {p}:authors ;
#     ptn:hasProminence concept:prominence-supporting ;
#     ptn:summary "One claim, in your own words." ;
#     ptn:hasAnchor "the words" .

# ==== What helped, what hindered ==============================================

# this:enabler-board-backing a ptn:FactorFinding ;
#     ptn:findingAbout this:arrangement ;
#     ptn:concernsFactor concept:factor-… ;
#     ptn:hasPolarity concept:polarity-enabling ;          hindering for a barrier
#     ptn:hasPresence concept:presence-present ;           absent: it was missing, and that hurt
#     ptn:concernsActor this:first-trust ;
#     ptn:claimedBy {p}:authors ;
#     ptn:hasProminence concept:prominence-supporting ;    central only where the text stresses it
#     ptn:hasEvidenceStrength concept:evidence-none-stated ;
#     ptn:summary "One claim, in your own words." ;
#     ptn:hasAnchor "the words" .

# ==== What came of it =========================================================

# this:outcome-waiting a ptn:OutcomeFinding ;
#     ptn:findingAbout this:arrangement ;
#     ptn:hasDimension concept:dimension-… ;
#     ptn:hasDirection concept:direction-improved ;
#     ptn:hasRealisation concept:realisation-realised ;    a hope is anticipated
#     ptn:hasContribution concept:contribution-contributory ;
#     ptn:hasEvidenceStrength concept:evidence-anecdotal ;
#     ptn:claimedBy {p}:authors ;
#     ptn:hasProminence concept:prominence-supporting ;
#     ptn:summary "One claim, in your own words." ;
#     ptn:hasAnchor "the words" .

# ==== What it cost ============================================================

# this:cost-time a ptn:CostFinding ;
#     ptn:findingAbout this:arrangement ;
#     ptn:costKind concept:cost-… ;
#     ptn:claimedBy {p}:authors ;
#     ptn:hasProminence concept:prominence-supporting ;
#     ptn:summary "One claim, in your own words." ;
#     ptn:hasAnchor "the words" .

# ==== How it worked ===========================================================

# this:mechanism-joint-team a ptn:MechanismFinding ;
#     ptn:findingAbout this:arrangement ;
#     ptn:usesMechanism concept:mechanism-… ;
#     ptn:claimedBy {p}:authors ;
#     ptn:hasProminence concept:prominence-supporting ;
#     ptn:summary "One claim, in your own words." ;
#     ptn:hasAnchor "the words" .

# ==== What nobody measured ====================================================

# this:gap-no-review a ptn:EvidenceGap ;
#     ptn:findingAbout this:arrangement ;
#     ptn:hasGapKind concept:gap-… ;
#     ptn:claimedBy {p}:authors ;
#     ptn:summary "What is not known." ;
#     ptn:hasAnchor "the words" .

# ==== Challenges ==============================================================

# (a verdict is challenged by its name: this:arrangement.assessment.strict, after its rule)
# this:challenge-1 a ptn:Challenge ;
#     ptn:challenges this:enabler-board-backing ;
#     ptn:hasChallengeStatus concept:challenge-open ;
#     ptn:summary "What can be held against the reading above." ;
#     ptn:codedBy "first coder" ;
#     ptn:hasAnchor "the words" .
"""


def add(
    workspace: Workspace, edits: Edits, name: str, *, label: str, code: str, source: str | None
) -> str:
    """Write the file of a new case; returns its path in the workspace.

    Raises ``WrongUse`` where the name is no name, or name or code are another case's.
    """
    if name != slug(name):
        raise WrongUse(
            f"{name!r} cannot be a name in addresses.", mend=f"use {slug(name) or 'case-f'!r}"
        )
    of = Source.of(workspace, source)
    taken = re.compile(rf"ptn:caseCode\s+{re.escape(_quoted(code))}")
    for file in workspace.graph_files:
        if file.kind == "case" and file.path.stem == name:
            raise WrongUse("There is a case of this name.", where=file.relative,
                           mend="choose another name")  # fmt: skip
        if file.kind == "case" and taken.search(file.path.read_text("utf-8", "replace")):
            raise WrongUse(f"There is a case of the code {code!r}.", where=file.relative,
                           mend="choose another: --code CODE")  # fmt: skip
    relative = f"data/cases/{name}.ttl"
    edits.create(
        relative,
        _TEXT.format(
            name=name, data=DATA, source=of.slug, p=of.outline.document.prefix,
            today=date.today().isoformat(), label=_quoted(label) + "@en-GB", code=_quoted(code),
            **{prefix: PREFIXES[prefix] for prefix in ("concept", "ptn", "rdfs", "xsd")},
        ),
    )  # fmt: skip
    return relative


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
