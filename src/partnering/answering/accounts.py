"""Whose account a statement is, in words: a party's own, the authors', somebody else's."""

from __future__ import annotations

from collections.abc import Iterable

from rdflib import URIRef

from partnering.answering.reasons import batches
from partnering.store.base import Engine, select

_TELLERS = """
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
} ORDER BY ?statement ?name ?role"""


OWN = "the "
"""How the words begin where a party to the arrangement tells of itself."""


def accounts(engine: Engine, statements: Iterable[str]) -> dict[str, str]:
    """For each statement (IRI) the words for its teller: ``the acquirer's own account (Ash)``."""
    tellers: dict[str, dict[str, tuple[str, bool, list[str]]]] = {}
    for batch in batches(URIRef(iri) for iri in statements):
        for statement, claimant, name, kind, role in select(engine, _TELLERS % batch).rows:
            held = tellers.setdefault(str(statement), {})
            roles = held.setdefault(str(claimant), (str(name), kind is not None, []))[2]
            if role is not None and str(role) not in roles:
                roles.append(str(role))
    return {statement: " and ".join(_words(*teller) for teller in held.values())
            for statement, held in tellers.items()}  # fmt: skip


def _words(name: str, authors: bool, roles: list[str]) -> str:
    if authors:
        return "as the authors tell it"
    return f"{OWN}{' and '.join(roles)}'s own account ({name})" if roles else f"by {name}"
