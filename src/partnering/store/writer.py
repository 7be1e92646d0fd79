"""Writing to a remote engine: a graph replaced or dropped, an update run.

Graphs go by the SPARQL 1.1 Graph Store Protocol where there is an address for it, else by
SPARQL Update in statements of some hundred triples.
"""

from __future__ import annotations

import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

from partnering.errors import WrongUse
from partnering.store.exchange import Exchange
from partnering.store.protocol import expect_success, update_request
from partnering.store.signing import Auth

_BATCH = 500
"""Triples in one INSERT; Virtuoso refuses statements of some thousands."""
_ANSWER = 1 << 20
"""Bytes of an answer to an update; it says nothing we need."""


@dataclass(frozen=True)
class Addresses:
    """Where an engine takes updates and whole graphs."""

    update: str
    store: str | None = None

    @classmethod
    def guess(cls, endpoint: str, server: str) -> Addresses:
        """From where it takes queries and what it calls itself (``docs/scaling-out.md``)."""
        parts = urllib.parse.urlsplit(endpoint)
        folder, _, last = parts.path.rstrip("/").rpartition("/")

        def beside(path: str) -> str:
            return urllib.parse.urlunsplit(parts._replace(path=path, query="", fragment=""))

        if "virtuoso" in server.casefold():
            return cls(beside("/sparql-auth"), beside("/sparql-graph-crud-auth"))
        if last == "query" or (last == "sparql" and folder):
            return cls(beside(f"{folder}/update"))
        if folder.endswith("/repositories"):
            return cls(beside(f"{folder}/{last}/statements"))
        return cls(endpoint)


class Writer:
    """Writes to one engine, each request under a deadline of ``timeout`` seconds."""

    def __init__(
        self, addresses: Addresses, *, auth: Auth | None = None, timeout: float = 120.0
    ) -> None:
        for address in filter(None, (addresses.update, addresses.store)):
            if urllib.parse.urlsplit(address).scheme not in ("http", "https"):
                raise WrongUse(f"{address!r} is not an http or https address.")
        self.addresses = addresses
        self._timeout = timeout
        self._exchange = Exchange(addresses.update, auth)

    def replace(self, graph: str, triples: bytes) -> None:
        """Make a graph hold these N-Triples and nothing else."""
        if not self.addresses.store:
            self.update(f"DROP SILENT GRAPH <{graph}>")
            for statement in _statements(graph, triples.decode()):
                self.update(statement)
            return
        address = f"{self.addresses.store}?{urllib.parse.urlencode({'graph': graph})}"
        request = urllib.request.Request(address, data=triples, method="PUT")
        request.add_header("Content-Type", "application/n-triples")
        self._send(request)

    def drop(self, graph: str) -> None:
        """Delete a graph, if it is there."""
        self.update(f"DROP SILENT GRAPH <{graph}>")

    def update(self, text: str) -> None:
        """Run one update."""
        self._send(update_request(self.addresses.update, text))

    def _send(self, request: urllib.request.Request) -> None:
        answer = self._exchange.send(request, timeout=self._timeout, max_bytes=_ANSWER)
        expect_success(answer, request.full_url.partition("?")[0], "update")


def _statements(graph: str, triples: str) -> Iterator[str]:
    """A graph as updates; a blank node lives within one, so those stay together.

    Virtuoso takes none in INSERT DATA, so they go in a template.
    """
    lines = [line for line in triples.split("\n") if line.strip()]
    joined = [line for line in lines if "_:" in line]
    single = [line for line in lines if "_:" not in line]
    if joined:
        yield f"INSERT {{ GRAPH <{graph}> {{\n" + "\n".join(joined) + "\n} } WHERE {}"
    for start in range(0, len(single), _BATCH):
        batch = "\n".join(single[start : start + _BATCH])
        yield f"INSERT DATA {{ GRAPH <{graph}> {{\n{batch}\n}} }}"
