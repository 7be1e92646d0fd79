"""One query operation of the SPARQL 1.1 Protocol, read from a request.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from werkzeug.wrappers import Request

from partnering.errors import WrongUse

DIRECT = "application/sparql-query"
FORM = "application/x-www-form-urlencoded"
MAX_BODY = 192 << 10


class Refused(WrongUse):
    """A request the protocol does not allow here; carries its own status."""

    def __init__(self, status: int, message: str, mend: str | None = None) -> None:
        super().__init__(message, mend=mend)
        self.http_status = status


@dataclass(frozen=True)
class Asked:
    """One query operation: the query, its dataset, and the form its answer should take."""

    query: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format: str | None


def read(request: Request) -> Asked | None:
    """The operation a request means, by its method and media type; None for a bare GET."""
    pairs = _pairs(request.query_string)
    if request.method == "POST":
        body = _body(request)
        kind = request.mimetype
        if kind == FORM:
            pairs += _pairs(body)
        elif kind == DIRECT:
            if any(name == "query" for name, _ in pairs):
                raise Refused(400, "The query stands both in the address and in the body.")
            pairs.append(("query", _utf8(body)))
        elif kind == "application/sparql-update":
            raise _update()
        else:
            raise Refused(415, f"A body of {kind or 'no media type'} is not read here.",
                          f"send {DIRECT}, or {FORM} with query=…")  # fmt: skip
    if any(name in ("update", "using-graph-uri", "using-named-graph-uri") for name, _ in pairs):
        raise _update()
    queries = [value for name, value in pairs if name == "query"]
    if len(queries) > 1:
        raise Refused(400, f"{len(queries)} queries in one request.", "send one query at a time")
    if not queries:
        if request.method == "POST":
            raise Refused(400, "The request holds no query.", "send it as query=…")
        return None
    formats = [value for name, value in pairs if name == "format"]
    return Asked(
        queries[0],
        tuple(value for name, value in pairs if name == "default-graph-uri"),
        tuple(value for name, value in pairs if name == "named-graph-uri"),
        formats[0] if formats else None,
    )


def _body(request: Request) -> bytes:
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise Refused(415, "Compressed bodies are not read here.", "send the body as it is")
    length = request.content_length
    if length is None or "Transfer-Encoding" in request.headers:
        raise Refused(411, "The body does not say how long it is.", "send a Content-Length")
    if length > MAX_BODY:
        raise Refused(413, f"The body is {length:,} bytes long; at most {MAX_BODY:,} are read.")
    return request.get_data(cache=True)


def _pairs(text: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text.decode("ascii", errors="strict"), keep_blank_values=True,
                         errors="strict", max_num_fields=100)  # fmt: skip
    except UnicodeError as error:
        raise Refused(
            400, "The parameters are not UTF-8.", "encode them as UTF-8, then by %-escapes"
        ) from error
    except ValueError as error:
        raise Refused(400, "There are more than 100 parameters.") from error


def _utf8(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(
            400, f"The query is not UTF-8: byte {error.start} begins no character."
        ) from error


def _update() -> Refused:
    return Refused(
        403,
        "Updates are not taken here: this service only reads, and shows what was published.",
        "change the files and publish them with: partnering build",
    )
