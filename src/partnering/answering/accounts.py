"""Whose account a statement is, in words: a party's own, the authors', somebody else's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from partnering.answering.told import Pattern, Told, told
from partnering.store.base import Engine

_PLAYED = """?thing ptn:claimedBy ?claimant ; ptn:{0} ?arrangement .
  ?arrangement ptn:hasParticipation ?part . ?part ptn:participant ?claimant ; ptn:playsRole ?playing .
  ?playing rdfs:label ?role ."""
TELLERS = (
    Pattern("teller", ("claimant", "name"), "?thing ptn:claimedBy ?claimant . ?claimant rdfs:label ?name ."),
    Pattern("author", ("claimant",), "?thing ptn:claimedBy ?claimant . ?claimant a ptn:ReportAuthors ."),
    Pattern("role", ("claimant", "role"), _PLAYED.format("findingAbout")),
    Pattern("role of the judge", ("claimant", "role"), _PLAYED.format("assesses")),
)  # fmt: skip
"""Who tells a statement, by name, and what part they have in the arrangement it is about."""
OWN = "the "
"""How the words begin where a party to the arrangement tells of itself."""


def accounts(engine: Engine, statements: Iterable[str]) -> dict[str, str]:
    """For each statement (IRI) the words for its teller: ``the acquirer's own account (Ash)``."""
    return in_words(told(engine, statements, TELLERS))


def in_words(found: Told) -> dict[str, str]:
    """The same, from what was found of the tellers."""
    authors = set(found["author"])
    roles: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for statement, claimant, role in (*found["role"], *found["role of the judge"]):
        roles[statement, claimant].add(role)
    tellers: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for statement, claimant, name in sorted(found["teller"], key=lambda row: (row[0], row[2])):
        one = (statement, claimant)
        words = _words(name, one in authors, sorted(roles[one]))
        tellers[statement].setdefault(claimant, words)
    return {statement: " and ".join(held.values()) for statement, held in tellers.items()}


def _words(name: str, authors: bool, roles: list[str]) -> str:
    if authors:
        return "as the authors tell it"
    return f"{OWN}{' and '.join(roles)}'s own account ({name})" if roles else f"by {name}"
