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


FIGURES = {
    "case-a": ["twelve months", "one night", "several weeks"],
    "case-b": ["2013"],
    "case-c": ["2013", "2014", "ten clinical chiefs", "nine", "bottom 20%", "top 20%", "99%", "90%",
               "within 12 months", "at least a decade", "five CCGs", "monthly",
               "six months to a year", "five to ten years"],
    "case-d": ["30 locations", "three months", "whole afternoon"],
    "case-e": ["2015", "£7 million", "£1 million", "12 months", "four or five months", "2020",
               "ten years", "Seven quality improvement programmes"],
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(FIGURES))
def test_the_figures_of_the_report_stand_in_the_case(case: str, shipped: KnowledgeGraph) -> None:
    told = shipped.select(
        f"""PREFIX ptn: <https://w3id.org/partnering/ontology#>
        SELECT ?words WHERE {{ GRAPH <https://w3id.org/partnering/graph/case/{case}> {{
          ?thing ptn:summary|ptn:measureNote|ptn:timeNote|ptn:inYear ?words }} }}"""
    )
    text = "\n".join(str(words) for (words,) in told.rows)
    assert text
    assert [figure for figure in FIGURES[case] if figure not in text] == []


def outcomes_of(shipped: KnowledgeGraph, case: str, *arrangements: str) -> set[tuple[str, str]]:
    rows = shipped.ask_question("what-came-of-it", case=case).rows
    return {
        (short(row["dimension"]), short(row["realisation"]))
        for row in rows
        if str(row["arrangement"]).rsplit("/", 1)[-1] in arrangements
    }


def test_nothing_national_is_achieved_in_case_d_but_a_quick_agreement(
    shipped: KnowledgeGraph,
) -> None:
    found = outcomes_of(shipped, "case-d", "national-programme", "collaborative-network")
    assert {what for what, realised in found if realised == "realised"} == {"speed"}
    assert ("research", "anticipated") in found


def test_the_buddying_of_case_b_is_not_credited_with_finance_flow_or_governance(
    shipped: KnowledgeGraph,
) -> None:
    found = {what for what, _ in outcomes_of(shipped, "case-b", "regency-vale-buddying")}
    assert "organisational-performance" in found
    assert not found & {"finance", "patient-flow", "governance", "care-quality"}


def test_options_that_were_refused_bring_nothing_about(shipped: KnowledgeGraph) -> None:
    assert outcomes_of(shipped, "case-c", "merger-option", "buddying-alone-option") == set()
    helped = shipped.ask_question("what-helped", case="case-c").rows
    assert helped
    assert not [row for row in helped if str(row["arrangement"]).endswith("-option")]


def test_all_that_case_e_does_for_patients_is_hoped_for(shipped: KnowledgeGraph) -> None:
    found = outcomes_of(shipped, "case-e", "merger")
    patients = {"patient-benefit", "clinical-outcomes", "care-continuity", "care-quality"}
    assert {realised for what, realised in found if what in patients} == {"anticipated"}
    assert "population-health" not in {what for what, _ in found}
    assert ("population-health", "anticipated") in outcomes_of(shipped, "case-e", "stp")


def test_no_forecast_is_told_as_the_authors_own(shipped: KnowledgeGraph) -> None:
    rows = shipped.ask_question("what-came-of-it", case="case-e").rows
    money = [row for row in rows if row["measure"] and "£" in row["measure"]]
    assert len(money) == 2
    assert {str(row["claimant"]).rsplit("/", 1)[-1] for row in money} == {"participants"}


def test_both_sides_of_a_contradiction_stand_and_are_tied(shipped: KnowledgeGraph) -> None:
    rows = shipped.ask_question("one-sides-account-against-the-other").rows
    pairs = {
        (str(row["finding"]).rsplit("/", 1)[-1], str(row["counter"]).rsplit("/", 1)[-1])
        for row in rows
    }
    assert {
        ("outcome-staff-survey-better", "outcome-staff-not-valued"),
        ("outcome-performance-improved", "outcome-rowheath-park-struggles"),
        ("mechanism-best-of-both-worlds", "barrier-exchange-ran-one-way"),
        ("enabler-fast-track-oversight", "quote-strategy-lead-on-regulation"),
        ("enabler-support-of-those-involved", "barrier-doubts-about-fit-of-partner"),
    } <= pairs


def test_advice_to_do_without_a_thing_is_borne_out_where_the_thing_hurt(
    shipped: KnowledgeGraph,
) -> None:
    rows = shipped.ask_question(
        "advice-against-observation", nature="mandated", scale="structural"
    ).rows
    [row] = [row for row in rows if str(row["statement"]).endswith("no-stereotyping")]
    assert (row["supporting"], row["contradicting"], row["reading"]) == (2, 0, "supported")
