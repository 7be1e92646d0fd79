from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from partnering.errors import (
    Busy,
    EngineUnavailable,
    QueryError,
    QueryRefused,
    QuerySyntax,
    QueryTimeout,
    QueryTooLarge,
    WrongUse,
)
from partnering.store.base import Reply, ask, select
from partnering.store.embedded import EmbeddedEngine
from partnering.store.readers import ReaderPool
from partnering.store.room import Limits

CALM = Limits(deadline=20, max_rows=20_000)
QUICK = Limits(deadline=0.3, memory=256 << 20, max_rows=20_000, max_bytes=4 << 20)
HEALTH = "SELECT * { <http://e/c7/f3> ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def eventually(true: object, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.02)


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@pytest.fixture(scope="module")
def pool(index: Path) -> Iterator[ReaderPool]:
    with ReaderPool(index, readers=2, limits=CALM) as pool:
        yield pool


@pytest.fixture(scope="module")
def attacked(index: Path) -> Iterator[ReaderPool]:
    """Strangers get little; what we ask ourselves, to see how it is, has time."""
    with ReaderPool(index, readers=2, limits=QUICK) as pool:
        yield pool


class PastTheGate:
    """A stranger's limits without the gate, as if it had a hole."""

    def __init__(self, pool: ReaderPool) -> None:
        self.pool = pool

    def execute(self, query: str) -> Reply:
        return self.pool.run(
            self.pool._public,
            query,
            media_type=None,
            default_graphs=None,
            named_graphs=None,
            has_from=None,
        )


@pytest.fixture
def fresh(index: Path) -> Iterator[ReaderPool]:
    """A pool of one's own, for tests that break things."""
    with ReaderPool(index, readers=1, limits=Limits(deadline=2)) as pool:
        yield pool


# Answers


@pytest.mark.parametrize(
    ("query", "media_type"),
    [
        (HEALTH, "json"),
        (HEALTH, "csv"),
        ("ASK { <http://e/c7/f3> ?p ?o }", "xml"),
        ("CONSTRUCT WHERE { <http://e/c7/f3> ?p ?o }", "ttl"),
        ("DESCRIBE <http://e/c7/f3>", "jsonld"),
        ("SELECT * FROM <http://e/g1> { ?s <http://e/number> ?o }", "tsv"),
        ("SELECT * { GRAPH ?g { ?s <http://e/number> 3 } }", "json"),
        ("SELECT ('é \U0001f600' AS ?text) {}", "json"),
    ],
)
def test_readers_answer_byte_for_byte_what_the_embedded_engine_does(
    pool: ReaderPool, index: Path, query: str, media_type: str
) -> None:
    expected = EmbeddedEngine.load(index).execute(query, media_type=media_type)
    assert pool.execute(query, media_type=media_type) == expected
    assert pool.own.execute(query, media_type=media_type) == expected


def test_datasets_of_the_request_are_honoured(pool: ReaderPool) -> None:
    query = "SELECT * { ?s <http://e/number> ?o }"
    assert len(select(pool, query)) == 2_000
    assert len(select(pool, query, default_graphs=["http://e/g1"])) == 50
    assert len(select(pool, query, named_graphs=["http://e/g1"])) == 0


def test_many_threads_share_the_pool(pool: ReaderPool) -> None:
    def one(number: int) -> int:
        query = f"SELECT * {{ ?s <http://e/case> <http://e/c{number % 40}> }}"
        return len(select(pool.own, query))

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(one, range(200))) == [50] * 200


def test_errors_come_back_as_what_they_are(pool: ReaderPool) -> None:
    with pytest.raises(QuerySyntax) as caught:
        pool.execute("SELECT * { ?s ?p }")
    assert caught.value.where is not None
    assert caught.value.where.startswith("line 1, column 1")
    with pytest.raises(WrongUse, match="choose from json"):
        pool.execute(HEALTH, media_type="ttl")
    with pytest.raises(QueryRefused, match="reaches out to none"):
        pool.execute("SELECT * { SERVICE <http://e/> {} }")
    with pytest.raises(QueryRefused, match="not a graph of this store"):
        pool.execute(HEALTH, default_graphs=["http://elsewhere/"])


# Containment


def test_a_reader_is_held_by_the_kernel(pool: ReaderPool) -> None:
    readers = pool.status().readers
    assert len(readers) == 5
    for pid in readers:
        limits = Path(f"/proc/{pid}/limits").read_text()
        values = {line[:26].strip(): line[26:].split()[:2] for line in limits.splitlines()}
        assert values["Max open files"] == ["6", "6"]
        assert values["Max core file size"] == ["0", "0"]
        assert values["Max file size"] == ["0", "0"]
        assert int(values["Max address space"][1]) < 4 << 30
        assert len(os.listdir(f"/proc/{pid}/fd")) == 5  # the sixth is its connection


def test_the_server_has_one_thread_and_little_else(pool: ReaderPool) -> None:
    status = Path(f"/proc/{pool.status().server}/status").read_text()
    assert "\nThreads:\t1\n" in status
    heavy = "{'rdflib', 'flask', 'click', 'asyncio', 'threading'} & set(sys.modules)"
    code = f"import sys, partnering.store.forkserver; print({heavy} or 'light')"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "light"


def test_the_socket_lies_in_a_folder_of_ours_alone(pool: ReaderPool) -> None:
    folder = pool._server.socket.parent
    assert folder.stat().st_mode & 0o777 == 0o700


def test_the_deadline_ends_a_query(attacked: ReaderPool) -> None:
    with pytest.raises(QueryTimeout, match=r"0\.3 seconds"):
        attacked.execute(ENDLESS)
    assert ask(attacked.own, "ASK {}")


def test_the_memory_limit_ends_a_query(index: Path) -> None:
    limits = Limits(deadline=20, memory=48 << 20)
    with (
        ReaderPool(index, readers=1, limits=limits) as pool,
        pytest.raises(QueryTooLarge, match="48 MiB"),
    ):
        pool.execute("SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c")


def test_row_and_byte_caps_end_a_query(attacked: ReaderPool) -> None:
    with pytest.raises(QueryTooLarge, match="20,000 rows"):
        attacked.own.execute("SELECT ?x { ?a ?b ?c . ?d ?e ?f BIND(1 AS ?x) }")
    with pytest.raises(QueryTooLarge, match="4,194,304 bytes"):
        attacked.own.execute("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", media_type="xml")


def test_a_large_answer_is_given_and_its_reader_replaced(index: Path) -> None:
    limits = Limits(deadline=20, max_bytes=256 << 20)
    with ReaderPool(index, readers=1, limits=limits) as pool:
        before = pool.status()
        reply = pool.execute("SELECT * { ?a ?b ?c . ?d <http://e/number> 4 }")
        assert len(reply.body) > 64 << 20
        eventually(lambda: pool.status().respawns == before.respawns + 1)
        eventually(lambda: len(pool.status().readers) == 3)
        assert pool.status().pss < before.pss + (64 << 20)


def test_nothing_waits_behind_hostile_queries_in_the_other_room(index: Path) -> None:
    limits = Limits(deadline=2)
    with ReaderPool(index, readers=2, limits=limits) as pool, ThreadPoolExecutor(2) as threads:
        hostile = [threads.submit(pool.execute, ENDLESS) for _ in range(2)]
        eventually(lambda: pool.status().running == 2)
        for _ in range(20):
            assert ask(pool.own, "ASK {}")
        assert not any(query.done() for query in hostile)
        assert all(isinstance(query.exception(), QueryTimeout) for query in hostile)


def test_a_full_waiting_room_says_when_to_come_back(index: Path) -> None:
    limits = Limits(deadline=1.5, max_waiting=1, patience=0.2)
    with ReaderPool(index, readers=1, limits=limits) as pool, ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(pool.execute, ENDLESS) for _ in range(4)]
        ends = [query.exception() for query in asked]
        assert sum(isinstance(end, QueryTimeout) for end in ends) == 1
        busy = [end for end in ends if isinstance(end, Busy)]
        assert len(busy) == 3
        assert all(end.http_status == 503 and end.retry_after >= 1 for end in busy)
        assert ask(pool, "ASK {}")


# Deaths


def test_a_killed_reader_is_replaced_and_its_query_answered_honestly(fresh: ReaderPool) -> None:
    before = fresh.status().readers
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    assert ask(fresh, "ASK {}"), "a query nobody had begun is asked again"
    eventually(lambda: fresh.status().respawns >= 3)
    eventually(lambda: len(fresh.status().readers) == 3)
    assert not set(before) & set(fresh.status().readers)
    assert ask(fresh, "ASK {}")


def test_a_killed_server_takes_its_readers_along_and_comes_back(fresh: ReaderPool) -> None:
    before = fresh.status()
    os.kill(before.server, signal.SIGKILL)
    eventually(lambda: all(is_gone(pid) for pid in before.readers))
    eventually(lambda: fresh.status().readers == ())
    assert ask(fresh, "ASK {}")
    after = fresh.status()
    assert (after.restarts, len(after.readers)) == (1, 3)
    assert after.server != before.server


def test_a_server_killed_under_a_query_is_no_answer(fresh: ReaderPool) -> None:
    with ThreadPoolExecutor(1) as threads:
        query = threads.submit(fresh.execute, ENDLESS)
        eventually(lambda: fresh.status().running == 1)
        os.kill(fresh.status().server, signal.SIGKILL)
        assert isinstance(query.exception(), EngineUnavailable | QueryTimeout)
    assert ask(fresh, "ASK {}")


def test_a_reader_that_will_not_die_is_ended_by_hand(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partnering.store.readers.GRACE", 0.2)
    limits = Limits(deadline=1)
    with ReaderPool(index, readers=1, limits=limits) as pool:
        readers = pool.status().readers
        for pid in readers:
            os.kill(pid, signal.SIGSTOP)
        with pytest.raises((QueryTimeout, EngineUnavailable)):
            pool.execute(HEALTH)
        for pid in readers:
            os.kill(pid, signal.SIGCONT)
        assert ask(pool, "ASK {}")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_outlives_the_web_process(index: Path, how: signal.Signals) -> None:
    code = (
        "import sys, pathlib, time\n"
        "from partnering.store.readers import ReaderPool\n"
        "pool = ReaderPool(pathlib.Path(sys.argv[1]), readers=2)\n"
        "status = pool.status()\n"
        "print(status.server, *status.readers, pool._server.socket.parent, flush=True)\n"
        "time.sleep(60)\n"
    )
    web = subprocess.Popen(
        [sys.executable, "-c", code, str(index)], stdout=subprocess.PIPE, text=True
    )
    assert web.stdout is not None
    *pids, folder = web.stdout.readline().split()
    assert len(pids) == 6
    assert Path(folder).is_dir()
    web.send_signal(how)
    web.wait()
    web.stdout.close()
    eventually(lambda: all(is_gone(int(pid)) for pid in pids))
    eventually(lambda: not Path(folder).exists())


def test_closing_leaves_no_process_and_no_file(index: Path) -> None:
    pool = ReaderPool(index, readers=2)
    status, folder = pool.status(), pool._server.socket.parent
    pool.close()
    pool.close()
    assert all(is_gone(pid) for pid in (status.server, *status.readers))
    assert not folder.exists()
    with pytest.raises(EngineUnavailable, match="closed"):
        pool.execute(HEALTH)


# Switching


def test_a_switch_answers_from_the_new_index_and_lets_old_queries_end(
    index: Path, tmp_path: Path
) -> None:
    new = tmp_path / "new.nq"
    new.write_text("<http://e/a> <http://e/p> <http://e/b> <http://e/new> .\n")
    with (
        ReaderPool(index, readers=1, limits=Limits(deadline=1.5)) as pool,
        ThreadPoolExecutor(1) as threads,
    ):
        old = pool.status()
        query = threads.submit(pool.execute, ENDLESS)
        eventually(lambda: pool.status().running == 1)
        pool.switch(new)
        assert pool.graphs == {"http://e/new"}
        assert len(select(pool.own, "SELECT * { ?s ?p ?o }")) == 1
        assert not is_gone(old.server)
        assert isinstance(query.exception(), QueryTimeout)
        eventually(lambda: is_gone(old.server))
        assert pool.status().index == new
        assert pool.status().quads == 1


def listed(folder: Path, name: str, graphs: dict[str, str]) -> Path:
    """An index of small graphs, each of one name in a file of its own."""
    parts = []
    for graph, value in graphs.items():
        line = f'<http://e/{graph}> <http://e/says> "{value}" <http://e/{graph}> .\n'
        digest = hashlib.sha256(line.encode()).hexdigest()
        file = folder / "quads" / f"{digest}.nq"
        file.parent.mkdir(exist_ok=True)
        file.write_text(line)
        parts.append((f"http://e/{graph}", f"quads/{file.name}", digest, 1))
    index = folder / "index" / f"{name}.json"
    index.parent.mkdir(exist_ok=True)
    index.write_text(json.dumps({"parts": parts}))
    return index


SAID = "SELECT ?s ?o { ?s <http://e/says> ?o } ORDER BY ?s"


def said(pool: ReaderPool) -> dict[str, str]:
    rows = select(pool.own, SAID).rows
    return {str(s).rpartition("/")[2]: str(o) for s, o in rows}


def test_where_little_differs_the_server_stays_and_loads_only_that(tmp_path: Path) -> None:
    many = {f"g{number}": "as ever" for number in range(30)}
    first = listed(tmp_path, "first", many | {"gone": "once"})
    second = listed(tmp_path, "second", many | {"g0": "anew", "come": "now"})
    with ReaderPool(first, readers=1, limits=Limits(deadline=1.5)) as pool:
        before = pool.status()
        pool.switch(second)
        after = pool.status()
        assert said(pool) == many | {"g0": "anew", "come": "now"}
        assert after.server == before.server
        assert after.index == second
        assert after.quads == before.quads
        assert "http://e/come" in pool.graphs
        assert "http://e/gone" not in pool.graphs
        eventually(lambda: all(is_gone(pid) for pid in before.readers))
        os.kill(pool.status().readers[0], signal.SIGKILL)
        eventually(lambda: len(pool.status().readers) == len(before.readers))
        assert said(pool)["g0"] == "anew"


def test_a_query_under_way_ends_on_the_index_it_began_on(tmp_path: Path) -> None:
    many = {f"g{number}": "as ever" for number in range(30)}
    first = listed(tmp_path, "first", many)
    second = listed(tmp_path, "second", many | {"g0": "anew"})
    slow = """SELECT (SAMPLE(?o) AS ?was) { <http://e/g0> <http://e/says> ?o .
        ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"""
    with (
        ReaderPool(first, readers=1, limits=Limits(deadline=20)) as pool,
        ThreadPoolExecutor(1) as threads,
    ):
        query = threads.submit(select, pool.own, slow)
        eventually(lambda: pool.status().running == 1)
        pool.switch(second)
        assert said(pool)["g0"] == "anew"
        assert [str(was) for (was,) in query.result()] == ["as ever"]


def test_a_listed_index_with_a_broken_file_leaves_the_old_one(tmp_path: Path) -> None:
    many = {f"g{number}": "as ever" for number in range(30)}
    first = listed(tmp_path, "first", many)
    second = listed(tmp_path, "second", many | {"g0": "anew"})
    changed = json.loads(second.read_text())["parts"][0][1]
    (tmp_path / changed).write_text("<http://e/g0> oops")
    with ReaderPool(first, readers=1) as pool:
        before = pool.status()
        with pytest.raises(EngineUnavailable, match="does not load"):
            pool.switch(second)
        assert pool.status().server == before.server
        assert said(pool) == many


def test_an_index_that_does_not_load_leaves_the_old_one(fresh: ReaderPool, tmp_path: Path) -> None:
    broken = tmp_path / "broken.nq"
    broken.write_text("<http://e/a> oops")
    before = fresh.status()
    for path in (broken, tmp_path / "none.nq"):
        with pytest.raises(EngineUnavailable, match="does not load"):
            fresh.switch(path)
    assert fresh.status().server == before.server
    assert ask(fresh, "ASK {}")


def test_switching_under_load_loses_no_query(index: Path) -> None:
    with ReaderPool(index, readers=2) as pool:
        stop, failures, answers = threading.Event(), [], []

        def keep_asking() -> None:
            while not stop.is_set():
                try:
                    answers.append(len(select(pool.own, HEALTH)))
                except Exception as error:
                    failures.append(error)

        threads = [threading.Thread(target=keep_asking) for _ in range(2)]
        for thread in threads:
            thread.start()
        for _ in range(3):
            pool.switch(index)
        stop.set()
        for thread in threads:
            thread.join()
    assert failures == []
    assert set(answers) == {5}


# Attacks. Each goes twice: to the gate, and past it to prove that the reader alone holds.

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
    eventually(lambda: len(attacked.status().readers) == 5)
    assert attacked.status().pss < 400 << 20
    assert attacked.status().restarts == 0
