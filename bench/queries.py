"""Every question of the catalogue, asked of our engine and of others on the same quads."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import multiprocessing.connection
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from bench import servers
from bench.measure import Found, Row, Timing, once, spoken, timed
from bench.servers import Endpoint, Missing
from partnering.answering.questions import Catalogue
from partnering.answering.vocabulary import Vocabulary
from partnering.errors import PartneringError
from partnering.namespaces import PREFIXES
from partnering.pipeline.publish import Index
from partnering.service import Service, limits_of_own
from partnering.store.embedded import EmbeddedEngine
from partnering.store.readers import ReaderPool
from partnering.store.room import Limits
from partnering.workspace import Workspace

MOST_RATIO = 1.2
MOST_SECONDS = 1.0
QUICK = 0.002
"""Seconds below which the way to a reader and back, some 0.1 ms, weighs more than the query."""
PATIENCE = 20.0
"""Seconds after which another engine is no longer waited for."""
LEAST_PATIENCE = 5.0
FAR_BEHIND = 10.0
"""Times what pyoxigraph took after which another engine is not waited for, where that is longer."""
RDFLIB_CASES = 5
"""Beyond so many cases rdflib's joins take minutes each; it is not asked."""


@dataclass(frozen=True)
class Asked:
    """A question's query with its blanks filled, as every engine gets it."""

    slug: str
    query: str


@dataclass
class Measured:
    """What the questions took, by their slugs; and how many rows they have."""

    rows: dict[str, int] = field(default_factory=dict)
    raw: dict[str, Timing] = field(default_factory=dict)
    """pyoxigraph in this process."""
    ours: dict[str, Timing] = field(default_factory=dict)
    """Through one of our readers; without those it refuses."""
    first: dict[str, Timing] = field(default_factory=dict)
    """The same, when it was asked for the first time."""
    elsewhere: dict[str, dict[str, Timing]] = field(default_factory=dict)
    """Of other engines, by name; without those they did not answer."""


def dump(index: Index, path: Path) -> Path:
    """All quads of an index in one file of N-Quads, as another engine would load them."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".writing")
        with beside.open("wb") as out:
            for part in index.paths:
                out.write(part.read_bytes())
        beside.replace(path)
    return path


def asked(workspace: Workspace, engine: EmbeddedEngine) -> list[Asked]:
    """Every question with the values it takes unasked; those of a case take the first there is."""
    vocabulary = Vocabulary(engine)
    found = []
    for question in Catalogue(workspace).questions:
        given = {}
        for parameter in question.parameters:
            known = vocabulary.choices(parameter.kind) if parameter.kind in _THINGS else ()
            if known and not parameter.may_be_any:
                given[parameter.name] = known[0].name
        found.append(Asked(question.slug, question.bind(given, vocabulary).query))
    return found


_THINGS = ("case", "partnership", "actor")


def run(workspace: Workspace, index: Index, scratch: Path, port: int, found: Found,
        *, budget: float, others: bool) -> None:  # fmt: skip
    """Time all questions on every engine; one row a question, and one for all together."""
    cases = sum(part.graph.rpartition("/")[0].endswith("/graph/case") for part in index.parts)
    engine = index.load()
    questions = asked(workspace, engine)
    took = Measured()
    own = limits_of_own(Limits())
    with ReaderPool(index.path, readers=1, own_limits=own, prefixes=PREFIXES) as pool:
        # Each question of one right after the other: what else the machine does falls on both.
        for one in questions:
            took.rows[one.slug] = len(
                json.loads(_raw(engine.store, one.query))["results"]["bindings"]
            )
            took.raw[one.slug] = timed(partial(_raw, engine.store, one.query), budget=budget)
            ask = partial(pool.own.execute, one.query)
            try:
                took.first[one.slug] = once(ask)
                took.ours[one.slug] = timed(ask, budget=budget)
            except PartneringError as error:
                found.note(f"{cases:,} cases, {one.slug}: our reader refuses it: {error.message}")
    cached = _cached(workspace, index, engine, questions, found)
    del engine  # its memory goes before other engines come
    if others:
        took.elsewhere = _others(index, scratch, port, questions, budget, cases, found, took.raw)
    if others and cases <= RDFLIB_CASES:
        took.elsewhere["rdflib"] = _rdflib(index, questions, cases, found)
    _told(found, cases, took)
    for name, bound, times in (
        ("through our readers", f"≤ {MOST_RATIO}", took.ours),
        ("through our readers, each for the first time", "", took.first),
        ("kept answers", "", cached),
        *((name, "", times) for name, times in took.elsewhere.items()),
    ):
        found.add(_all(name, cases, times, took.raw, bound))


def _raw(store: ox.Store, query: str) -> bytes:
    solutions = store.query(query, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    return bytes(solutions.serialize(format=ox.QueryResultsFormat.JSON) or b"")


def _cached(
    workspace: Workspace, index: Index, engine: EmbeddedEngine, questions: list[Asked], found: Found
) -> dict[str, Timing]:
    """Answers as pages get them the second time, kept for as long as the snapshot is in force."""
    from partnering.knowledge import KnowledgeGraph

    service = Service(KnowledgeGraph(engine, workspace, index), engine)
    times = {}
    for one in questions:
        question = service.knowledge.catalogue.get(one.slug)
        things = {p.name: service.knowledge.vocabulary.choices(p.kind)[0].name
                  for p in question.parameters if p.kind in _THINGS and not p.may_be_any}  # fmt: skip
        answer = service.ask(one.slug, things)
        if service.ask(one.slug, things) is not answer:
            found.note(f"{one.slug}: {len(answer.table):,} rows are too many to be kept")
            continue
        times[one.slug] = timed(partial(service.ask, one.slug, things), budget=0.01)
    return times


def _told(found: Found, cases: int, took: Measured) -> None:
    slow, far = [], []
    for slug, raw in took.raw.items():
        beside = [f"{raw} pyoxigraph"] + [
            f"{spoken(times[slug].median) if slug in times else 'no answer of'} {name}"
            for name, times in took.elsewhere.items()
        ]
        what = f"`{slug}` ({took.rows[slug]:,} rows)"
        if slug not in took.ours:
            found.add(Row("question", what, cases, "refused", "; ".join(beside)))
            continue
        mine = took.ours[slug]
        ratio = mine.median / raw.median
        found.add(Row("question", what, cases, str(mine), "; ".join(beside), ratio))
        if mine.median > MOST_SECONDS:
            slow.append(f"{slug} ({spoken(mine.median)})")
        if ratio > MOST_RATIO and mine.median > QUICK:
            far.append(f"{slug} ({ratio:.2f})")
    slug, longest = max(took.ours.items(), key=lambda item: item[1].median)
    found.add(Row("queries", f"The slowest question, `{slug}`", cases, str(longest),
                  str(took.raw[slug]), longest.median / took.raw[slug].median, "≤ 1 s"))  # fmt: skip
    found.note(f"{cases:,} cases: over one second: {', '.join(slow) or 'none'}; over"
               f" {MOST_RATIO} times raw (of those above {spoken(QUICK)}):"
               f" {', '.join(far) or 'none'}")  # fmt: skip


def _all(
    name: str, cases: int, times: dict[str, Timing], raw: dict[str, Timing], bound: str
) -> Row:
    """All questions together that one engine has answered, beside pyoxigraph."""
    a, b = (sum(each[slug].median for slug in times) for each in (times, raw))
    share = f" ({len(times)} of {len(raw)})" if len(times) < len(raw) else ""
    return Row("queries", f"All questions: {name}{share}", cases, spoken(a), f"{spoken(b)} pyoxigraph",
               a / b if b else None, bound)  # fmt: skip


def _others(
    index: Index, scratch: Path, port: int, questions: list[Asked], budget: float, cases: int,
    found: Found, raw: dict[str, Timing],
) -> dict[str, dict[str, Timing]]:  # fmt: skip
    """What each question takes on servers, by the name of the server."""
    every = {}
    path = dump(index, scratch / "dumps" / f"{index.snapshot}.nq")
    for start in (
        partial(servers.oxigraph, path, port),
        partial(servers.virtuoso, path, port, scratch / "virtuoso"),
    ):
        with contextlib.ExitStack() as stack:
            try:
                server = stack.enter_context(start())
            except (Missing, RuntimeError) as error:
                found.note(f"not measured: {error}")
                continue
            every[server.name], failed = _asked_over_http(server, questions, budget, raw)
            if failed:
                found.note(f"{server.name}, {cases:,} cases: no answer to {', '.join(failed)}")
    return every


def _asked_over_http(
    server: Endpoint, questions: list[Asked], budget: float, raw: dict[str, Timing]
) -> tuple[dict[str, Timing], list[str]]:
    times, failed = {}, []
    for one in questions:
        patience = min(PATIENCE, max(LEAST_PATIENCE, FAR_BEHIND * raw[one.slug].median))
        try:
            times[one.slug] = timed(partial(server.ask, one.query, timeout=patience), budget=budget)
        except (RuntimeError, OSError) as error:
            failed.append(f"{one.slug} ({type(error).__name__})")
    return times, failed


def _rdflib(index: Index, questions: list[Asked], cases: int, found: Found) -> dict[str, Timing]:
    times, late = {}, []
    with _Patient(index.paths) as rdflib:
        for one in questions:
            seconds = rdflib.ask(one.query)
            if seconds is None:
                late.append(one.slug)
            else:
                times[one.slug] = Timing.of([seconds])
    if late:
        found.note(f"rdflib, {cases} cases: no answer within {PATIENCE:g} s to {', '.join(late)}")
    return times


class _Patient:
    """rdflib in a process of its own, forked anew after each query that had to be ended."""

    def __init__(self, paths: tuple[Path, ...]) -> None:
        from rdflib import Dataset

        self._data = Dataset(default_union=True)
        for path in paths:
            self._data.parse(path, format="nquads")

    def __enter__(self) -> _Patient:
        return self

    def __exit__(self, *_: object) -> None:
        self._data.close()

    def ask(self, query: str) -> float | None:
        """Seconds of one query; None where it took too long or failed."""
        here, there = multiprocessing.get_context("fork").Pipe()
        child = multiprocessing.get_context("fork").Process(
            target=_ask_rdflib, args=(self._data, query, there)
        )
        child.start()
        try:
            return here.recv() if here.poll(PATIENCE) else None
        finally:
            child.kill()
            child.join()


def _ask_rdflib(data: object, query: str, answer: multiprocessing.connection.Connection) -> None:
    import time

    begun = time.perf_counter()
    try:
        list(data.query(query))  # type: ignore[attr-defined]
        answer.send(time.perf_counter() - begun)
    except Exception:
        answer.send(None)
