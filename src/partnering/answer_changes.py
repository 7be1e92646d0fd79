"""Which answers two states of a workspace give differently, and because of what."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from rdflib import URIRef

from partnering.comparison import Comparison, compare, short
from partnering.explain import Explainer, bound_to
from partnering.questions import BoundQuestion, Question
from partnering.regression import Answers
from partnering.state import State
from partnering.store.base import Row, Table, select

Label = Callable[[str], str]
EXAMPLES = 12


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
        old = dict(zip(self.question.variables, change.before, strict=True)) if change.before else {}

        def shown(cell: object) -> str:
            return label(str(cell)) if isinstance(cell, URIRef) else short(cell)  # type: ignore[arg-type]

        said = []
        for column in self.question.columns:
            cell = cells[column.name]
            if change.before is None and cell is not None:
                said.append(shown(cell) if not said else f"{column.title}: {shown(cell)}")
            elif change.before is not None and old[column.name] != cell:
                said.append(f"{column.title}: {shown(old[column.name])} → {shown(cell)}")
        first = shown(cells[self.question.columns[0].name])
        return " · ".join(said[:6] if change.before is None else [first, *said])


def answer_changes(
    before: State, after: State, changed: Collection[str]
) -> Iterator[AnswerChange]:
    """Questions of either state whose answers differ; ``changed`` are IRIs said otherwise."""
    old = {question.slug: question for question in before.catalogue.questions}
    for question in after.catalogue.questions:
        twin = old.pop(question.slug, None)
        if twin is None or twin.variables != question.variables:
            note = "new question" if twin is None else "other columns than before"
            yield AnswerChange(question.slug, question.wording, question, (), note)
            continue
        for given in after.answers.asked(question):
            if given in before.answers.asked(twin):
                found = _compared(before.answers, after.answers, twin, question, given, changed)
                if found:
                    yield found
    for twin in old.values():
        yield AnswerChange(twin.slug, twin.wording, twin, (), "question dropped")


def _compared(
    before: Answers, after: Answers, twin: Question, question: Question, given: dict[str, str],
    changed: Collection[str],
) -> AnswerChange | None:  # fmt: skip
    asked, asked_before = question.bind(given, after.vocabulary), twin.bind(given, before.vocabulary)
    old, new = select(before.engine, asked_before.query), select(after.engine, asked.query)
    found = compare(question, old, new)
    if not found:
        return None
    rows = tuple(_rows(before, after, asked_before, asked, found, changed))
    note = "the question's own text changed" if twin.query != question.query else ""
    return AnswerChange(question.slug, asked.sentence, question, rows, note)


def _rows(
    before: Answers, after: Answers, asked_before: BoundQuestion, asked: BoundQuestion,
    found: Comparison, changed: Collection[str],
) -> Iterator[RowChange]:  # fmt: skip
    for row in found.lost:
        yield RowChange("-", row, None, _because(before, asked_before, row, changed))
    for row in found.gained:
        yield RowChange("+", row, None, _because(after, asked, row, changed))
    for old, new in found.changed:
        why = dict.fromkeys((*_because(after, asked, new, changed),
                             *_because(before, asked_before, old, changed)))  # fmt: skip
        yield RowChange("~", new, old, tuple(why))


def _because(
    answers: Answers, bound: BoundQuestion, row: Row, changed: Collection[str]
) -> tuple[str, ...]:
    """The changed things met where the row is explained, statements before anything else."""
    cells = dict(zip(bound.question.variables, row, strict=True))
    rules = [choice.iri for parameter in bound.question.parameters if parameter.kind == "rule"
             for choice in bound.bound[parameter.name]]  # fmt: skip
    why = Explainer(answers.engine).why(bound.query, cells, rules=rules)
    reasons = [r.statement for r in why.findings]
    reasons += [r.statement for v in why.verdicts for r in (*v.based_on, *v.weighs_against)]
    again: Table = select(answers.engine, bound_to(bound.query, cells)[0])
    met = sorted({str(cell) for one in again.rows for cell in one if isinstance(cell, URIRef)})
    return tuple(dict.fromkeys(iri for iri in (*reasons, *met) if iri in changed))
