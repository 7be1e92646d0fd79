"""Edits that break a sound workspace in one place, and what must be said of each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.check.laundry import CASE_FILE, COVERAGE_FILE, HEAD, write

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
