"""A new class: its definition, when a thing belongs to it, and what follows for what does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rdflib import Literal, URIRef

from partnering import names
from partnering.errors import NotFound, WrongUse
from partnering.extend.edits import Edits
from partnering.extend.scheme import scheme, term
from partnering.extend.statements import spelt
from partnering.names import short
from partnering.namespaces import CONCEPT, PREFIXES, PTN
from partnering.workspace import Workspace

_USED = ("concept", "dcterms", "owl", "ptn", "rdfs", "skos", "xsd")
_MODULE = """{prefixes}

# Classes of this workspace, beside the shipped ones.

<{iri}> a owl:Ontology ;
    dcterms:title "Classes of a workspace of its own"@en-GB ;
    dcterms:description "Classes that one workspace adds to the shipped ontology."@en-GB ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
    # TODO: say who makes it, and how to cite it.
    dcterms:creator <https://w3id.org/partnering/maintainers> ;
    dcterms:created "{today}"^^xsd:date ;
    dcterms:modified "{today}"^^xsd:date ;
    dcterms:bibliographicCitation "Classes of a workspace of its own, version 0.1.0."@en-GB ;
    owl:versionIRI <{versioned}> ;
    owl:versionInfo "0.1.0" .
"""


@dataclass(frozen=True)
class NewClass:
    """What the manager says of a class.

    ``when`` holds pairs of scheme and concept: whatever is of the class above and has all of
    these values belongs to it. ``then`` holds pairs too: whatever belongs to it has these values.
    ``never`` names classes that share no member with it.
    """

    label: str
    under: str
    definition: str
    when: tuple[tuple[str, str], ...] = ()
    then: tuple[tuple[str, str], ...] = ()
    never: tuple[str, ...] = ()


def add(workspace: Workspace, edits: Edits, new: NewClass, *, module: str = "own") -> URIRef:
    """Write a class into ``ontology/<module>.ttl`` of the workspace, which is made if need be.

    Raises ``WrongUse`` where its name or label is taken, and ``NotFound`` where what it refers
    to is not there.
    """
    label = " ".join(new.label.split())
    iri = _free_name(workspace, label)
    above = _class(workspace, new.under)
    home = URIRef(f"{str(PTN).rstrip('#')}/{module}")
    lines = [f"ptn:{iri.removeprefix(str(PTN))} a owl:Class", f"rdfs:label {_english(label)}"]
    values = [_value(workspace, *pair) for pair in new.when]
    if values:
        # With conditions the class above is the first of them, and nothing is said twice.
        parts = "\n        ".join([short(str(above)), *values])
        lines.append("owl:equivalentClass [ a owl:Class ; owl:intersectionOf (\n        "
                     f"{parts} ) ]")  # fmt: skip
    supers = [*([] if values else [short(str(above))]),
              *(_value(workspace, *pair) for pair in new.then)]  # fmt: skip
    if supers:
        lines.append(f"rdfs:subClassOf {', '.join(supers)}")
    if new.never:
        others = ", ".join(short(str(_class(workspace, one))) for one in new.never)
        lines.append(f"owl:disjointWith {others}")
    lines += [f"skos:definition {_english(new.definition)}", f"rdfs:isDefinedBy <{home}>"]
    _place(workspace, edits, module, home, " ;\n    ".join(lines) + " .\n")
    return iri


def _english(text: str) -> str:
    return spelt(Literal(" ".join(text.split()), lang="en-GB"), {})


def _free_name(workspace: Workspace, label: str) -> URIRef:
    known = names.of_workspace(workspace)
    words = re.findall(r"[A-Za-z0-9]+", label)
    if not words:
        raise WrongUse("A label needs letters or digits.", mend="write it in words")
    iri = URIRef(PTN + "".join(word[0].upper() + word[1:] for word in words))
    holder = next((one for one, held in known.labels.items()
                   if held.casefold() == label.casefold() and known.is_a(one, "class")), None)  # fmt: skip
    if holder or str(iri) in known.kinds:
        raise WrongUse(f"There is a class {label!r} already: {short(holder or str(iri))}.",
                       mend="use it, or choose a label that tells the two apart")  # fmt: skip
    return iri


def _class(workspace: Workspace, said: str) -> URIRef:
    found = term(workspace, said)
    if not names.of_workspace(workspace).is_a(str(found), "class"):
        raise WrongUse(
            f"{short(str(found))} is no class.", mend="name one, such as ptn:Partnership"
        )
    return found


def _value(workspace: Workspace, notation: str, concept: str) -> str:
    """A restriction: the property whose values are of a scheme has this value."""
    of = scheme(workspace, notation)
    value = of.find(concept)
    prop = _property(workspace, of.notation)
    return (f"[ a owl:Restriction ; owl:onProperty {prop} ;"
            f" owl:hasValue concept:{value.removeprefix(str(CONCEPT))} ]")  # fmt: skip


def _property(workspace: Workspace, notation: str) -> str:
    """The property that takes a scheme's concepts: ``ptn:hasForm`` of ``form``."""
    known = names.of_workspace(workspace)
    words = "".join(word.capitalize() for word in notation.split("-"))
    for local in (f"has{words}", f"concerns{words}", f"has{words}Kind"):
        if known.is_property(PTN + local):
            return f"ptn:{local}"
    offered = sorted(short(one) for one in known.kinds if re.search(r"#has[A-Z]", one))
    raise NotFound(f"No property ptn:has{words} takes the concepts of the scheme {notation!r}.",
                   mend=f"write the axiom by hand, with one of {', '.join(offered)}")  # fmt: skip


def _place(workspace: Workspace, edits: Edits, module: str, home: URIRef, text: str) -> None:
    relative = f"ontology/{module}.ttl"
    path = workspace.root / relative
    if path.exists():
        edits.change(path, edits.text(path).rstrip("\n") + "\n\n" + text)
        return
    versioned = f"{str(PTN).rstrip('#')}/0.1.0/{module}"
    head = _MODULE.format(prefixes=_prefixes(_USED), iri=home, versioned=versioned,
                          today=date.today().isoformat())  # fmt: skip
    edits.create(relative, head + "\n" + text)


def _prefixes(which: Sequence[str]) -> str:
    return "\n".join(f"@prefix {name}: <{PREFIXES[name]}> ." for name in which)
