"""From one index to the next: what is asked ends on the index it began on, and nothing is lost."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox
import pytest
from tests.service.pools import ENDLESS, HEALTH, eventually, is_gone

from partnering.errors import (
    EngineUnavailable,
    QueryTimeout,
)
from partnering.pipeline.sheets import Done, Part, Sheets
from partnering.store.base import ask, select
from partnering.store.index import change, files, load
from partnering.store.readers import ReaderPool
from partnering.store.room import Limits


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
    return of_files(folder, name, {
        graph: f'<http://e/{graph}> <http://e/says> "{value}" <http://e/{graph}> .\n'
        for graph, value in graphs.items()
    })  # fmt: skip


def of_files(folder: Path, name: str, graphs: dict[str, str]) -> Path:
    """An index of graphs, each with the N-Quads of its file."""
    done = {}
    for graph, lines in graphs.items():
        digest = hashlib.sha256(lines.encode()).hexdigest()
        file = folder / "quads" / f"{digest}.nq"
        file.parent.mkdir(exist_ok=True)
        file.write_text(lines)
        part = Part(f"http://e/{graph}", f"quads/{file.name}", digest, lines.count("\n"))
        done[graph] = Done("", (part,))
    index = folder / "index" / f"{name}.json"
    index.parent.mkdir(exist_ok=True)
    sheets = Sheets(folder).replaced(done)
    sheets.save()
    index.write_text(json.dumps({"sheets": sheets.listed}))
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


def test_of_a_graph_that_differs_only_what_differs_is_touched(tmp_path: Path) -> None:
    kept = [
        f'<http://e/{number}> <http://e/says> "as ever" <http://e/g> .\n' for number in range(9)
    ]
    lists = "_:b1x <http://e/says> _:b1y <http://e/blank> .\n"
    others = "_:b2x <http://e/says> _:b2y <http://e/blank> .\n"
    first = of_files(
        tmp_path,
        "first",
        {"g": "".join(kept), "blank": lists, "gone": kept[0].replace("/g>", "/gone>")},
    )
    second = of_files(tmp_path, "second", {"g": "".join(kept[1:]), "blank": others})
    found = change(first, second, 99)
    assert found is not None
    assert len(found.out) == 1
    assert [len(found.into), found.replaced] == [1, 3]
    store = load(first)
    found.apply(store)
    assert {str(one) for one in canonical(store)} == {str(one) for one in canonical(load(second))}
    assert len(store) == 9
    assert change(first, second, 5) is None


def test_a_graph_is_changed_alike_wherever_its_lines_differ(tmp_path: Path) -> None:
    chance = random.Random(7)
    kept = sorted(f'<http://e/{n}> <http://e/says> "{"so" * (n % 4)}" <http://e/g> .\n' for n in range(40))  # fmt: skip
    met = set()
    for turn in range(200):
        few = [line for line in kept if chance.random() > 0.1 * (turn % 3)] or kept[:1]
        many = chance.sample(kept, len(kept)) if turn % 5 == 0 else kept
        first = of_files(tmp_path, f"{turn}a", {"g": "".join(few)})
        second = of_files(tmp_path, f"{turn}b", {"g": "".join(many)})
        for before, after in ((first, second), (second, first)):
            found = change(before, after, 999)
            assert found is not None
            assert found.replaced == len(found.out)
            met.add((len(found.out), len(found.into)))
            store = load(before)
            found.apply(store)
            assert set(store) == set(load(after))
    assert len(met) > 10, met


def canonical(store: ox.Store) -> ox.Dataset:
    quads = ox.Dataset(store)
    quads.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return quads


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
    (changed,) = set(files(second)) - set(files(first))
    changed.write_text("<http://e/g0> oops")
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
