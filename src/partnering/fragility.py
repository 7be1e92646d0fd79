"""Fragile rows: those that fall with one statement, or stand on one voice alone, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rdflib import URIRef

from partnering.candidates import Candidate
from partnering.comparison import Comparison, Shape
from partnering.explain import Explainer, Why
from partnering.questions import BoundQuestion
from partnering.store.base import Engine, Row, Table, select

_ROLES = """
PREFIX ptn: <https://w3id.org/partnering/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?statement ?claimant ?name ?kind ?role WHERE {
  VALUES ?statement { %s }
  ?statement ptn:claimedBy ?claimant . ?claimant rdfs:label ?name .
  OPTIONAL { ?claimant a ptn:ReportAuthors . BIND ("authors" AS ?kind) }
  OPTIONAL {
    { ?statement ptn:findingAbout ?arrangement } UNION { ?statement ptn:assesses ?arrangement }
    ?arrangement ptn:hasParticipation ?part . ?part ptn:participant ?claimant ; ptn:playsRole ?playing .
    ?playing rdfs:label ?role .
  }
} ORDER BY ?statement ?role"""


@dataclass(frozen=True)
class Fragile:
    """A row, by its number from 0, that one statement or voice carries, and why, in words."""

    row: int
    reason: str
    statements: tuple[str, ...]


def fragile(
    engine: Engine,
    bound: BoundQuestion,
    table: Table,
    without: Iterable[tuple[Candidate, Comparison]],
) -> Iterator[Fragile]:
    """The fragile rows of an answer, given what leaving out each statement does to it."""
    shape = Shape.of(bound.question)
    falls: dict[Row, list[str]] = {}
    for candidate, found in without:
        for row in found.lost if candidate.kind == "statement" else ():
            falls.setdefault(shape.bare(row), []).append(candidate.subject)
    explainer = Explainer(engine)
    rules = [
        choice.iri for parameter in bound.question.parameters if parameter.kind == "rule"
        for choice in bound.bound[parameter.name]
    ]  # fmt: skip
    for at, row in enumerate(table.rows):
        why = explainer.why(bound.query, dict(zip(table.columns, row, strict=True)), rules=rules)
        carried = tuple(falls.get(shape.bare(row), ()))
        reason = _one_statement(engine, why, carried) if carried else _one_voice(engine, why)
        if reason:
            yield Fragile(at, reason, carried or tuple(f.statement for f in why.findings))


def _one_statement(engine: Engine, why: Why, carried: tuple[str, ...]) -> str:
    own = {finding.statement for finding in why.findings}
    parts = []
    for statement in carried:
        said = _voices(engine, [statement])
        by = f", {said[0]}" if said else ""
        if statement in own:
            parts.append(f"rests on one finding{by}")
        else:
            parts.append(f"stands on a verdict that one finding carries{by}")
    return "; ".join(dict.fromkeys(parts))


def _one_voice(engine: Engine, why: Why) -> str:
    statements = [finding.statement for finding in why.findings]
    claimants = {finding.claimant for finding in why.findings}
    if len(claimants) != 1 or None in claimants:
        return ""
    said = dict.fromkeys(_voices(engine, statements))
    return f"rests on one voice, {next(iter(said))}" if said else ""


def _voices(engine: Engine, statements: list[str]) -> list[str]:
    """Who makes each claim, in words: a party by its role, the authors as tellers."""
    if not statements:
        return []
    listed = " ".join(URIRef(iri).n3() for iri in statements)
    found: dict[str, tuple[str, bool, list[str]]] = {}
    for _, claimant, name, kind, role in select(engine, _ROLES % listed).rows:
        _, _, roles = found.setdefault(str(claimant), (str(name), kind is not None, []))
        if role is not None and str(role) not in roles:
            roles.append(str(role))
    return [
        "as the authors tell it" if authors
        else f"by the {' and '.join(roles)} itself ({name})" if roles
        else f"by {name}"
        for name, authors, roles in found.values()
    ]  # fmt: skip
