"""A new finding in a case's file: what is given is written, what is missing is marked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

from rdflib import Literal, URIRef

from partnering.errors import NotFound, WrongUse
from partnering.extend.edits import Edits
from partnering.extend.scheme import scheme, slug
from partnering.extend.statements import spelt, statement_of, statements
from partnering.namespaces import CONCEPT, PTN
from partnering.sources.drafts import MARKER
from partnering.sources.turtle import prefixes, tokens
from partnering.workspace import GraphFile, Workspace
from partnering.written import Written


@dataclass(frozen=True)
class Kind:
    """A kind of finding: its class, the property and scheme of what it is about, what it needs."""

    cls: str
    about: str
    scheme: str
    fixed: tuple[tuple[str, str], ...] = ()
    asked: tuple[tuple[str, str], ...] = ()


_PROMINENT = ("hasProminence", "prominence-supporting")
_SAID = (_PROMINENT, ("hasEvidenceStrength", "evidence-none-stated"))
KINDS: dict[str, Kind] = {
    "enabler": Kind("FactorFinding", "concernsFactor", "factor", (
        ("hasPolarity", "polarity-enabling"), ("hasPresence", "presence-present"), *_SAID)),
    "barrier": Kind("FactorFinding", "concernsFactor", "factor", (
        ("hasPolarity", "polarity-hindering"), ("hasPresence", "presence-present"), *_SAID)),
    "driver": Kind("ContextFinding", "concernsDriver", "driver", (
        ("hasContextKind", "context-driver"), _PROMINENT)),
    "outcome": Kind("OutcomeFinding", "hasDimension", "dimension", _SAID, (
        ("hasDirection", "direction"), ("hasRealisation", "realisation"),
        ("hasContribution", "contribution"))),
    "mechanism": Kind("MechanismFinding", "usesMechanism", "mechanism", (_PROMINENT,)),
    "cost": Kind("CostFinding", "costKind", "cost", (_PROMINENT,)),
    "gap": Kind("EvidenceGap", "hasGapKind", "gap"),
}  # fmt: skip
"""The kinds by the word people use; an enabler and a barrier differ in polarity alone."""


@dataclass(frozen=True)
class NewFinding:
    """What the manager says of a finding; empty where it is left to be filled in."""

    kind: str
    summary: str
    of: str = ""
    arrangement: str = ""
    by: str = ""
    words: tuple[str, ...] = ()
    given: tuple[tuple[str, str], ...] = ()
    """Property and concept, such as ``("direction", "improved")``."""


def add(
    workspace: Workspace, edits: Edits, case: str, new: NewFinding
) -> tuple[str, str, list[str]]:
    """Add a finding at the end of a case's own lines.

    Returns the file, the finding's name and what is still to be filled in.
    """
    kind, file = KINDS[new.kind], _case(workspace, case)
    text = edits.text(file.path)
    names = prefixes(list(tokens(text)))
    name = _free_name(text, file, _short_name(new))
    claimant = _thing(text, new.by) if new.by else None
    about = _thing(text, new.arrangement) if new.arrangement else _main(file)
    lines = [f"a ptn:{kind.cls}", f"ptn:findingAbout {spelt(about, names)}"]
    to_do: list[str] = []
    given = dict(new.given)

    def value(prop: str, of: str, said: str, hint: Callable[[], str]) -> None:
        if said:
            lines.append(f"ptn:{prop} {spelt(scheme(workspace, of).find(said), names)}")
        else:
            to_do.append(f"ptn:{prop} {hint()} ;")

    value(kind.about, kind.scheme, new.of, lambda: f"concept:{kind.scheme}-…")
    for prop, concept in kind.fixed:
        of = concept.partition("-")[0]
        chosen = scheme(workspace, of).find(given[of]) if of in given else CONCEPT[concept]
        lines.append(f"ptn:{prop} {spelt(chosen, names)}")
    for prop, of in kind.asked:
        value(prop, of, given.get(of, ""), lambda of=of: _choices(workspace, of))  # type: ignore[misc]
    if claimant is None:
        to_do.append("ptn:claimedBy … ;  whose words these are")
    else:
        lines.append(f"ptn:claimedBy {spelt(claimant, names)}")
    lines.append(f"ptn:summary {spelt(Literal(new.summary), names)}")
    words = new.words or ("TODO the words of the source",)
    lines.append("ptn:hasAnchor " + ", ".join(spelt(Literal(w), names) for w in words))
    marks = "".join(f"    # TODO: {one}\n" for one in to_do)
    block = f"this:{name} " + " ;\n    ".join(lines[:-1]) + " ;\n" + marks + f"    {lines[-1]} .\n"
    at = text.find(MARKER)
    body, tail = (text[:at], text[at:]) if at >= 0 else (text, "")
    edits.change(file.path, body.rstrip("\n") + "\n\n" + block + ("\n" + tail if tail else ""))
    if not new.words:
        to_do.append("ptn:hasAnchor, the exact words of the source")
    return file.relative, f"this:{name}", to_do


def _case(workspace: Workspace, said: str) -> GraphFile:
    cases = {file.path.stem: file for file in workspace.graph_files if file.kind == "case"}
    if said not in cases:
        near = get_close_matches(said, cases, n=2, cutoff=0.4)
        raise NotFound(
            f"There is no case {said!r}.",
            mend=(f"did you mean {' or '.join(near)}? " if near else "")
            + f"choose from {', '.join(cases)}",
        )
    return cases[said]


def _main(file: GraphFile) -> URIRef:
    found = list(Written(file.path, file.relative).graph.objects(None, PTN.hasMainPartnership))
    if len(found) != 1:
        raise WrongUse(
            f"The case has {len(found)} main arrangements.",
            where=file.relative,
            mend="say which arrangement the finding is about: --about NAME",
        )
    return URIRef(str(found[0]))


def _thing(text: str, said: str) -> URIRef:
    names = prefixes(list(tokens(text)))
    prefix, colon, local = said.rpartition(":")
    iri = URIRef(names.get(prefix if colon else "this", "") + local)
    described = {one.subject: None for one in statements(text)}
    # What belongs to the source, such as its authors, is described in the source's own file.
    if str(iri) in described or (colon and prefix in names and prefix != "this"):
        return iri
    tails = {one.rpartition("/")[2]: None for one in described if one.startswith(names["this"])}
    near = get_close_matches(local, tails, n=3, cutoff=0.4)
    raise NotFound(
        f"The case describes no {said!r}.",
        mend=(f"did you mean {' or '.join(near)}? " if near else "") + "describe it first, or name"
        " it with its prefix",
    )


def _choices(workspace: Workspace, of: str) -> str:
    chosen = scheme(workspace, of)
    return ", or ".join(f"concept:{chosen.name(one)}" for one in chosen.concepts)


def _short_name(new: NewFinding) -> str:
    """The kind and the first words of the claim, as many as stay short."""
    name = new.kind
    for word in slug(new.summary).split("-"):
        if len(name) + len(word) > 40:
            break
        if word not in ("a", "an", "the", "of", "at", "for", "to"):
            name += f"-{word}"
    return name


def _free_name(text: str, file: GraphFile, wanted: str) -> str:
    base = prefixes(list(tokens(text))).get("this")
    if base is None:
        raise WrongUse(
            "The file declares no prefix 'this:'.",
            where=file.relative,
            mend="declare it at the top, as the other cases do",
        )
    number, name = 1, wanted
    while statement_of(text, base + name) is not None:
        number += 1
        name = f"{wanted}-{number}"
    return name
