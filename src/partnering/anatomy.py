"""The parts of a SELECT query as text: what stands before it, its columns, its pattern.

Enough to ask a saved question again with one row bound, without a second copy of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from partnering.errors import QuerySyntax

TOKEN = re.compile(
    r"""(?P<skip>\s+|\#[^\r\n]*)
      | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
      | (?P<text>\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}
          |"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
      | (?P<var>[?$]\w+)
      | (?P<word>[\w:.-]+)
      | (?P<mark>.)""",
    re.X | re.S,
)

_WAY = re.compile(r"(?i)(?:ASC|(DESC))\s*(?=\()")
_AS = re.compile(r"(?i)\sAS\s+[?$]\w+\s*$")


@dataclass(frozen=True)
class Anatomy:
    """A SELECT query taken apart.

    ``keys`` are the projected variables that are taken from the pattern as they are,
    ``made`` those that an aggregate or expression makes, with its text.
    """

    prologue: str
    keys: tuple[str, ...]
    made: Mapping[str, str]
    body: str
    after: str
    columns: tuple[str, ...]


def dissect(query: str) -> Anatomy:
    """Take a SELECT apart; ``QuerySyntax`` where it is none or its braces do not close."""
    select = _find(query, "SELECT")
    depth, order, keys, last = 0, [], [], ""
    made: dict[str, str] = {}
    opened, begun = None, 0
    for token in TOKEN.finditer(query, select + len("SELECT")):
        text = token.group()
        if text == "{" and depth == 0:
            opened = token.start()
            break
        if text == "(" and depth == 0:
            begun = token.end()
        depth += (text == "(") - (text == ")")
        if token.lastgroup == "var":
            last = text[1:]
            if depth == 0:
                order.append(last)
                keys.append(last)
        elif text == ")" and depth == 0:
            order.append(last)
            made[last] = _AS.split(query[begun : token.start()])[0].strip()
    if opened is None:
        raise QuerySyntax("The query has no pattern in braces.")
    closed = _closing(query, opened)
    return Anatomy(
        query[:select], tuple(keys), made, query[opened + 1 : closed],
        query[closed + 1 :], tuple(order),
    )  # fmt: skip


@dataclass(frozen=True)
class Key:
    """One thing that rows are ordered by, an expression over the variables of the pattern."""

    expression: str
    falling: bool


def ordering(parts: Anatomy) -> tuple[str, tuple[Key, ...]]:
    """What stands after the pattern and before ORDER BY, and the keys after it."""
    tokens = [token for token in TOKEN.finditer(parts.after) if token.lastgroup != "skip"]
    said = [token.group().upper() for token in tokens]
    begun = next((at for at in range(len(said)) if said[at : at + 2] == ["ORDER", "BY"]), len(said))
    keys: list[Key] = []
    depth, opened = 0, None
    for token in tokens[begun + 2 :]:
        text = token.group()
        opened = token.start() if opened is None else opened
        depth += (text == "(") - (text == ")")
        if depth == 0 and (text == ")" or token.lastgroup == "var"):
            keys.append(_key(parts.after[opened : token.end()], parts.made))
            opened = None
    before = parts.after[: tokens[begun].start()] if keys else parts.after
    return before, tuple(keys)


def _key(text: str, made: Mapping[str, str]) -> Key:
    """With what makes it in place of a column that is made."""
    way = _WAY.match(text)
    expression = text[way.end() :] if way else text
    return Key(made.get(expression.strip("()?$ "), expression), bool(way and way[1]))


def words(text: str) -> list[str]:
    """Its words in capitals, in order; none of texts, IRIs and comments."""
    return [token.group().upper() for token in TOKEN.finditer(text) if token.lastgroup == "word"]


def _find(query: str, keyword: str) -> int:
    for token in TOKEN.finditer(query):
        if token.lastgroup == "word" and token.group().upper() == keyword:
            return token.start()
    raise QuerySyntax(f"This needs a {keyword} query.")


def _closing(query: str, opened: int) -> int:
    depth = 0
    for token in TOKEN.finditer(query, opened):
        text = token.group()
        depth += (text == "{") - (text == "}")
        if depth == 0:
            return token.start()
    raise QuerySyntax("A brace is opened and never closed.")


def subselects(pattern: str) -> tuple[str, ...]:
    """The SELECTs nested in a pattern, each up to its closing brace; those in others not counted.

    What stands in ``MINUS { … }`` or ``EXISTS { … }`` is left out: nothing of it is in a solution.
    """
    found: list[str] = []
    opened: list[int] = []
    resume, before = 0, ""
    for token in TOKEN.finditer(pattern):
        if token.lastgroup == "skip" or token.start() < resume:
            continue
        text = token.group()
        if text == "{" and before in ("MINUS", "EXISTS"):
            resume = _closing(pattern, token.start()) + 1
        elif text == "{":
            opened.append(token.start())
        elif text == "}":
            opened.pop()
        before = text.upper() if token.lastgroup == "word" else text
        if before == "SELECT" and opened:
            resume = _closing(pattern, opened[-1])
            found.append(pattern[token.start() : resume])
    return tuple(found)


def bound_first(pattern: str) -> frozenset[str]:
    """Variables of the triples that stand in a pattern's own braces before anything optional.

    A VALUES of them may come first without another meaning: it joins with what follows. Behind
    OPTIONAL, MINUS or BIND it would change what those see.
    """
    found: set[str] = set()
    depth, before = 0, ""
    for token in TOKEN.finditer(pattern):
        text = token.group()
        if token.lastgroup == "skip":
            continue
        if depth == 0 and text.upper() in ("OPTIONAL", "MINUS", "BIND", "LATERAL"):
            break
        if token.lastgroup == "var" and depth == 0 and before != "VALUES":
            found.add(text[1:])
        depth += (text in ("{", "(")) - (text in ("}", ")"))
        before = text.upper()
    return frozenset(found)


def absences(pattern: str) -> Iterator[str]:
    """What must not be there: the inside of each ``MINUS { … }`` and ``NOT EXISTS { … }``.

    Those within another, or within a nested SELECT, are part of it and not told again.
    """
    resume = 0
    opened: list[int] = []
    words: list[str] = []
    for token in TOKEN.finditer(pattern):
        if token.lastgroup == "skip" or token.start() < resume:
            continue
        text = token.group().upper()
        if text == "{" and (words[-1:] == ["MINUS"] or words[-2:] == ["NOT", "EXISTS"]):
            closed = _closing(pattern, token.start())
            yield pattern[token.end() : closed].strip()
            resume = closed + 1
        elif text == "{":
            opened.append(token.start())
        elif text == "}" and opened:
            opened.pop()
        elif text == "SELECT" and opened:
            resume = _closing(pattern, opened[-1])
        words = [*words[-1:], text]
