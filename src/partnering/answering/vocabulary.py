"""The words people may use for things: concepts, cases, rules, by short name, label or IRI."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cached_property

from rdflib import URIRef

from partnering.errors import WrongUse
from partnering.namespaces import DATA
from partnering.store.base import Engine, select

_CONCEPTS = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX ptn: <https://w3id.org/partnering/ontology#>
SELECT ?scheme ?concept ?label ?definition ?rank ?broader WHERE {
  ?concept skos:inScheme ?in ; skos:prefLabel ?label .
  ?in skos:notation ?scheme .
  OPTIONAL { ?concept skos:definition ?definition }
  OPTIONAL { ?concept ptn:rank ?rank }
  OPTIONAL { ?concept skos:broader ?broader }
} ORDER BY ?scheme ?rank ?label"""

_INSTANCES = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX ptn: <https://w3id.org/partnering/ontology#>
SELECT ?thing ?label ?definition ?order WHERE {
  ?thing a %s ; rdfs:label ?label .
  OPTIONAL { ?thing skos:definition ?definition }
  OPTIONAL { ?thing %s ?order }
} ORDER BY ?order ?label"""
_INSTANCE = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX ptn: <https://w3id.org/partnering/ontology#>
SELECT ?label ?definition WHERE {
  %(iri)s a %(kind)s ; rdfs:label ?label .
  OPTIONAL { %(iri)s skos:definition ?definition }
} ORDER BY ?label LIMIT 1"""
_NAME = re.compile(r"[\w./~-]+")
_CLASSES = {
    "case": ("ptn:CaseStudy", "ptn:caseCode"),
    "rule": ("ptn:SuccessRule", "ptn:rank"),
    "partnership": ("ptn:Partnership", "ptn:rank"),
    "actor": ("ptn:Actor", "ptn:rank"),
}
"""Class of each kind of thing, and what its members are ordered by where they have it."""
_MANY = ("case", "partnership", "actor")
"""Kinds of which there may be thousands."""
MOST_OFFERED = 40
"""Values that an error lists at most."""


@dataclass(frozen=True)
class Choice:
    """Something that can be chosen: its short name, label, IRI and what it means."""

    name: str
    label: str
    iri: URIRef
    definition: str = ""
    broader: URIRef | None = None


class Vocabulary:
    """Choices by kind: ``scheme:<notation>``, ``case``, ``rule``, ``partnership``, ``actor``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: dict[str, dict[URIRef, Choice]] = {}
        self._found: dict[str, dict[URIRef, Choice]] = {kind: {} for kind in _MANY}

    @cached_property
    def _schemes(self) -> dict[str, dict[URIRef, Choice]]:
        found: dict[str, dict[URIRef, Choice]] = {}
        for scheme, concept, label, definition, _, broader in select(self._engine, _CONCEPTS).rows:
            notation, iri = str(scheme), URIRef(str(concept))
            name = str(iri).rsplit("/", 1)[-1].removeprefix(f"{notation}-")
            choice = Choice(name, str(label), iri, str(definition or ""),
                            URIRef(str(broader)) if broader else None)  # fmt: skip
            found.setdefault(notation, {}).setdefault(iri, choice)
        return found

    def _instances(self, kind: str) -> dict[URIRef, Choice]:
        """Things of one kind; asked for when first needed, since there may be very many."""
        if kind not in _CLASSES:
            return {}
        if kind not in self._known:
            found: dict[URIRef, Choice] = {}
            for thing, label, definition, _ in select(self._engine, _INSTANCES % _CLASSES[kind]):
                iri = URIRef(str(thing))
                choice = Choice(_short(kind, iri), str(label), iri, str(definition or ""))
                found.setdefault(iri, choice)
            self._known[kind] = found
        return self._known[kind]

    @cached_property
    def _homes(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for notation, held in self._schemes.items():
            for iri in held:
                found.setdefault(str(iri), notation)
        return found

    @property
    def schemes(self) -> tuple[str, ...]:
        """Notations of every scheme."""
        return tuple(self._schemes)

    def scheme_of(self, iri: str) -> str | None:
        """Notation of the scheme a concept is in; None for anything else."""
        return self._homes.get(iri)

    def concept(self, iri: str) -> Choice | None:
        """A concept by its IRI; None where there is none."""
        home = self._homes.get(iri)
        return self._schemes[home][URIRef(iri)] if home else None

    def choices(self, kind: str) -> tuple[Choice, ...]:
        """Everything of one kind, in the order it is shown."""
        if kind.startswith("scheme:"):
            held = self._schemes.get(kind.removeprefix("scheme:"))
            if held is None:
                raise WrongUse(
                    f"There is no scheme {kind.removeprefix('scheme:')!r}.",
                    mend=f"choose from {', '.join(self._schemes)}",
                )
            return tuple(held.values())
        return tuple(self._instances(kind).values())

    def named(self, kind: str, name: str) -> Choice | None:
        """The thing of that short name or IRI; None where there is none, or it is only found among all.

        Asked for alone, so that it costs the same among ten thousand.
        """
        iri = _iri(kind, name)
        if iri is None:
            return None
        if kind in self._known:
            return self._known[kind].get(iri)
        found = self._found[kind]
        if iri not in found:
            query = _INSTANCE % {"iri": iri.n3(), "kind": _CLASSES[kind][0]}
            for label, definition in select(self._engine, query):
                choice = Choice(_short(kind, iri), str(label), iri, str(definition or ""))
                return found.setdefault(iri, choice)
        return found.get(iri)

    def resolve(self, kind: str, value: str, *, parameter: str) -> Choice:
        """The choice a short name, label or IRI means; ``WrongUse`` lists the good ones."""
        wanted = value.strip()
        folded = wanted.casefold()
        if named := self.named(kind, wanted):
            return named
        choices = self.choices(kind)
        for choice in choices:
            if wanted == str(choice.iri) or folded in (choice.name, choice.label.casefold()):
                return choice
        names = [choice.name for choice in choices]
        near = difflib.get_close_matches(folded, names, n=3)
        offered = f"did you mean {' or '.join(near)}? " if near else ""
        raise WrongUse(
            f"{parameter}={value!r} is none of the values this parameter takes.",
            mend=f"{offered}choose from {_listed(names) or '(there are none)'}",
        )


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - MOST_OFFERED:,} more" if len(names) > MOST_OFFERED else ""
    return ", ".join(names[:MOST_OFFERED]) + more


def _short(kind: str, iri: URIRef) -> str:
    """``case-c`` for a case, ``case-c/acquisition`` for what lies in one, ``strict`` for a rule."""
    namespace, _, slug = str(iri).rpartition("/data/")[-1].rpartition("/")
    if kind == "rule":
        return slug
    return namespace if kind == "case" else f"{namespace}/{slug}"


def _iri(kind: str, name: str) -> URIRef | None:
    """What :func:`_short` made a name of, or the IRI itself; None where it is neither."""
    local = name.removeprefix(str(DATA))
    if kind not in _MANY or not _NAME.fullmatch(local):
        return None
    if local == name:
        local = f"{local.casefold()}/case" if kind == "case" else local.casefold()
    return DATA[local]
