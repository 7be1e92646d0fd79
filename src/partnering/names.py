"""Names that the schema gives: classes, properties, concepts, and what is said of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, lru_cache

import pyoxigraph as ox
from rdflib.namespace import OWL, RDF, RDFS, SKOS

from partnering import reading
from partnering.namespaces import DATA, PREFIXES
from partnering.slices import combine
from partnering.workspace import GraphFile, Workspace

KINDS: dict[str, str] = {
    str(OWL.Class): "class",
    str(RDFS.Class): "class",
    str(OWL.ObjectProperty): "object property",
    str(OWL.DatatypeProperty): "datatype property",
    str(OWL.AnnotationProperty): "annotation property",
    str(SKOS.Concept): "concept",
    str(SKOS.ConceptScheme): "concept scheme",
}
"""What a name can be, by its type in the schema; any other type makes it an 'individual'."""


@dataclass(frozen=True)
class Names:
    """The closed list of names, with what gates and messages need to know of each.

    ``schemes`` maps a concept to its scheme, ``supers`` a class to the named classes right
    above it, ``ranges`` and ``domains`` a property to its named ranges and domains, and
    ``deprecated`` a dropped name to those that replace it.
    """

    kinds: Mapping[str, frozenset[str]]
    labels: Mapping[str, str]
    schemes: Mapping[str, str]
    supers: Mapping[str, frozenset[str]]
    ranges: Mapping[str, frozenset[str]]
    domains: Mapping[str, frozenset[str]]
    deprecated: Mapping[str, frozenset[str]]

    def is_a(self, iri: str, *kinds: str) -> bool:
        return bool(self.kinds.get(iri, frozenset()) & set(kinds))

    def is_property(self, iri: str) -> bool:
        return any(kind.endswith("property") for kind in self.kinds.get(iri, ()))

    def say(self, term: object) -> str:
        """A term as people know it: its label, else its short name."""
        iri = str(term)
        if iri in self.labels:
            return f"'{self.labels[iri]}'"
        return iri.removeprefix(str(DATA)) if iri.startswith(str(DATA)) else short(iri)

    def nearest(self, iri: str, *kinds: str) -> list[str]:
        """Short names like this one, nearest first, of the kinds asked for."""
        wanted = short(iri)
        return get_close_matches(wanted, self._short_names(kinds), n=3, cutoff=0.6)

    def _short_names(self, kinds: tuple[str, ...]) -> list[str]:
        return [short(iri) for iri, found in self.kinds.items() if not kinds or found & set(kinds)]

    def classes_of(self, types: Iterable[str]) -> frozenset[str]:
        """These classes and every named class above them."""
        return frozenset(above for kind in types for above in self._closure.get(kind, {kind}))

    @cached_property
    def _closure(self) -> dict[str, set[str]]:
        closed: dict[str, set[str]] = {}
        for name in self.supers:
            seen, waiting = {name}, [name]
            while waiting:
                above = self.supers.get(waiting.pop(), frozenset()) - seen
                seen |= above
                waiting.extend(above)
            closed[name] = seen
        return closed


def of_workspace(workspace: Workspace) -> Names:
    """The names of a workspace's schema; read once a digest and process."""
    return of_files(workspace, workspace.schema_files)


def of_files(workspace: Workspace, files: tuple[GraphFile, ...]) -> Names:
    """The names that chosen schema files give."""
    return _of_files(workspace, files, combine(file.digest for file in files))


@lru_cache(maxsize=4)
def _of_files(workspace: Workspace, files: tuple[GraphFile, ...], digest: str) -> Names:
    said: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    labels: dict[str, str] = {}
    for file in files:
        for quad in ox.parse(path=str(reading.quads(workspace, file)), format=ox.RdfFormat.N_QUADS):
            subject, predicate = quad.subject, quad.predicate.value
            if not isinstance(subject, ox.NamedNode):
                continue
            if isinstance(quad.object, ox.NamedNode):
                said[predicate][subject.value].add(quad.object.value)
            elif isinstance(quad.object, ox.Literal) and predicate in _LABELS:
                labels.setdefault(subject.value, quad.object.value)
            elif predicate == str(OWL.deprecated) and quad.object.value == "true":
                said[_DEPRECATED][subject.value].add("")
    types = said[str(RDF.type)]
    return Names(
        kinds={s: frozenset(KINDS.get(t, "individual") for t in kinds)
               for s, kinds in types.items()},
        labels=labels,
        schemes={concept: min(found) for concept, found in said[str(SKOS.inScheme)].items()},
        supers=_frozen(said[str(RDFS.subClassOf)]) | _defined_below(said),
        ranges=_frozen(said[str(RDFS.range)]),
        domains=_frozen(said[str(RDFS.domain)]),
        deprecated={old: frozenset(said[_REPLACED].get(old, ())) for old in said[_DEPRECATED]},
    )  # fmt: skip


_LABELS = {str(SKOS.prefLabel), str(RDFS.label)}
_DEPRECATED = str(OWL.deprecated)
_REPLACED = "http://purl.org/dc/terms/isReplacedBy"


def _defined_below(said: Mapping[str, Mapping[str, set[str]]]) -> dict[str, frozenset[str]]:
    """Classes that stand under nothing still are classes."""
    below = said[str(RDFS.subClassOf)]
    return {
        name: frozenset()
        for name, types in said[str(RDF.type)].items()
        if str(OWL.Class) in types and name not in below
    }


def _frozen(found: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {name: frozenset(values) for name, values in found.items()}


def short(iri: str) -> str:
    """An IRI by the project's prefixes where one fits."""
    fitting = [(start, prefix) for prefix, start in PREFIXES.items() if iri.startswith(start)]
    if not fitting:
        return f"<{iri}>"
    start, prefix = max(fitting, key=lambda pair: len(pair[0]))
    return f"{prefix}:{iri.removeprefix(start)}"
