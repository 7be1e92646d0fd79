"""Hostile queries. Each goes twice: to the gate, and past it to prove that the reader alone holds."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench.servers import proportional
from tests.service.pools import ENDLESS, HEALTH, QUICK, PastTheGate, eventually

from partnering.errors import (
    EngineUnavailable,
    QueryError,
    QueryRefused,
    QuerySyntax,
    QueryTimeout,
    QueryTooLarge,
)
from partnering.store.base import select
from partnering.store.embedded import EmbeddedEngine
from partnering.store.readers import ReaderPool

N = "?a ?b ?c . ?d ?e ?f"
GROW = "BIND(CONCAT(?x{0}, ?x{0}) AS ?x{1})"
ATTACKS = {
    "deep brackets": "SELECT (" + "(" * 8_000 + "1" + ")" * 8_000 + " AS ?x) {}",
    "deep functions": "SELECT (" + "STR(" * 5_000 + "1" + ")" * 5_000 + " AS ?x) {}",
    "deep groups": "SELECT * " + "{" * 8_000 + "}" * 8_000,
    "deep exists": "ASK {" + "?s ?p ?o FILTER EXISTS {" * 1_200 + "}" * 1_200 + "}",
    "deep optional": "ASK {" + "?s ?p ?o OPTIONAL {" * 1_500 + "}" * 1_500 + "}",
    "deep sub-selects": "SELECT * {" + "{SELECT * {" * 1_500 + "}}" * 1_500 + "}",
    "deep blank nodes": "SELECT * {?s ?p " + "[?p " * 4_000 + "1" + "]" * 4_000 + "}",
    "deep triple terms": "SELECT * {?s ?p "
    + "<<( <x:s> <x:p> " * 4_000
    + "1"
    + " )>>" * 4_000
    + "}",
    "deep paths": "SELECT * {?s " + "(" * 5_000 + "<http://e/next>" + ")*" * 5_000 + " ?o}",
    "deep if": "SELECT (" + "IF(true,1," * 3_000 + "1" + ")" * 3_000 + " AS ?x) {}",
    "long sum": "SELECT (1" + "+1" * 15_000 + " AS ?x) {}",
    "long not": "SELECT (" + "!" * 30_000 + "true AS ?x) {}",
    "long or": "SELECT * {?s ?p ?o FILTER(" + "||".join(["?o=1"] * 5_000) + ")}",
    "hidden sum": "SELECT * {?a ?b ?c FILTER(?a<1" + "+1" * 15_000 + ">?c)}",
    "many describes": "DESCRIBE " + "<http://e/c1> " * 20_000,
    "huge query": "SELECT * { ?s ?p '" + "x" * 5_000_000 + "' }",
    "planner: star": "SELECT * {?s " + ";".join(f"<x:{i}> ?o{i}" for i in range(300)) + "}",
    "planner: chain": "SELECT * {" + "".join(f"?s{i} ?p ?s{i + 1}." for i in range(800)) + "}",
    "planner: apart": "SELECT * {" + "".join(f"?s{i} ?p{i} ?o{i}." for i in range(400)) + "}",
    "planner: groups": "SELECT * {" + "{?s ?p ?o}" * 400 + "}",
    "planner: list": "SELECT * {?s ?p (" + "1 " * 600 + ")}",
    "planner: path": "SELECT * {?s " + "/".join(["<http://e/next>"] * 1_000) + " ?o}",
    "planner: values": "SELECT * {" + "".join(f"VALUES ?x{i} {{1 2}}" for i in range(1_000)) + "}",
    "cartesian count": ENDLESS,
    "cartesian rows": f"SELECT * {{ {N} . ?g ?h ?i }}",
    "cartesian construct": f"CONSTRUCT {{ ?a ?e ?f . ?d ?b ?i }} {{ {N} . ?g ?h ?i }}",
    "cartesian union": f"SELECT * {{ {{ {N} }} UNION {{ {N} }} {{ ?g ?h ?i }} }}",
    "empty join": f"ASK {{ {N} . ?g ?h ?i FILTER(?a = ?c && ?c = ?g && STR(?a) = 'x') }}",
    "sort": f"SELECT * {{ {N} }} ORDER BY ?f ?c",
    "sort top": f"SELECT * {{ {N} }} ORDER BY DESC(STR(?f)) LIMIT 1",
    "distinct": f"SELECT DISTINCT * {{ {N} }}",
    "group": f"SELECT ?a ?d (COUNT(*) AS ?n) {{ {N} }} GROUP BY ?a ?d ?c ?f",
    "group concat": f"SELECT (GROUP_CONCAT(CONCAT(STR(?c), STR(?f))) AS ?x) {{ {N} }}",
    "sample of distinct": f"SELECT (COUNT(DISTINCT CONCAT(STR(?c), STR(?f))) AS ?x) {{ {N} }}",
    "doubling strings": "SELECT * { BIND('aaaaaaaaaaaaaaaa' AS ?x0) "
    + " ".join(GROW.format(i, i + 1) for i in range(40))
    + "}",
    "doubling by replace": "SELECT * { BIND('aaaaaaaaaaaaaaaa' AS ?x0) "
    + " ".join(f"BIND(REPLACE(?x{i}, 'a', 'aaaaaaaa') AS ?x{i + 1})" for i in range(12))
    + "}",
    "encode for uri": "SELECT * { BIND('éééééééééééééééé' AS ?x0) "
    + " ".join(f"BIND(ENCODE_FOR_URI(CONCAT(?x{i},?x{i})) AS ?x{i + 1})" for i in range(30))
    + "}",
    "regex repeats": f"SELECT * {{ {N} FILTER(REGEX(?c, '((a{{1,99}}){{1,99}}){{1,99}}')) }}",
    "regex nested": f"SELECT * {{ {N} FILTER(REGEX(CONCAT(STR(?c), STR(?f)), '^(f+)+x$')) }}",
    "regex of data": f"SELECT * {{ {N} FILTER(REGEX(STR(?c), CONCAT('(', STR(?f), ')*'))) }}",
    "path closure": "SELECT * { ?s (<http://e/next>|<http://e/case>|^<http://e/case>)* ?o }",
    "path closure twice": "SELECT * { ?s (!<x:a>|!^<x:b>)* ?m . ?m (!<x:a>|!^<x:b>)* ?o }",
    "path counting": "SELECT (COUNT(*) AS ?n) { ?s (!<x:a>|!^<x:a>)+ ?o . ?a ?b ?c }",
    "not exists": f"SELECT * {{ {N} FILTER NOT EXISTS {{ ?c ?q ?f . ?f ?r ?c }} }}",
    "minus": f"SELECT * {{ {N} MINUS {{ ?c ?e ?f . ?g ?h ?i }} }}",
    "optional": f"SELECT * {{ ?a ?b ?c OPTIONAL {{ {N} }} OPTIONAL {{ ?g ?h ?i }} }}",
    "lateral": f"SELECT * {{ ?a ?b ?c LATERAL {{ SELECT * {{ {N} }} LIMIT 9 }} }}",
    "offset": f"SELECT * {{ {N} . ?g ?h ?i }} OFFSET 999999999999 LIMIT 1",
    "random": f"SELECT (RAND() AS ?r) (UUID() AS ?u) {{ {N} }} ORDER BY RAND()",
    "sub-select": f"SELECT * {{ {{ SELECT (COUNT(*) AS ?n) {{ {N} . ?g ?h ?i }} }} }}",
    "values cross": "SELECT (COUNT(*) AS ?n) {"
    + "".join(f"VALUES ?v{i} {{1 2 3 4 5 6 7 8 9}}" for i in range(20))
    + "}",
    "big numbers": f"SELECT (SUM(9223372036854775807 * ?c) AS ?n) {{ {N} }}",
    "not utf-8 end": "SELECT * { ?s ?p '\udfff' }",
    "nul": "SELECT * { ?s ?p '\x00' }",
    "empty": "",
    "update": "DELETE WHERE { ?s ?p ?o }",
    "insert": "INSERT DATA { GRAPH <http://e/g1> { <x:a> <x:b> 1 } }",
    "clear": "CLEAR ALL",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
@pytest.mark.parametrize("door", ["gate", "past the gate"])
def test_no_query_takes_the_service_down(attacked: ReaderPool, door: str, attack: str) -> None:
    engine = attacked if door == "gate" else PastTheGate(attacked)
    # Any other error fails the test: these are the honest ends.
    with contextlib.suppress(QueryRefused, QuerySyntax, QueryTimeout, QueryTooLarge):
        assert len(engine.execute(attack).body) <= QUICK.max_bytes
    started = time.monotonic()
    assert len(select(attacked.own, HEALTH)) == 5
    assert time.monotonic() - started < 5


@pytest.fixture(scope="module")
def canary() -> Iterator[tuple[int, list[bytes]]]:
    """A server on loopback that remembers who called."""
    calls: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                calls.append(connection.recv(100))
                connection.close()

    threading.Thread(target=answer, daemon=True).start()
    yield listener.getsockname()[1], calls
    listener.close()


REACHES = [
    "SELECT * { SERVICE <HTTP> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <HTTP> { ?s ?p ?o } }",
    "SELECT * { BIND(<HTTP> AS ?u) SERVICE ?u { ?s ?p ?o } }",
    "SELECT * { BIND(IRI(CONCAT('http', '://127.0.0.1:PORT/')) AS ?u) SERVICE ?u { ?s ?p ?o } }",
    "PREFIX e: <HTTP> SELECT * { SERVICE e: { ?s ?p ?o } }",
    "BASE <HTTP> SELECT * { SERVICE <> { ?s ?p ?o } }",
    "SELECT * { SERVICE <http://localhost:PORT/> { ?s ?p ?o } }",
    "SELECT * { SERVICE <http://[::ffff:127.0.0.1]:PORT/> { ?s ?p ?o } }",
    "SELECT * { SERVICE <http://2130706433:PORT/> { ?s ?p ?o } }",
    "SELECT * { SERVICE <https://127.0.0.1:PORT/> { ?s ?p ?o } }",
    "SELECT * { SERVICE <file:///etc/passwd> { ?s ?p ?o } }",
    "ASK { FILTER EXISTS { SERVICE <HTTP> { ?s ?p ?o } } }",
    "SELECT * { { SELECT * { SERVICE <HTTP> { ?s ?p ?o } } } }",
    "CONSTRUCT { ?s ?p ?o } { SERVICE <HTTP> { ?s ?p ?o } }",
    "LOAD <HTTP>",
    "LOAD <HTTP> INTO GRAPH <http://e/g1>",
    "LOAD <file:///etc/passwd>",
    "SELECT * FROM <HTTP> { ?s ?p ?o }",
    "SELECT * FROM NAMED <HTTP> { GRAPH ?g { ?s ?p ?o } }",
    "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "SELECT * { GRAPH <HTTP> { ?s ?p ?o } }",
    "DESCRIBE <HTTP>",
]


@pytest.mark.parametrize("query", REACHES)
@pytest.mark.parametrize("door", ["gate", "past the gate"])
def test_no_query_reaches_out(
    attacked: ReaderPool, canary: tuple[int, list[bytes]], door: str, query: str
) -> None:
    port, calls = canary
    query = query.replace("HTTP", "http://127.0.0.1:PORT/").replace("PORT", str(port))
    engine = attacked if door == "gate" else PastTheGate(attacked)
    with contextlib.suppress(QueryError):
        assert b"root:" not in engine.execute(query).body
    assert calls == []
    assert len(select(attacked.own, HEALTH)) == 5


def test_the_canary_hears_who_does_call(canary: tuple[int, list[bytes]]) -> None:
    """Without this, the silence above would prove nothing."""
    port, calls = canary
    engine = EmbeddedEngine.load(Path(os.devnull))
    with pytest.raises(EngineUnavailable):
        engine.execute(f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}")
    assert len(calls) == 1
    calls.clear()


def test_memory_comes_back_after_the_attacks(attacked: ReaderPool) -> None:
    eventually(lambda: len(attacked.status().readers) == 7)
    assert proportional(attacked.status().server) < 400 << 20
    assert attacked.status().restarts == 0
