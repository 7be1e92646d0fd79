"""Faults in how triples use names: unknown, in the wrong place, with the wrong kind of value."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SH, XSD, DefinedNamespace
from rdflib.term import Node

from partnering.checking.lint.fault import Found
from partnering.names import Names, short
from partnering.namespaces import CONCEPT, PTN

_ALWAYS: tuple[type[DefinedNamespace], ...] = (RDF, RDFS, OWL, XSD, SH)
_CLASS_SLOTS = {RDF.type, RDFS.subClassOf, RDFS.domain, OWL.someValuesFrom, OWL.allValuesFrom}
_PROPERTY_SLOTS = {RDFS.subPropertyOf, OWL.inverseOf, OWL.onProperty}


def names_used(graph: Graph, known: Names) -> Iterator[Found]:
    """Faults in how the triples of a file use names of the schema and of other vocabularies."""
    for subject, predicate, value in graph:
        for place, node in (("subject", subject), ("predicate", predicate), ("object", value)):
            if isinstance(node, URIRef):
                yield from unknown(subject, predicate, str(node), place, known)
        yield from _misplaced(subject, predicate, value, known)
        yield from _wrong_value(subject, predicate, value, known)


def _ours(iri: str) -> bool:
    return iri.startswith((str(PTN), str(CONCEPT)))


def _declared(iri: str, known: Names) -> bool:
    return iri in known.kinds or any(iri in space for space in _ALWAYS)


def unknown(subject: Node, predicate: Node, node: str, place: str, known: Names) -> Iterator[Found]:
    """Faults in one name: declared nowhere, dropped, or no term of SHACL."""
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


def _cut(value: Literal) -> str:
    text = " ".join(str(value).split())
    return f'"{text[:37]}…"' if len(text) > 40 else f'"{text}"'
