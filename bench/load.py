"""Many at once: requests a second and slowest answers, quiet and beside two hostile queries.

The generator is a process of its own with a thread and an open connection for each client.
It shares the machine with what it measures, and it does so for either server alike.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import math
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import servers, site
from bench.measure import Found, Row, spoken
from bench.servers import Endpoint, Missing
from partnering.workspace import Workspace

CONNECTIONS = (8, 64)
MOST_SLOWED = 10.0
_PTN = "PREFIX ptn: <https://w3id.org/partnering/ontology#>"
QUERIES = {
    "one subject": "SELECT ?p ?o { <https://w3id.org/partnering/data/synthetic-00001/main> ?p ?o }",
    "a join of 100 rows": f"{_PTN} SELECT ?f ?p ?c {{ ?f a ptn:FactorFinding ; ptn:findingAbout ?p ;"
                          " ptn:concernsFactor ?c ; ptn:hasPolarity ?l } LIMIT 100",
    "10,000 rows": "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 10000",
}  # fmt: skip
LEAST = {"one subject": 0.10, "a join of 100 rows": 0.40}
QUESTION = ("a question, asked before", "/questions/enablers-in-successful-partnerships.json")
PAGES = {
    "the home page": "/",
    "a case": "/cases/synthetic-00001",
    "a question's page": "/questions/enablers-in-successful-partnerships",
    "a search": "/search?q=trust",
}
HOSTILE = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


ROUNDS = 3
"""Times that both are asked in turns: what else the machine does falls on both."""


@dataclass(frozen=True)
class Borne:
    """What came back: requests a second, seconds of the slowest hundredth, and failures."""

    rate: float
    p99: float
    failed: int
    answered: int
    low: float = math.inf
    """The lowest rate of several rounds, of which the others are the medians; and the highest."""
    high: float = 0.0

    def __str__(self) -> str:
        spread = f" ({self.low:,.0f} to {self.high:,.0f})" if self.low < self.high else ""
        failed = f", {self.failed:,} failed" if self.failed else ""
        return f"{self.rate:,.0f}/s{spread}, p99 {spoken(self.p99)}{failed}"

    @classmethod
    def of(cls, rounds: Sequence[Borne]) -> Borne:
        """Several rounds as one."""
        rates = [one.rate for one in rounds]
        return cls(statistics.median(rates), statistics.median(one.p99 for one in rounds),
                   sum(one.failed for one in rounds), sum(one.answered for one in rounds),
                   min(rates), max(rates))  # fmt: skip


def run(workspace: Workspace, dump: Path, size: int, port: int, found: Found, *, seconds: float,
        connections: tuple[int, ...]) -> None:  # fmt: skip
    """The site and ``oxigraph serve`` in turns, quiet; then each beset."""
    with contextlib.ExitStack() as stack:
        live = stack.enter_context(site.serving(workspace.root, port, "--query-budget", "0"))
        other = None
        try:
            other = stack.enter_context(servers.oxigraph(dump, port + 1))
        except (Missing, RuntimeError) as error:
            found.note(f"load, {size:,} cases: not measured beside oxigraph serve: {error}")
        live.rest()
        for path in (*PAGES.values(), QUESTION[1]):
            live.get(path)
        calm = {(what, clients): bear(live.port, path, clients, seconds)
                for what, path in PAGES.items() for clients in connections}  # fmt: skip
        if other:
            _in_turns(live, other, size, found, seconds, connections)
        memory = servers.proportional(live.pid)
        found.note(
            f"{size:,} cases: the site's process tree under load is {memory >> 20} MiB (PSS)"
        )
        with _beset(live.port, "/sparql"):
            hard = _queries(live.port, "/sparql", seconds, connections)
            for (what, clients), quiet in calm.items():
                beset = bear(live.port, PAGES[what], clients, seconds)
                found.add(Row("load", f"{what}, {clients} connections, two hostile queries"
                              " (ratio of p99)", size, str(beset), f"{quiet} when quiet",
                              beset.p99 / quiet.p99, f"≤ {MOST_SLOWED:g}"))  # fmt: skip
        if other:
            # Last: what it is beset with runs on in it when nobody waits for it any more.
            with _beset(other.port, other.path):
                theirs = _queries(other.port, other.path, seconds, connections)
            for (what, clients), ours in hard.items():
                its = theirs[what, clients]
                found.add(Row("load", f"{what}, {clients} connections, two hostile queries, ratio of"
                              " rates", size, str(ours), f"{its} {other.name}",
                              ours.rate / its.rate if its.rate else None))  # fmt: skip


def _in_turns(live: site.Site, other: Endpoint, size: int, found: Found, seconds: float,
              connections: tuple[int, ...]) -> None:  # fmt: skip
    asked = [(what, _address("/sparql", query), _address(other.path, query), ROUNDS,
              f"≥ {LEAST[what]:.2f}" if what in LEAST else "") for what, query in QUERIES.items()]  # fmt: skip
    # One round does where the other takes half a minute for the last of its answers.
    asked.append((QUESTION[0], QUESTION[1], _address(other.path, _question_text()), 1, "≥ 1.00"))
    for what, mine, its, rounds, bound in asked:
        for clients in connections:
            pairs = [(bear(live.port, mine, clients, seconds), bear(other.port, its, clients, seconds))
                     for _ in range(rounds)]  # fmt: skip
            ours, theirs = (Borne.of(side) for side in zip(*pairs, strict=True))
            ratio = statistics.median(a.rate / b.rate for a, b in pairs) if theirs.low else None
            found.add(Row("load", f"{what}, {clients} connections, ratio of rates", size, str(ours),
                          f"{theirs} {other.name}", ratio, bound))  # fmt: skip


def _queries(
    port: int, path: str, seconds: float, connections: tuple[int, ...]
) -> dict[tuple[str, int], Borne]:
    return {
        (what, clients): bear(port, _address(path, query), clients, seconds)
        for what, query in QUERIES.items()
        for clients in connections
    }


def _question_text() -> str:
    from partnering.answering.questions import Catalogue
    from partnering.workspace import Workspace, shipped_root

    slug = QUESTION[1].rpartition("/")[2].removesuffix(".json")
    return Catalogue(Workspace(shipped_root())).get(slug).query


def _address(path: str, query: str) -> str:
    return f"{path}?{urllib.parse.urlencode({'query': query})}"


@contextlib.contextmanager
def _beset(port: int, path: str) -> Iterator[None]:
    """Two clients that ask again and again for what never ends."""
    stop = threading.Event()
    address = f"http://127.0.0.1:{port}{_address(path, HOSTILE)}"

    def ask() -> None:
        while not stop.is_set():
            with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=30) as found:
                found.read()

    threads = [threading.Thread(target=ask, daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    try:
        yield
    finally:
        stop.set()


def bear(port: int, path: str, clients: int, seconds: float) -> Borne:
    """Let a generator in a process of its own ask for one address as fast as it is answered."""
    process = subprocess.run(
        [sys.executable, "-m", "bench.load", str(port), path, str(clients), str(seconds)],
        capture_output=True, text=True, check=True, timeout=seconds + 120,
    )  # fmt: skip
    return Borne(**json.loads(process.stdout))


def _generate(port: int, path: str, clients: int, seconds: float) -> Borne:
    times: list[float] = []
    failed = [0]
    begun = time.perf_counter()
    until = begun + seconds

    def ask() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"Accept": f"{servers.JSON}, text/html;q=0.9, application/json;q=0.8"}
        if not path.startswith(("/sparql", "/query?")):
            headers = {"Accept": "text/html, application/json"}
        while (now := time.perf_counter()) < until:
            try:
                line.request("GET", path, headers=headers)
                answer = line.getresponse()
                answer.read()
                if answer.status != 200:
                    failed[0] += 1
                    continue
            except (OSError, http.client.HTTPException):
                failed[0] += 1
                line.close()
                continue
            times.append(time.perf_counter() - now)

    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - begun
    ordered = sorted(times) or [float("inf")]
    return Borne(len(times) / took, ordered[int(0.99 * (len(ordered) - 1))], failed[0], len(times))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("path")
    parser.add_argument("clients", type=int)
    parser.add_argument("seconds", type=float)
    given = parser.parse_args()
    print(json.dumps(vars(_generate(given.port, given.path, given.clients, given.seconds))))
