"""An answer's rows as a page shows them: each cell its words, what they stand for, where that leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from partnering.webui import links
from partnering.webui.showing import wording
from rdflib import Literal, URIRef
from rdflib.term import Identifier

from partnering.answering.answer import Answer
from partnering.answering.questions import Column

LONGEST = 40
"""Letters of the words for a row."""


@dataclass(frozen=True)
class Cell:
    """One cell as it is shown: words, what they stand for, and where that leads."""

    column: Column
    value: Any
    text: str
    iri: str = ""

    @cached_property
    def href(self) -> str | None:
        """Page of the thing, where it has one."""
        return links.page_of(self.iri, self.column.kind) if self.iri else None

    @cached_property
    def key(self) -> str:
        """Short name of the thing, by which a style may know it: ``direction-improved``."""
        return links.short(self.iri) if self.iri else ""

    @cached_property
    def names(self) -> frozenset[str]:
        """All that it may be asked for by: a thing's name, short and whole, and its words."""
        return frozenset((self.key, self.iri, self.text))

    @property
    def said(self) -> bool:
        """Whether a list of statements should say it."""
        return bool(self.text) and self.value != 0 and self.key not in wording.UNSAID

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True)
class Row:
    """One row: its number from 1, its cells by column, and the way to its reasons.

    Cells are made when a view asks for them, since a page shows a hundred rows of a thousand; and
    each once for all rows that say the same.
    """

    number: int
    answer: Answer
    terms: tuple[Identifier | None, ...]
    places: Mapping[str, tuple[Column, int, int | None]]
    made: dict[tuple[str, int, int], Cell] = field(default_factory=dict, repr=False, compare=False)

    def __getitem__(self, name: str) -> Cell:
        column, at, label = self.places[name]
        term, words = self.terms[at], None if label is None else self.terms[label]
        # By identity: a table holds each term once, and the answer keeps it alive.
        key = name, id(term), id(words)
        if (cell := self.made.get(key)) is None:
            cell = self.made[key] = _cell(column, term, words)
        return cell

    def only(self, names: Iterable[str]) -> list[Cell]:
        """Some of its cells, in that order."""
        return [self[name] for name in names if name in self.places]

    @property
    def called(self) -> str:
        """What it is about in a few words, so that links of many rows can be told apart."""
        first = ""
        for name in self.places:
            cell = self[name]
            if cell.iri and cell:
                return wording.cut(cell.text, LONGEST)
            first = first or cell.text
        return wording.cut(first, LONGEST)

    @property
    def why(self) -> str:
        """Address of its reasons."""
        bound = self.answer.bound
        page = links.question_page(bound.question.slug, bound.values, why=self.number)
        return f"{page}#reasons"


def rows_of(answer: Answer) -> list[Row]:
    """Rows of an answer with words for labels and links for things."""
    at = {name: place for place, name in enumerate(answer.table.columns)}
    places = {
        column.name: (column, at[column.name], at[column.label] if column.label else None)
        for column in answer.question.columns
    }
    made: dict[tuple[str, int, int], Cell] = {}
    return [
        Row(number, answer, terms, places, made)
        for number, terms in enumerate(answer.table.rows, 1)
    ]


def standing(rows: Sequence[Row]) -> str:
    """What rows about findings stand on, in words: how many of them, whose, in how many cases."""
    held = rows[0].places if rows else {}
    finding = next((c.name for c, _, _ in held.values() if c.kind == "finding"), "")
    told = {
        noun: {row[name].iri or row[name].text for row in rows if row[name]}
        for noun, name in (("Findings", finding), ("Voices", "claimant"), ("Cases", "case"))
        if name in held
    }
    return wording.standing({noun: len(things) for noun, things in told.items()})


def _cell(column: Column, term: Identifier | None, label: Identifier | None) -> Cell:
    if term is None and label is None:
        return Cell(column, None, "")
    iri = str(term) if isinstance(term, URIRef) else ""
    value = term.toPython() if isinstance(term, Literal) else term
    words = str(label) if label is not None else links.short(iri) if iri else value
    if isinstance(words, bool):
        words = "yes" if words else "no"
    text = f"{words:,}" if isinstance(words, int) else str(words)
    return Cell(column, value, text, iri)
