"""What somebody gives for a row: words for things, found among concepts, cases and instances."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox
from rdflib import Literal, URIRef
from rdflib.term import Identifier

from partnering.answering.questions import BoundQuestion
from partnering.answering.vocabulary import Vocabulary
from partnering.doubt.conditions import Conditions
from partnering.errors import WrongUse
from partnering.store.base import Engine, select

_INSTANCES = {"case": "case", "rule": "rule", "arrangement": "partnership",
              "partnership": "partnership", "claimant": "actor", "actor": "actor"}  # fmt: skip
_BY_LABEL = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?thing WHERE { ?thing rdfs:label ?label FILTER (LCASE(STR(?label)) = %s) }
ORDER BY ?thing LIMIT 2"""


def resolved(
    bound: BoundQuestion, given: Mapping[str, str], engine: Engine, vocabulary: Vocabulary
) -> dict[str, Identifier]:
    """Terms for words given by variable of a question's pattern.

    A thing goes by short name, label or IRI, a value by its text. ``WrongUse`` for a variable
    the pattern does not have, or words that name nothing.
    """
    variables = Conditions.of(bound.query, {}).variables
    for name in given:
        if name not in variables:
            raise WrongUse(
                f"The question {bound.question.slug!r} does not speak of {name!r}.",
                mend=f"it speaks of {', '.join(sorted(variables))}",
            )
    return {name: _term(bound, name, words, engine, vocabulary) for name, words in given.items()}


def _known(name: str, iri: str, engine: Engine) -> URIRef:
    """An IRI that the graph speaks of; anything else cannot be missing from an answer."""
    try:
        written = ox.NamedNode(iri)
    except ValueError as error:
        raise WrongUse(f"{name}={iri!r} is no IRI.") from error
    said = f"SELECT * {{ {{ {written} ?p ?o }} UNION {{ ?s ?p {written} }} }} LIMIT 1"
    if not len(select(engine, said)):
        raise WrongUse(f"{name}={iri!r} names nothing here.", mend="give a short name or label")
    return URIRef(iri)


def _term(
    bound: BoundQuestion, name: str, words: str, engine: Engine, vocabulary: Vocabulary
) -> Identifier:
    kinds = {column.name: column.kind for column in bound.question.columns}
    kind = kinds.get(name, _INSTANCES.get(name, "concept"))
    if kind in ("text", "number"):
        return Literal(int(words)) if kind == "number" else Literal(words)
    if words.startswith(("http://", "https://")):
        return _known(name, words, engine)
    if kind in ("case", "rule", "partnership", "actor"):
        return vocabulary.resolve(kind, words, parameter=name).iri
    folded = words.casefold()
    # The scheme named like the variable first: "factor" before any other with such a concept.
    for scheme in sorted(vocabulary.schemes, key=lambda s: s != name):
        for choice in vocabulary.choices(f"scheme:{scheme}"):
            if folded in (choice.name, choice.label.casefold()):
                return choice.iri
    rows = select(engine, _BY_LABEL % Literal(folded).n3()).rows
    if len(rows) == 1 and isinstance(rows[0][0], URIRef):
        return rows[0][0]
    raise WrongUse(f"{name}={words!r} names nothing here.", mend="give a short name, label or IRI")
