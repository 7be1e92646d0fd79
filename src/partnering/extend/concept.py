"""A new concept in a scheme: named by its label, put beside its neighbours, never a second one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from rdflib import Literal, URIRef
from rdflib.namespace import SKOS

from partnering.errors import WrongUse
from partnering.extend.edits import Edits
from partnering.extend.scheme import Scheme, slug
from partnering.extend.statements import spelt, statement_of
from partnering.namespaces import CONCEPT, PREFIXES
from partnering.workspace import Workspace

OWN_RANKS = 1001
"""Ranks of concepts added to an inherited scheme begin here, clear of those it may yet get."""
_HEAD = ("concept", "owl", "dcterms", "ptn", "rdfs", "skos")
_OWN = """# Concepts of this workspace in the scheme '{label}', beside the shipped ones.
{prefixes}
"""


@dataclass(frozen=True)
class NewConcept:
    """What the manager says of a concept; empty where it is left to be filled in."""

    label: str
    under: str = ""
    definition: str = ""
    scope: str = ""
    also: tuple[str, ...] = ()
    origin: str = "coder"


@dataclass(frozen=True)
class Neighbour:
    """A concept beside the new one, and when to use that."""

    name: str
    label: str
    definition: str
    scope: str

    def __str__(self) -> str:
        return f"  {self.label} ({self.name}): {self.definition}" + (
            f"\n    {self.scope}" if self.scope else ""
        )


@dataclass(frozen=True)
class Added:
    """A concept that was put into a scheme."""

    iri: URIRef
    neighbours: tuple[Neighbour, ...]
    alike: tuple[Neighbour, ...]
    to_do: tuple[str, ...]
    under: str
    """Label of the broader concept; empty at the top."""


def add(workspace: Workspace, edits: Edits, to: Scheme, new: NewConcept) -> Added:
    """Put a concept into a scheme; ``WrongUse`` where one of its labels is taken.

    In a workspace on top of another the concept goes into a file of the workspace's own, so
    that the scheme's own file can go on being inherited.
    """
    label = " ".join(new.label.split())
    iri = URIRef(f"{CONCEPT}{to.notation}-{slug(label)}")
    if not slug(label):
        raise WrongUse("A label needs letters or digits.", mend="write it in words")
    broader = to.find(new.under) if new.under else None
    _refuse_taken(to, (label, *new.also), iri)
    inherited = not to.home.path.is_relative_to(workspace.root)
    rank = max(to.next_rank, OWN_RANKS if inherited else 0)
    text, to_do = _written(to, new, label, iri, broader, rank)
    _place(workspace, edits, to, text, broader)
    labels = {to.text(one, SKOS.prefLabel): one for one in to.concepts if not to.is_deprecated(one)}
    alike = [labels[k] for k in get_close_matches(label, labels, n=3, cutoff=0.7)]
    beside = [one for one in to.under(broader) if one not in alike]
    return Added(
        iri,
        tuple(neighbour(to, one) for one in beside),
        tuple(neighbour(to, one) for one in alike),
        to_do,
        to.text(broader, SKOS.prefLabel) if broader else "",
    )


def neighbour(to: Scheme, one: URIRef) -> Neighbour:
    """A concept as it is shown beside another."""
    return Neighbour(
        to.name(one),
        to.text(one, SKOS.prefLabel),
        to.text(one, SKOS.definition),
        to.text(one, SKOS.scopeNote),
    )


def _refuse_taken(to: Scheme, labels: Sequence[str], iri: URIRef) -> None:
    taken = to.taken()
    for label in labels:
        if (holder := taken.get(label.casefold())) is None:
            continue
        same = to.text(holder, SKOS.prefLabel)
        what = "a label of" if same.casefold() == label.casefold() else "another word for"
        around = [holder, *(n for n in to.under(_parent(to, holder)) if n != holder)][:5]
        shown = "\n".join(str(neighbour(to, one)) for one in around)
        raise WrongUse(
            f"{label!r} is already {what} {same!r} (concept:{to.name(holder)}).\n{shown}",
            mend="use that concept; or, if you mean another thing, choose a word that tells them"
            " apart and say in both scope notes when to use which",
        )
    if iri in to.files:
        raise WrongUse(
            f"The name concept:{to.name(iri)} is taken"
            f" by {to.text(iri, SKOS.prefLabel)!r}, and names are for good.\n{neighbour(to, iri)}",
            mend="choose another label",
        )


def _parent(to: Scheme, one: URIRef) -> URIRef | None:
    found = to.graph.value(one, SKOS.broader)
    return URIRef(str(found)) if found else None


def _written(
    to: Scheme, new: NewConcept, label: str, iri: URIRef, broader: URIRef | None, rank: int
) -> tuple[str, tuple[str, ...]]:
    to_do = []
    lines = [
        f"concept:{to.name(iri)} a skos:Concept ;",
        f"    skos:inScheme concept:{to.name(to.iri)} ;",
        f"    skos:prefLabel {_english(label)} ;",
    ]
    if new.also:
        lines.append(f"    skos:altLabel {', '.join(map(_english, new.also))} ;")
    if new.definition:
        lines.append(f"    skos:definition {_english(new.definition)} ;")
    else:
        to_do.append("its definition")
        lines.append('    # TODO: skos:definition "what it is, and what sets it apart"@en-GB ;')
    if new.scope:
        lines.append(f"    skos:scopeNote {_english(new.scope)} ;")
    else:
        to_do.append("when to use it and when not (optional)")
        lines.append('    # TODO: skos:scopeNote "when to use it, and when a neighbour"@en-GB ;')
    place = f"skos:broader concept:{to.name(broader)}" if broader else (
        f"skos:topConceptOf concept:{to.name(to.iri)}"
    )  # fmt: skip
    lines += [
        f"    {place} ;",
        f"    ptn:rank {rank} ;",
        f"    ptn:termOrigin concept:origin-{new.origin} ;",
        f"    rdfs:isDefinedBy concept:{to.name(to.iri)} .",
    ]
    return "\n".join(lines) + "\n", tuple(to_do)


def _english(text: str) -> str:
    return spelt(Literal(" ".join(text.split()), lang="en-GB"), {})


def _place(
    workspace: Workspace, edits: Edits, to: Scheme, text: str, broader: URIRef | None
) -> None:
    inherited = not to.home.path.is_relative_to(workspace.root)
    relative = f"ontology/vocab/own-{to.notation}.ttl" if inherited else to.home.relative
    path = workspace.root / relative
    if not path.exists():
        head = "\n".join(f"@prefix {name}: <{PREFIXES[name]}> ." for name in _HEAD)
        edits.create(relative, _OWN.format(label=to.label, prefixes=head) + "\n" + text)
        return
    before = edits.text(path)
    at = _after(to, before, broader)
    if at is None:
        edits.change(path, before.rstrip("\n") + "\n\n" + text)
    else:
        edits.change(path, before[:at] + "\n\n" + text.rstrip("\n") + before[at:])


def _after(to: Scheme, text: str, broader: URIRef | None) -> int | None:
    """Where the last of the concept's siblings ends, or else what it stands under."""
    if broader is None:
        return None
    for one in (*reversed(to.under(broader)), broader):
        if (found := statement_of(text, str(one))) is not None:
            return found.end
    return None
