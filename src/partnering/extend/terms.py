"""Terms that change: deprecated, merged, moved or renamed, with every use of them rewritten.

A name that was published goes on resolving: the old term stays where it is, marked deprecated,
and says what replaces it. Uses are rewritten by token, never within strings or comments; the
``#+`` header of a saved question is no comment, and its defaults are rewritten too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDFS, SKOS
from rdflib.term import Node

from partnering import names
from partnering.errors import WrongUse
from partnering.extend.edits import Edits
from partnering.extend.scheme import Scheme, scheme, slug, term
from partnering.extend.statements import spelt, statement_of, with_prefix
from partnering.names import short
from partnering.namespaces import CONCEPT, PREFIXES, PTN
from partnering.sources.turtle import Token, line_of, prefixes, tokens
from partnering.workspace import GraphFile, Workspace

QUERIES = ("queries/**/*.rq", "shapes/**/*.rq", "shapes/**/*.ttl")
_DECLARED = re.compile(r"^\s*PREFIX\s+([\w-]*):\s*<([^>]*)>", re.M | re.I)

_DEFAULT = re.compile(
    r'^(?P<before>#\+.*kind: *"?scheme:(?P<scheme>[a-z-]+)"?.*default: *)(?P<value>[a-z0-9-]+)',
    re.M,
)


@dataclass(frozen=True)
class Use:
    """A place where a term is used, as ``file:line``."""

    where: str
    written: str


def deprecate(
    workspace: Workspace, edits: Edits, said: str, *, instead: str = "", why: str = ""
) -> tuple[Use, ...]:
    """Mark a term deprecated, and put its replacement in the place of every use.

    Without a replacement the uses stay, and are returned for the manager to mend. Raises
    ``WrongUse`` where neither a replacement nor a reason is given.
    """
    old = term(workspace, said)
    new = term(workspace, instead) if instead else None
    if new is None and not why:
        raise WrongUse(
            "A term that goes must say what to use instead, or why it went.",
            mend="give --instead TERM, or --why WORDS",
        )
    _same_kind(workspace, old, new)
    _retire(workspace, edits, old, new, why or f"Replaced by {short(str(new))}.")
    if new is None:
        return uses(workspace, edits, old)
    return _rewrite(workspace, edits, old, new)


def merge(
    workspace: Workspace, edits: Edits, said: str, into: str, *, why: str = ""
) -> tuple[Use, ...]:
    """Put one concept into another of its scheme: its labels, what stands below it, its uses."""
    of = _scheme_of(workspace, term(workspace, said))
    old, new = of.find(said), of.find(into)
    if old == new:
        raise WrongUse("A concept cannot be merged into itself.", mend="name two")
    _not_above(of, old, new)
    also = {str(label): label for label in of.graph.objects(new, SKOS.altLabel)}
    taken = {of.text(new, SKOS.prefLabel).casefold(), *(word.casefold() for word in also)}
    labels = [*of.graph.objects(old, SKOS.prefLabel), *of.graph.objects(old, SKOS.altLabel)]
    also |= {str(label): label for label in labels if str(label).casefold() not in taken}
    _put(workspace, edits, of.files[new], new, SKOS.altLabel, [also[word] for word in sorted(also)])
    # The words lead to the concept that is kept; the old one keeps its own name alone.
    _put(workspace, edits, of.files[old], old, SKOS.altLabel, [])
    found = _rewrite(workspace, edits, old, new)
    _retire(workspace, edits, old, new, why or f"Merged into {short(str(new))}.")
    return found


def move(workspace: Workspace, edits: Edits, said: str, under: str) -> tuple[str, str]:
    """Hang a concept under another of its scheme, or under nothing; its name and uses stay.

    Returns the labels of where it was and where it is. Raises ``WrongUse`` for a place below
    itself.
    """
    of = _scheme_of(workspace, term(workspace, said))
    one = of.find(said)
    to = of.find(under) if under else None
    if to is not None and one in (to, *_above(of, to)):
        raise WrongUse(
            f"{of.name(to)} is {of.name(one)} itself or stands below it.",
            mend="choose a place outside of what is moved",
        )
    before = of.graph.value(one, SKOS.broader)
    file = of.files[one]
    if to is None:
        _put(workspace, edits, file, one, SKOS.topConceptOf, [of.iri])
        _put(workspace, edits, file, one, SKOS.broader, [])
    else:
        _put(workspace, edits, file, one, SKOS.broader, [to])
        _put(workspace, edits, file, one, SKOS.topConceptOf, [])
    label = of.label
    return (
        of.text(URIRef(str(before)), SKOS.prefLabel) if before else label,
        of.text(to, SKOS.prefLabel) if to else label,
    )


def rename(
    workspace: Workspace, edits: Edits, said: str, label: str, *, name: str = "", keep: bool = False
) -> tuple[URIRef, tuple[Use, ...]]:
    """Give a term another label and, unless ``keep``, the name that goes with it.

    The old name stays, deprecated. Returns the new name and the uses that were rewritten.
    """
    old = term(workspace, said)
    file = _home(workspace, old)
    concept = str(old).startswith(str(CONCEPT))
    labelled = SKOS.prefLabel if concept else RDFS.label
    if concept:
        _refuse_label(_scheme_of(workspace, old), old, label)
    new = old if keep else _new_name(workspace, old, label, name)
    if new == old:
        before = names.of_workspace(workspace).labels.get(str(old), "")
        _put(workspace, edits, file, old, labelled, [Literal(label, lang="en-GB")])
        if concept and before.casefold() != label.casefold():
            of = _scheme_of(workspace, old)
            also = {*of.texts(old, SKOS.altLabel), before} - {label}
            words = [Literal(word, lang="en-GB") for word in sorted(also)]
            _put(workspace, edits, file, old, SKOS.altLabel, words)
        return old, ()
    text = edits.text(file.path)
    held = statement_of(text, str(old))
    assert held is not None, "a term's home describes it"
    fresh = held.renamed(str(new)).put(labelled, [Literal(label, lang="en-GB")])
    edits.change(file.path, text[: held.end] + "\n\n" + fresh.text + text[held.end :])
    found = _rewrite(workspace, edits, old, new)
    if concept:
        _put(workspace, edits, file, old, SKOS.altLabel, [])
        # Two concepts may not share a rank: the old one goes to the end of the scheme's order.
        rank = Literal(_scheme_of(workspace, old).next_rank)
        _put(workspace, edits, file, old, PTN.rank, [rank])
    _retire(workspace, edits, old, new, f"Renamed to {short(str(new))}.")
    return new, found


def uses(workspace: Workspace, edits: Edits, iri: URIRef) -> tuple[Use, ...]:
    """Every place where a term stands, its own description left out."""
    found = []
    for path in _files(workspace):
        text = edits.text(path)
        if _local(iri) in text:
            found += [_use(workspace, path, text, one) for one in _tokens_of(text, path, iri)]
    return tuple(found)


def _rewrite(workspace: Workspace, edits: Edits, old: URIRef, new: URIRef) -> tuple[Use, ...]:
    found: list[Use] = []
    for path in _files(workspace):
        text = edits.text(path)
        if _local(old) not in text and not _header_uses(text, old):
            continue
        declared = _declared(text, path)
        spans = list(_tokens_of(text, path, old))
        found += [_use(workspace, path, text, token) for token in spans]
        after = text
        for token in reversed(spans):
            after = after[: token.start] + spelt(new, declared) + after[token.end :]
        if path.suffix == ".rq":
            after = _header(after, old, new)
        after = _without_doubles(after, new) if path.suffix == ".ttl" and spans else after
        if after != text:
            edits.change(path, after)
    return tuple(found)


def _files(workspace: Workspace) -> Iterator[Path]:
    yield from (file.path for file in workspace.graph_files)
    yield from dict.fromkeys(path for pattern in QUERIES for path in workspace.files(pattern))


def _tokens_of(text: str, path: Path, iri: URIRef) -> Iterator[Token]:
    """The tokens that name a term, those within its own description left out."""
    declared = _declared(text, path)
    spellings = {f"<{iri}>"} | {
        f"{prefix}:{iri.removeprefix(start)}"
        for prefix, start in declared.items()
        if start and iri.startswith(start)
    }
    own = None
    if path.suffix == ".ttl" and any(spelling in text for spelling in spellings):
        own = statement_of(text, str(iri))
    for token in tokens(text):
        if token.kind in ("name", "iri") and token.text in spellings:
            if own is not None and own.start <= token.start < own.end:
                continue
            yield token


def _declared(text: str, path: Path) -> dict[str, str]:
    return dict(_DECLARED.findall(text)) if path.suffix == ".rq" else prefixes(list(tokens(text)))


def _local(iri: URIRef) -> str:
    return re.split(r"[/#]", iri)[-1]


def _use(workspace: Workspace, path: Path, text: str, token: Token) -> Use:
    return Use(f"{workspace.relative(path)}:{line_of(text, token.start)}", token.text)


def _header_uses(text: str, old: URIRef) -> bool:
    return _header(text, old, URIRef("x:x")) != text


def _header(text: str, old: URIRef, new: URIRef) -> str:
    """Defaults in a question's header, which name a concept by what follows its scheme."""

    def line(match: re.Match[str]) -> str:
        start = f"{CONCEPT}{match['scheme']}-"
        same = str(old) == f"{start}{match['value']}"
        return match["before"] + str(new).removeprefix(start) if same else match[0]

    return _DEFAULT.sub(line, text)


def _without_doubles(text: str, new: URIRef) -> str:
    """Lists in which a rewritten term now stands twice name it once."""
    code = [token for token in tokens(text) if token.kind != "comment"]
    name = spelt(new, prefixes(code))
    spans, seen = [], False
    for before, token in pairwise(code):
        if token.kind == "mark" and token.text != ",":
            seen = False
        elif token.text == name:
            if seen and before.text == ",":
                spans.append((before.start, token.end))
            seen = True
    for start, end in reversed(spans):
        text = text[:start] + text[end:]
    return text


def _retire(workspace: Workspace, edits: Edits, old: URIRef, new: URIRef | None, why: str) -> None:
    file = _home(workspace, old)
    edits.change(file.path, with_prefix(with_prefix(edits.text(file.path), "owl"), "dcterms"))
    _put(workspace, edits, file, old, OWL.deprecated, [Literal(True)])
    _put(workspace, edits, file, old, DCTERMS.isReplacedBy, [new] if new else [])
    _put(workspace, edits, file, old, SKOS.changeNote, [Literal(why, lang="en-GB")])


def _put(
    workspace: Workspace, edits: Edits, file: GraphFile, iri: URIRef, prop: URIRef,
    values: Sequence[Node],
) -> None:  # fmt: skip
    text = edits.text(file.path)
    held = statement_of(text, str(iri))
    assert held is not None, "a term's home describes it"
    edits.change(file.path, text[: held.start] + held.put(prop, values).text + text[held.end :])


def _home(workspace: Workspace, iri: URIRef) -> GraphFile:
    for file in workspace.graph_files:
        if file.kind in ("ontology", "vocabulary") and not file.path.name.startswith("reuse"):
            text = file.path.read_text("utf-8")
            if _local(iri) in text and statement_of(text, str(iri)):
                return file
    raise WrongUse(f"{short(str(iri))} is a term of another vocabulary.", mend="name one of ours")


def _scheme_of(workspace: Workspace, iri: URIRef) -> Scheme:
    found = names.of_workspace(workspace).schemes.get(str(iri))
    if found is None:
        raise WrongUse(
            f"{short(str(iri))} is no concept.",
            mend="concepts are merged and moved; a class or property can be renamed or deprecated",
        )
    return scheme(workspace, found.removeprefix(f"{CONCEPT}scheme-"))


def _above(of: Scheme, one: URIRef) -> list[URIRef]:
    found: list[URIRef] = []
    at = of.graph.value(one, SKOS.broader)
    while at is not None and at not in found:
        found.append(URIRef(str(at)))
        at = of.graph.value(at, SKOS.broader)
    return found


def _not_above(of: Scheme, old: URIRef, new: URIRef) -> None:
    if old in _above(of, new):
        raise WrongUse(
            f"{of.name(new)} stands below {of.name(old)}, and would come to stand below itself.",
            mend="move it first: partnering vocab move",
        )


def _same_kind(workspace: Workspace, old: URIRef, new: URIRef | None) -> None:
    known = names.of_workspace(workspace)
    if new is None:
        return
    if old == new:
        raise WrongUse("A term cannot replace itself.", mend="name another with --instead")
    if known.kinds[str(old)].isdisjoint(known.kinds[str(new)]):
        raise WrongUse(
            f"{short(str(old))} is {min(known.kinds[str(old)])}, and {short(str(new))} is"
            f" {min(known.kinds[str(new)])}.",
            mend="replace a term by one of its kind",
        )
    if known.schemes.get(str(old)) != known.schemes.get(str(new)):
        raise WrongUse(
            f"{short(str(old))} and {short(str(new))} are of two schemes.",
            mend="replace a concept by one of its scheme: statements would not hold otherwise",
        )
    if str(old) in known.schemes:
        _not_above(_scheme_of(workspace, old), old, new)


def _refuse_label(of: Scheme, one: URIRef, label: str) -> None:
    holder = of.taken().get(label.casefold())
    if holder is not None and holder != one:
        raise WrongUse(
            f"{label!r} is already a word for concept:{of.name(holder)}.",
            mend="merge the two if they mean the same: partnering vocab merge; else choose another",
        )


def _new_name(workspace: Workspace, old: URIRef, label: str, name: str) -> URIRef:
    known = names.of_workspace(workspace)
    if str(old).startswith(str(CONCEPT)):
        start = f"{CONCEPT}{_scheme_of(workspace, old).notation}-"
        new = URIRef(start + (name.removeprefix(start.rpartition("/")[2]) or slug(label)))
    else:
        words = [w for w in re.split(r"[^A-Za-z0-9]+", label) if w]
        camel = "".join(w[0].upper() + w[1:] for w in words)
        local = name or (camel if str(old).rpartition("#")[2][0].isupper() else
                         camel[0].lower() + camel[1:])  # fmt: skip
        new = URIRef(f"{PTN}{local}")
    if new != old and str(new) in known.kinds:
        raise WrongUse(f"{short(str(new))} is taken.", mend="choose another name with --name")
    if short(str(new)).partition(":")[0] not in PREFIXES:
        raise WrongUse(f"{new} cannot be a name.", mend="choose one with --name")
    return new
