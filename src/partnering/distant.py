"""A service whose data live in a remote engine: opened on what was pushed, and watched.

The questions come from the workspace, every row from over there; only the text index of the
search is kept here. A push is noticed within seconds: while it lasts no query is sent, and
when the store is whole again the site answers from the new snapshot.
"""

from __future__ import annotations

import contextlib
import threading
from dataclasses import replace
from datetime import UTC, datetime

from rdflib import URIRef

from partnering import pushed, slices
from partnering.errors import PartneringError
from partnering.knowledge import KnowledgeGraph
from partnering.pipeline import publish, texts
from partnering.pipeline.publish import Index
from partnering.pipeline.sheets import Part
from partnering.pushed import MARKER, Pushed, Unfinished
from partnering.service import Service
from partnering.store.base import select
from partnering.store.remote import RemoteEngine
from partnering.workspace import Workspace

EVERY = 5.0
"""Seconds between two looks at what was pushed."""
_NAMES = " ".join(f"<{name}>" for name in texts.PREDICATES)
_SAID = f"""SELECT ?s ?p ?o WHERE {{
  VALUES ?p {{ {_NAMES} }}
  ?s ?p ?o .
  FILTER (!ISBLANK(?s) && !ISBLANK(?o))
}}"""


def open_service(
    workspace: Workspace, engine: RemoteEngine, *, graph_base: str | None = None
) -> Service:
    """A service over what was pushed to an engine; ``close`` ends the watch.

    With ``graph_base`` the data are every graph under it, whoever brought them. Raises
    ``EngineUnavailable`` where the engine holds nothing, or nothing whole.
    """
    found = _under(engine, graph_base) if graph_base is not None else pushed.read_whole(engine)
    engine.refresh(found.parts)
    over = threading.Event()
    service = Service(
        _knowledge(workspace, engine, found),
        engine,
        stale=_stale(workspace, found),
        close=over.set,
    )
    if graph_base is None:
        arguments = (workspace, engine, service, found, over)
        threading.Thread(target=_watch, args=arguments, daemon=True, name="watch").start()
    return service


def _under(engine: RemoteEngine, base: str) -> Pushed:
    """Graphs that nobody wrote down: named by their names and sizes."""
    held = {g: n for g, n in engine.counts().items() if g.startswith(base) and g != MARKER}
    if not held:
        raise PartneringError(
            f"The engine holds no graph whose name begins with {base!r}.",
            where=engine.endpoint,
            mend="give another --graph-base, or push to it: partnering push",
        )
    told = {graph: (slices.combine([graph, str(size)]), size) for graph, size in held.items()}
    snapshot = slices.combine(digest for digest, _ in told.values())[:16]
    return Pushed(snapshot, at=datetime.now(UTC).isoformat(timespec="seconds"), parts=told)


def _knowledge(workspace: Workspace, engine: RemoteEngine, found: Pushed) -> KnowledgeGraph:
    index = found.index(workspace.cache)
    with contextlib.suppress(PartneringError):
        local = publish.current(workspace)
        if local is not None and local.snapshot == found.snapshot:
            index = local  # the same data, with their files
    index = replace(index, published=found.when)
    threading.Thread(target=_read_texts, args=(index, engine), daemon=True).start()
    return KnowledgeGraph(engine.own, workspace, index)


def _read_texts(index: Index, engine: RemoteEngine) -> None:
    """Make the search; while the engine cannot be reached there is none, and the page says so."""
    with contextlib.suppress(PartneringError):
        texts.bring_up_to_date(index, None if index.path.exists() else _said(engine))


def _said(engine: RemoteEngine) -> texts.Said:
    def said(part: Part) -> list[tuple[str, str, str]]:
        # In the order of the file's lines: names before texts.
        rows = select(engine.own, _SAID, default_graphs=[part.graph]).rows
        rows = tuple(sorted(rows, key=lambda row: (not isinstance(row[2], URIRef), *map(str, row))))
        return [(str(subject), str(predicate), str(value)) for subject, predicate, value in rows]

    return said


def _stale(workspace: Workspace, found: Pushed) -> str | None:
    if not found.inputs or found.inputs == publish.inputs_digest(workspace):
        return None
    return (
        f"The engine holds snapshot {found.snapshot}, made from other files than those of this"
        " workspace.\nTo mend: partnering push"
    )


def _watch(
    workspace: Workspace,
    engine: RemoteEngine,
    service: Service,
    found: Pushed,
    over: threading.Event,
) -> None:
    """Follow what is pushed until the service is closed."""
    while not over.wait(EVERY):
        try:
            now = pushed.read(engine)
            if now is None or not now.whole:
                engine.closed_for = lambda: Unfinished(engine.endpoint)
            else:
                if (now.snapshot, now.by) != (found.snapshot, found.by):
                    engine.refresh(now.parts)
                    knowledge = _knowledge(workspace, engine, now)
                    service.renew(knowledge, stale=_stale(workspace, now))
                    found = now
                engine.closed_for = None
            engine.reached = True
        except PartneringError:
            engine.reached = False
