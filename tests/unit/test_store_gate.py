from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

import pytest

from partnering.errors import QueryRefused, QuerySyntax
from partnering.store import gate
from partnering.store.gate import CAPS, check, survey
from partnering.store.tokens import Walk

GRAPHS = frozenset({"http://e/g"})


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("SELECT * {}", "SELECT"),
        ("select*{}", "SELECT"),
        ("# ASK\nPREFIX ask: <http://e/ASK> BASE <http://e/> Ask {}", "ASK"),
        ("PREFIX select: <x:>CONSTRUCT{}{}", "CONSTRUCT"),
        ("DESCRIBE <http://e/SELECT>", "DESCRIBE"),
    ],
)
def test_the_form_is_the_first_word_after_the_prologue(query: str, form: str) -> None:
    assert check(query, graphs=GRAPHS).form == form


@pytest.mark.parametrize("query", ["", "   ", "# SELECT * {}", "PREFIX a: <b:>", "{}", "SEL"])
def test_a_query_without_a_form_is_a_syntax_error(query: str) -> None:
    with pytest.raises(QuerySyntax, match="SELECT, ASK, CONSTRUCT or DESCRIBE"):
        check(query)


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <a:a> <a:b> 1 }",
        "PREFIX e: <http://e/> DELETE WHERE { ?s ?p ?o }",
        "LOAD <http://127.0.0.1/>",
        "LOAD SILENT <file:///etc/passwd>",
        "# reading\nCLEAR ALL",
        "drop graph <http://e/g>",
        "WITH <http://e/g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "CREATE GRAPH <a:a>",
        "ADD <a:a> TO <a:b>",
        "MOVE <a:a> TO <a:b>",
        "COPY DEFAULT TO <a:b>",
    ],
)
def test_updates_are_refused(update: str) -> None:
    with pytest.raises(QueryRefused, match="changes data"):
        check(update)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://e/> { ?s ?p ?o } }",
        "SELECT * { service silent <http://e/> { ?s ?p ?o } }",
        "SELECT * { SERVICE<http://e/>{ ?s ?p ?o } }",
        "SELECT * { SERVICE ?where { ?s ?p ?o } }",
        "SELECT * { SERVICE:e { ?s ?p ?o } }",
        "SELECT * { ?s ?p true.SERVICE <http://e/> { } }",
        "SELECT * { ?s ?p 1 SERVICE <http://e/> { } }",
        "SELECT * { { { OPTIONAL { SERVICE <http://e/> { } } } } }",
        "ASK { FILTER EXISTS { SERVICE <http://e/> { } } }",
        "SELECT ('#' AS ?x) { SERVICE <http://e/> { } }",
        'SELECT ("""a" # """ AS ?x) { SERVICE <http://e/> { } }',
        "SELECT * { <http://e/#a> ?p ?o . SERVICE <http://e/> { } }",
    ],
)
def test_service_is_refused_wherever_it_hides(query: str) -> None:
    with pytest.raises(QueryRefused, match="reaches out to none") as caught:
        check(query)
    assert caught.value.where is not None
    assert caught.value.where.startswith("line 1, column ")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p 'SERVICE <http://e/> {' }",
        'SELECT * { ?s ?p "SERVICE \\" <http://e/> {" }',
        'SELECT * { ?s ?p """SERVICE " <http://e/> {""" }',
        "SELECT * { ?s ?p '''FROM ' <http://x/> SERVICE''' }",
        "SELECT * { ?s ?p ?o } # SERVICE <http://e/> {}",
        "SELECT * { ?s <http://e/SERVICE> ?o }",
        "PREFIX service: <http://e/> SELECT * { ?s service:p ?o . ?s a service:SERVICE }",
        "SELECT ?SERVICE ?FROM { ?SERVICE ?FROM $LOAD }",
        "SELECT * { _:SERVICE ?p ?o }",
        "SELECT * { ?s ?p 'x'@service }",
        "PREFIX from: <http://e/> SELECT * { ?s from:from ?o }",
    ],
)
def test_words_in_strings_comments_iris_and_names_are_no_keywords(query: str) -> None:
    found = check(query, graphs=GRAPHS)
    assert found.services == ()
    assert found.datasets == ()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <http://e/g> {}",
        "SELECT * FROM NAMED <http://e/g> {}",
        "PREFIX e: <http://e/> SELECT * FROM e:g {}",
        "BASE <http://e/x> SELECT * FROM <g> {}",
        "BASE <http://e/> PREFIX p: <> CONSTRUCT { ?s ?p ?o } FROM p:g WHERE { ?s ?p ?o }",
        "SELECT * FROM <http://e/\\u0067> {}",
        "SELECT (EXISTS { ?s ?p ?o } AS ?x)FROM<http://e/g>{}",
    ],
)
def test_from_may_name_a_graph_of_the_store_however_it_is_written(query: str) -> None:
    assert [d.iri for d in check(query, graphs=GRAPHS).datasets] == ["http://e/g"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT *\nFROM <http://elsewhere/> {}",
        "SELECT *\nFROM NAMED <file:///etc/passwd> {}",
        "PREFIX e: <http://elsewhere/> SELECT *\nFROM e:g {}",
    ],
)
def test_from_of_another_graph_is_refused_with_its_place(query: str) -> None:
    with pytest.raises(QueryRefused, match="not a graph of this store") as caught:
        check(query, graphs=GRAPHS)
    assert caught.value.where == f"line 2, column {12 if 'NAMED' in query else 6}"
    assert caught.value.mend is not None


def test_graphs_of_the_request_are_checked_as_well() -> None:
    gate.check_graphs(["http://e/g"], GRAPHS)
    with pytest.raises(QueryRefused, match="http://elsewhere/"):
        gate.check_graphs(["http://e/g", "http://elsewhere/"], GRAPHS)


@pytest.mark.parametrize(
    ("query", "patterns"),
    [
        ("SELECT * { ?s ?p ?o }", 1),
        ("SELECT * { ?s ?p ?o ; ?q ?r , ?t . ?u ?v ?w }", 4),
        ("SELECT * { ?s a <x:A> OPTIONAL { ?s ?p ?o } { ?a ?b ?c } UNION { ?d ?e ?f } }", 4),
        ("SELECT * { ?s <x:a>/<x:b>|^<x:c> ?o }", 4),
        ("SELECT * { ?s (<x:a>/<x:b>)+ ?o }", 3),
        ("SELECT * { ?s ?p [ ?q 1 ; ?r 2 ] }", 3),
        ("SELECT * { ?s ?p (1 2 3) }", 4),
        ("SELECT * { ?s ?p ?o FILTER(?o > 1 + 2 / 3) BIND(STR(?o) AS ?x) ?x ?y ?z }", 2),
        ("SELECT * { VALUES (?x ?y) { (1 2) (3 4) (5 6) } ?x ?y ?z }", 2),
        ("CONSTRUCT { ?s ?p 1, 2, 3 . ?s ?q [ ?r 4 ] } WHERE { ?s ?p ?o }", 1),
        ("SELECT * { GRAPH ?g { ?s ?p ?o } FILTER NOT EXISTS { ?s a ?o } }", 2),
        ("SELECT * { { SELECT ?s (SUM(?o) AS ?n) (MAX(?o) AS ?m) { ?s ?p ?o } GROUP BY ?s } }", 1),
    ],
)
def test_patterns_and_path_steps_are_counted(query: str, patterns: int) -> None:
    assert survey(query).patterns == patterns


def times(part: str, before: str = "", after: str = "", sep: str = "") -> Callable[[int], str]:
    return lambda n: before + sep.join([part] * n) + after


@pytest.mark.parametrize(
    ("build", "what"),
    [
        (lambda n: "SELECT (" + "(" * n + "1" + ")" * n + " AS ?x) {}", "deep"),
        (lambda n: "SELECT (" + "STR(" * n + "1" + ")" * n + " AS ?x) {}", "deep"),
        (lambda n: "SELECT * " + "{" * n + "}" * n, "deep"),
        (lambda n: "SELECT * {?s ?p " + "[?p " * n + "1" + "]" * n + "}", "deep"),
        (lambda n: "SELECT * {?s ?p " + "<<( ?s ?p " * n + "1" + " )>>" * n + "}", "deep"),
        (lambda n: "ASK {" + "FILTER EXISTS {" * n + "}" * n + "}", "deep"),
        (times("+1", "SELECT (1", " AS ?x) {}"), "operators"),
        (times("!", "SELECT (", "true AS ?x) {}"), "operators"),
        (times("?o = 1", "SELECT * {?s ?p ?o FILTER(", ")}", "||"), "operators"),
        (times("FILTER(?o)", "SELECT * {?s ?p ?o ", "}"), "operators"),
        (times("BIND(1 AS ?x)", "SELECT * {", "}"), "operators"),
        (times("<x:y>", "DESCRIBE ", "", " "), "operators"),
        (times("{}", "SELECT * {", "}", "UNION"), "operators"),
        (times("1>2+", "SELECT * {FILTER(?a<", "1>?c)}"), "operators"),
        (times("?s ?p ?o.", "SELECT * {", "}"), "patterns"),
        (times("?p ?o", "SELECT * {?s ", "}", ";"), "patterns"),
        (times("?o", "SELECT * {?s ?p ", "}", ","), "patterns"),
        (times("{?s ?p ?o}", "SELECT * {", "}"), "patterns"),
        (times("<x:y>", "SELECT * {?s ", " ?o}", "/"), "path steps"),
        (times("<x:y>*", "SELECT * {?s ", " ?o}", "/"), "path steps"),
        (times("<x:y>", "SELECT * {?s (", ")* ?o}", "|"), "path steps"),
        (times("1", "SELECT * {?s ?p (", ")}", " "), "patterns"),
        (times("VALUES ?x {1 2}", "SELECT * {", "}"), "patterns"),
        (times("GRAPH ?g {?s ?p ?o}", "SELECT * {", "}"), "patterns"),
    ],
)
def test_the_caps_refuse_what_crashes_the_engine_and_let_a_little_pass(
    build: Callable[[int], str], what: str
) -> None:
    check(build(5))
    with pytest.raises(QueryRefused, match=what) as caught:
        check(build(1_000))
    assert caught.value.where is not None


def test_brackets_and_operators_hidden_in_what_looks_like_an_iri_are_counted() -> None:
    # pyoxigraph reads "?a<1+1>?b" as a sum between two comparisons.
    with pytest.raises(QueryRefused, match="operators"):
        check("SELECT * { FILTER(?a<1" + "+1" * 500 + ">?c) }")
    with pytest.raises(QueryRefused, match="deep"):
        check("SELECT * { FILTER(?a<" + "(" * 100 + "1>?c) }")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("BASE <http://e/> " + "BASE <a/> " * 2000 + "ASK {}", "BASE more than 16 times"),
        ("BASE <http://e/" + "a/" * 9000 + "> ASK {}", "a BASE longer than"),
        ("SELECT * " + "FROM <http://e/g> " * 101 + "{}", "more than 100 graphs by FROM"),
    ],
)
def test_a_prologue_that_costs_seconds_to_resolve_is_refused(query: str, said: str) -> None:
    with pytest.raises(QueryRefused, match=said):
        check(query, graphs=GRAPHS)


def test_a_long_query_is_refused_by_its_bytes() -> None:
    query = "SELECT * { ?s ?p 'é' } #"
    fits = query + " " * (CAPS.length - len(query.encode()))
    check(fits)
    with pytest.raises(QueryRefused, match="32,769 bytes"):
        check(fits + " ")


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ('SELECT * {\n ?s ?p "open }', "line 2, column 8"),
        ("SELECT * {\n ?s ?p 'two\nlines' }", "line 2, column 8"),
        ('SELECT * { ?s ?p """open"" }', "line 1, column 18"),
        ("SELECT * { ?s \x00 ?o }", "line 1, column 15"),
        ("SELECT * { ?s \\ ?o }", "line 1, column 15"),
        ("SELECT * { ?s ?p '\ud800' }", "line 1, column 19"),
    ],
)
def test_what_is_no_token_is_a_syntax_error_with_its_place(query: str, where: str) -> None:
    with pytest.raises(QuerySyntax) as caught:
        check(query)
    assert caught.value.where == where


HOSTILE = [
    *("<", "<a", "<a<", "<a ", "<(", "<\\u0041", "<\\u004"),
    *("a.a.", "a.", "a.-.", "a-.-", "a:", ":", "a:%4", "a:\\", "a:.", "é", "·", "_"),
    *("'", '"', "''", '""a', "'\\", '"""a', "'''\\''", '"\\\n'),
    *("#", "# \n", " ", "\t\r\n", "?", "$", "@a-", "@", "1e", "1.", "1e+", "+1"),
    *("{|", "<<(", ")>>", "|}", "^^", "&&", "(", ")", "{", "}", "[", "]", "\\", "\x00", "~"),
]


@pytest.mark.parametrize("part", HOSTILE)
@pytest.mark.parametrize("end", ["", "\x00", "'", ">"])
def test_no_input_makes_the_tokeniser_go_back_and_forth(part: str, end: str) -> None:
    """Backtracking would take hours here; one pass takes tens of milliseconds."""
    query = "SELECT * { ?s ?p " + part * (CAPS.length // len(part)) + end
    started = time.monotonic()
    walk = Walk(query, 1 << 60, 1 << 60, 1 << 60)
    with contextlib.suppress(QuerySyntax):
        walk.run()
    assert walk.first_word == "SELECT"
    assert time.monotonic() - started < 10
