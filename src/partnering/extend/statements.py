"""Turtle statements as text: where a thing is described, property by property.

Editing goes through text and not through a parser and a writer, since the comments, the order
and the line breaks of a hand-kept file are somebody's work.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS, XSD
from rdflib.term import Node

from partnering.namespaces import PREFIXES, PTN
from partnering.sources.turtle import Token, prefixes, tokens

ORDER: tuple[URIRef, ...] = (
    RDF.type, SKOS.inScheme, SKOS.prefLabel, RDFS.label, SKOS.altLabel, SKOS.hiddenLabel,
    SKOS.definition, SKOS.scopeNote, SKOS.topConceptOf, SKOS.broader, SKOS.related, PTN.rank,
    PTN.termOrigin, OWL.deprecated, DCTERMS.isReplacedBy, SKOS.changeNote, RDFS.isDefinedBy,
)  # fmt: skip
"""The order in which a term's properties are written."""
_INDENT = "    "


@dataclass(frozen=True)
class Part:
    """One property of a statement with its objects; offsets are in the statement's text."""

    predicate: str
    start: int
    end: int


@dataclass(frozen=True)
class Statement:
    """The text that describes one subject, from its name to the full stop."""

    text: str
    start: int
    names: tuple[tuple[str, str], ...]
    """The prefixes of the file it stands in."""

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @cached_property
    def _code(self) -> list[Token]:
        return [token for token in tokens(self.text) if token.kind != "comment"]

    @property
    def subject(self) -> str:
        """Its IRI; empty where the subject is no name."""
        return _iri(self._code[0], dict(self.names))

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Every property in the order it is written; one written twice is there twice."""
        found: list[Part] = []
        depth, opened, last = 0, None, self._code[0]
        for token in self._code[1:]:
            closes = token.kind == "mark" and depth == 0 and token.text in ";."
            if closes and not _within_number(self.text, token):
                if opened is not None:
                    found.append(self._part(opened, last))
                opened = None
                continue
            opened = opened or token
            depth += (token.text in "[(") - (token.text in "])") if token.kind == "mark" else 0
            last = token
        return tuple(found)

    def _part(self, opened: Token, last: Token) -> Part:
        iri = str(RDF.type) if opened.text == "a" else _iri(opened, dict(self.names))
        return Part(iri, opened.start, last.end)

    def put(self, predicate: URIRef, values: Sequence[Node]) -> Statement:
        """The statement with these values of a property, and all else as it was."""
        held = [part for part in self.parts if part.predicate == str(predicate)]
        if not values:
            return self.put_off(held[0]).put(predicate, ()) if held else self
        words = ", ".join(spelt(value, dict(self.names)) for value in values)
        said = f"{spelt(predicate, dict(self.names))} {words}"
        if len(held) > 1:
            return self.put_off(held[-1]).put(predicate, values)
        if held:
            return self._with(held[0].start, held[0].end, said)
        for part in self.parts:
            if _place(part.predicate) > _place(str(predicate)):
                return self._with(part.start, part.start, f"{said} ;\n{_INDENT}")
        end = self.parts[-1].end
        return self._with(end, end, f" ;\n{_INDENT}{said}")

    def put_off(self, part: Part) -> Statement:
        """The statement without one of its properties."""
        at = self.parts.index(part)
        if at + 1 < len(self.parts):
            return self._with(part.start, self.parts[at + 1].start, "")
        return self._with(self.parts[at - 1].end, part.end, "")

    def renamed(self, iri: str) -> Statement:
        """The same said of another subject."""
        first = self._code[0]
        return self._with(first.start, first.end, spelt(URIRef(iri), dict(self.names)))

    def _with(self, start: int, end: int, words: str) -> Statement:
        return Statement(self.text[:start] + words + self.text[end:], self.start, self.names)


def statements(text: str) -> Iterator[Statement]:
    """Every statement of a Turtle file, prefixes and generated lines left out."""
    found = list(tokens(text))
    names = tuple(prefixes(found).items())
    code = [token for token in found if token.kind != "comment"]
    at = 0
    while at < len(code):
        first, depth = code[at], 0
        if first.text.upper() in ("PREFIX", "BASE"):
            at += 3 if first.text.upper() == "PREFIX" else 2
            continue
        while at < len(code):
            token = code[at]
            at += 1
            if token.kind == "mark":
                depth += (token.text in "[(") - (token.text in "])")
                if token.text == "." and depth == 0 and not _within_number(text, token):
                    break
        if not first.text.startswith("@"):
            yield Statement(text[first.start : token.end], first.start, names)


def statement_of(text: str, iri: str) -> Statement | None:
    """The first statement about a subject."""
    return next((one for one in statements(text) if one.subject == iri), None)


def with_prefix(text: str, prefix: str) -> str:
    """The file with one of the project's prefixes declared, after those that are."""
    declared = prefixes(list(tokens(text)))
    if PREFIXES[prefix] in declared.values():
        return text
    line = f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n"
    last = max((at for at in _line_ends(text, "@prefix")), default=0)
    return text[:last] + line + text[last:]


def _line_ends(text: str, beginning: str) -> Iterator[int]:
    at = 0
    for line in text.splitlines(keepends=True):
        at += len(line)
        if line.startswith(beginning):
            yield at


def spelt(node: Node, names: dict[str, str]) -> str:
    """A term as a file with these prefixes writes it."""
    if isinstance(node, URIRef):
        if node == RDF.type:
            return "a"
        fitting = [(iri, name) for name, iri in names.items() if iri and node.startswith(iri)]
        for iri, name in sorted(fitting, key=lambda pair: -len(pair[0])):
            local = node.removeprefix(iri)
            if local and all(c.isalnum() or c in "-_" for c in local):
                return f"{name}:{local}"
        return f"<{node}>"
    if not isinstance(node, Literal):
        return node.n3()
    if node.datatype in (XSD.integer, XSD.boolean) and node.language is None:
        return str(node)
    escaped = str(node).replace("\\", "\\\\").replace('"', '\\"')
    for character, code in (("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        escaped = escaped.replace(character, code)
    if node.language:
        return f'"{escaped}"@{node.language}'
    if node.datatype is not None and node.datatype != XSD.string:
        return f'"{escaped}"^^{spelt(node.datatype, names)}'
    return f'"{escaped}"'


def _place(predicate: str) -> int:
    # What the order does not name goes before the last line, which says where the term is at home.
    named = [str(one) for one in ORDER]
    return named.index(predicate) if predicate in named else len(named) - 2


def _iri(token: Token, names: dict[str, str]) -> str:
    if token.kind == "iri":
        return token.text[1:-1]
    if token.kind == "name":
        prefix, _, local = token.text.partition(":")
        return names.get(prefix, f"{prefix}:") + local.replace("\\", "")
    return ""


def _within_number(text: str, dot: Token) -> bool:
    after = text[dot.end : dot.end + 1]
    return dot.text == "." and text[dot.start - 1 : dot.start].isdigit() and after.isdigit()
