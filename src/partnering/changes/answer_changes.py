"""Which answers two states of a workspace give differently, and because of what."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rdflib import URIRef

from partnering.anatomy import Anatomy, dissect
from partnering.answering.comparison import Comparison, Shape, compare, short
from partnering.answering.questions import BoundQuestion, Question
from partnering.answering.vocabulary import Vocabulary
from partnering.changes.regression import Answers
from partnering.changes.state import State
from partnering.store.base import Row, select
from partnering.store.embedded import EmbeddedEngine

_WEIGHED = """
PREFIX ptn: <https://w3id.org/partnering/ontology#>
SELECT DISTINCT ?arrangement ?statement WHERE {
  ?assessment a ptn:DerivedAssessment ; ptn:assesses ?arrangement .
  { ?assessment ptn:basedOn ?statement } UNION { ?assessment ptn:weighsAgainst ?statement }
}"""
Label = Callable[[str], str]
EXAMPLES = 12
"""Rows of a question that are told; all are in the JSON."""
EXPLAINED = 24
"""Rows of a question whose causes are looked for: where more change, they have one in common."""


@dataclass(frozen=True)
class RowChange:
    """A row that came (+), went (-) or reads otherwise (~), and the changed things behind it."""

    mark: str
    row: Row
    before: Row | None
    because: tuple[str, ...]


@dataclass(frozen=True)
class AnswerChange:
    """One question, as it was asked, and what became of its rows."""

    slug: str
    sentence: str
    question: Question
    rows: tuple[RowChange, ...]
    note: str = ""

    def lines(self, label: Label) -> Iterator[str]:
        """In words."""
        yield f"  {self.sentence} [{self.slug}]{': ' if self.note else ''}{self.note}"
        for change in self.rows[:EXAMPLES]:
            said = self._say(change, label)
            why = ", ".join(f"“{label(iri)}”" for iri in change.because[:3])
            yield f"    {change.mark} {said}" + (f" — because of {why}" if why else "")
        if len(self.rows) > EXAMPLES:
            yield f"    and {len(self.rows) - EXAMPLES} more rows"

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and dicts, cells as texts."""
        return {
            "question": self.slug,
            "sentence": self.sentence,
            "note": self.note,
            "columns": list(self.question.variables),
            "rows": [
                {
                    "mark": change.mark,
                    "row": [None if cell is None else str(cell) for cell in change.row],
                    "before": change.before
                    and [None if cell is None else str(cell) for cell in change.before],
                    "because": list(change.because),
                }
                for change in self.rows
            ],
        }

    def _say(self, change: RowChange, label: Label) -> str:
        cells = dict(zip(self.question.variables, change.row, strict=True))
        old = (
            dict(zip(self.question.variables, change.before, strict=True)) if change.before else {}
        )

        def shown(cell: object) -> str:
            return label(str(cell)) if isinstance(cell, URIRef) else short(cell)  # type: ignore[arg-type]

        said: list[str] = []
        for column in self.question.columns:
            cell = cells[column.name]
            if change.before is None and cell is not None:
                said.append(shown(cell) if not said else f"{column.title}: {shown(cell)}")
            elif change.before is not None and old[column.name] != cell:
                said.append(f"{column.title}: {shown(old[column.name])} → {shown(cell)}")
        if change.before is None:
            return " · ".join(said[:6])
        named = [
            shown(cells[self.question.variables[at]]) for at in Shape.of(self.question).identity
        ]
        return " · ".join([*(name for name in named[:3] if name != "–"), *said])


def answer_changes(before: State, after: State, changed: Collection[str]) -> Iterator[AnswerChange]:
    """Questions of either state whose answers differ; ``changed`` are IRIs said otherwise."""
    words = Vocabulary(EmbeddedEngine(after.store))
    old = {question.slug: question for question in before.catalogue.questions}
    for question in after.catalogue.questions:
        twin = old.pop(question.slug, None)
        if twin is None or twin.variables != question.variables:
            note = "new question" if twin is None else "other columns than before"
            yield AnswerChange(question.slug, question.wording, question, (), note)
            continue
        for given in after.answers.asked(question):
            if given in before.answers.asked(twin):
                sentence = question.bind(given, words).sentence
                found = _compared(before.answers, after.answers, twin, question, given, changed,
                                  sentence)  # fmt: skip
                if found:
                    yield found
    for twin in old.values():
        yield AnswerChange(twin.slug, twin.wording, twin, (), "question dropped")


def _compared(
    before: Answers, after: Answers, twin: Question, question: Question, given: dict[str, str],
    changed: Collection[str], sentence: str,
) -> AnswerChange | None:  # fmt: skip
    asked, asked_before = (
        question.bind(given, after.vocabulary),
        twin.bind(given, before.vocabulary),
    )
    old, new = select(before.engine, asked_before.query), select(after.engine, asked.query)
    found = compare(question, old, new)
    if not found:
        return None
    rows = tuple(_rows(before, after, asked_before, asked, found, changed))
    note = "the question's own text changed" if twin.query != question.query else ""
    return AnswerChange(question.slug, sentence, question, rows, note)


def _rows(
    before: Answers, after: Answers, asked_before: BoundQuestion, asked: BoundQuestion,
    found: Comparison, changed: Collection[str],
) -> Iterator[RowChange]:  # fmt: skip
    was, now = _Causes(before, asked_before, changed), _Causes(after, asked, changed)
    for row in found.lost:
        yield RowChange("-", row, None, was.of(row))
    for row in found.gained:
        yield RowChange("+", row, None, now.of(row))
    for old, new in found.changed:
        yield RowChange("~", new, old, tuple(dict.fromkeys((*now.of(new), *was.of(old)))))


class _Causes:
    """The changed things met in a question's pattern, by row; the pattern is asked only once."""

    def __init__(self, answers: Answers, bound: BoundQuestion, changed: Collection[str]) -> None:
        self._answers = answers
        self._bound = bound
        self._changed = frozenset(changed)

    def of(self, row: Row) -> tuple[str, ...]:
        """Statements first, those that a changed verdict weighs among them."""
        if not self._changed:
            return ()
        cells = dict(zip(self._bound.question.variables, row, strict=True))
        key = tuple(cells[name] for name in self._keys)
        found = self._met.get(key, frozenset())
        weighed = {s for iri in found for s in self._weighed.get(iri, ())}
        return (*sorted(weighed), *sorted(found - weighed))

    @cached_property
    def _parts(self) -> Anatomy:
        return dissect(self._bound.query)

    @property
    def _keys(self) -> tuple[str, ...]:
        return tuple(name for name in self._parts.keys if name in self._bound.question.variables)

    @cached_property
    def _met(self) -> dict[Row, frozenset[str]]:
        query = f"{self._parts.prologue}SELECT DISTINCT * WHERE {{ {self._parts.body} }}"
        table = select(self._answers.engine, query)
        places = [table.columns.index(name) for name in self._keys]
        found: dict[Row, set[str]] = {}
        for solution in table.rows:
            met = {str(cell) for cell in solution if isinstance(cell, URIRef)} & self._changed
            if met:
                found.setdefault(tuple(solution[at] for at in places), set()).update(met)
        return {key: frozenset(met) for key, met in found.items()}

    @cached_property
    def _weighed(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for arrangement, statement in select(self._answers.engine, _WEIGHED).rows:
            if str(statement) in self._changed:
                found.setdefault(str(arrangement), set()).add(str(statement))
        return found
