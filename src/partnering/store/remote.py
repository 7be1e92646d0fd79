"""A remote SPARQL endpoint behind the engine protocol, its faults hidden.

SPARQLWrapper writes the requests; :mod:`partnering.store.exchange` carries them under a
deadline. Answers are always fetched as SPARQL JSON or N-Triples, the two that show when
they were cut, and rewritten here into what was asked for, so that every engine offers
every format.
"""

from __future__ import annotations

import logging
import threading
import urllib.parse
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from partnering.errors import EngineUnavailable, PartneringError, QueryError, WrongUse
from partnering.store import gate, media
from partnering.store.base import Reply
from partnering.store.dialect import Dialect
from partnering.store.exchange import Answer, Exchange
from partnering.store.protocol import expect_success, expect_type, query_request
from partnering.store.rewrite import document, rewrite_graph, rewrite_results
from partnering.store.room import Limits, Room
from partnering.store.signing import Auth

_LOG = logging.getLogger(__name__)
# DISTINCT would read better; Virtuoso 7.2 never comes back from it.
_GRAPHS = "SELECT ?g (COUNT(*) AS ?triples) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"


class RemoteEngine:
    """An :class:`~partnering.store.base.Engine` for strangers' queries; ``own`` is one for ours.

    ``graphs`` are the graphs the union is made of; None fetches the list once (those under
    ``graph_base``, when given) and keeps it until :meth:`refresh`. ``timeout`` is in
    seconds for the whole of one exchange; ``size`` queries of strangers and as many of our
    own are under way at once. ``whole`` leaves the graphs to the engine (see ``Dialect``).
    """

    def __init__(
        self,
        endpoint: str,
        *,
        auth: Auth | None = None,
        timeout: float = 30.0,
        max_bytes: int = 64 << 20,
        max_rows: int = 1_000_000,
        size: int = 8,
        graphs: Iterable[str] | None = None,
        graph_base: str = "",
        whole: bool = False,
    ) -> None:
        parts = urllib.parse.urlsplit(endpoint)
        if parts.scheme not in ("http", "https"):
            raise WrongUse(f"{endpoint!r} is not an http or https address.")
        if parts.username or parts.password:
            raise WrongUse(
                "An address is no place for a name and a password.",
                mend="put them into the environment: PARTNERING_AUTH=name:password",
            )
        self.endpoint = endpoint
        self.timeout = timeout
        self.size = size
        self.closed_for: Callable[[], PartneringError] | None = None
        """Makes the error that says why no query is sent at present, if none is."""
        self.reached = True
        """Whether the engine answered when it was last looked for."""
        self._max_bytes, self._max_rows = max_bytes, max_rows
        self._exchange = Exchange(endpoint, auth)
        self._graphs = None if graphs is None else tuple(sorted(graphs))
        self._graph_base = graph_base
        self._whole = whole
        self._dialect = Dialect(self._graphs) if self._graphs is not None else None
        self._lock = threading.Lock()
        limits = Limits(deadline=timeout)
        self.room = Room(size, limits)
        self.own = OwnRemote(self, Room(size, replace(limits, max_waiting=256)))

    @property
    def graphs(self) -> tuple[str, ...]:
        """IRIs of the graphs that make up the union, sorted."""
        return self.dialect.ours

    @property
    def takes_many(self) -> bool:
        """As the engine over there does."""
        return self.dialect.takes_many

    @property
    def dialect(self) -> Dialect:
        """How the engine is asked; its list of graphs is fetched once."""
        with self._lock:
            if self._dialect is None:
                self._dialect = self._learn(None)
            return self._dialect

    def refresh(self, graphs: Iterable[str] | None = None) -> None:
        """Fetch the list of graphs anew; the union is those given, else those under the base."""
        learnt = self._learn(None if graphs is None else tuple(sorted(graphs)))
        with self._lock:
            self._dialect = learnt

    def counts(self) -> dict[str, int]:
        """Triples of every graph over there, ours or not."""
        rows = document(self.ask(_GRAPHS, "SELECT", "json"))["results"]["bindings"]
        return {row["g"]["value"]: int(row["triples"]["value"]) for row in rows if "g" in row}

    @property
    def server(self) -> str:
        """What the engine calls itself; empty where it does not say."""
        return str(self.ask("ASK {}", "ASK", "json").headers.get("Server", ""))

    def _learn(self, ours: tuple[str, ...] | None) -> Dialect:
        held = sorted(self.counts())
        if ours is None:
            ours = tuple(graph for graph in held if graph.startswith(self._graph_base))
        others = [graph for graph in held if graph not in set(ours)]
        return Dialect.of(self.server, ours, others, whole=self._whole)

    def execute(
        self,
        query: str,
        *,
        media_type: str | None = None,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
    ) -> Reply:
        """Answer a stranger's query: through the gate, then over there."""
        graphs = self.graphs
        found = gate.check(query, graphs=graphs)
        gate.check_graphs([*(default_graphs or ()), *(named_graphs or ())], graphs)
        self.dialect.check(query)
        with self.room.place():
            return self.run(query, found, media_type, default_graphs, named_graphs)

    def run(
        self,
        query: str,
        found: gate.Survey,
        media_type: str | None,
        default_graphs: Sequence[str] | None,
        named_graphs: Sequence[str] | None,
    ) -> Reply:
        """Send a surveyed query, its dataset said explicitly.

        What goes wrong is told to whoever asked without the engine's address, which is logged.
        """
        try:
            return self._send(query, found, media_type, default_graphs, named_graphs)
        except QueryError as error:
            raise self._told_to_strangers(error) from error.__cause__

    def _told_to_strangers(self, error: QueryError) -> QueryError:
        if error.where != self.endpoint:
            return error
        error.where = "the remote engine"
        if isinstance(error, EngineUnavailable):
            _LOG.warning("%s: %s %s", self.endpoint, error.message, error.mend or "")
            host = urllib.parse.urlsplit(self.endpoint).hostname or self.endpoint
            error.message = error.message.replace(host, "its address")
            error.mend = "come back later; the log of this site says more"
        return error

    def _send(
        self,
        query: str,
        found: gate.Survey,
        media_type: str | None,
        default_graphs: Sequence[str] | None,
        named_graphs: Sequence[str] | None,
    ) -> Reply:
        if self.closed_for:
            raise self.closed_for()
        if default_graphs is None and named_graphs is None and not found.datasets:
            try:
                return self._run(self.dialect.over_union(query), found.form, media_type)
            except EngineUnavailable as error:
                if "Virtuoso 42000 Error SQ" not in error.message:
                    raise
                # Its planner fell over; it does so less over graphs that are named.
                return self._run(self.dialect.over_named(query), found.form, media_type)
        query = self.dialect.mended(query)
        return self._run(query, found.form, media_type, default_graphs, named_graphs)

    def _run(
        self,
        query: str,
        form: gate.Form,
        media_type: str | None,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
    ) -> Reply:
        if form in ("CONSTRUCT", "DESCRIBE"):
            chosen = _choose(media_type, "graph")
            answer = self.ask(query, form, "nt", default_graphs, named_graphs)
            return Reply("graph", chosen, rewrite_graph(answer.body, chosen, self._max_rows))
        kind: media.Kind = "ask" if form == "ASK" else "select"
        chosen = _choose(media_type, kind)
        answer = self.ask(query, form, "json", default_graphs, named_graphs)
        return Reply(kind, chosen, rewrite_results(answer, chosen, kind, self._max_rows))

    def ask(
        self,
        query: str,
        form: str,
        name: str,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
    ) -> Answer:
        """Send a query as it stands; the answer in the media type of this short name."""
        accept = media.resolve(name, "graph" if name == "nt" else "select") or "*/*"
        request = query_request(self.endpoint, query, form, accept, default_graphs, named_graphs)
        answer = self._exchange.send(request, timeout=self.timeout, max_bytes=self._max_bytes)
        expect_success(answer, self.endpoint)
        expect_type(answer, accept, self.endpoint)
        return answer

    def close(self) -> None:
        """Nothing stays open between requests."""


class OwnRemote:
    """The same endpoint for queries we wrote ourselves: surveyed, but held to no caps."""

    def __init__(self, remote: RemoteEngine, room: Room) -> None:
        self._remote = remote
        self.room = room

    @property
    def takes_many(self) -> bool:
        """As the engine over there does."""
        return self._remote.takes_many

    def execute(
        self,
        query: str,
        *,
        media_type: str | None = None,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
    ) -> Reply:
        """Answer one of our own queries; see :class:`~partnering.store.base.Engine`."""
        found = gate.survey(query)
        with self.room.place():
            return self._remote.run(query, found, media_type, default_graphs, named_graphs)

    def close(self) -> None:
        """The remote engine is closed by its owner."""


def _choose(media_type: str | None, kind: media.Kind) -> str:
    chosen = media.resolve(media_type, kind)
    if chosen is None:
        raise WrongUse(f"This answer cannot be written as {media_type!r}.")
    return chosen
