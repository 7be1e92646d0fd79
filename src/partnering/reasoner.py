"""The process that HermiT runs in: N-Triples in on standard input, JSON out on the last line."""

from __future__ import annotations

import io
import json
import sys
from typing import Any

import owlready2

_NOTHING = "http://www.w3.org/2002/07/owl#Nothing"


def main() -> None:
    """Reason once and say what was found."""
    asked = json.load(sys.stdin)
    owlready2.JAVA_EXE = asked["java"]
    # A world of its own: owlready2's default one is shared by whoever imports it.
    world = owlready2.World()
    ontology = world.get_ontology("https://w3id.org/partnering/ontology")
    # N-Triples, since owlready2 does not read Turtle.
    ontology.load(fileobj=io.BytesIO(asked["triples"].encode()), format="ntriples")
    before = _above(world)
    typed = _types(world)
    found: dict[str, Any] = {
        "consistent": True,
        "unsatisfiable": [],
        "classes": len(list(world.classes())),
        "individuals": len(list(world.individuals())),
    }
    try:
        with ontology:
            owlready2.sync_reasoner_hermit(
                world, infer_property_values=True, debug=0, ignore_unsupported_datatypes=True
            )
    except owlready2.OwlReadyInconsistentOntologyError:
        found["consistent"] = False
    found["unsatisfiable"] = sorted(
        c.iri for c in world.inconsistent_classes() if c.iri.startswith("https")
    )
    found["above"] = sorted(_above(world) - before)
    found["types"] = sorted(_types(world) - typed)
    print(json.dumps(found))


def _above(world: owlready2.World) -> set[tuple[str, str]]:
    return {
        (c.iri, above.iri)
        for c in world.classes()
        for above in c.is_a
        if isinstance(above, owlready2.ThingClass) and above is not owlready2.Thing
    }


def _types(world: owlready2.World) -> set[tuple[str, str]]:
    return {
        (i.iri, above.iri)
        for i in world.individuals()
        for above in i.is_a
        if isinstance(above, owlready2.ThingClass) and above is not owlready2.Thing
    }


if __name__ == "__main__":
    main()
