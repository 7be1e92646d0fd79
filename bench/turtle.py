"""Descriptions written as Turtle, and anchors into paragraphs that nobody ever wrote."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from random import Random

Statement = tuple[str, str | Iterable[str]]
"""A property and its value or values, as Turtle writes them."""


def thing(name: str, kind: str, *statements: Statement) -> str:
    """One description; properties without a value are left out."""
    lines = [f"{name} a ptn:{kind}"]
    for predicate, value in statements:
        values = value if isinstance(value, str) else ", ".join(value)
        if values:
            lines.append(f"    {predicate} {values}")
    return " ;\n".join(lines) + " .\n"


def text(words: str) -> str:
    """A plain literal."""
    return f'"{words}"'


def label(words: str) -> str:
    """A literal in British English."""
    return f'"{words}"@en-GB'


def concepts(names: Iterable[str]) -> tuple[str, ...]:
    """Concepts by their prefixed names."""
    return tuple(f"concept:{name}" for name in names)


class Anchors:
    """Hands out anchors into some paragraphs of a report, and describes each it gave."""

    def __init__(self, lengths: dict[int, int], chance: Random) -> None:
        self._lengths = lengths
        self._chance = chance
        self._given: dict[str, tuple[int, int, int]] = {}

    def one(self) -> str:
        """A passage of 30 to 160 characters in the paragraphs; a good half serve twice or more."""
        if len(self._given) > 5 and self._chance.random() < 0.5:
            return self._chance.choice(list(self._given))
        number = self._chance.choice(list(self._lengths))
        start = self._chance.randrange(self._lengths[number] - 170)
        end = start + self._chance.randint(30, 160)
        name = f"report:p{number}.{start}-{end}"
        self._given[name] = (number, start, end)
        return name

    def described(self) -> Iterable[str]:
        """Every anchor given, with a digest that fits its name and no text."""
        for name, (number, start, end) in sorted(self._given.items(), key=lambda item: item[1]):
            yield (
                f"{name} a ptn:EvidenceAnchor ; ptn:anchoredIn report:p{number} ;"
                f" ptn:startOffset {start} ; ptn:endOffset {end} ;\n"
                f"    ptn:passageDigest {text(digest(name))} .\n"
            )


def digest(words: str) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(words.encode()).hexdigest()
