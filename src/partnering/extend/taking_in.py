"""Taking a sheet into a scheme's files: what it changes is changed, all else keeps its bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rdflib import URIRef
from rdflib.namespace import RDF, RDFS, SKOS
from rdflib.term import Node

from partnering.extend.edits import Edits
from partnering.extend.scheme import Scheme, scheme
from partnering.extend.spreadsheet import Meant, Sheet, meant
from partnering.extend.statements import ORDER, spelt, statement_of
from partnering.names import short
from partnering.namespaces import PREFIXES
from partnering.sources.turtle import prefixes, tokens
from partnering.workspace import Workspace


@dataclass(frozen=True)
class Taken:
    """What a sheet did: names of concepts added, changed (with the properties), left alone.

    ``left_out`` are concepts of the scheme that no row names; they stay as they are.
    """

    added: tuple[str, ...]
    changed: Mapping[str, tuple[str, ...]]
    unchanged: int
    left_out: tuple[str, ...]


def take_in(workspace: Workspace, edits: Edits, sheet: Sheet, of: Scheme) -> Taken:
    """Put a sheet's values into the scheme; ``WrongUse`` lists every cell that does not hold."""
    origin = scheme(workspace, "origin")
    origins = [origin.name(one).removeprefix("origin-") for one in origin.concepts]
    said = meant(sheet, of, origins)
    changed: dict[str, tuple[str, ...]] = {}
    for one, values in said.values.items():
        if one not in said.new:
            touched = _change(edits, of, one, values)
            if touched:
                changed[of.name(one)] = touched
    _add(workspace, edits, of, said)
    return Taken(
        tuple(of.name(one) for one in said.new),
        changed,
        len(said.values) - len(said.new) - len(changed),
        tuple(of.name(one) for one in said.left_out),
    )


def _change(
    edits: Edits, of: Scheme, one: URIRef, values: Mapping[URIRef, tuple[Node, ...]]
) -> tuple[str, ...]:
    wanted = {p: v for p, v in values.items() if set(v) != set(of.graph.objects(one, p))}
    if not wanted:
        return ()
    path = of.files[one].path
    text = edits.text(path)
    held = statement_of(text, str(one))
    assert held is not None, "a concept's file describes it"
    after = held
    # What is put in comes first: a statement must not be emptied on the way.
    for predicate, new in sorted(wanted.items(), key=lambda pair: not pair[1]):
        after = after.put(predicate, _in_order(new))
    edits.change(path, text[: held.start] + after.text + text[held.end :])
    return tuple(short(str(predicate)) for predicate in sorted(wanted))


def _add(workspace: Workspace, edits: Edits, of: Scheme, said: Meant) -> None:
    if not said.new:
        return
    inherited = not of.home.path.is_relative_to(workspace.root)
    relative = f"ontology/vocab/own-{of.notation}.ttl" if inherited else of.home.relative
    path = workspace.root / relative
    if path.exists():
        before = edits.text(path)
        names = prefixes(list(tokens(before)))
    else:
        names = {p: PREFIXES[p] for p in ("concept", "owl", "dcterms", "ptn", "rdfs", "skos")}
        before = "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in names.items())
    blocks = [_block(of, one, said.values[one], names) for one in said.new]
    after = before.rstrip("\n") + "\n\n" + "\n".join(blocks)
    if path.exists():
        edits.change(path, after)
    else:
        edits.create(relative, after)


def _block(
    of: Scheme, one: URIRef, values: Mapping[URIRef, tuple[Node, ...]], names: dict[str, str]
) -> str:
    held: dict[URIRef, tuple[Node, ...]] = {
        RDF.type: (SKOS.Concept,), SKOS.inScheme: (of.iri,), RDFS.isDefinedBy: (of.iri,),
    }  # fmt: skip
    for predicate, value in values.items():
        held[predicate] = (*held.get(predicate, ()), *value)
    order = [p for p in ORDER[:-1] if p in held]
    order += sorted(p for p in held if p not in ORDER)
    lines = [
        f"{spelt(p, names)} " + ", ".join(spelt(v, names) for v in _in_order(held[p]))
        for p in (*order, RDFS.isDefinedBy)
        if held.get(p)
    ]
    return f"{spelt(one, names)} " + " ;\n    ".join(lines) + " .\n"


def _in_order(values: tuple[Node, ...]) -> list[Node]:
    return sorted(values, key=str)
