"""The concepts a synthetic case may speak of, read from the vocabularies it will be checked by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random

import pyoxigraph as ox

SKOS = "http://www.w3.org/2004/02/skos/core#"


@dataclass(frozen=True)
class Concepts:
    """Leaf concepts of every scheme, by notation: their short names, and words for each.

    A leaf's ``weights`` fall off as Zipf's law has it: few factors are in most cases, and most
    are in few, as in real coding.
    """

    leaves: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, str]
    weights: Mapping[str, tuple[float, ...]]

    def pick(self, scheme: str, chance: Random) -> str:
        """One leaf of a scheme, the first ones more often than the last."""
        return chance.choices(self.leaves[scheme], cum_weights=self.weights[scheme])[0]

    def some(self, scheme: str, number: int, chance: Random) -> list[str]:
        """Some leaves, each once."""
        return chance.sample(self.leaves[scheme], min(number, len(self.leaves[scheme])))


def read(folder: Path) -> Concepts:
    """Read ``ontology/vocab/*.ttl``."""
    found: dict[str, list[str]] = {}
    labels: dict[str, str] = {}
    for path in sorted(folder.glob("*.ttl")):
        store = ox.Store()
        store.load(path=str(path), format=ox.RdfFormat.TURTLE)
        above = {q.object for q in store.quads_for_pattern(None, _skos("broader"), None)}
        for quad in store.quads_for_pattern(None, _skos("prefLabel"), None):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
                labels[_short(quad.subject)] = quad.object.value
        held = sorted(
            _short(quad.subject)
            for quad in store.quads_for_pattern(None, _skos("inScheme"), None)
            if quad.subject not in above
        )
        found[path.stem] = held
    return Concepts(
        {scheme: tuple(names) for scheme, names in found.items()},
        labels,
        {scheme: tuple(accumulate(1 / (place + 2) for place in range(len(names))))
         for scheme, names in found.items()},
    )  # fmt: skip


def _skos(name: str) -> ox.NamedNode:
    return ox.NamedNode(SKOS + name)


def _short(node: object) -> str:
    return str(getattr(node, "value", "")).rpartition("/")[2]
