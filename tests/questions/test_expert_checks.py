"""What a reader who knows the report would look for in each case, and what must not be there.

Written from the report and not from the graph. A line may name several concepts where two
careful readers could choose either; one of them has to be there.
"""

from __future__ import annotations

import pytest

from partnering.knowledge import KnowledgeGraph

HELPED = {
    "case-a": ["shared-leadership", "prior-relationships", "leader-credibility clinical-leadership",
               "mutual-respect team-pride", "culture-improvement", "organisational-alliance",
               "shared-vision intrinsic-motivation", "power-balance", "boundary-spanners"],
    "case-b": ["prior-relationships", "staff-engagement", "board-stability", "leadership-visibility",
               "regulatory-support transparency", "external-expertise shared-learning"],
    "case-c": ["board-stability", "leadership-style", "leadership-quality leadership-commitment",
               "teamwork", "transition-funding", "regulatory-space", "regulatory-support",
               "discipline", "form-clarity authority power-balance", "shared-stake", "track-record"],
    "case-d": ["trust", "shared-values culture-fit", "flexibility", "emergent-development",
               "entrepreneurship", "autonomy", "escalation", "communication-quality",
               "power-balance", "transparency", "personal-relationships"],
    "case-e": ["leadership-vision", "leadership-visibility", "new-appointments", "policy-context",
               "system-leadership policy-context", "prior-relationships personal-relationships"],
}  # fmt: skip
HINDERED = {
    "case-a": ["review", "staff-capacity", "formality", "training"],
    "case-b": ["regulatory-labelling", "reporting-demands", "focus", "partner-selection",
               "primary-care", "funding-reliability", "clinical-engagement", "realistic-expectations time-allowed"],
    "case-c": ["superiority", "identity", "it-systems", "leadership-capacity partner-capacity",
               "commissioner-relations", "power-balance morale staff-engagement"],
    "case-d": ["private-sector-attitudes", "data-sharing it-systems", "impact-data performance-data"],
    "case-e": ["time-allowed pace", "staff-engagement", "regulatory-process", "regulator-coherence",
               "transition-funding", "leadership-capacity", "communication-change",
               "transactional-focus", "power-balance superiority"],
}  # fmt: skip
# dimension(s), direction, realisation
OUTCOMES = {
    "case-a": ["patient-experience patient-benefit improved realised|ongoing",
               "service-spread partnership-growth improved|unclear anticipated"],
    "case-b": ["organisational-performance unchanged realised", "staff-engagement improved realised|ongoing",
               "care-quality regulatory-standing improved realised", "patient-flow improved realised|ongoing",
               "governance improved realised|ongoing", "finance improved realised|ongoing",
               "recruitment-retention worsened realised"],
    "case-c": ["regulatory-standing care-quality improved realised", "timeliness improved realised",
               "staff-engagement improved realised", "referrals improved realised",
               "culture improved realised", "staff-wellbeing worsened realised",
               "donor-performance worsened realised|ongoing", "identity worsened realised"],
    "case-d": ["capacity system-capacity improved realised", "timeliness improved realised",
               "access improved realised", "patient-experience facilities improved realised",
               "equipment improved realised", "national-standards improved anticipated",
               "research improved anticipated", "training skills improved anticipated"],
    "case-e": ["finance improved anticipated", "clinical-outcomes improved anticipated",
               "workforce-standards improved anticipated", "strategic-position improved anticipated",
               "population-health clinical-outcomes improved anticipated"],
}  # fmt: skip


def short(iri: object) -> str:
    return str(iri).rsplit("/", 1)[-1].split("-", 1)[1]


def missing(wanted: list[str], found: set[str]) -> list[str]:
    return [line for line in wanted if not found & set(line.split())]


@pytest.mark.parametrize("case", sorted(HELPED))
def test_what_helped_is_what_a_reader_of_the_report_expects(
    case: str, shipped: KnowledgeGraph
) -> None:
    found = {short(row["factor"]) for row in shipped.ask_question("what-helped", case=case).rows}
    assert missing(HELPED[case], found) == []


@pytest.mark.parametrize("case", sorted(HINDERED))
def test_what_hindered_is_what_a_reader_of_the_report_expects(
    case: str, shipped: KnowledgeGraph
) -> None:
    found = {short(row["factor"]) for row in shipped.ask_question("what-hindered", case=case).rows}
    assert missing(HINDERED[case], found) == []


@pytest.mark.parametrize("case", sorted(OUTCOMES))
def test_what_came_of_it_is_what_a_reader_of_the_report_expects(
    case: str, shipped: KnowledgeGraph
) -> None:
    rows = shipped.ask_question("what-came-of-it", case=case).rows
    found = {(short(r["dimension"]), short(r["direction"]), short(r["realisation"])) for r in rows}
    lost = []
    for line in OUTCOMES[case]:
        *dimensions, directions, realisations = line.split()
        wanted = {
            (dimension, direction, realisation)
            for dimension in dimensions
            for direction in directions.split("|")
            for realisation in realisations.split("|")
        }
        if not wanted & found:
            lost.append(line)
    assert lost == []


def test_the_forecast_savings_of_case_e_are_hopes_with_exact_figures(
    shipped: KnowledgeGraph,
) -> None:
    rows = shipped.ask_question("what-came-of-it", case="case-e").rows
    money = [row for row in rows if row["measure"] and "£" in row["measure"]]
    assert {short(row["realisation"]) for row in money} == {"anticipated"}
    text = " ".join(row["measure"] for row in money)
    assert "£7 million" in text
    assert "£1 million" in text


def test_no_realised_gain_in_finance_is_claimed_for_case_e(shipped: KnowledgeGraph) -> None:
    rows = shipped.ask_question("what-came-of-it", case="case-e").rows
    finance = [row for row in rows if short(row["dimension"]) == "finance"]
    assert finance
    assert not [
        row
        for row in finance
        if (short(row["direction"]), short(row["realisation"])) == ("improved", "realised")
    ]


def test_case_a_has_no_measured_outcome(shipped: KnowledgeGraph) -> None:
    rows = shipped.ask_question("what-came-of-it", case="case-a").rows
    assert rows
    assert {short(row["evidence"]) for row in rows} <= {"none-stated", "anecdotal", "activity-data"}
