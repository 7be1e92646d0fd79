"""An answer: rows of a saved question, with all that is needed to read, doubt and cite them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from rdflib.term import Identifier

from partnering.answering.explain import Explainer, Why
from partnering.answering.questions import BoundQuestion, Question
from partnering.answering.support import Supports
from partnering.store.base import Table


@dataclass(frozen=True)
class RuleUsed:
    """The success rule an answer was given under."""

    name: str
    label: str
    version: str
    definition: str


@dataclass(frozen=True)
class Answer:
    """Rows of a saved question, with all that is needed to read and to doubt them."""

    bound: BoundQuestion
    table: Table
    rules: tuple[RuleUsed, ...]
    snapshot: str
    published: date
    explainer: Explainer

    @property
    def question(self) -> Question:
        return self.bound.question

    @property
    def sentence(self) -> str:
        """The question as it was asked."""
        return self.bound.sentence

    @property
    def reading(self) -> str:
        """The answer in one line of plain English."""
        count = len(self.table)
        rows = "Nothing was found" if not count else f"{count} row{'' if count == 1 else 's'}"
        under = " and ".join(f"the rule “{r.label}” (version {r.version})" for r in self.rules)
        return f"{rows}{', success by ' + under if under else ''}."

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One dict a row, by column; IRIs as str, literals as Python values."""
        return self.table.records()

    @property
    def citation(self) -> str:
        """One line to quote: question, parameters, rule and version, snapshot and its date."""
        asked = "".join(f"; {name} = {value}" for name, value in self.bound.values.items())
        rules = "".join(f", rule {rule.label} version {rule.version}" for rule in self.rules)
        day = f"{self.published.day} {self.published:%B %Y}"
        return (
            f"“{self.sentence}” Question {self.question.id} ({self.question.slug}{asked}){rules}."
            f" Partnering knowledge graph, snapshot {self.snapshot} of {day}."
        )

    @cached_property
    def support(self) -> Supports:
        """How much stands behind each row: statements, voices, cases, and whose account it is."""
        return Supports(self.explainer.engine, self.bound, self.table)

    def why(self, row: int | Mapping[str, Identifier | None]) -> Why:
        """The reasons of one row, by its number from 0 or its cells."""
        cells = (
            dict(zip(self.table.columns, self.table.rows[row], strict=True))
            if isinstance(row, int)
            else row
        )
        return self.explainer.why(self.bound.query, cells, rules=self.bound.rules)

    def to_dict(self) -> dict[str, Any]:
        """The object that the command line's and the web's JSON are."""
        one = self.rules[0] if len(self.rules) == 1 else None
        return {
            "question": {
                "id": self.question.id,
                "slug": self.question.slug,
                "wording": self.sentence,
            },
            "parameters": self.bound.values,
            "rule": None if not self.rules else vars(one) if one else [vars(r) for r in self.rules],
            "snapshot": self.snapshot,
            "citation": self.citation,
            "caveats": list(self.question.caveats),
            "columns": list(self.table.columns),
            "rows": self.rows,
            "support": [one.to_dict() for one in self.support],
        }

    def to_csv(self) -> str:
        """The rows as CSV (RFC 4180), a header line first."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(self.table.columns)
        for record in self.rows:
            writer.writerow(["" if cell is None else cell for cell in record.values()])
        return out.getvalue()
