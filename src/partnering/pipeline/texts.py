"""What search reads: labels, other names, definitions and summaries as an SQLite text index.

One file a snapshot, beside the index it belongs to. It is made from the one before it: only
graphs that changed are read, so a changed case costs a copy and a few hundred rows. Words
match in any inflection (the porter tokenizer, https://www.sqlite.org/fts5.html).
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, RDF, RDFS, SH, SKOS

from partnering import spelling
from partnering.namespaces import CONCEPT, DATA, GRAPH, PTN
from partnering.pipeline.publish import Index
from partnering.pipeline.sheets import Part

VERSION = 3
"""Of the file's layout: another number makes every file anew."""
KINDS = ("case", "factor", "outcome", "concept", "arrangement", "actor", "event", "finding",
         "general", "literature", "question", "objection")  # fmt: skip
"""What a text is about, in the order people are shown them."""
_ROOTS = {
    "CaseStudy": "case", "Partnership": "arrangement", "PartneringEvent": "event",
    "PartnershipPhase": "event", "Actor": "actor", "CodedStatement": "finding",
    "GeneralStatement": "general", "TypologyProfile": "general",
    "LiteratureClaim": "literature", "LiteratureWork": "literature", "Challenge": "objection",
    "SuccessRule": "concept",
}  # fmt: skip
"""The kind of a class and of those below it; the nearest one holds."""
_FIELDS = {
    str(SKOS.prefLabel): "label", str(RDFS.label): "label", str(PTN.workTitle): "label",
    str(SKOS.altLabel): "other", str(SKOS.hiddenLabel): "other", str(DCTERMS.subject): "other",
    str(DCTERMS.alternative): "other", str(PTN.attributedTerm): "other",
    str(PTN.citedAs): "other", str(PTN.listedAs): "other",
    str(PTN.summary): "text", str(SKOS.definition): "text",
    str(RDFS.comment): "text", str(PTN.measureNote): "text", str(PTN.reportedEffect): "text",
}  # fmt: skip
_GENERATED = tuple(f"{GRAPH}{name}" for name in ("inferred/", "assessment/", "provenance"))
"""Graphs that say nothing anew for a reader."""
PREDICATES = (*_FIELDS, str(RDF.type), str(RDFS.subClassOf))
"""All that is read of a graph."""
_LINES = re.compile(
    rb"^\S+ <(?:%s)> .*$" % b"|".join(re.escape(p.encode()) for p in PREDICATES), re.M
)
_LAYOUT = """
CREATE TABLE parts (id INTEGER PRIMARY KEY, graph TEXT NOT NULL, digest TEXT NOT NULL);
CREATE UNIQUE INDEX parts_by_contents ON parts (digest, graph);
CREATE TABLE texts (id INTEGER PRIMARY KEY, part INTEGER NOT NULL, iri TEXT NOT NULL,
                    label TEXT NOT NULL, other TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX texts_of_a_part ON texts (part);
CREATE TABLE cases (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, label TEXT NOT NULL);
CREATE VIRTUAL TABLE found USING fts5 (label, other, text, content='texts', content_rowid='id',
                                       tokenize='porter unicode61 remove_diacritics 2');
"""


SPAN = 1 << 24
"""Texts of one kind that one case may hold."""


def first_of(kind: int, place: int) -> int:
    """Number before those of the texts of one kind (by its place in ``KINDS``) in one case.

    A text's number says its kind and its case, so that hits are counted without looking them
    up: 80 ms where a join took 300, for 74,000 hits among a million texts.
    """
    return (place << 4 | kind) * SPAN


@dataclass(frozen=True)
class Text:
    """All that a reader may look for about one thing; ``case`` is empty outside cases."""

    iri: str
    kind: str
    case: str
    label: str
    other: str
    text: str


def path_of(index: Index) -> Path:
    """Where the text index of a snapshot lies."""
    return index.folder / "search" / f"{index.snapshot}-{VERSION}.sqlite"


def beside(path: Path, ending: str) -> Path:
    """Where this process puts a text index that is not ready."""
    return path.with_name(f".{path.stem}.{os.getpid()}.{ending}")


Said = Callable[[Part], Iterable[tuple[str, str, str]]]
"""What one graph says: subject, predicate and value, of the predicates in :data:`PREDICATES`."""


def bring_up_to_date(
    index: Index,
    said: Said | None = None,
    *,
    since: Index | None = None,
    copy: Path | None = None,
) -> tuple[int, int]:
    """Make the text index of a snapshot where it is not there yet.

    ``said`` reads one of its graphs; None reads their files. Where the last text index is of
    ``since``, only what differs from that is looked for; ``copy`` is a copy of that one to go on
    with. Returns how many texts the text index holds and how many of them were written just
    now. The file is renamed into place whole; the two newest are kept, for whoever still reads
    the last one.
    """
    path = path_of(index)
    if path.exists():
        with closing(sqlite3.connect(path)) as held:
            return _count(held), 0
    path.parent.mkdir(parents=True, exist_ok=True)
    writing = beside(path, "writing")
    before = _newest(path.parent)
    base = since if since and before == path_of(since) else None
    if copy and base:
        copy.replace(writing)
    elif before is not None:
        shutil.copyfile(before, writing)
    else:
        writing.unlink(missing_ok=True)
    with closing(sqlite3.connect(writing, isolation_level=None)) as held:
        # Nothing is lost by a crash: the file has no name yet that anybody reads.
        held.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        held.execute("BEGIN")
        if before is None:
            for statement in (_LAYOUT + spelling.LAYOUT).split(";\n"):
                held.execute(statement)
        written = _write(held, index, said or files_of(index), base)
        held.execute("COMMIT")
        count = _count(held)
    writing.replace(path)
    for old in {*path.parent.glob("*.sqlite")} - {*_by_age(path.parent)[:2]}:
        old.unlink(missing_ok=True)
    return count, written


def _write(held: sqlite3.Connection, index: Index, said: Said, since: Index | None) -> int:
    """Take out what is gone, put in what is new; returns how many texts are new."""
    if since is not None:
        wanted = _by_contents(index.sheets.without(since.sheets))
        known = {
            key: _number(held, key) for key in _by_contents(since.sheets.without(index.sheets))
        }
    else:
        wanted = _by_contents(index.parts)
        known = {(graph, digest): id for id, graph, digest in held.execute("SELECT * FROM parts")}
    words: Counter[str] = Counter()
    for key in known.keys() - wanted.keys():
        words.subtract(_take_out(held, known[key]))
    new = 0
    if fresh := sorted(wanted.keys() - known.keys()):
        kinds = kinds_of_classes(index, said)
        for key in fresh:
            rows = list(texts_of(said(wanted[key]), kinds))
            words.update(_put_in(held, wanted[key], rows))
            new += len(rows)
    spelling.count(held, words)
    return new


def _by_contents(parts: Iterable[Part]) -> dict[tuple[str, str], Part]:
    """Graphs that are searched, by name and digest."""
    return {(p.graph, p.digest): p for p in parts if not p.graph.startswith(_GENERATED)}


def _number(held: sqlite3.Connection, key: tuple[str, str]) -> int:
    found = held.execute("SELECT id FROM parts WHERE digest = ? AND graph = ?", key[::-1])
    return int(found.fetchone()[0])


def _put_in(held: sqlite3.Connection, part: Part, rows: Iterable[Text]) -> Counter[str]:
    number = held.execute("INSERT INTO parts (graph, digest) VALUES (?, ?)",
                          (part.graph, part.digest)).lastrowid  # fmt: skip
    words: Counter[str] = Counter()
    last: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.kind == "case":
            held.execute(
                "INSERT INTO cases (name, label) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET label = excluded.label",
                (row.case, row.label),
            )
        if (row.kind, row.case) not in last:
            last[row.kind, row.case] = _last(held, row.kind, row.case)
        id = last[row.kind, row.case] = last[row.kind, row.case] + 1
        fields = (row.label, row.other, row.text)
        held.execute("INSERT INTO texts VALUES (?, ?, ?, ?, ?, ?)", (id, number, row.iri, *fields))
        held.execute("INSERT INTO found (rowid, label, other, text) VALUES (?, ?, ?, ?)",
                     (id, *fields))  # fmt: skip
        words.update(spelling.words(" ".join(fields)))
    return words


def _last(held: sqlite3.Connection, kind: str, case: str) -> int:
    """Highest number given to a text of this kind in this case."""
    place = 0
    if case:
        held.execute("INSERT OR IGNORE INTO cases (name, label) VALUES (?, ?)", (case, case))
        (place,) = held.execute("SELECT id FROM cases WHERE name = ?", (case,)).fetchone()
    first = first_of(KINDS.index(kind), place)
    row = held.execute("SELECT max(id) FROM texts WHERE id BETWEEN ? AND ?",
                       (first, first + SPAN - 1)).fetchone()  # fmt: skip
    return int(row[0] or first)


def _take_out(held: sqlite3.Connection, part: int) -> Counter[str]:
    words: Counter[str] = Counter()
    rows = held.execute("SELECT id, label, other, text FROM texts WHERE part = ?", (part,))
    for id, *fields in rows.fetchall():
        # An index over another table must be told what it held.
        held.execute("INSERT INTO found (found, rowid, label, other, text)"
                     " VALUES ('delete', ?, ?, ?, ?)", (id, *fields))  # fmt: skip
        words.update(spelling.words(" ".join(fields)))
    held.execute("DELETE FROM texts WHERE part = ?", (part,))
    held.execute("DELETE FROM parts WHERE id = ?", (part,))
    return words


def texts_of(statements: Iterable[tuple[str, str, str]], kinds: dict[str, str]) -> Iterator[Text]:
    """What one graph says of the things it types, in the order of their names."""
    types: dict[str, set[str]] = {}
    said: dict[str, dict[str, dict[str, None]]] = {}
    for subject, predicate, value in statements:
        if predicate == str(RDF.type):
            types.setdefault(subject, set()).add(value)
        elif field := _FIELDS.get(predicate):
            said.setdefault(subject, {}).setdefault(field, {})[value] = None
    is_case = any(str(PTN.CaseStudy) in held for held in types.values())
    for iri in sorted(said.keys() & types.keys()):
        kind = _kind(iri, types[iri], kinds)
        if kind is None:
            continue
        case = iri.removeprefix(str(DATA)).partition("/")[0] if is_case else ""
        fields = {name: list(values) for name, values in said[iri].items()}
        label = " / ".join(fields.get("label", ()))
        if kind == "question":
            label = re.sub(r"\{(\w+)\}", r"\1", label)
        yield Text(iri, kind, case, label, " · ".join(fields.get("other", ())),
                   " ".join(fields.get("text", ())))  # fmt: skip


def kinds_of_classes(index: Index, said: Said) -> dict[str, str]:
    """From a class to what its members are shown as, by the ontology's own hierarchy."""
    above: dict[str, list[str]] = {}
    for part in index.schema:
        if part.graph.startswith(f"{GRAPH}ontology/"):
            for subject, predicate, value in said(part):
                if predicate == str(RDFS.subClassOf):
                    above.setdefault(subject, []).append(value)
    found = {str(PTN[name]): kind for name, kind in _ROOTS.items()}
    for name in above:
        line, seen = [name], {name}
        while line and line[0] not in found:
            seen.add(line[0])
            line = [*line[1:], *(up for up in above.get(line[0], ()) if up not in seen)]
        if line:
            found[name] = found[line[0]]
    return found


def _kind(iri: str, types: set[str], kinds: dict[str, str]) -> str | None:
    if str(SKOS.Concept) in types:
        scheme = iri.removeprefix(str(CONCEPT)).partition("-")[0]
        return {"factor": "factor", "dimension": "outcome"}.get(scheme, "concept")
    if str(SH.SPARQLExecutable) in types:
        return "question"
    return next((kinds[one] for one in sorted(types) if one in kinds), None)


def files_of(index: Index) -> Said:
    """Reads the graphs of an index from their files."""
    return lambda part: _quads(index.folder / part.file)


def _quads(path: Path) -> Iterator[tuple[str, str, str]]:
    wanted = b"\n".join(_LINES.findall(path.read_bytes()))
    for quad in ox.parse(wanted, format=ox.RdfFormat.N_QUADS):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(
            quad.object, ox.NamedNode | ox.Literal
        ):
            yield quad.subject.value, quad.predicate.value, quad.object.value


def _count(held: sqlite3.Connection) -> int:
    return int(held.execute("SELECT count(*) FROM texts").fetchone()[0])


def _newest(folder: Path) -> Path | None:
    return next(iter(_by_age(folder)), None)


def _by_age(folder: Path) -> list[Path]:
    held = folder.glob(f"*-{VERSION}.sqlite")
    return sorted(held, key=lambda path: path.stat().st_mtime_ns, reverse=True)
