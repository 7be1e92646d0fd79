"""Requests in SPARQL's protocol, written by SPARQLWrapper, and what their answers' heads say."""

from __future__ import annotations

import urllib.request
from collections.abc import Sequence

from SPARQLWrapper import POST, POSTDIRECTLY, URLENCODED, SPARQLWrapper

from partnering.errors import EngineUnavailable, QuerySyntax, QueryTimeout, QueryTooLarge
from partnering.store.exchange import Answer, one_line


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


def query_request(
    endpoint: str,
    query: str,
    form: str,
    accept: str,
    default_graphs: Sequence[str] | None,
    named_graphs: Sequence[str] | None,
) -> urllib.request.Request:
    """A query by POST, as a form."""
    request = _Request(endpoint, form, accept)
    request.setMethod(POST)
    request.setRequestMethod(URLENCODED)
    request.setQuery(query)
    for iri in default_graphs or ():
        request.addParameter("default-graph-uri", iri)
    for iri in named_graphs or ():
        request.addParameter("named-graph-uri", iri)
    made: urllib.request.Request = request._createRequest()
    return made


def update_request(endpoint: str, update: str) -> urllib.request.Request:
    """An update by POST, as the whole body."""
    request = _Request(endpoint, "INSERT", "*/*")
    request.setMethod(POST)
    request.setRequestMethod(POSTDIRECTLY)
    request.setQuery(update)
    made: urllib.request.Request = request._createRequest()
    return made


def expect_success(answer: Answer, address: str, what: str = "query") -> None:
    """Raise the error that an answer's status or headers mean, if any."""
    said = one_line(answer.body) or "nothing more"
    out_of_time = answer.headers.get("X-SQL-State", "").startswith("S1T") or (
        answer.status == 500 and "Virtuoso S1T" in said
    )
    if out_of_time or answer.status in (408, 504):
        # Virtuoso's way to say so may be 200, and rows that look like an answer.
        raise QueryTimeout("The engine ran out of time.", where=address, mend="narrow the query")
    if "X-SPARQL-MaxRows" in answer.headers:
        raise QueryTooLarge("The engine cut the answer short.", where=address, mend="add LIMIT")
    if 200 <= answer.status < 300:
        return
    if answer.status == 400:
        raise QuerySyntax(f"The engine does not accept the {what}: {said}", where=address)
    if 300 <= answer.status < 400:
        target = one_line(answer.headers.get("Location", "nowhere"))
        raise EngineUnavailable(
            "The engine points to another address, which is not followed.",
            where=address,
            mend=f"give that address, {target}, if it is the right one",
        )
    if answer.status in (401, 403):
        raise EngineUnavailable(
            "The engine does not let us in.",
            where=address,
            mend="give a name and a password: PARTNERING_AUTH=name:password",
        )
    raise EngineUnavailable(f"The engine answered {answer.status}: {said}", where=address)


def expect_type(answer: Answer, wanted: str, address: str) -> None:
    """Raise where a body is not in the media type that was asked for."""
    got = answer.headers.get_content_type() if "Content-Type" in answer.headers else "no type"
    fits = {wanted, "application/json" if "json" in wanted else "text/plain"}
    if got not in fits:
        raise EngineUnavailable(
            f"The engine answered in {one_line(got)} where {wanted} was asked for.",
            where=address,
            mend="look whether this address is the one for SPARQL queries",
        )
