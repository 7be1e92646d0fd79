"""Every class, property, concept and scheme, linked with each other and counted in use."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from rdflib import BNode, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS
from rdflib.term import Identifier

from partnering import written
from partnering.answering.questions import Catalogue
from partnering.names import short
from partnering.namespaces import CONCEPT, DATA, PREFIXES, PTN
from partnering.reference.rules import Constraint, RuleEntry, constraints, rules
from partnering.reference.statements import Statements
from partnering.store.base import Engine, select
from partnering.workspace import Workspace

KINDS = {
    OWL.Class: "class",
    OWL.ObjectProperty: "property",
    OWL.DatatypeProperty: "property",
    OWL.AnnotationProperty: "property",
    SKOS.Concept: "concept",
    SKOS.ConceptScheme: "scheme",
}
_PTN = f"PREFIX ptn: <{PTN}> PREFIX skos: <{SKOS}> PREFIX rdfs: <{RDFS}>"
_USES = {
    "class": "SELECT ?term (COUNT(DISTINCT ?s) AS ?n) { ?s a ?term } GROUP BY ?term",
    "property": "SELECT ?term (COUNT(*) AS ?n) { ?s ?term ?o } GROUP BY ?term",
    "concept": f"""{_PTN} SELECT ?term (COUNT(DISTINCT ?s) AS ?n) {{
        ?term skos:inScheme ?scheme . ?s ?p ?term . FILTER (STRSTARTS(STR(?s), "{DATA}"))
      }} GROUP BY ?term""",
}
_EXAMPLE = """SELECT ?s ?p ?o {{ GRAPH ?g {{ {pattern} }} FILTER (CONTAINS(STR(?g), "/graph/case/")
  || CONTAINS(STR(?g), "/inferred/case/")) }} ORDER BY ?s ?p ?o LIMIT 1"""
_PATTERNS = {
    "class": "?s a <{0}> BIND (rdf:type AS ?p) BIND (<{0}> AS ?o)",
    "property": "?s ?p ?o . FILTER (?p = <{0}>)",
    "concept": "?s ?p ?o . FILTER (?o = <{0}>)",
}
_WORDS = f"{_PTN} SELECT ?label {{ <%s> rdfs:label|ptn:summary ?label }} ORDER BY ?label LIMIT 1"
_NAMED = re.compile(r"(?<![\w:])(ptn|concept):([A-Za-z][\w-]*)")


@dataclass(frozen=True)
class Link:
    """Something that a term leads to: its name, and in which words."""

    iri: str
    label: str


@dataclass(frozen=True)
class Example:
    """One statement of a case: who, how, what, in words."""

    subject: Link
    relation: Link
    value: Link


@dataclass(frozen=True)
class Term:
    """A class, property, concept or scheme.

    ``ties`` are lists of what it is tied to, by a heading in words; ``axioms`` class expressions
    in words; ``also`` other words for it; ``uses`` how many things or statements use it.
    """

    iri: str
    kind: str
    label: str
    definition: str
    notes: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    axioms: tuple[str, ...] = ()
    ties: Mapping[str, tuple[Link, ...]] = field(default_factory=dict)
    home: Link | None = None
    deprecated: bool = False
    uses: int = 0

    @property
    def name(self) -> str:
        """As it is written: ``ptn:CaseStudy``."""
        return short(self.iri)


class Reference:
    """The reference of one state of a workspace."""

    def __init__(self, engine: Engine, workspace: Workspace) -> None:
        self._engine = engine
        self._workspace = workspace

    @cached_property
    def said(self) -> Statements:
        return Statements.read(self._engine)

    @cached_property
    def terms(self) -> dict[str, Term]:
        """Every term of ours by IRI, in the order of labels."""
        found = [self._term(iri, kind) for iri, kind in self._kinds.items()]
        return {
            one.iri: one for one in sorted(found, key=lambda one: (one.label.casefold(), one.iri))
        }

    def of_kind(self, kind: str) -> list[Term]:
        return [term for term in self.terms.values() if term.kind == kind]

    @cached_property
    def uses(self) -> dict[str, int]:
        """By IRI: members of a class, statements with a property, things that lead to a concept."""
        return {str(term): int(str(n)) for query in _USES.values()
                for term, n in select(self._engine, query).rows}  # fmt: skip

    @cached_property
    def constraints(self) -> tuple[Constraint, ...]:
        """Every shape that looks at something by itself, with the constraints in it."""
        return constraints(self._workspace)

    @cached_property
    def rules(self) -> tuple[RuleEntry, ...]:
        """Rules that infer, judge, and look for what does not go together or is not tidy."""
        return rules(self._workspace)

    @cached_property
    def alignments(self) -> dict[str, tuple[Link, ...]]:
        """What each term is mapped to in other vocabularies, and by which relation."""
        found: defaultdict[str, list[Link]] = defaultdict(list)
        for file in self._workspace.graph_files:
            if file.kind != "alignment":
                continue
            for subject, predicate, value in written.written(file).graph:
                ours = str(subject).startswith((str(PTN), str(CONCEPT)))
                if (
                    ours
                    and isinstance(value, URIRef)
                    and predicate not in (RDF.type, RDFS.isDefinedBy)
                ):
                    found[str(subject)].append(
                        Link(str(value), f"{_tail(predicate)} {_tail(value)}")
                    )
        return {
            iri: tuple(sorted(links, key=lambda one: one.label)) for iri, links in found.items()
        }

    @cached_property
    def questions_naming(self) -> dict[str, tuple[Link, ...]]:
        """The saved questions whose query, or whose blanks, name a term."""
        found: defaultdict[str, list[Link]] = defaultdict(list)
        for question in Catalogue(self._workspace).questions:
            link = Link(question.slug, question.wording)
            named = named_in(question.query)
            named |= {f"{CONCEPT}scheme-{p.kind.removeprefix('scheme:')}"
                      for p in question.parameters if p.kind.startswith("scheme:")}  # fmt: skip
            for iri in named:
                found[iri].append(link)
        return {iri: tuple(links) for iri, links in found.items()}

    def rules_naming(self, iri: str) -> list[RuleEntry]:
        return [rule for rule in self.rules if iri in named_in(rule.text)]

    def named_by(self, text: str) -> list[Term]:
        """The terms that a query names."""
        return [self.terms[iri] for iri in sorted(named_in(text)) if iri in self.terms]

    def shapes_of(self, iri: str) -> list[Constraint]:
        """Shapes that look at members of a class, or at what has a property."""
        return [one for one in self.constraints if iri in one.targets]

    def parts_about(self, iri: str) -> list[tuple[Constraint, str]]:
        """Shapes of which a constraint is about a property or leads to a class, by its name."""
        return [(one, part.name) for one in self.constraints for part in one.parts
                if iri in part.about]  # fmt: skip

    def example(self, term: Term) -> Example | None:
        """One use of a term in a case; always the same for the same state."""
        if term.kind not in _PATTERNS:
            return None
        pattern = _PATTERNS[term.kind].format(term.iri)
        query = f"PREFIX rdf: <{RDF}> " + _EXAMPLE.format(pattern=pattern)
        for row in select(self._engine, query).rows:
            subject, relation, value = (self._link(one) for one in row if one is not None)
            return Example(subject, relation, value)
        return None

    def _link(self, term: Identifier) -> Link:
        if not isinstance(term, URIRef):
            return Link("", str(term))
        if not str(term).startswith(str(DATA)):
            return Link(str(term), self.said.label(term))
        rows = select(self._engine, _WORDS % term).rows
        return Link(str(term), str(rows[0][0]) if rows else short(str(term)))

    @cached_property
    def _kinds(self) -> dict[URIRef, str]:
        return {
            subject: KINDS[kind]
            for kind in KINDS
            for subject in self.said.leading_to[RDF.type, kind]
            if isinstance(subject, URIRef) and str(subject).startswith((str(PTN), str(CONCEPT)))
        }

    def _term(self, iri: URIRef, kind: str) -> Term:
        said = self.said
        home = next(iter(said.named(iri, SKOS.inScheme) or said.named(iri, RDFS.isDefinedBy)), None)
        return Term(
            iri=str(iri),
            kind=kind,
            label=said.label(iri),
            definition=said.text(iri, SKOS.definition),
            notes=tuple(str(one) for p in (SKOS.scopeNote, SKOS.changeNote, SKOS.example)
                        for one in said.values(iri, p)),
            also=tuple(str(one) for one in said.values(iri, SKOS.altLabel)),
            axioms=self._axioms(iri),
            ties={heading: links for heading, links in self._ties(iri, kind) if links},
            home=None if home is None else Link(str(home), said.text(home, SKOS.prefLabel, DCTERMS.title)
                                                or short(str(home))),
            deprecated=bool(said.values(iri, OWL.deprecated)),
            uses=self.uses.get(str(iri), 0) if kind != "scheme" else
            sum(self.uses.get(str(one), 0) for one in said.leading_to[SKOS.inScheme, iri]),
        )  # fmt: skip

    def _axioms(self, iri: URIRef) -> tuple[str, ...]:
        said = self.said
        same = [f"is every {said.definition(one)}" for one in said.values(iri, OWL.equivalentClass)
                if isinstance(one, BNode)]  # fmt: skip
        below = [f"always {said.axiom(one)}" for one in said.values(iri, RDFS.subClassOf)
                 if isinstance(one, BNode)]  # fmt: skip
        chain = ["follows from " + ", then ".join(f"'{said.label(one)}'" for one in said.members(listed))
                 for listed in said.values(iri, OWL.propertyChainAxiom)]  # fmt: skip
        kinds = {OWL.TransitiveProperty: "is transitive", OWL.SymmetricProperty: "is symmetric",
                 OWL.FunctionalProperty: "has one value at most"}  # fmt: skip
        return (*same, *below, *chain,
                *(kinds[one] for one in said.values(iri, RDF.type) if one in kinds))  # type: ignore[index]  # fmt: skip

    def _ties(self, iri: URIRef, kind: str) -> Iterable[tuple[str, tuple[Link, ...]]]:
        said, back = self.said, self.said.leading_to
        if kind == "class":
            yield "above it", self._links(said.above(iri))
            yield "below it", self._links(self._below[iri])
            yield "shares no member with", self._links(said.disjoint_with(iri))
            yield "said of it", self._links(back[RDFS.domain, iri])
            yield "leading to it", self._links(back[RDFS.range, iri])
        elif kind == "property":
            yield "said of", self._links(said.values(iri, RDFS.domain))
            yield "leads to", self._links(said.values(iri, RDFS.range))
            yield "follows into", self._links(said.named(iri, RDFS.subPropertyOf))
            yield "follows from", self._links(back[RDFS.subPropertyOf, iri])
            yield (
                "the other way round",
                self._links([*said.values(iri, OWL.inverseOf), *back[OWL.inverseOf, iri]]),
            )
        elif kind == "concept":
            yield "above it", self._links(said.named(iri, SKOS.broader))
            yield "below it", self._links(back[SKOS.broader, iri])
            yield "related", self._links(said.named(iri, SKOS.related))
            yield "use instead", self._links(said.named(iri, DCTERMS.isReplacedBy))
        else:
            yield "its concepts", self._links(self._in_order(back[SKOS.inScheme, iri]))

    @cached_property
    def _below(self) -> defaultdict[URIRef, list[URIRef]]:
        """Classes right below each."""
        found: defaultdict[URIRef, list[URIRef]] = defaultdict(list)
        for one, kind in self._kinds.items():
            for above in self.said.above(one) if kind == "class" else ():
                found[above].append(one)
        return found

    def _in_order(self, concepts: Iterable[Identifier]) -> list[Identifier]:
        return sorted(concepts, key=lambda one: int(self.said.text(one, PTN.rank) or 0))

    def _links(self, terms: Iterable[Identifier]) -> tuple[Link, ...]:
        return tuple(
            Link("" if isinstance(one, BNode) else str(one), self.said.axiom(one))
            for one in dict.fromkeys(terms)
        )


def named_in(text: str) -> set[str]:
    """IRIs of the terms of ours that a query or a shape names by prefix."""
    return {PREFIXES[prefix] + local for prefix, local in _NAMED.findall(text)}


def _tail(iri: object) -> str:
    return re.split(r"[/#]", str(iri))[-1]
