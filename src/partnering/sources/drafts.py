"""Resolve a coder's draft: quoted words become anchors, and the file says what they are.

A coder writes ``ptn:hasAnchor "words of the source"``. Here each such literal is replaced
by its anchor's name, and the anchors' descriptions are written in a generated tail. The
rest of the file stays byte for byte.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from partnering.errors import ReadError, SourceError
from partnering.namespaces import PTN
from partnering.sources.anchors import Anchor, NotLocated, locate
from partnering.sources.rendition import Paragraph
from partnering.sources.turtle import Token, line_of, prefixes, tokens

MARKER = "# ---- anchors: written by 'partnering source anchor', do not edit below ----"

_MARKER = re.compile(r"# ---- anchors: written by ")
_STATEMENT = re.compile(
    r"^\S*?(?P<name>p\d+\.\d+-\d+)>? a \S+ ; \S+ \S+ ; \S+ \d+ ; \S+ \d+ ;\s+"
    r"\S+ \"(?P<digest>[0-9a-f]{64})\" \.\s*$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Problem:
    """One thing that keeps a draft from being resolved."""

    where: str
    message: str
    mend: str = ""
    candidates: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [f"{self.where}: {self.message}", *(f"    {c}" for c in self.candidates)]
        if self.mend:
            lines.append(f"  To mend: {self.mend}")
        return "\n".join(lines)


class Unresolved(SourceError):
    """A draft could not be resolved; ``problems`` holds everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True)
class Resolution:
    """A draft resolved: its new text, what became of quotations, which anchors it uses."""

    text: str
    resolved: tuple[Anchor, ...]
    anchors: tuple[Anchor, ...]
    changed: bool


def resolve_file(
    path: Path, paragraphs: Sequence[Paragraph], base: str, *, check: bool = False
) -> Resolution:
    """Resolve one file in place; with ``check`` only say what would be done.

    ``base`` is the IRI of the source's names (``…/data/my-report/``). Raises Unresolved,
    with all problems, and leaves the file as it was, when anything fails.
    """
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ReadError("not UTF-8", where=f"{path}:{line}") from error
    resolution = resolve_text(text, paragraphs, base, where=str(path))
    if resolution.changed and not check:
        beside = path.with_name(f".{path.name}.new")
        beside.write_bytes(resolution.text.encode("utf-8"))
        beside.chmod(path.stat().st_mode)
        os.replace(beside, path)
    return resolution


def resolve_text(
    text: str, paragraphs: Sequence[Paragraph], base: str, *, where: str
) -> Resolution:
    """Resolve a draft's text; doing it again changes nothing. Raises Unresolved."""
    found = list(tokens(text))
    body_end = next(
        (t.start for t in found if t.kind == "comment" and _MARKER.match(t.text)), len(text)
    )
    body = [token for token in found if token.start < body_end]
    written, problems = _read_tail(text, body_end, where)
    names = _Names.of(body, base)
    kept = {a for token in body if (a := names.anchor(token)) is not None}
    problems += _stale(kept, written, paragraphs, where, text, body, names)

    replaced: list[tuple[Token, Anchor]] = []
    for token, problem in _quotations(body, names.has_anchor, text, where):
        if problem is None:
            try:
                replaced.append((token, locate(token.value, paragraphs)))
            except NotLocated as error:
                problem = Problem(
                    _place(where, text, token), error.message, error.mend or "", error.candidates
                )
        if problem:
            problems.append(problem)
    used = kept | {anchor for _, anchor in replaced}
    if used and not problems:
        problems += names.missing(where)
    if problems:
        raise Unresolved(problems)

    new = text[:body_end]
    for token, anchor in reversed(replaced):
        new = new[: token.start] + names.write(anchor) + new[token.end :]
    if used:
        new = _with_tail(new, sorted(used), paragraphs, names)
    return Resolution(new, tuple(a for _, a in replaced), tuple(sorted(used)), new != text)


@dataclass(frozen=True)
class _Names:
    """How one file writes the names that matter here."""

    base: str
    source: str | None
    ontology: str | None
    declared: dict[str, str]

    @classmethod
    def of(cls, body: list[Token], base: str) -> _Names:
        declared = prefixes(body)
        by_iri = {iri: name for name, iri in declared.items()}
        return cls(base, by_iri.get(base), by_iri.get(str(PTN)), declared)

    @property
    def has_anchor(self) -> set[str]:
        full = f"<{PTN}hasAnchor>"
        return {full} if self.ontology is None else {full, f"{self.ontology}:hasAnchor"}

    def anchor(self, token: Token) -> Anchor | None:
        """The anchor of this source that a token names, if it names one."""
        if token.kind == "iri" and token.text.startswith(f"<{self.base}"):
            return Anchor.parse(token.text[1:-1])
        if token.kind == "name" and self.source is not None:
            prefix, _, local = token.text.partition(":")
            return Anchor.parse(local) if prefix == self.source else None
        return None

    def write(self, anchor: Anchor) -> str:
        return f"{self.source}:{anchor.local_name}"

    def missing(self, where: str) -> Iterator[Problem]:
        for name, iri in ((self.source, self.base), (self.ontology, str(PTN))):
            if name is None:
                yield Problem(
                    where,
                    f"no prefix is declared for <{iri}>",
                    f"add '@prefix …: <{iri}> .' at the top",
                )


def _quotations(
    body: list[Token], predicates: set[str], text: str, where: str
) -> Iterator[tuple[Token, Problem | None]]:
    """Every plain literal that is an object of hasAnchor; others come with a problem."""
    code = [token for token in body if token.kind != "comment"]
    outer: list[bool] = []
    listing = False
    for at, token in enumerate(code):
        if token.kind in ("iri", "name") and token.text in predicates:
            listing = True
        elif token.kind == "mark":
            if token.text in "[(":
                outer.append(listing)
                listing = False
            elif token.text in "])":
                listing = outer.pop() if outer else False
            elif token.text in ".;{}":
                listing = False
            elif token.text in "\"'":
                yield (
                    token,
                    Problem(
                        _place(where, text, token),
                        "a literal is not closed",
                        'close it; words over several lines need """ around them',
                    ),
                )
        elif token.kind == "string" and listing:
            following = code[at + 1].text if at + 1 < len(code) else ""
            fits = following in (",", ";", ".", "]", "}")
            yield (
                token,
                None
                if fits
                else Problem(
                    _place(where, text, token),
                    f"'{following}' follows the quoted words",
                    "write the words as a plain literal, followed by ',', ';' or '.'",
                ),
            )


def _stale(
    kept: set[Anchor],
    written: dict[str, str],
    paragraphs: Sequence[Paragraph],
    where: str,
    text: str,
    body: list[Token],
    names: _Names,
) -> list[Problem]:
    """Anchors already in the file that the text at hand does not bear out."""
    problems = []
    for anchor in sorted(kept):
        token = next(t for t in body if names.anchor(t) == anchor)
        passage = anchor.passage(paragraphs)
        if passage is None:
            message = f"{token.text} lies outside the text: {anchor.reach(paragraphs)}"
        elif written.get(anchor.local_name) not in (None, anchor.digest(paragraphs)):
            message = f"{token.text} no longer has the words it was written for"
        else:
            continue
        problems.append(
            Problem(
                _place(where, text, token),
                message,
                "see 'partnering source verify'; to anchor anew, put the quoted words in its place",
            )
        )
    return problems


def _read_tail(text: str, start: int, where: str) -> tuple[dict[str, str], list[Problem]]:
    """The digests the generated tail holds; a problem where a hand has written in it."""
    tail = text[start:]
    written = {m["name"]: m["digest"] for m in _STATEMENT.finditer(tail)}
    rest = _STATEMENT.sub(lambda match: "\n" * match.group().count("\n"), tail)
    for number, line in enumerate(rest.splitlines()):
        if number and line.strip():
            place = f"{where}:{line_of(text, start) + number}"
            return written, [
                Problem(
                    place,
                    "hand-written below the line of the anchors",
                    "move it above that line; what is below is rewritten",
                )
            ]
    return written, []


def _with_tail(
    body: str,
    anchors: list[Anchor],
    paragraphs: Sequence[Paragraph],
    names: _Names,
) -> str:
    end = "\r\n" if "\r\n" in body else "\n"
    ptn = names.ontology
    lines = [MARKER, ""]
    for anchor in anchors:
        # Of an anchor already described this is the digest it had: else it would be stale.
        digest = anchor.digest(paragraphs)
        lines += [
            f"{names.write(anchor)} a {ptn}:EvidenceAnchor ; "
            f"{ptn}:anchoredIn {names.source}:p{anchor.paragraph} ; "
            f"{ptn}:startOffset {anchor.start} ; {ptn}:endOffset {anchor.end} ;",
            f'    {ptn}:passageDigest "{digest}" .',
        ]
    gap = "" if body.endswith(end * 2) else end if body.endswith("\n") else end * 2
    return body + gap + end.join(lines) + end


def _place(where: str, text: str, token: Token) -> str:
    return f"{where}:{line_of(text, token.start)}"
