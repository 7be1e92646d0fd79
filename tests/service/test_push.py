from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.service import engines

from partnering import pushed
from partnering.errors import CheckFailed, EngineUnavailable
from partnering.namespaces import GRAPH
from partnering.pipeline.publish import Index
from partnering.pipeline.sheets import Part
from partnering.push import push
from partnering.pushed import MARKER, Unfinished
from partnering.store.base import select
from partnering.store.writer import Writer

pytestmark = pytest.mark.remote
OTHER = "http://elsewhere.example/graph"


@pytest.fixture(scope="module")
def running() -> Iterator[engines.Running]:
    with engines.oxigraph() as found:
        yield found


@pytest.fixture
def writer(running: engines.Running) -> Writer:
    found = running.writer()
    found.update("DROP ALL")
    return found


def made(folder: Path, snapshot: str, **graphs: int) -> Index:
    """A toy index: so many triples in each graph, with the snapshot's name in their values."""
    parts = []
    for name, size in graphs.items():
        graph = str(GRAPH[name])
        lines = [f'<http://e/{name}{i}> <http://e/p> "{i}" <{graph}> .\n' for i in range(size)]
        (folder / f"{name}-{size}.nq").write_text("".join(lines))
        parts.append(Part(graph, f"{name}-{size}.nq", f"digest of {name} {size}", size))
    return Index.elsewhere(snapshot, "inputs", tuple(parts), folder)


class Fragile(Writer):
    """A writer whose engine goes away after some graphs."""

    def __init__(self, writer: Writer, graphs: int) -> None:
        super().__init__(writer.addresses)
        self.left = graphs

    def replace(self, graph: str, triples: bytes) -> None:
        if graph != MARKER:
            if not self.left:
                raise EngineUnavailable("The engine cannot be reached.")
            self.left -= 1
        super().replace(graph, triples)


def test_a_push_brings_every_graph_and_the_next_one_nothing(
    running: engines.Running, writer: Writer, tmp_path: Path
) -> None:
    engine, index = running.engine(), made(tmp_path, "one", a=3, b=2, empty=0)
    done = push(index, engine, writer)
    assert (done.sent, done.kept, done.dropped, done.triples) == (3, 0, 0, 5)
    assert engine.counts() | {MARKER: 0} == {str(GRAPH.a): 3, str(GRAPH.b): 2, MARKER: 0}
    found = pushed.read_whole(engine)
    told = found.index(tmp_path)
    assert (told.snapshot, told.inputs) == (index.snapshot, index.inputs)
    assert [part._replace(file="") for part in index.parts] == list(told.parts)
    again = push(index, engine, writer)
    assert (again.sent, again.kept, again.triples) == (0, 3, 0)


def test_only_what_changed_travels_and_what_went_is_taken_away(
    running: engines.Running, writer: Writer, tmp_path: Path
) -> None:
    engine = running.engine()
    writer.replace(OTHER, b"<http://e/x> <http://e/p> <http://e/y> .\n")
    push(made(tmp_path, "one", a=3, b=2, c=4), engine, writer)
    done = push(made(tmp_path, "two", a=3, b=5), engine, writer)
    assert (done.sent, done.kept, done.dropped, done.triples) == (1, 1, 1, 5)
    held = engine.counts()
    assert {g: held[g] for g in held if g != MARKER} == {
        str(GRAPH.a): 3,
        str(GRAPH.b): 5,
        OTHER: 1,
    }
    engine.refresh(pushed.read_whole(engine).parts)
    assert len(select(engine, "SELECT * { ?s ?p ?o }")) == 8, "neither the marker nor others'"


def test_a_push_that_breaks_off_leaves_nothing_that_looks_whole_and_is_taken_up(
    running: engines.Running, writer: Writer, tmp_path: Path
) -> None:
    engine = running.engine()
    push(made(tmp_path, "one", a=3, b=2), engine, writer)
    names = {f"g{number:02}": 2 for number in range(40)}
    index = made(tmp_path, "two", a=3, **names)
    with pytest.raises(EngineUnavailable, match="marked as unfinished") as caught:
        push(index, engine, Fragile(writer, 30))
    assert caught.value.where == f"<{GRAPH.g30}>"
    with pytest.raises(Unfinished, match="not whole yet"):
        pushed.read_whole(engine)
    done = push(index, engine, writer)
    assert done.sent == 15, "25 of the 30 that arrived were noted"
    assert pushed.read_whole(engine).snapshot == "two"
    assert len(engine.counts()) == 42


def test_a_store_that_holds_less_than_was_sent_is_never_marked_whole(
    running: engines.Running, writer: Writer, tmp_path: Path
) -> None:
    class Forgetful(Writer):
        def replace(self, graph: str, triples: bytes) -> None:
            kept = triples if graph == MARKER else triples.split(b"\n")[0] + b"\n"
            super().replace(graph, kept)

    engine = running.engine()
    with pytest.raises(CheckFailed, match=r"graph/a> holds 1 triples of 3"):
        push(made(tmp_path, "one", a=3), engine, Forgetful(writer.addresses))
    with pytest.raises(Unfinished):
        pushed.read_whole(engine)


def test_a_graph_changed_behind_our_back_is_sent_again(
    running: engines.Running, writer: Writer, tmp_path: Path
) -> None:
    engine, index = running.engine(), made(tmp_path, "one", a=3, b=2)
    push(index, engine, writer)
    writer.drop(str(GRAPH.b))
    assert push(index, engine, writer).sent == 1
    assert push(index, engine, writer, full=True).sent == 2


def test_what_another_loader_brought_is_counted_and_marked(
    running: engines.Running, writer: Writer, tmp_path: Path
) -> None:
    engine, index = running.engine(), made(tmp_path, "one", a=1, b=1)
    for name in "ab":
        writer.replace(str(GRAPH[name]), b"<http://e/x> <http://e/p> <http://e/y> .\n")
    done = push(index, engine, writer, loaded=True)
    assert (done.sent, done.kept) == (0, 2)
    assert pushed.read_whole(engine).snapshot == "one"
    with pytest.raises(CheckFailed, match="holds 1 triples of 3"):
        push(made(tmp_path, "two", a=3, b=1), engine, writer, loaded=True)


def test_two_pushes_at_once_notice_each_other(
    running: engines.Running, writer: Writer, tmp_path: Path
) -> None:
    engine = running.engine()

    class Overtaken(Writer):
        def replace(self, graph: str, triples: bytes) -> None:
            super().replace(graph, triples)
            if graph != MARKER:
                super().replace(MARKER, pushed.Pushed(by="another").triples())

    with pytest.raises(CheckFailed, match="Another push"):
        push(made(tmp_path, "one", a=3), engine, Overtaken(writer.addresses))


def test_an_engine_that_nobody_pushed_to_says_so(running: engines.Running, writer: Writer) -> None:
    with pytest.raises(EngineUnavailable, match="nothing that was pushed") as caught:
        pushed.read_whole(running.engine())
    assert "partnering push" in str(caught.value)
