"""Search on a handful of texts: what is found, in which order, and what a change costs."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from partnering import spelling
from partnering.errors import Busy, WrongUse
from partnering.pipeline import texts
from partnering.pipeline.publish import Index
from partnering.pipeline.sheets import Part
from partnering.search import Results, Search, words_of

PTN = "https://w3id.org/partnering/ontology#"
DATA = "https://w3id.org/partnering/data/"
CONCEPT = "https://w3id.org/partnering/vocab/"
PREFIXES = {
    "ptn:": PTN, "c:": CONCEPT, "skos:": "http://www.w3.org/2004/02/skos/core#",
    "rdfs:": "http://www.w3.org/2000/01/rdf-schema#", "owl:": "http://www.w3.org/2002/07/owl#",
}  # fmt: skip
ONTOLOGY = """
ptn:Actor a owl:Class .
ptn:Hospital rdfs:subClassOf ptn:Actor .
ptn:Finding rdfs:subClassOf ptn:CodedStatement .
ptn:FactorFinding rdfs:subClassOf ptn:Finding .
"""
FACTORS = """
c:factor-board-stability a skos:Concept .
c:factor-board-stability skos:prefLabel "board stability" .
c:factor-board-stability skos:altLabel "churn at the top" .
c:factor-board-stability skos:definition "Whether leading people stay." .
c:factor-trust a skos:Concept .
c:factor-trust skos:prefLabel "trust between partners" .
c:dimension-trust a skos:Concept .
c:dimension-trust skos:prefLabel "reliance" .
c:dimension-trust skos:definition "Trust as a result." .
"""
ASH = """
d:ash/case a ptn:CaseStudy .
d:ash/case rdfs:label "Case Ash" .
d:ash/case ptn:summary "Ash took over Birch." .
d:ash/infirmary a ptn:Hospital .
d:ash/infirmary rdfs:label "Ash Infirmary" .
d:ash/one a ptn:FactorFinding .
d:ash/one ptn:summary "The stability of the board calmed everybody." .
d:ash/two a ptn:FactorFinding .
d:ash/two ptn:summary "Committees trusted each other." .
"""
ELM = """
d:elm/case a ptn:CaseStudy .
d:elm/case rdfs:label "Case Elm" .
d:elm/one a ptn:FactorFinding .
d:elm/one ptn:summary "Trust in the board grew." .
"""


def _part(folder: Path, name: str, turtle: str) -> Part:
    """Lines of ``s p o .`` with prefixes, as a named graph in N-Quads."""
    graph = f"https://w3id.org/partnering/graph/{name}"
    lines = []
    for line in turtle.strip().splitlines():
        subject, predicate, rest = line.split(" ", 2)
        thing = rest.removesuffix(" .")
        quad = " ".join(_term(one) for one in (subject, predicate, thing))
        lines.append(f"{quad} <{graph}> .")
    content = "".join(f"{line}\n" for line in lines).encode()
    digest = hashlib.sha256(content).hexdigest()
    (folder / f"{digest}.nq").write_bytes(content)
    return Part(graph, f"{digest}.nq", digest, len(lines))


def _term(text: str) -> str:
    if text.startswith('"'):
        return text
    if text == "a":
        return "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    for short, full in {**PREFIXES, "d:": DATA}.items():
        if text.startswith(short):
            return f"<{full}{text.removeprefix(short)}>"
    raise ValueError(text)


def _index(folder: Path, snapshot: str, **graphs: str) -> Index:
    parts = {"ontology/core": ONTOLOGY, "vocab/factor": FACTORS, "case/ash": ASH, **graphs}
    listed = tuple(_part(folder, name, text) for name, text in sorted(parts.items()))
    return Index.elsewhere(snapshot, "inputs", listed, folder)


@pytest.fixture
def search(tmp_path: Path) -> Search:
    index = _index(tmp_path, "one", **{"case/elm": ELM})
    assert texts.bring_up_to_date(index) == (9, 9)
    return Search(index)


def _found(results: Results) -> list[str]:
    return [hit.iri.removeprefix(DATA).removeprefix(CONCEPT) for hit in results.hits]


def test_a_label_outranks_a_summary_and_a_concept_a_finding(search: Search) -> None:
    assert _found(search("board stability"))[:2] == ["factor-board-stability", "ash/one"]
    assert _found(search("trust"))[0] == "factor-trust"


def test_words_are_found_in_any_inflection(search: Search) -> None:
    assert "ash/two" in _found(search("committee trusting"))
    assert search("partner").total == search("partners").total == 1


def test_other_names_find_a_thing_and_say_so(search: Search) -> None:
    (hit,) = search("churn").hits
    assert words_of(hit.title) == "board stability"
    assert ("churn", True) in hit.names


def test_a_misspelt_word_is_taken_for_the_nearest_and_the_answer_says_so(search: Search) -> None:
    found = search("board stabilty")
    assert found.replaced == (("stabilty", "stability"),)
    assert found.asked == "board stability"
    assert _found(found) == _found(search("board stability"))
    assert search("turst").replaced == (("turst", "trust"),)
    assert search("comittees").replaced == (("comittees", "committees"),)


def test_what_is_like_no_word_finds_nothing(search: Search) -> None:
    found = search("xylophone")
    assert (found.total, found.replaced, found.loose) == (0, (), False)


def test_hits_with_every_word_come_before_those_with_some(search: Search) -> None:
    found = search("board grew")
    assert found.loose
    assert _found(found)[0] == "elm/one"
    assert "ash/one" in _found(found)


def test_a_phrase_is_found_as_it_stands(search: Search) -> None:
    assert _found(search('"took over"')) == ["ash/case"]
    assert search('"over took"').total == 0


def test_facets_count_what_each_choice_would_leave(search: Search) -> None:
    wide = search("trust")
    kinds = {facet.name: facet.count for facet in wide.kinds}
    cases = {facet.name: (facet.label, facet.count) for facet in wide.cases}
    assert kinds == {"factor": 1, "outcome": 1, "finding": 2}
    assert cases == {"ash": ("Case Ash", 1), "elm": ("Case Elm", 1)}
    for kind, count in kinds.items():
        assert search("trust", kind=kind).total == count
    narrow = search("trust", kind="finding", case="elm")
    assert (_found(narrow), narrow.total) == (["elm/one"], 1)
    assert {facet.name for facet in narrow.cases} == {"ash", "elm"}


def test_the_classes_of_the_ontology_say_what_a_thing_is(search: Search) -> None:
    (hit,) = search("infirmary").hits
    assert (hit.kind, hit.case, hit.case_label) == ("actor", "ash", "Case Ash")


def test_what_was_looked_for_is_marked(search: Search) -> None:
    hit = next(one for one in search("boards").hits if one.iri.endswith("elm/one"))
    assert hit.excerpt == (("Trust in the ", False), ("board", True), (" grew.", False))


def test_signs_of_the_query_language_are_words_like_others(search: Search) -> None:
    for query in ('trust AND "', "NEAR(trust", "label:trust", "tr*st", "-trust", "{text}:", "^"):
        search(query)
    assert search("   ").total == 0
    assert search("trust " * 500).total == search("trust").total


def test_an_unknown_kind_case_or_page_is_refused_with_the_known_ones(search: Search) -> None:
    with pytest.raises(WrongUse) as caught:
        search("trust", kind="fruit")
    assert "finding" in str(caught.value)
    with pytest.raises(WrongUse) as caught:
        search("trust", case="oak")
    assert "ash, elm" in str(caught.value)
    with pytest.raises(WrongUse):
        search("trust", page=0)


def test_a_changed_graph_alone_is_read_again(tmp_path: Path, search: Search) -> None:
    changed = ELM.replace("Trust in the board grew", "Doubt in the board grew")
    after = _index(tmp_path, "two", **{"case/elm": changed})
    assert texts.bring_up_to_date(after) == (9, 2)
    later = Search(after)
    assert _found(later("doubt")) == ["elm/one"]
    assert "elm/one" not in _found(later("trust"))
    assert _found(search("doubt")) == []
    assert texts.bring_up_to_date(after) == (9, 0)


def test_a_change_leaves_what_making_all_anew_would(tmp_path: Path, search: Search) -> None:
    gone = _index(tmp_path, "three")
    texts.bring_up_to_date(gone)
    elsewhere = tmp_path / "anew"
    elsewhere.mkdir()
    anew = _index(elsewhere, "three")
    texts.bring_up_to_date(anew)
    for query in ("trust", "board stabilty", "elm", "grew", "committee"):
        one, other = Search(gone)(query), Search(anew)(query)
        assert (one.total, one.replaced, _found(one)) == (
            other.total, other.replaced, _found(other),
        )  # fmt: skip


def test_before_the_index_is_there_the_asker_is_told_to_wait(tmp_path: Path) -> None:
    search = Search(_index(tmp_path, "none"))
    assert not search.ready
    with pytest.raises(Busy):
        search("trust")


@pytest.mark.parametrize(
    ("left", "right", "far"),
    [("trust", "trust", 0), ("turst", "trust", 1), ("stabilty", "stability", 1),
     ("comitee", "committee", 2), ("", "abc", 3), ("merger", "margin", 3)],
)  # fmt: skip
def test_distance_counts_letters_to_mend(left: str, right: str, far: int) -> None:
    assert spelling.distance(left, right) == spelling.distance(right, left) == far
