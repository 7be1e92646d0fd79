"""Turtle as text: enough of its grammar to find literals without touching anything else.

Used where a file must be edited byte for byte; whoever needs the triples reads the file
with rdflib. Grammar: https://www.w3.org/TR/turtle/#sec-grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

TokenKind = Literal["comment", "iri", "string", "name", "mark", "word"]

_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
    |(?P<iri><[^<>"{}|^`\s]*>)
    |(?P<string>
        \"\"\"(?:"{0,2}(?:[^"\\]|\\.))*\"\"\"
       |'''(?:'{0,2}(?:[^'\\]|\\.))*'''
       |"(?:[^"\\\n]|\\.)*"
       |'(?:[^'\\\n]|\\.)*')
    |(?P<name>(?:[^\W\d_](?:[\w-]|\.(?=[\w.-]*:))*)?:(?:[\w:%-]|\\.|\.(?=[\w:%\\.-]*[\w:%-]))*)
    |(?P<word>@?\w[\w+-]*)
    |(?P<mark>\^\^|[^\s])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_PREFIX = re.compile(r"(?:@prefix|PREFIX)\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Token:
    """A piece of Turtle text; ``start`` and ``end`` are offsets in the file's text."""

    kind: TokenKind
    text: str
    start: int
    end: int

    @property
    def value(self) -> str:
        """A literal's characters, its quotation marks removed and its escapes undone."""
        assert self.kind == "string"
        marks = 3 if self.text[:3] in ('"""', "'''") else 1
        return _ESCAPE.sub(_unescaped, self.text[marks:-marks])


def tokens(text: str) -> Iterator[Token]:
    """All tokens; a character that begins no token of Turtle comes out as a mark."""
    for match in _TOKEN.finditer(text):
        kind: TokenKind = match.lastgroup  # type: ignore[assignment]  # group names are the kinds
        yield Token(kind, match.group(), match.start(), match.end())


def prefixes(found: list[Token]) -> dict[str, str]:
    """The prefixes a file declares, name without colon → IRI; the last declaration holds."""
    code = [token for token in found if token.kind != "comment"]
    return {
        name.text.removesuffix(":"): iri.text[1:-1]
        for keyword, name, iri in zip(code, code[1:], code[2:], strict=False)
        if keyword.kind == "word"
        and _PREFIX.match(keyword.text)
        and name.kind == "name"
        and iri.kind == "iri"
    }


def line_of(text: str, offset: int) -> int:
    """The line, from 1, on which an offset stands."""
    return text.count("\n", 0, offset) + 1


def _unescaped(match: re.Match[str]) -> str:
    code = match.group(1) or match.group(2)
    return chr(int(code, 16)) if code else _ESCAPED.get(match.group(3), match.group(3))
