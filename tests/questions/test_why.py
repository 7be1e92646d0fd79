"""Every row can say what it rests on, and what it says is enough to find the row again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from rdflib import Graph, URIRef

from partnering.answering.answer import Answer
from partnering.answering.explain import Why
from partnering.answering.proof import proof_graph, proves, unproved
from partnering.knowledge import KnowledgeGraph

EXPECTED = Path(__file__).parent / "expected"
SLUGS = sorted(path.stem for path in EXPECTED.glob("*.yaml"))

ROLES = "participations, phases and memberships are coded with an anchor, not as statements"
WITHOUT_STATEMENT = {
    "who-took-part": ROLES,
    "timeline": "phases and events are coded with an anchor, not as statements",
    "organisations-and-roles": ROLES,
    "roles-over-time": ROLES,
    "governance-groups": ROLES,
    "nature-differs-by-party": ROLES,
    "arrangements-by-form": "the coder's choice, which stands on the arrangement with its note",
    "nested-and-earlier-arrangements": "the coder's choice, which stands on the arrangement",
    "what-the-source-does-not-say": "silence has no statement",
    "graphs-and-licences": "about files, not about what they say",
    "concepts-never-used": "about what is not there",
    "terms-of-the-ontology": "about the words themselves",
}
"""Questions no row of which rests on a statement, and why."""
SOME_WITHOUT = {
    "case-arrangements": "an arrangement of which nothing is found",
    "verdicts-on-a-case": "a verdict without a reason: nothing to weigh",
    "typology-grid": "a verdict without a reason: nothing to weigh",
    "verdict-by-case-and-rule": "a verdict without a reason: nothing to weigh",
    "verdicts-and-reasons-in-a-case": "a verdict without a reason: nothing to weigh",
    "verdicts-with-reasons": "a verdict without a reason: nothing to weigh",
    "factor-tree": "a factor that nothing is said of",
    "contested-labels": "a label that only the coder uses",
    "oversight-bodies-and-what-they-did": "roles and events",
    "an-actor-in-the-graph": "roles, events and memberships",
    "paragraphs-and-what-they-became": "a paragraph with nothing to code",
    "counts": "kinds of things that are no statements",
}
"""Questions of which some rows rest on no statement, and which rows those are."""


def settings(slug: str) -> list[dict[str, str]]:
    loaded: dict[str, Any] = yaml.safe_load((EXPECTED / f"{slug}.yaml").read_text("utf-8"))
    return [setting["given"] for setting in loaded["settings"]]


def reasons(why: Why) -> set[str]:
    """Statements behind a row, whether it rests on them itself or through a verdict."""
    through = {r.statement for v in why.verdicts for r in (*v.based_on, *v.weighs_against)}
    return {reason.statement for reason in why.findings} | through


@pytest.mark.parametrize("slug", SLUGS)
def test_rows_rest_on_statements(slug: str, toy: KnowledgeGraph) -> None:
    bare = seen = 0
    for given in settings(slug):
        answer = toy.ask_question(slug, **given)
        for number in range(0, len(answer.table), 1 if len(answer.table) < 60 else 5):
            why = answer.why(number)
            assert not why.partial, f"row {number} under {given}"
            seen += 1
            bare += not reasons(why)
    assert seen
    if slug in WITHOUT_STATEMENT:
        assert bare == seen
    elif slug in SOME_WITHOUT:
        assert 0 < bare < seen
    else:
        assert not bare


@pytest.mark.parametrize("slug", ["enablers-in-successful-partnerships", "fragile-enablers"])
def test_success_brings_its_verdict(slug: str, toy: KnowledgeGraph) -> None:
    answer = toy.ask_question(slug, rule="strict")
    for number in range(len(answer.table)):
        (verdict,) = answer.why(number).verdicts
        assert verdict.rule == "strict"
        assert [reason.summary for reason in verdict.based_on] == ["Waits fell."]


@pytest.mark.parametrize("slug", SLUGS)
def test_every_toy_row_is_proved(slug: str, toy: KnowledgeGraph) -> None:
    unproved = []
    for given in settings(slug):
        answer = toy.ask_question(slug, **given)
        every = list(rows(answer))
        assert len({tuple(map(str, row.values())) for row in every}) == len(every)
        unproved += [row for row in every if not proved(toy, answer, row)]
    assert unproved == []


@pytest.mark.slow
def test_every_shipped_row_is_proved(shipped: KnowledgeGraph) -> None:
    """All rows of all questions, under their defaults; ``partnering answers prove`` does the same."""
    total, gaps = 0, {}
    for question in shipped.questions():
        answer = shipped.ask_question(question.slug)
        total += len(answer.table)
        if missing := unproved(shipped.engine, answer.bound.query, answer.table):
            gaps[question.slug] = missing
    print(f"\n{total - sum(map(len, gaps.values()))} of {total} rows proved")
    assert gaps == {}
    assert total > 3000


def rows(answer: Answer) -> Iterator[dict[str, Any]]:
    for cells in answer.table:
        yield dict(zip(answer.table.columns, cells, strict=True))


def proved(kg: KnowledgeGraph, answer: Answer, row: dict[str, Any]) -> bool:
    query = answer.bound.query
    return proves(query, row, proof_graph(kg.engine, query, row))


def test_a_proof_with_a_gap_proves_nothing(toy: KnowledgeGraph) -> None:
    """Take away any one triple about the finding, the verdict or the factor: the row is gone."""
    answer = toy.ask_question("enablers-in-successful-partnerships")
    row = next(rows(answer))
    whole = proof_graph(toy.engine, answer.bound.query, row)
    assert proves(answer.bound.query, row, whole)
    finding = URIRef("https://w3id.org/partnering/data/case-c/stable-board")
    about = list(whole.triples((finding, None, None)))
    assert len(about) == 6  # class, arrangement, factor, claimant, prominence, voice
    needed = [triple for triple in about if not str(triple[1]).endswith("hasVoice")]
    for triple in needed:
        assert not proves(answer.bound.query, row, without(whole, triple))


def test_a_proof_holds_nothing_that_is_not_so(toy: KnowledgeGraph) -> None:
    """A union's other branch makes a template's false triples, which must not stay."""
    answer = toy.ask_question("an-actor-in-the-graph", actor="case-c/ash")
    for row in rows(answer):
        graph = proof_graph(toy.engine, answer.bound.query, row)
        assert len(graph)
        for subject, predicate, object_ in graph:
            asked = f"SELECT * WHERE {{ {subject.n3()} {predicate.n3()} ?o }}"
            held = toy.select(asked).column("o")
            assert object_ in held


def test_a_wrong_row_is_not_proved(toy: KnowledgeGraph) -> None:
    answer = toy.ask_question("enablers-in-successful-partnerships", nature="any")
    first, second, *_ = rows(answer)
    graph = proof_graph(toy.engine, answer.bound.query, first)
    assert not proves(answer.bound.query, second, graph)


@pytest.mark.parametrize(
    ("pattern", "triples"),
    [
        ("?f ptn:findingAbout/ptn:inCase ?case", 2),
        ("?case ^ptn:inCase/^ptn:findingAbout ?f", 2),
        ("?f ptn:findingInCase|ptn:findingAbout ?case", 1),
    ],
)
def test_paths_are_walked(pattern: str, triples: int, toy: KnowledgeGraph) -> None:
    prefix = "PREFIX ptn: <https://w3id.org/partnering/ontology#> "
    data = "https://w3id.org/partnering/data/case-v/"
    bound = f"VALUES ?f {{ <{data}trust-grew> }} VALUES ?case {{ <{data}case> }}"
    query = f"{prefix}SELECT ?f ?case WHERE {{ {bound} {pattern} }}"
    (cells,) = set(toy.select(query).rows)
    row = dict(zip(("f", "case"), cells, strict=True))
    graph = proof_graph(toy.engine, query, row)
    assert len(graph) == triples
    assert proves(query, row, graph)


def without(graph: Graph, triple: tuple[Any, Any, Any]) -> Graph:
    less = Graph()
    less += graph
    less.remove(triple)
    return less
