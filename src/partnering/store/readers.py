"""The readers as seen from the web process: an engine whose queries can be killed.

:class:`ReaderPool` starts a fork server (:mod:`partnering.store.forkserver`), sends each
query to one of its readers and says honestly what became of it. Safe to share between
threads. Strangers' queries and our own wait in separate rooms, so that two hostile
queries cannot keep a page from its answer.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from partnering.errors import EngineUnavailable
from partnering.store import gate
from partnering.store.base import Reply
from partnering.store.question import Lease, Question
from partnering.store.room import Limits, Room
from partnering.store.server import Generation, Server, ServerSettings

IDLE = 10.0
"""Seconds without a query after which a reader gives back what its last answers took. Were it
replaced at once, the next query would copy again what it reads, which takes as long as to read it."""
_SMALL = 2_000_000
"""Quads up to which the way to a reader is worth saving. A page of ten million asked as one took two
gigabytes, where one question after another takes 0.8 at most."""


@dataclass(frozen=True)
class PoolStatus:
    """Health of the pool; costs nothing, however large the store."""

    index: Path
    quads: int
    server: int
    readers: tuple[int, ...]
    respawns: int
    restarts: int
    running: int
    waiting: int


class ReaderPool:
    """An :class:`~partnering.store.base.Engine` for strangers' queries; ``own`` is one for ours.

    ``readers`` queries of strangers and as many of our own run at once (None: one a
    core). ``prefixes`` shorten the IRIs of Turtle answers. ``meanwhile`` is done while the
    index loads.
    """

    def __init__(
        self,
        index: Path,
        *,
        readers: int | None = None,
        limits: Limits | None = None,
        own_limits: Limits | None = None,
        prefixes: Mapping[str, str] | None = None,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        limits = limits or Limits()
        own = own_limits or replace(limits, deadline=max(limits.deadline, 30.0), max_waiting=256)
        self.size = size = readers or os.cpu_count() or 1
        self._settings = ServerSettings(
            # Strangers' queries, those that stepped aside, and our own; and one to spare: the
            # next query need not wait until a fallen reader is replaced.
            readers=3 * size + 1,
            memory=max(limits.memory, own.memory),
            idle=IDLE,
            prefixes=dict(prefixes or {}),
        )
        self._lock = threading.Lock()
        self._restart_lock = threading.Lock()
        self._closed = False
        self._restarts = 0
        self._server = Server.start(index, self._settings, meanwhile)
        self._public = Room(size, limits, aside=size)
        self.own = OwnReaders(self, Room(size, own))

    @property
    def takes_many(self) -> bool:
        """In a small index: in a large one, queries asked as one would hold all their rows at once."""
        return self._server.quads <= _SMALL

    @property
    def index(self) -> Path:
        """The index file the readers answer from."""
        return self._server.index

    @property
    def graphs(self) -> frozenset[str]:
        """IRIs of the named graphs of the index."""
        return self._server.graphs

    def execute(
        self,
        query: str,
        *,
        media_type: str | None = None,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
    ) -> Reply:
        """Answer a stranger's query: through the gate, then in a contained reader.

        Raises ``QueryRefused``, ``QuerySyntax``, ``QueryTimeout``, ``QueryTooLarge``,
        ``Busy`` or ``EngineUnavailable``.
        """
        return self.question(
            query,
            media_type=media_type,
            default_graphs=default_graphs,
            named_graphs=named_graphs,
        ).answer()

    def question(
        self,
        query: str,
        *,
        media_type: str | None = None,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
    ) -> Question:
        """A stranger's query that has passed the gate, for who does not wait for its answer.

        Raises ``QueryRefused`` and ``QuerySyntax``.
        """
        graphs = self.graphs
        found = gate.check(query, graphs=graphs)
        gate.check_graphs([*(default_graphs or ()), *(named_graphs or ())], graphs)
        return self.put(
            self._public,
            query,
            media_type=media_type,
            default_graphs=default_graphs,
            named_graphs=named_graphs,
            has_from=bool(found.datasets),
        )

    def put(
        self,
        room: Room,
        query: str,
        *,
        media_type: str | None,
        default_graphs: Sequence[str] | None,
        named_graphs: Sequence[str] | None,
        has_from: bool | None,
    ) -> Question:
        """A query for a reader past the gate, under the limits of its room."""
        limits = room.limits
        ask: dict[str, Any] = {
            "media_type": media_type,
            "default_graphs": None if default_graphs is None else list(default_graphs),
            "named_graphs": None if named_graphs is None else list(named_graphs),
            "has_from": has_from,
            "deadline": limits.deadline,
            "memory": limits.memory,
            "max_rows": limits.max_rows,
            "max_bytes": limits.max_bytes,
        }
        return Question(self, room, ask, gate.encode(query))

    def switch(self, index: Path) -> None:
        """Answer from another index from now on; queries under way end on the old one.

        Where little differs, only that is loaded. Raises ``EngineUnavailable`` when the new
        index does not load; the old one stays.
        """
        if self._server.advance(index):
            return
        new = Server.start(index, self._settings)
        with self._lock:
            if self._closed:
                new.stop()
                raise EngineUnavailable("The readers are closed.")
            old, self._server = self._server, new
        old.retire()

    def status(self) -> PoolStatus:
        """What stands, measured now."""
        server = self._server
        return PoolStatus(
            index=server.index,
            quads=server.quads,
            server=server.pid,
            readers=server.readers(),
            respawns=server.respawns,
            restarts=self._restarts,
            running=self._public.running + self.own.room.running,
            waiting=self._public.waiting + self.own.room.waiting,
        )

    def close(self) -> None:
        """End the server and its readers, and wait until they are gone."""
        with self._lock:
            self._closed = True
        self._server.stop()

    def __enter__(self) -> ReaderPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def lease(self) -> Lease:
        """Hold the present readers while a query runs on them, starting new ones if they died."""
        server, lease = self._held()
        return self._restart(server) if lease is None else (server, lease)

    def lease_at_once(self) -> Lease | None:
        """The same; None where new ones would have to be started."""
        server, lease = self._held()
        return None if lease is None else (server, lease)

    def _held(self) -> tuple[Server, Generation | None]:
        with self._lock:
            if self._closed:
                raise EngineUnavailable("The readers are closed.")
            return self._server, self._server.lease()

    def _restart(self, fallen: Server) -> Lease:
        with self._restart_lock:
            with self._lock:
                server = self._server
                if server is not fallen and (lease := server.lease()):
                    return server, lease
            new = Server.start(server.index, self._settings)
            with self._lock:
                if self._closed:
                    new.stop()
                    raise EngineUnavailable("The readers are closed.")
                self._server = new
                self._restarts += 1
                lease = new.lease()
            server.stop()
            if lease is None:
                raise EngineUnavailable("The readers ended as soon as they stood.")
            return new, lease


class OwnReaders:
    """The same readers for queries we wrote ourselves: no gate, a room and limits of their own."""

    def __init__(self, pool: ReaderPool, room: Room) -> None:
        self._pool = pool
        self.room = room

    @property
    def takes_many(self) -> bool:
        """As the pool has it."""
        return self._pool.takes_many

    def execute(
        self,
        query: str,
        *,
        media_type: str | None = None,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
    ) -> Reply:
        """Answer one of our own queries; see :class:`~partnering.store.base.Engine`."""
        return self._pool.put(
            self.room,
            query,
            media_type=media_type,
            default_graphs=default_graphs,
            named_graphs=named_graphs,
            has_from=None,
        ).answer()

    def close(self) -> None:
        """The pool owns the readers; close that."""
