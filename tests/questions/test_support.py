"""What stands behind each row in numbers, and where little does, in words; and how to cite it."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner, Result
from rdflib import Literal

from partnering.cli import main
from partnering.knowledge import KnowledgeGraph

HEADLINE = "enablers-in-successful-partnerships"


def run(kg: KnowledgeGraph, *arguments: str, typed: str | None = None) -> Result:
    """The command line over the toy; its index is not of a build, so nothing is built again."""
    given = [*arguments, "--workspace", str(kg.workspace.root)]
    return CliRunner().invoke(main, given, input=typed)


@pytest.fixture
def as_published(toy: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> KnowledgeGraph:
    """The toy, opened by commands as it was published: it is too short to pass the checks."""
    monkeypatch.setattr("partnering.knowledge.open", lambda *_, **__: toy)
    return toy


def test_counts_are_those_the_question_gives(toy: KnowledgeGraph) -> None:
    seen = 0
    for rule in ("strict", "reported", "authors-view"):
        answer = toy.ask_question(HEADLINE, nature="any", rule=rule)
        for row, support in zip(answer.rows, answer.support, strict=True):
            assert (support.statements, support.voices, support.cases) == (
                row["findings"], row["voices"], row["cases"],
            )  # fmt: skip
            seen += 1
    assert seen > 4


def test_counts_are_those_of_the_reasons(toy: KnowledgeGraph) -> None:
    seen = 0
    for slug in ("adverse-outcomes", "factor-tree", "who-felt-what", "barriers-by-holder"):
        answer = toy.ask_question(slug)
        for number, support in enumerate(answer.support):
            assert support.statements == len(answer.why(number).findings)
            seen += bool(support.statements)
    assert seen > 8


def test_one_case_one_finding_and_whose_account_are_said(toy: KnowledgeGraph) -> None:
    answer = toy.ask_question(HEADLINE)
    told = {row["factorLabel"]: s.thin for row, s in zip(answer.rows, answer.support, strict=True)}
    own, success = told["trust between partners"].split("; ")
    assert own == "one case, one finding: the acquirer's own account (Ash)"
    assert success == "success rests on one finding"


def test_success_that_rests_on_one_finding_is_said(shipped: KnowledgeGraph) -> None:
    said = {True: 0, False: 0}
    for rule in ("strict", "reported", "authors-view"):
        answer = shipped.ask_question(HEADLINE, nature="any", rule=rule)
        for number, support in enumerate(answer.support):
            alone = all(len(verdict.based_on) == 1 for verdict in answer.why(number).verdicts)
            assert ("success rests on one finding" in support.thin) is alone
            said[alone] += 1
    assert all(said.values())


def test_a_row_that_is_one_statement_says_only_whose_own_account_it_is(toy: KnowledgeGraph) -> None:
    told = {s.thin for case in ("case-c", "case-v")
            for s in toy.ask_question("what-helped", case=case).support}  # fmt: skip
    assert "the acquirer's own account (Ash)" in told
    assert all(not words or words.startswith("the ") for words in told)


def test_what_claims_nothing_is_not_called_thin(toy: KnowledgeGraph) -> None:
    assert not any(s.thin for s in toy.ask_question("counts").support)


def test_the_citation_names_question_blanks_rule_snapshot_and_day(toy: KnowledgeGraph) -> None:
    answer = toy.ask_question(HEADLINE, nature="voluntary", rule="strict")
    (rule,) = answer.rules
    for part in (answer.sentence, "Q001", HEADLINE, "nature = voluntary", "scale = any",
                 f"rule strict version {rule.version}", f"snapshot {toy.snapshot}"):  # fmt: skip
        assert part in answer.citation
    assert re.search(r" of \d{1,2} [A-Z][a-z]+ 20\d\d\.$", answer.citation)
    assert answer.to_dict()["citation"] == answer.citation


def test_every_form_on_the_command_line_can_be_cited(as_published: KnowledgeGraph) -> None:
    cited = as_published.ask_question(HEADLINE, rule="strict").citation
    table, rows, document = (
        run(as_published, "ask", HEADLINE, "--rule", "strict", "--format", form)
        for form in ("table", "csv", "json")
    )
    assert f"To cite: {cited}" in table.stdout
    assert f"To cite: {cited}" in rows.stderr
    assert "cite" not in rows.stdout
    assert json.loads(document.stdout)["citation"] == cited


def test_the_rule_can_be_switched_in_two_ways(as_published: KnowledgeGraph) -> None:
    short, long = (
        run(as_published, "ask", HEADLINE, "-p", "nature=voluntary", "--format", "json", *given)
        for given in (("--rule", "strict"), ("-p", "rule=strict"))
    )
    assert short.stdout == long.stdout
    assert json.loads(short.stdout)["rule"]["name"] == "strict"
    default = run(as_published, "ask", HEADLINE, "-p", "nature=voluntary", "--format", "json")
    assert json.loads(default.stdout)["rows"] != json.loads(short.stdout)["rows"]


def test_reasons_of_a_question_on_the_command_line(as_published: KnowledgeGraph) -> None:
    told = run(as_published, "ask", HEADLINE, "--why").stdout
    assert "Thin: one case, one finding" in told
    assert "Verdict on" in told


def test_objections_are_told_once_at_the_end(as_published: KnowledgeGraph) -> None:
    answer = as_published.ask_question(HEADLINE, nature="any", rule="reported")
    of_rows = [answer.why(number).challenges for number in range(len(answer.rows))]
    filed = {challenged.challenge: challenged for met in of_rows for challenged in met}
    told = run(as_published, "ask", HEADLINE, "-p", "nature=any", "--why").stdout
    assert sum(map(len, of_rows)) > len(filed) > 0
    assert told.count("  Contested: objections filed") == sum(map(bool, of_rows))
    for challenged in filed.values():
        assert told.count(f"Challenged ({challenged.status}): {challenged.summary}") == 1


def test_reasons_of_a_query_on_the_command_line(as_published: KnowledgeGraph) -> None:
    query = "SELECT ?f WHERE { ?f a <https://w3id.org/partnering/ontology#EvidenceGap> }"
    told = run(as_published, "query", "--why", "-", typed=query).stdout
    assert "Rests on one statement by one voice in one case." in told
    rows, proved = map(int, re.findall(r"rows: (\d+), proved: (\d+)", told)[0])
    assert rows == proved > 0


def test_a_query_whose_reasons_are_hidden_is_called_partial(as_published: KnowledgeGraph) -> None:
    query = """SELECT ?f WHERE { ?f a/<http://www.w3.org/2000/01/rdf-schema#subClassOf>+
      <https://w3id.org/partnering/ontology#Finding> } ORDER BY ?f LIMIT 2"""
    told = run(as_published, "query", "--why", "-", typed=query).stdout
    assert "This explanation is partial: a path of any length" in told
    assert "rows: 2, proved: 0" in told


HOSTILE = (
    "mandated } ?s ?p ?o #", "x> } UNION { ?s ?p ?o } #", '" . } DROP ALL #', "'; DROP", "\\", "{}",
    "nature-mandated\n}", "UNDEF", "http://x/> ) } #",
)  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_that_does_not_exist_gets_those_that_do(
    value: str, as_published: KnowledgeGraph
) -> None:
    shown = run(as_published, "ask", HEADLINE, "-p", f"nature={value}")
    assert shown.exit_code == 2
    assert "choose from mandated, voluntary" in shown.stderr


@pytest.mark.parametrize("value", [*HOSTILE, 'a"b\\c\n'])
def test_a_text_is_bound_as_one_literal(value: str, toy: KnowledgeGraph) -> None:
    """Whatever it says, the pattern around it stays what it is."""
    slug = "paragraphs-and-what-they-became"
    plain = toy.catalogue.get(slug).bind({"section": "nowhere"}, toy.vocabulary).query
    bound = toy.catalogue.get(slug).bind({"section": value}, toy.vocabulary).query
    assert bound.replace(Literal(value).n3(), '"nowhere"') == plain
    assert len(toy.select(bound)) == 0
