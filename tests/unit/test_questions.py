from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import URIRef

from partnering.anatomy import dissect
from partnering.answering.questions import Catalogue, Question, read
from partnering.answering.vocabulary import Choice, Vocabulary
from partnering.errors import NotFound, QuerySyntax, ReadError, WrongUse
from partnering.workspace import Workspace

HEADER = """#+ id: T1
#+ slug: toy
#+ question: Which things are {nature} and say {word}, at least {least} times?
#+ tags: [toy]
#+ parameters:
#+   nature: {title: Nature, kind: "scheme:nature", default: mandated, any: "of any nature"}
#+   word: {title: Word, kind: text, default: trust}
#+   least: {title: Least, kind: number, default: 1}
#+ columns:
#+   thing: {title: Thing, kind: finding, label: thingLabel}
#+   times: {title: Times, kind: number}
"""
QUERY = """SELECT ?thing ?thingLabel (COUNT(?x) AS ?times) WHERE {
  VALUES ?nature { <http://n/mandated> }
  VALUES ?word { "trust" }
  VALUES ?least { 1 }
  ?thing ?p ?x .
} GROUP BY ?thing ?thingLabel ORDER BY ?thing
"""


class Words(Vocabulary):
    """A vocabulary of two natures, with no engine behind it."""

    def __init__(self) -> None:
        pass

    def choices(self, kind: str) -> tuple[Choice, ...]:
        assert kind == "scheme:nature"
        return (
            Choice("mandated", "imposed from outside", URIRef("http://n/mandated")),
            Choice("voluntary", "voluntary", URIRef("http://n/voluntary")),
        )


def written(tmp_path: Path, text: str) -> Question:
    path = tmp_path / "toy.rq"
    path.write_text(text, "utf-8")
    return read(path, "queries/questions/toy.rq")


@pytest.fixture
def question(tmp_path: Path) -> Question:
    return written(tmp_path, HEADER + QUERY)


def test_defaults_fill_the_blanks_and_the_sentence_says_them(question: Question) -> None:
    bound = question.bind({}, Words())
    assert bound.sentence == (
        "Which things are imposed from outside and say “trust”, at least 1 times?"
    )
    assert "VALUES ?nature { <http://n/mandated> }" in bound.query
    assert bound.values == {"nature": "mandated", "word": "trust", "least": "1"}


@pytest.mark.parametrize("value", ["voluntary", "Voluntary", "http://n/voluntary"])
def test_a_concept_is_meant_by_short_name_label_or_iri(question: Question, value: str) -> None:
    assert (
        "VALUES ?nature { <http://n/voluntary> }" in question.bind({"nature": value}, Words()).query
    )


def test_any_leaves_a_blank_open(question: Question) -> None:
    bound = question.bind({"nature": "any"}, Words())
    assert "VALUES ?nature { UNDEF }" in bound.query
    assert "of any nature" in bound.sentence


def test_several_values_are_alternatives(question: Question) -> None:
    bound = question.bind({"nature": ["mandated", "voluntary"]}, Words())
    assert "{ <http://n/mandated> <http://n/voluntary> }" in bound.query


def test_text_is_bound_as_a_term_and_cannot_break_out(question: Question) -> None:
    bound = question.bind({"word": '" } ?s ?p ?o . { "'}, Words())
    assert r'VALUES ?word { "\" } ?s ?p ?o . { \"" }' in bound.query
    assert dissect(bound.query).columns == ("thing", "thingLabel", "times")


def test_a_bad_value_gets_the_good_ones(question: Question) -> None:
    with pytest.raises(WrongUse, match="nature='mandted' is none") as caught:
        question.bind({"nature": "mandted"}, Words())
    assert caught.value.mend == "did you mean mandated? choose from mandated, voluntary"


def test_a_number_must_be_one(question: Question) -> None:
    with pytest.raises(WrongUse, match="'few' is no whole number"):
        question.bind({"least": "few"}, Words())


def test_an_unknown_parameter_gets_the_known_ones(question: Question) -> None:
    with pytest.raises(WrongUse, match="no parameter 'natur'") as caught:
        question.bind({"natur": "mandated"}, Words())
    assert caught.value.mend == "it takes nature, word, least"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("slug: toy", "slag: toy", "'slug'"),
        ("times: {title: Times", "often: {title: Times", "declares the columns"),
        ("VALUES ?least { 1 }", "", "no VALUES \\?least"),
        (", at least {least} times", "", "does not say {least}"),
    ],
)
def test_a_header_that_does_not_hold_is_refused(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert old in HEADER + QUERY
    with pytest.raises(ReadError, match=says) as caught:
        written(tmp_path, (HEADER + QUERY).replace(old, new))
    assert caught.value.where == "queries/questions/toy.rq"


def test_two_questions_of_one_slug_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "queries" / "questions"
    folder.mkdir(parents=True)
    for name in ("one.rq", "two.rq"):
        (folder / name).write_text((HEADER + QUERY).replace("T1", name), "utf-8")
    with pytest.raises(ReadError, match="Two questions have the slug 'toy'"):
        Catalogue(Workspace(tmp_path)).questions  # noqa: B018


def test_an_unknown_slug_gets_near_ones(tmp_path: Path) -> None:
    folder = tmp_path / "queries" / "questions"
    folder.mkdir(parents=True)
    (folder / "toy.rq").write_text(HEADER + QUERY, "utf-8")
    with pytest.raises(NotFound, match="no question 'toys'") as caught:
        Catalogue(Workspace(tmp_path)).get("toys")
    assert "did you mean toy?" in (caught.value.mend or "")


def test_a_select_is_taken_apart_past_strings_comments_and_sub_selects() -> None:
    query = """PREFIX x: <http://x/#> # SELECT ?no { }
    SELECT DISTINCT ?a (CONCAT("} ", STR(?b)) AS ?c) ?d WHERE {
      { SELECT ?a WHERE { ?a ?p "}" } } # }
      ?a x:b ?b ; x:d ?d . FILTER (?b != '{')
    } ORDER BY ?a"""
    parts = dissect(query)
    assert parts.columns == ("a", "c", "d")
    assert parts.keys == ("a", "d")
    assert parts.made == {"c": 'CONCAT("} ", STR(?b))'}
    assert parts.body.strip().endswith("FILTER (?b != '{')")
    assert parts.after.strip() == "ORDER BY ?a"


@pytest.mark.parametrize("query", ["ASK { ?s ?p ?o }", "SELECT ?s", "SELECT ?s { ?s ?p ?o"])
def test_what_is_no_whole_select_is_refused(query: str) -> None:
    with pytest.raises(QuerySyntax):
        dissect(query)
