"""Closed-namespace lint: every name used is one that was declared, and used as what it is.

A misspelt class or property is no error in RDF, it just says nothing: SHACL then conforms
and queries find less. So each file is looked at as written, before anything is inferred.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path, PurePosixPath

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SH, XSD, DefinedNamespace
from rdflib.term import Node

from partnering import described, written
from partnering.described import Context, namespace_of
from partnering.names import Names, short
from partnering.namespaces import CONCEPT, DATA, GRAPH, PTN
from partnering.problems import Checked, Problem, Severity, checked, combine
from partnering.slices import Slice
from partnering.sources.anchors import Anchor
from partnering.workspace import GraphFile, Workspace
from partnering.written import Written

GATE = "lint"
_NOT_CODE = re.compile(
    r"""#.*|<[^<>\s]*>|\"\"\"[\s\S]*?\"\"\"|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'"""
)
_PREFIXED = re.compile(r"(?<![\w:?$.-])(?P<prefix>[A-Za-z][\w-]*):(?P<name>[A-Za-z_][\w-]*)")
_ALWAYS: tuple[type[DefinedNamespace], ...] = (RDF, RDFS, OWL, XSD, SH)
_CLASS_SLOTS = {RDF.type, RDFS.subClassOf, RDFS.domain, OWL.someValuesFrom, OWL.allValuesFrom}
_PROPERTY_SLOTS = {RDFS.subPropertyOf, OWL.inverseOf, OWL.onProperty}


RULES = frozenset(
    {
        "unknown-term",
        "deprecated-term",
        "undeclared-term",
        "odd-shape-term",
        "not-a-property",
        "not-a-class",
        "words-for-a-thing",
        "thing-for-words",
        "wrong-datatype",
        "ill-typed-value",
        "dangling-reference",
        "foreign-namespace",
        "described-twice",
        "untyped-thing",
    }
)


@dataclass(frozen=True)
class Found:
    """A fault in one triple of a file, before its place is looked up."""

    rule: str
    message: str
    why: str
    mend: str
    subject: Node
    term: str | None = None
    severity: Severity = "violation"


def check(workspace: Workspace, slice: Slice, known: Names) -> Checked:
    """Lint every file of a slice; counts ``files`` and ``triples``."""
    graphs = [(file, written.written(file)) for file in slice.files]
    namespaces = {
        name
        for _, seen in graphs
        for triple in seen.graph
        for node in triple
        if isinstance(node, URIRef) and (name := namespace_of(node))
    }
    context = described.around(workspace, slice, namespaces)
    return combine(_file(file, seen, known, context) for file, seen in graphs)


def check_others(workspace: Workspace, known: Names) -> Checked:
    """Lint what is no graph: shapes and queries; counts ``shapes files`` and ``query files``."""
    shapes = (
        check_shapes(p, workspace.relative(p), known) for p in workspace.files("shapes/*.ttl")
    )
    queries = [*workspace.files("queries/**/*.rq"), *workspace.files("shapes/**/*.rq")]
    return combine([*shapes, *(check_query(p, workspace.relative(p), known) for p in queries)])


def check_shapes(path: Path, relative: str, known: Names) -> Checked:
    """Lint one file of shapes, terms of SHACL included."""
    seen = Written(path, relative)
    return checked(
        GATE,
        (problem(one, seen) for one in names_used(seen.graph, known)),
        {"shapes files": 1, "triples": len(seen.graph)},
        where=relative,
        must_see="triples",
    )


def check_query(path: Path, relative: str, known: Names) -> Checked:
    """Lint the prefixed names of one SPARQL query."""
    seen = Written(path, relative)
    code = _NOT_CODE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), seen.text)
    found: dict[str, tuple[int, Found]] = {}
    names_seen = 0
    for match in _PREFIXED.finditer(code):
        start = seen.prefixes.get(match["prefix"])
        if start is None or start.startswith((str(DATA), str(GRAPH))):
            continue
        names_seen += 1
        for one in _unknown(
            URIRef(relative), RDF.Property, start + match["name"], "predicate", known
        ):
            found.setdefault(one.message, (code.count("\n", 0, match.start()) + 1, one))
    return checked(
        GATE,
        (
            replace(problem(one, seen), where=f"{relative}:{line}", focus="")
            for line, one in found.values()
        ),
        {"query files": 1, "names": names_seen},
        where=relative,
        must_see="names",
    )


def _file(file: GraphFile, seen: Written, known: Names, context: Context) -> Checked:
    found = [
        *names_used(seen.graph, known),
        *_references(seen.graph, context),
        *(_belonging(file, seen.graph, context) if file.relative.startswith("data/") else ()),
    ]
    return checked(
        GATE,
        (problem(one, seen) for one in found),
        {"files": 1, "triples": len(seen.graph)},
        where=file.relative,
        must_see="triples",
    )


def problem(found: Found, seen: Written) -> Problem:
    """A fault with the line it stands on."""
    named = isinstance(found.subject, URIRef)
    where = seen.where(str(found.subject) if named else "", found.term)
    return Problem(
        gate=GATE,
        severity=found.severity,
        message=found.message,
        where=where,
        focus=str(found.subject) if named else "",
        why=found.why,
        mend=found.mend,
        rule=found.rule,
    )


def names_used(graph: Graph, known: Names) -> Iterator[Found]:
    """Faults in how the triples of a file use names of the schema and of other vocabularies."""
    for subject, predicate, value in graph:
        for place, node in (("subject", subject), ("predicate", predicate), ("object", value)):
            if isinstance(node, URIRef):
                yield from _unknown(subject, predicate, str(node), place, known)
        yield from _misplaced(subject, predicate, value, known)
        yield from _wrong_value(subject, predicate, value, known)


def _ours(iri: str) -> bool:
    return iri.startswith((str(PTN), str(CONCEPT)))


def _declared(iri: str, known: Names) -> bool:
    return iri in known.kinds or any(iri in space for space in _ALWAYS)


def _unknown(
    subject: Node, predicate: Node, node: str, place: str, known: Names
) -> Iterator[Found]:
    name = short(node)
    if _ours(node):
        if node not in known.kinds:
            near = known.nearest(node)
            yield Found(
                "unknown-term",
                f"{name} is not a term of the ontology or the vocabularies.",
                "A misspelt name says nothing: no check and no question will find what it marks.",
                f"write {' or '.join(near)}" if near else "use a term that exists, or declare it",
                subject,
                node,
            )
        elif node in known.deprecated and place != "subject":
            new = " or ".join(short(iri) for iri in sorted(known.deprecated[node]))
            yield Found(
                "deprecated-term",
                f"{name} is deprecated.",
                "It is kept so that old data can be read, and new questions do not ask for it.",
                f"use {new}" if new else "look in its change note for what to use",
                subject,
                node,
                "warning",
            )
    elif (place == "predicate" or (place == "object" and predicate == RDF.type)) and not _declared(
        node, known
    ):
        shacl = node.startswith(str(SH))
        yield Found(
            "odd-shape-term" if shacl else "undeclared-term",
            f"{name} is no term of SHACL."
            if shacl
            else f"{name} is used here but declared nowhere in the workspace.",
            "SHACL passes over what it does not know, so the shape does less than it says."
            if shacl
            else "Only terms that are listed and labelled mean the same to everybody.",
            "look for a slip, such as a colon too many"
            if shacl
            else "use a term of the ontology, or declare and label this one in ontology/reuse.ttl",
            subject,
            node,
        )


def _misplaced(subject: Node, predicate: Node, value: Node, known: Names) -> Iterator[Found]:
    why = "Reasoners and queries take a name for what its place says, and the statement is lost."
    if str(predicate) in known.kinds and not known.is_property(str(predicate)):
        yield Found(
            "not-a-property",
            f"{short(str(predicate))} is {_kind(predicate, known)} and stands here as a property.",
            why,
            "put a property in its place, or 'a' before it if the type was meant",
            subject,
            str(predicate),
        )
    iri = str(value)
    if not isinstance(value, URIRef) or iri not in known.kinds:
        return
    if predicate in _CLASS_SLOTS and not known.is_a(iri, "class"):
        yield Found(
            "not-a-class",
            f"{short(iri)} is {_kind(value, known)} and stands here as a class.",
            why,
            "name the class; a concept is given by its property, such as ptn:hasNature",
            subject,
            iri,
        )
    if predicate in _PROPERTY_SLOTS and not known.is_property(iri):
        yield Found(
            "not-a-property",
            f"{short(iri)} is {_kind(value, known)} and stands here as a property.",
            why,
            "name a property",
            subject,
            iri,
        )


def _kind(name: object, known: Names) -> str:
    kind = min(known.kinds[str(name)])
    return f"{'an' if kind[0] in 'aio' else 'a'} {kind}"


def _wrong_value(subject: Node, predicate: Node, value: Node, known: Names) -> Iterator[Found]:
    name, iri = short(str(predicate)), str(predicate)
    if known.is_a(iri, "object property") and isinstance(value, Literal):
        anchored = predicate == PTN.hasAnchor
        yield Found(
            "words-for-a-thing",
            f"{name} leads to a thing, and has words here: {_cut(value)}",
            "Words cannot be followed, counted or verified.",
            "turn quoted words into anchors: partnering source anchor FILE"
            if anchored
            else "name the thing by its IRI, without quotation marks",
            subject,
            iri,
        )
    elif known.is_a(iri, "datatype property"):
        wanted = known.ranges.get(iri, frozenset())
        if not isinstance(value, Literal):
            yield Found(
                "thing-for-words",
                f"{name} takes a value, and has a thing here: {short(str(value))}",
                "The value is shown and sorted as text; a link in its place shows nothing.",
                "write the value in quotation marks",
                subject,
                iri,
            )
        elif wanted and _datatype(value) not in wanted:
            given = "a language tag" if value.language else short(_datatype(value))
            yield Found(
                "wrong-datatype",
                f"{name} takes {' or '.join(short(w) for w in sorted(wanted))},"
                f" and has {given} here: {_cut(value)}",
                "Values of another type do not sort, count or compare with the rest.",
                "write the value with its type, and no language tag",
                subject,
                iri,
            )
    if isinstance(value, Literal) and value.ill_typed:
        yield Found(
            "ill-typed-value",
            f"{_cut(value)} is no {short(str(value.datatype))}.",
            "A value that its own type forbids is dropped by stores.",
            "correct the value or its type",
            subject,
            iri,
        )


def _datatype(value: Literal) -> str:
    return str(RDF.langString if value.language else value.datatype or XSD.string)


def _references(graph: Graph, context: Context) -> Iterator[Found]:
    """References to data that no file describes."""
    missing: dict[str, tuple[Node, Node]] = {}
    for subject, predicate, value in sorted(graph):
        if isinstance(value, URIRef) and namespace_of(value) and not context.knows(str(value)):
            missing.setdefault(str(value), (subject, predicate))
    for iri, (subject, predicate) in missing.items():
        space = namespace_of(iri)
        near = _nearest_data(iri, context)
        yield Found(
            "dangling-reference",
            f"{short(str(predicate))} leads to {_tail(iri)}, which nothing describes.",
            "What rests on it would vanish from every answer, without a word.",
            (f"write {' or '.join(near)}, or describe it" if near else "describe it")
            + f" in the file of '{space}'",
            subject,
            iri,
        )


def _nearest_data(iri: str, context: Context) -> list[str]:
    tails = {
        _tail(other): other
        for _, part in context.parts
        for other in part.types
        if namespace_of(other) == namespace_of(iri) and Anchor.parse(other) is None
    }
    return get_close_matches(_tail(iri), tails, n=2, cutoff=0.75)


def _belonging(file: GraphFile, graph: Graph, context: Context) -> Iterator[Found]:
    """Faults in what a data file describes: outside its namespace, twice, or of no type."""
    place = PurePosixPath(file.relative)
    own = {place.stem, *(folder.name for folder in place.parents)}
    for node in sorted({s for s in graph.subjects() if isinstance(s, URIRef)}):
        subject = str(node)
        if namespace_of(subject) is None or Anchor.parse(subject) is not None:
            continue
        typed = (node, RDF.type, None) in graph
        others = [name for name in context.typed_in(subject) if name != file.relative]
        if typed and namespace_of(subject) not in own:
            yield Found(
                "foreign-namespace",
                f"{_tail(subject)} is described here, outside the file's own namespace.",
                "A file that is named after its namespace is found by every check and reader.",
                f"name it in https://w3id.org/partnering/data/{place.stem}/, or move it",
                node,
            )
        elif typed and others:
            yield Found(
                "described-twice",
                f"{_tail(subject)} is described here and in {others[0]}.",
                "Two descriptions drift apart, and a reader sees them mixed.",
                "keep one, or give one of them another name",
                node,
            )
        elif not typed and not others:
            yield Found(
                "untyped-thing",
                f"{_tail(subject)} has no type.",
                "Checks and questions go by the type; nothing here would be checked or found.",
                "say what it is, such as 'a ptn:FactorFinding', or mend the name if it is a slip",
                node,
            )


def _tail(iri: str) -> str:
    space, _, name = iri.rpartition("/")
    return f"{space.rpartition('/')[2]}/{name}"


def _cut(value: Literal) -> str:
    text = " ".join(str(value).split())
    return f'"{text[:37]}…"' if len(text) > 40 else f'"{text}"'
