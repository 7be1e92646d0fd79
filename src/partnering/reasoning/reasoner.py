"""The process that reasons: N-Triples in on standard input, JSON out on the last line.

HermiT says whether the ontology is consistent and what follows. Where it is not, Pellet is
asked why; its answer is text that knows local names only, so every name is swapped for a
number before it is asked, and the caller swaps them back.
"""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterator
from typing import Any

import owlready2

_NAME = re.compile(r"<([^>]+)>")
_NEWER_JAVA = re.compile(r"UnsupportedClassVersionError.*?class file version (\d+)")
_BUILT_IN = (
    "http://www.w3.org/2002/07/owl#",
    "http://www.w3.org/2000/01/rdf-schema#",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://www.w3.org/2001/XMLSchema#",
)
EXPLAINED = 3
"""Classes that cannot have members are explained up to here: mostly one mistake makes many."""
WHATEVER = "https://w3id.org/partnering/numbered#whatever"
"""A thing said to be of a class that cannot have members, so that there is something to explain."""
NUMBERED = "https://w3id.org/partnering/numbered#n"
"""What stands for a name while Pellet is asked; a local name begins with a letter."""

# HermiT's command line ends well when it could not read a word. So it is given one thing that
# must follow from what it reads, and is believed only where that follows.
_CANARY = "https://w3id.org/partnering/canary#"
_RDF, _RDFS, _OWL = _BUILT_IN[2], _BUILT_IN[1], _BUILT_IN[0]
_SONG = f"""<{_CANARY}bird> <{_RDF}type> <{_OWL}NamedIndividual> .
<{_CANARY}Singer> <{_RDF}type> <{_OWL}Class> .
<{_CANARY}sings> <{_RDF}type> <{_OWL}ObjectProperty> .
<{_CANARY}sings> <{_RDFS}domain> <{_CANARY}Singer> .
<{_CANARY}bird> <{_CANARY}sings> <{_CANARY}bird> .
"""


def main() -> None:
    """Reason once and say what was found."""
    asked = json.load(sys.stdin)
    owlready2.JAVA_EXE = asked["java"]
    found = _infer(asked["triples"])
    found |= {"explained": [], "needs_java": None}
    if asked["explain"]:
        empty = found["unsatisfiable"][:EXPLAINED] if found["consistent"] else [None]
        try:
            found["explained"] = [_explain(asked["triples"], kind) for kind in empty]
        except owlready2.base.OwlReadyJavaError as error:
            if (needed := _NEWER_JAVA.search(str(error))) is None:
                raise
            # Class files count from Java 1.0, which wrote version 45.
            found["needs_java"] = int(needed[1]) - 44
    print(json.dumps(found))


def _load(triples: str) -> tuple[owlready2.World, owlready2.Ontology]:
    # A world of its own: owlready2's default one is shared by whoever imports it.
    world = owlready2.World()
    ontology = world.get_ontology("https://w3id.org/partnering/ontology")
    # N-Triples, since owlready2 does not read Turtle.
    ontology.load(fileobj=io.BytesIO(triples.encode()), format="ntriples")
    return world, ontology


def _infer(triples: str) -> dict[str, Any]:
    world, ontology = _load(triples + _SONG)
    before, typed, related = set(_above(world)), set(_types(world)), set(_relations(world))
    found: dict[str, Any] = {
        "consistent": True,
        "unsatisfiable": [],
        "above": [],
        "types": [],
        "relations": [],
        "classes": len(list(world.classes())) - 1,
        "individuals": len(list(world.individuals())) - 1,
    }
    try:
        with ontology:
            owlready2.sync_reasoner_hermit(
                world, infer_property_values=True, debug=0, ignore_unsupported_datatypes=True
            )
    except owlready2.OwlReadyInconsistentOntologyError:
        return found | {"consistent": False}
    types = set(_all_types(world)) - typed
    if (song := (f"{_CANARY}bird", f"{_CANARY}Singer")) not in types:
        raise RuntimeError("HermiT could not read the triples it was given.")
    unsatisfiable = {c.iri for c in world.inconsistent_classes()}
    return found | {
        "unsatisfiable": sorted(iri for iri in unsatisfiable if not iri.startswith(_BUILT_IN)),
        "above": sorted(pair for pair in set(_above(world)) - before if pair[0] != pair[1]),
        "types": sorted(types - {song}),
        "relations": sorted(set(_implied(world)) - related),
    }


def _explain(triples: str, empty: str | None) -> dict[str, Any]:
    """Pellet's words on why these triples cannot all hold, and which name each number is.

    With ``empty``, a class: why it cannot have a member.
    """
    numbers: dict[str, str] = {}

    def number(found: re.Match[str]) -> str:
        if found[1].startswith(_BUILT_IN):
            return found[0]
        return f"<{NUMBERED}{numbers.setdefault(found[1], str(len(numbers)))}>"

    # No axiom of the ontology restricts a literal beyond its type, which the lint sees to.
    bare = [line for line in triples.splitlines() if '"' not in line]
    if empty is not None:
        bare.append(f"<{WHATEVER}> <{_RDF}type> <{_OWL}NamedIndividual> .")
        bare.append(f"<{WHATEVER}> <{_RDF}type> <{empty}> .")
    world, ontology = _load("".join(f"{_NAME.sub(number, line)}\n" for line in bare))
    words = ""
    try:
        with ontology:
            owlready2.sync_reasoner_pellet(world, debug=2)
    except owlready2.OwlReadyInconsistentOntologyError as error:
        words = str(error)
    return {
        "empty": empty,
        "words": words,
        "names": {f"n{number}": name for name, number in numbers.items()},
    }


def _above(world: owlready2.World) -> Iterator[tuple[str, str]]:
    for kind in world.classes():
        for above in (*kind.is_a, *kind.equivalent_to):
            if isinstance(above, owlready2.ThingClass) and above is not owlready2.Thing:
                yield kind.iri, above.iri


def _types(world: owlready2.World) -> Iterator[tuple[str, str]]:
    for thing in world.individuals():
        for kind in thing.is_a:
            if isinstance(kind, owlready2.ThingClass) and kind is not owlready2.Thing:
                yield thing.iri, kind.iri


def _all_types(world: owlready2.World) -> Iterator[tuple[str, str]]:
    """Every class of every thing: HermiT gives the narrowest ones only."""
    above = {
        one.iri: [up.iri for up in one.ancestors() if up is not owlready2.Thing]
        for one in world.classes()
    }
    for thing, kind in _types(world):
        for up in above[kind]:
            yield thing, up


def _relations(world: owlready2.World) -> Iterator[tuple[str, str, str]]:
    """Who is related to whom by a named property, as it is held."""
    for relation in world.object_properties():
        held = world._get_obj_triples_spo_spo(None, relation.storid, None)
        for subject, _, value in held:
            # Things without a name are numbered below zero.
            if subject > 0 and value > 0:
                yield world._unabbreviate(subject), relation.iri, world._unabbreviate(value)


def _implied(world: owlready2.World) -> Iterator[tuple[str, str, str]]:
    """What HermiT and owlready2 leave unsaid: properties above, and the other way round."""
    above = {
        one.iri: [up for up in one.ancestors() if isinstance(up, owlready2.ObjectPropertyClass)]
        for one in world.object_properties()
    }
    for subject, relation, value in _relations(world):
        for up in above[relation]:
            yield subject, up.iri, value
            if up.inverse_property is not None:
                yield value, up.inverse_property.iri, subject


if __name__ == "__main__":
    main()
