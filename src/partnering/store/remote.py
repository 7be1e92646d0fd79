"""A remote SPARQL endpoint behind the engine protocol, its faults hidden.

SPARQLWrapper writes the requests; :mod:`partnering.store.exchange` carries them under a
deadline. Answers are always fetched as SPARQL JSON or N-Triples, the two that show when
they were cut, and rewritten here into what was asked for, so that every engine offers
every format.
"""

from __future__ import annotations

import threading
import urllib.parse
import urllib.request
from collections.abc import Iterable, Sequence

from SPARQLWrapper import POST, POSTDIRECTLY, URLENCODED, SPARQLWrapper

from partnering.errors import (
    EngineUnavailable,
    QueryError,
    QuerySyntax,
    QueryTimeout,
    QueryTooLarge,
    WrongUse,
)
from partnering.store import gate, media
from partnering.store.base import Reply
from partnering.store.exchange import Answer, Auth, Exchange, one_line
from partnering.store.rewrite import document, rewrite_graph, rewrite_results

_GRAPHS = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"
_BATCH = 500
"""Triples in one INSERT DATA; Virtuoso refuses statements of some thousands."""


class RemoteEngine:
    """An :class:`~partnering.store.base.Engine` for strangers' queries; ``own`` is one for ours.

    ``graphs`` are the graphs the union is made of; None fetches the list once (those under
    ``graph_base``, when given) and keeps it until :meth:`refresh`. ``timeout`` is in
    seconds for the whole of one exchange.
    """

    def __init__(
        self,
        endpoint: str,
        *,
        update_endpoint: str | None = None,
        store_endpoint: str | None = None,
        auth: Auth | None = None,
        timeout: float = 30.0,
        max_bytes: int = 64 << 20,
        max_rows: int = 1_000_000,
        graphs: Iterable[str] | None = None,
        graph_base: str = "",
    ) -> None:
        for address in filter(None, (endpoint, update_endpoint, store_endpoint)):
            if urllib.parse.urlsplit(address).scheme not in ("http", "https"):
                raise WrongUse(f"{address!r} is not an http or https address.")
        self.endpoint = endpoint
        self.update_endpoint = update_endpoint
        self.store_endpoint = store_endpoint
        self.timeout = timeout
        self._max_bytes, self._max_rows = max_bytes, max_rows
        self._exchange = Exchange(endpoint, auth)
        self._given = None if graphs is None else tuple(sorted(graphs))
        self._graph_base = graph_base
        self._fetched: tuple[str, ...] | None = None
        self._lock = threading.Lock()
        self.own = OwnRemote(self)

    @property
    def graphs(self) -> tuple[str, ...]:
        """IRIs of the graphs that make up the union, sorted."""
        if self._given is not None:
            return self._given
        with self._lock:
            if self._fetched is None:
                rows = document(self._ask(_GRAPHS, "SELECT", "json", None, None))
                found = (row["g"]["value"] for row in rows["results"]["bindings"] if "g" in row)
                self._fetched = tuple(sorted(g for g in found if g.startswith(self._graph_base)))
            return self._fetched

    def refresh(self) -> None:
        """Forget the list of graphs; the next query fetches it."""
        with self._lock:
            self._fetched = None

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
        return self.run(query, found, media_type, default_graphs, named_graphs)

    def run(
        self,
        query: str,
        found: gate.Survey,
        media_type: str | None,
        default_graphs: Sequence[str] | None,
        named_graphs: Sequence[str] | None,
    ) -> Reply:
        """Send a surveyed query, its dataset said explicitly."""
        if default_graphs is None and named_graphs is None and not found.datasets:
            default_graphs = named_graphs = self.graphs
        if found.form in ("CONSTRUCT", "DESCRIBE"):
            chosen = _choose(media_type, "graph")
            answer = self._ask(query, found.form, "nt", default_graphs, named_graphs)
            return Reply("graph", chosen, rewrite_graph(answer.body, chosen, self._max_rows))
        kind: media.Kind = "ask" if found.form == "ASK" else "select"
        chosen = _choose(media_type, kind)
        answer = self._ask(query, found.form, "json", default_graphs, named_graphs)
        return Reply(kind, chosen, rewrite_results(answer, chosen, kind, self._max_rows))

    def push(self, graphs: Iterable[tuple[str, bytes]]) -> dict[str, int]:
        """Replace whole graphs over there: pairs of a graph's IRI and its N-Triples.

        Through the graph store protocol when there is a ``store_endpoint``, else by SPARQL
        Update. Returns triples by graph. An error names the graph it stopped at; those
        before it are in place.
        """
        done: dict[str, int] = {}
        for iri, triples in graphs:
            try:
                done[iri] = (
                    self._put(iri, triples) if self.store_endpoint else self._insert(iri, triples)
                )
            except QueryError as error:
                raise EngineUnavailable(
                    f"Pushing stopped after {len(done)} graphs: {error.message}",
                    where=f"<{iri}>",
                    mend=error.mend,
                ) from error
        self.refresh()
        return done

    def close(self) -> None:
        """Nothing stays open between requests."""

    def _ask(
        self,
        query: str,
        form: str,
        name: str,
        default_graphs: Sequence[str] | None,
        named_graphs: Sequence[str] | None,
    ) -> Answer:
        accept = media.resolve(name, "graph" if name == "nt" else "select")
        request = _Request(self.endpoint, form, accept or "*/*")
        request.setMethod(POST)
        request.setRequestMethod(URLENCODED)
        request.setQuery(query)
        for iri in default_graphs or ():
            request.addParameter("default-graph-uri", iri)
        for iri in named_graphs or ():
            request.addParameter("named-graph-uri", iri)
        answer = self._send(request._createRequest())
        _expect_type(answer, accept or "", self.endpoint)
        return answer

    def _send(self, request: urllib.request.Request) -> Answer:
        answer = self._exchange.send(request, timeout=self.timeout, max_bytes=self._max_bytes)
        _expect_success(answer, request.full_url.partition("?")[0])
        return answer

    def _put(self, iri: str, triples: bytes) -> int:
        address = f"{self.store_endpoint}?{urllib.parse.urlencode({'graph': iri})}"
        request = urllib.request.Request(address, data=triples, method="PUT")
        request.add_header("Content-Type", "application/n-triples")
        self._send(request)
        return _count(triples)

    def _insert(self, iri: str, triples: bytes) -> int:
        self._update(f"DROP SILENT GRAPH <{iri}>")
        lines = [line for line in triples.decode().split("\n") if line.strip()]
        for batch in _batches(lines):
            self._update(f"INSERT DATA {{ GRAPH <{iri}> {{\n" + "\n".join(batch) + "\n} }")
        return len(lines)

    def _update(self, update: str) -> None:
        if not self.update_endpoint:
            raise EngineUnavailable(
                "There is no address to push to.",
                mend="give the update endpoint or the graph store endpoint",
            )
        request = _Request(self.update_endpoint, "INSERT", "*/*")
        request.setMethod(POST)
        request.setRequestMethod(POSTDIRECTLY)
        request.setQuery(update)
        self._send(request._createRequest())


class OwnRemote:
    """The same endpoint for queries we wrote ourselves: surveyed, but held to no caps."""

    def __init__(self, remote: RemoteEngine) -> None:
        self._remote = remote

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
        return self._remote.run(query, found, media_type, default_graphs, named_graphs)

    def close(self) -> None:
        """The remote engine is closed by its owner."""


class _Request(SPARQLWrapper):
    """SPARQLWrapper's request, with the form and the Accept header said by us.

    Its own guess of the form misses queries behind comments, and it can ask for neither
    N-Triples nor one exact type.
    """

    def __init__(self, endpoint: str, form: str, accept: str) -> None:
        self._form, self._accept = form, accept
        super().__init__(endpoint, updateEndpoint=endpoint, agent="partnering")
        self.setOnlyConneg(True)

    def _parseQueryType(self, query: str) -> str:
        return self._form

    def _getAcceptHeader(self) -> str:
        return self._accept


def _choose(media_type: str | None, kind: media.Kind) -> str:
    chosen = media.resolve(media_type, kind)
    if chosen is None:
        raise WrongUse(f"This answer cannot be written as {media_type!r}.")
    return chosen


def _expect_success(answer: Answer, address: str) -> None:
    said = one_line(answer.body) or "nothing more"
    if answer.headers.get("X-SQL-State", "").startswith("S1T"):
        # Virtuoso's way to say that time ran out: 200, and rows that look like an answer.
        raise QueryTimeout("The engine ran out of time.", where=address, mend="narrow the query")
    if "X-SPARQL-MaxRows" in answer.headers:
        raise QueryTooLarge("The engine cut the answer short.", where=address, mend="add LIMIT")
    if 200 <= answer.status < 300:
        return
    if answer.status == 400:
        raise QuerySyntax(f"The engine does not accept the query: {said}", where=address)
    if answer.status in (408, 504):
        raise QueryTimeout("The engine ran out of time.", where=address, mend="narrow the query")
    if 300 <= answer.status < 400:
        target = one_line(answer.headers.get("Location", "nowhere"))
        raise EngineUnavailable(
            f"The engine points to another address ({target}), which is not followed.",
            where=address,
            mend="give that address, if it is the right one",
        )
    if answer.status in (401, 403):
        raise EngineUnavailable(
            "The engine does not let us in.", where=address, mend="look at the name and password"
        )
    raise EngineUnavailable(f"The engine answered {answer.status}: {said}", where=address)


def _expect_type(answer: Answer, wanted: str, address: str) -> None:
    got = answer.headers.get_content_type() if "Content-Type" in answer.headers else "no type"
    fits = {wanted, "application/json" if "json" in wanted else "text/plain"}
    if got not in fits:
        raise EngineUnavailable(
            f"The engine answered in {one_line(got)} where {wanted} was asked for.", where=address
        )


def _count(triples: bytes) -> int:
    return sum(1 for line in triples.split(b"\n") if line.strip())


def _batches(lines: list[str]) -> Iterable[list[str]]:
    """Cut a graph into statements; a blank node lives within one, so those stay together."""
    joined = [line for line in lines if "_:" in line]
    single = [line for line in lines if "_:" not in line]
    if joined:
        yield joined
    for start in range(0, len(single), _BATCH):
        yield single[start : start + _BATCH]
