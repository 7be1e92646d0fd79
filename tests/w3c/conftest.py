"""A live server whose public side answers from the graphs a suite names."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from partnering.webui import create_app
from partnering.webui.serving.server import listen
from tests.w3c import suite

from partnering.knowledge import KnowledgeGraph
from partnering.pipeline.publish import Index
from partnering.pipeline.sheets import Part
from partnering.service import Service
from partnering.store.readers import ReaderPool
from partnering.workspace import Workspace

Serve = Callable[[dict[str, list[str]]], str]


@pytest.fixture(scope="session")
def suites() -> Path:
    """Where the suites lie; ``make test`` puts them there."""
    if not suite.FOLDER.is_dir():
        pytest.skip("no W3C suites: make test unpacks them")
    return suite.FOLDER


@pytest.fixture(scope="session")
def serve(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Serve graphs (IRI to N-Triples without their dots) on a port of loopback."""
    pools = []

    def start(graphs: dict[str, list[str]]) -> str:
        folder = tmp_path_factory.mktemp("index")
        path = folder / "index.nq"
        path.write_text("".join(f"{t} <{g}> .\n" for g, ts in graphs.items() for t in ts), "utf-8")
        pools.append(pool := ReaderPool(path, readers=2))
        parts = tuple(Part(g, path.name, "", len(ts)) for g, ts in graphs.items())
        index = Index.elsewhere("w3c", "", parts, folder)
        service = Service(KnowledgeGraph(pool.own, Workspace(repository), index), pool)
        server = listen("127.0.0.1", 0)
        server.application = create_app(service)
        threading.Thread(target=server.run, daemon=True).start()
        return f"http://127.0.0.1:{server.effective_port}"

    yield start
    for pool in pools:
        pool.close()
