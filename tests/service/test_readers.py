"""Contained readers: they answer as the embedded engine does, within limits the kernel holds."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from bench.servers import proportional
from tests.service.pools import ENDLESS, HEALTH, eventually

from partnering.errors import (
    Busy,
    QueryRefused,
    QuerySyntax,
    QueryTimeout,
    QueryTooLarge,
    WrongUse,
)
from partnering.store import readers
from partnering.store.base import ask, select
from partnering.store.confined import Own, memory_left
from partnering.store.embedded import EmbeddedEngine
from partnering.store.readers import ReaderPool
from partnering.store.room import Limits


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
    assert len(readers) == 7
    for pid in readers:
        # It is known as soon as it is forked, and confines itself then.
        eventually(lambda pid=pid: _limits(pid)["Max open files"] == ["7", "7"])  # type: ignore[misc]
        values = _limits(pid)
        assert values["Max core file size"] == ["0", "0"]
        assert values["Max file size"] == ["0", "0"]
        assert int(values["Max address space"][1]) < 4 << 30
        # The last is its line, if it has one.
        assert len(os.listdir(f"/proc/{pid}/fd")) in (6, 7)


def _limits(pid: int) -> dict[str, list[str]]:
    lines = Path(f"/proc/{pid}/limits").read_text().splitlines()
    return {line[:26].strip(): line[26:].split()[:2] for line in lines}


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


def _doubled(times: int) -> str:
    """A query that takes twice as many bytes as it doubles a letter to."""
    letters = "".join(f" BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(times))
    return f'SELECT (STRLEN(?x{times}) AS ?length) {{ BIND("x" AS ?x0){letters} }}'


def test_our_own_queries_may_take_more_memory_than_strangers(index: Path) -> None:
    limits = Limits(deadline=20, memory=48 << 20)
    with ReaderPool(
        index, readers=1, limits=limits, own_limits=Limits(deadline=20, memory=1 << 30)
    ) as pool:
        for _ in range(5):  # more often than there are readers: each has answered both
            assert str(select(pool.own, _doubled(27)).rows[0][0]) == str(2**27)
            with pytest.raises(QueryTooLarge, match="48 MiB"):
                pool.execute(_doubled(27))


def test_row_and_byte_caps_end_a_query(attacked: ReaderPool) -> None:
    with pytest.raises(QueryTooLarge, match="20,000 rows"):
        attacked.own.execute("SELECT ?x { ?a ?b ?c . ?d ?e ?f BIND(1 AS ?x) }")
    with pytest.raises(QueryTooLarge, match="4,194,304 bytes"):
        attacked.own.execute("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", media_type="xml")


def test_a_large_answer_is_given_and_its_reader_replaced_when_nobody_asks(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "IDLE", 0.2)
    limits = Limits(deadline=20, max_bytes=256 << 20)
    with ReaderPool(index, readers=1, limits=limits) as pool:
        before = pool.status()
        memory = proportional(before.server)
        reply = pool.execute("SELECT * { ?a ?b ?c . ?d <http://e/number> 4 }")
        assert len(reply.body) > 64 << 20
        eventually(lambda: pool.status().respawns == before.respawns + 1)
        eventually(lambda: len(pool.status().readers) == 4)
        assert proportional(before.server) < memory + (16 << 20)


def test_a_reader_keeps_what_a_large_answer_took_while_people_ask(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one question took takes nothing from the next, and is given back when nobody asks."""
    monkeypatch.setattr(readers, "IDLE", 2.0)
    limits, own = Limits(deadline=20, memory=512 << 20), Limits(deadline=20, memory=4 << 30)
    with ReaderPool(index, readers=1, limits=limits, own_limits=own) as pool:
        before = pool.status()
        assert str(select(pool.own, _doubled(27)).rows[0][0]) == str(2**27)
        for _ in range(3):
            assert str(select(pool, _doubled(27)).rows[0][0]) == str(2**27)
        assert pool.status().respawns == before.respawns
        eventually(lambda: pool.status().respawns == before.respawns + 1)


def test_a_reader_that_has_much_memory_waits_for_a_shorter_time(index: Path) -> None:
    own = Limits(deadline=20, memory=4 << 30)
    with ReaderPool(index, readers=1, own_limits=own) as pool:
        before = pool.status()
        assert str(select(pool.own, _doubled(28)).rows[0][0]) == str(2**28)
        assert pool.status().respawns == before.respawns
        eventually(lambda: pool.status().respawns == before.respawns + 1, readers.IDLE - 2)


def test_a_reader_keeps_no_copies_where_memory_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    meminfo = os.open("/proc/meminfo", os.O_RDONLY)
    try:
        total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        assert total // 100 < memory_left(meminfo) <= total
    finally:
        os.close(meminfo)
    own = Own()
    monkeypatch.setattr(own, "memory", lambda: 1 << 30)
    assert own.crowds(lambda: 3 << 30)
    assert not own.crowds(lambda: 5 << 30)
    monkeypatch.setattr(own, "memory", lambda: 100 << 20)
    assert not own.crowds(lambda: 0)


def test_a_reader_that_has_taken_half_of_what_one_may_is_replaced_at_once(index: Path) -> None:
    with ReaderPool(index, readers=1, limits=Limits(deadline=20, memory=512 << 20)) as pool:
        before = pool.status()
        assert str(select(pool, _doubled(27)).rows[0][0]) == str(2**27)
        eventually(lambda: pool.status().respawns == before.respawns + 1, 5.0)


def test_a_reader_that_has_grown_a_little_is_replaced_when_nobody_asks(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "IDLE", 0.2)
    limits = Limits(deadline=20, max_bytes=256 << 20)
    with ReaderPool(index, readers=1, limits=limits) as pool:
        before = pool.status()
        assert ask(pool, "ASK {}")
        reply = pool.execute("SELECT * { ?a ?b ?c . ?d <http://e/number> 4 } LIMIT 40000")
        assert 4 << 20 < len(reply.body) < 32 << 20
        eventually(lambda: pool.status().respawns == before.respawns + 1)
        eventually(lambda: len(pool.status().readers) == 4)
        # Those that answered nothing large stay.
        assert len(set(pool.status().readers) & set(before.readers)) == 3
        assert ask(pool, "ASK {}")


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
