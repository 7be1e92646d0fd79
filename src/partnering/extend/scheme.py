"""One concept scheme as its files say it: what it holds, and where each concept stands."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, SKOS

from partnering import names, written
from partnering.errors import NotFound, WrongUse
from partnering.names import short
from partnering.namespaces import CONCEPT, PREFIXES, PTN
from partnering.workspace import GraphFile, Workspace

ALIASES = {"outcome-dimension": "dimension", "outcome": "dimension"}
"""What people call a scheme besides its notation."""
LABELS = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)


@dataclass(frozen=True)
class Scheme:
    """A scheme: its notation and IRI, all that is said of its concepts, and their files."""

    notation: str
    iri: URIRef
    graph: Graph
    home: GraphFile
    files: dict[URIRef, GraphFile]

    @property
    def label(self) -> str:
        return self.text(self.iri, SKOS.prefLabel)

    @property
    def concepts(self) -> tuple[URIRef, ...]:
        """Every concept in the order of rank, then of name."""
        return tuple(sorted(self.files, key=lambda one: (self.rank(one), str(one))))

    def text(self, concept: URIRef, predicate: URIRef) -> str:
        """One text that is said of a concept; empty where there is none."""
        return str(self.graph.value(concept, predicate) or "")

    def texts(self, concept: URIRef, predicate: URIRef) -> list[str]:
        return sorted(str(one) for one in self.graph.objects(concept, predicate))

    def rank(self, concept: URIRef) -> int:
        found = self.text(concept, PTN.rank)
        return int(found) if found.isdecimal() else 0

    @property
    def next_rank(self) -> int:
        return max((self.rank(one) for one in self.files), default=0) + 1

    def name(self, concept: URIRef) -> str:
        """The name without the prefix, such as ``factor-board-stability``."""
        return str(concept).removeprefix(str(CONCEPT))

    def is_deprecated(self, concept: URIRef) -> bool:
        return (concept, OWL.deprecated, Literal(True)) in self.graph

    def under(self, broader: URIRef | None) -> list[URIRef]:
        """The concepts right below one, or at the top; deprecated ones left out."""
        return [
            one for one in self.concepts
            if self.graph.value(one, SKOS.broader) == broader and not self.is_deprecated(one)
        ]  # fmt: skip

    def taken(self) -> dict[str, URIRef]:
        """Every label of any kind, in lower case, and whose it is; preferred ones win."""
        found: dict[str, URIRef] = {}
        for kind in LABELS:
            for one in self.concepts:
                for label in self.texts(one, kind):
                    found.setdefault(label.casefold(), one)
        return found

    def find(self, said: str) -> URIRef:
        """The concept meant by a name, an IRI or a label; ``NotFound`` offers near ones."""
        wanted = said.strip()
        folded = wanted.casefold()
        for one in self.concepts:
            name = self.name(one)
            if folded in (
                name,
                name.removeprefix(f"{self.notation}-"),
                f"concept:{name}",
                str(one),
            ):
                return one
        for one in self.concepts:
            if folded == self.text(one, SKOS.prefLabel).casefold():
                return one
        by_other = [
            one for one in self.concepts
            if any(folded == word.casefold() for word in self.texts(one, SKOS.altLabel))
        ]  # fmt: skip
        if len(by_other) == 1:
            return by_other[0]
        known = {self.name(one): one for one in self.concepts} | self.taken()
        near = [self.name(known[k]) for k in get_close_matches(folded, known, n=3, cutoff=0.5)]
        raise NotFound(
            f"{said!r} is no concept of the scheme {self.label!r}.",
            mend=(f"did you mean {' or '.join(dict.fromkeys(near))}? " if near else "")
            + f"partnering vocab list {self.notation} shows them all",
        )


def scheme(workspace: Workspace, said: str) -> Scheme:
    """The scheme of a notation such as ``factor``; ``NotFound`` names those there are."""
    graphs = [
        (file, written.written(file).graph)
        for file in workspace.graph_files
        if file.kind == "vocabulary"
    ]
    notations = {
        str(notation): (URIRef(str(iri)), file)
        for file, graph in graphs
        for iri, notation in graph.subject_objects(SKOS.notation)
        if (iri, RDF.type, SKOS.ConceptScheme) in graph
    }
    wanted = said.strip().casefold()
    wanted = ALIASES.get(wanted, wanted).removeprefix("concept:").removeprefix("scheme-")
    if wanted not in notations:
        near = get_close_matches(wanted, notations, n=2)
        raise NotFound(
            f"There is no scheme {said!r}.",
            mend=(f"did you mean {' or '.join(near)}? " if near else "")
            + f"choose from {', '.join(sorted(notations))}",
        )
    iri, home = notations[wanted]
    merged = Graph()
    files: dict[URIRef, GraphFile] = {}
    for file, graph in graphs:
        members = [URIRef(str(s)) for s in graph.subjects(SKOS.inScheme, iri)]
        for node in (*members, *([iri] if file == home else ())):
            for predicate, value in graph.predicate_objects(node):
                merged.add((node, predicate, value))
        files |= dict.fromkeys(members, file)
    return Scheme(wanted, iri, merged, home, files)


def slug(label: str) -> str:
    """A label as a name: lower-case words with hyphens."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")


def term(workspace: Workspace, said: str) -> URIRef:
    """The term of the ontology or the vocabularies meant by a name, an IRI or a label."""
    known = names.of_workspace(workspace)
    wanted = said.strip().strip("<>")
    prefix, _, local = wanted.partition(":")
    spellings = [wanted, PREFIXES.get(prefix, "?") + local, f"{CONCEPT}{wanted}", f"{PTN}{wanted}"]
    for iri in spellings:
        if iri in known.kinds:
            return URIRef(iri)
    same = sorted(
        iri for iri, label in known.labels.items()
        if label.casefold() == wanted.casefold() and iri.startswith((str(CONCEPT), str(PTN)))
    )  # fmt: skip
    if len(same) == 1:
        return URIRef(same[0])
    if same:
        raise WrongUse(
            f"{said!r} is the label of {len(same)} terms.",
            mend=f"name one: {', '.join(map(short, same))}",
        )
    near = known.nearest(f"{CONCEPT}{wanted}") or known.nearest(f"{PTN}{wanted}")
    raise NotFound(
        f"There is no term {said!r}.",
        mend=f"did you mean {' or '.join(near)}?" if near else "name it as in concept:factor-trust",
    )
