"""The W3C's query tests through the endpoint, beside the engine asked directly.

The endpoint stands between a stranger and the engine; nothing the engine gets right may be
lost on that way: the gate, the reader, the dataset, the media type.
"""

from __future__ import annotations

import http.client
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pyoxigraph as ox
import pytest
from tests.w3c import outcome, suite
from tests.w3c.conftest import Serve
from tests.w3c.outcome import Outcome
from tests.w3c.suite import Case

from partnering.errors import QuerySyntax
from partnering.store import gate

Run = Callable[[Case], tuple[str, bytes]]
"""Media type and body of the answer to a test's query."""


class Failed(Exception):
    """The query was not answered."""


@pytest.fixture(scope="module")
def evaluation(suites: Path) -> list[Case]:
    found = suite.cases(suite.EVALUATION)
    assert len(found) > 400
    return found


@pytest.fixture(scope="module")
def through_the_endpoint(evaluation: list[Case], serve: Serve) -> Run:
    iris = {iri for case in evaluation for iri in graphs_of(case)}
    full = {iri: [str(triple) for triple in suite.triples(iri)] for iri in sorted(iris)}
    full = {iri: triples for iri, triples in full.items() if triples}
    address, empty = serve(full), serve({})

    def run(case: Case) -> tuple[str, bytes]:
        # An index holds no empty graph: where a test asks one, there is nothing to name.
        fields = [("query", case.query)]
        fields += [("default-graph-uri", iri) for iri in case.default_graphs if iri in full]
        fields += [("named-graph-uri", iri) for iri in case.named_graphs if iri in full]
        bare = len(fields) == 1 and not gate.survey(case.query).datasets
        return post(empty if bare else address, fields, media_type(case))

    return run


def post(address: str, fields: list[tuple[str, str]], accept: str) -> tuple[str, bytes]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": accept}
    connection.request("POST", "/sparql", urlencode(fields), headers)
    reply = connection.getresponse()
    body = reply.read()
    connection.close()
    if reply.status != 200:
        raise Failed(body.decode())
    return reply.headers.get_content_type(), body


def directly(case: Case) -> tuple[str, bytes]:
    """The engine called with the same query, the graphs put where the test wants them."""
    store = ox.Store()
    for iri in case.default_graphs:
        store.extend(ox.Quad(*triple) for triple in suite.triples(iri))
    named = [iri for iri in graphs_of(case) if iri not in case.default_graphs]
    for iri in {*named, *case.named_graphs}:
        store.extend(ox.Quad(*triple, ox.NamedNode(iri)) for triple in suite.triples(iri))
    try:
        results = store.query(case.query)
        if isinstance(results, ox.QueryTriples):
            body = ox.serialize(results, format=ox.RdfFormat.N_TRIPLES)
            return "application/n-triples", body or b""
        wanted = media_type(case)
        form = ox.QueryResultsFormat.from_media_type(wanted)
        assert form is not None
        return wanted, results.serialize(format=form) or b""
    except (SyntaxError, ValueError, RuntimeError, OSError) as error:
        raise Failed(str(error)) from error


def graphs_of(case: Case) -> set[str]:
    """Every graph a test names: in its manifest, or by FROM."""
    try:
        named = {dataset.iri for dataset in gate.survey(case.query).datasets}
    except QuerySyntax:
        named = set()
    return {*case.default_graphs, *case.named_graphs, *named}


def media_type(case: Case) -> str:
    """The form to ask for: that of the expected answer, JSON for rows told in RDF."""
    if gate.survey(case.query).form in ("CONSTRUCT", "DESCRIBE"):
        return "application/n-triples"
    assert case.expected is not None
    return outcome.MEDIA.get(case.expected.suffix, outcome.MEDIA[".srj"])


def passes(case: Case, run: Run) -> bool:
    assert case.expected is not None, case.name
    wanted = outcome.expected(case.expected, suite.iri_of(case.expected))
    try:
        form, body = run(case)
    except Failed:
        return False
    return read(form, body).agrees(wanted)


def read(form: str, body: bytes) -> Outcome:
    return outcome.read(body, form)


def test_nothing_the_engine_gets_right_is_lost_on_the_way(
    evaluation: list[Case],
    through_the_endpoint: Run,
    record_testsuite_property: Callable[..., None],
) -> None:
    direct = {case.name for case in evaluation if passes(case, directly)}
    served = {case.name for case in evaluation if passes(case, through_the_endpoint)}
    report = f"{len(served)} served, {len(direct)} direct, of {len(evaluation)}"
    print(f"\nquery evaluation: {report}")
    record_testsuite_property("w3c-evaluation", report)
    assert direct - served == set(), report
    assert len(direct) > 0.9 * len(evaluation), report


def test_what_is_sparql_is_let_in_and_what_is_not_is_refused(
    suites: Path, serve: Serve, record_testsuite_property: Callable[..., None]
) -> None:
    positive = suite.cases(suite.POSITIVE)
    named = {iri for case in positive for iri in graphs_of(case)}
    address = serve({iri: ["<urn:x:s> <urn:x:p> <urn:x:o>"] for iri in named})

    def let_in(case: Case, run: Callable[[str], object]) -> bool:
        try:
            run(case.query)
        except (Failed, SyntaxError, RuntimeError) as error:
            # It was read, and only then found to call a function that is not there.
            return "custom function" in str(error)
        return True

    def served(query: str) -> object:
        accept = "application/n-triples, application/sparql-results+json"
        return post(address, [("query", query)], accept)

    right: dict[str, set[str]] = {"served": set(), "direct": set()}
    seen = 0
    for kinds, wanted in ((suite.POSITIVE, True), (suite.NEGATIVE, False)):
        for case in suite.cases(kinds):
            seen += 1
            for way, run in (("served", served), ("direct", ox.Store().query)):
                if let_in(case, run) is wanted:
                    right[way].add(case.name)
    report = f"{len(right['served'])} served, {len(right['direct'])} direct, of {seen}"
    print(f"\nquery syntax: {report}")
    record_testsuite_property("w3c-syntax", report)
    assert seen > 150
    assert right["direct"] - right["served"] == set(), report
