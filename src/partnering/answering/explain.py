"""Why a row stands in an answer: the findings, verdicts and places it rests on.

The query's own pattern is asked again with the row's cells bound, and so is every SELECT
nested in it; every coded statement and every verdict met in the solutions is part of the
reason. That works for saved questions and for any SELECT; where a query keeps some of what
a row was made from to itself, the explanation says that it is partial, and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from rdflib import URIRef
from rdflib.term import Identifier

from partnering.anatomy import absences
from partnering.answering.reasons import Challenged, Passages, Reason, Reasons, Verdict
from partnering.answering.rebinding import Level, hidden, levels
from partnering.store.base import Engine, Table, select

_COUNTED = re.compile(r"(?i)\(\s*(?:DISTINCT\s+)?[?$](\w+)")


@dataclass(frozen=True)
class Member:
    """One of the things that an aggregate was made from."""

    iri: str | None
    label: str


@dataclass(frozen=True)
class Searched:
    """A pattern that must not be met for the row to stand, and how often it was met."""

    pattern: str
    found: int


@dataclass(frozen=True)
class Why:
    """All the reasons of one row.

    ``against`` are findings that dispute those the row rests on, or say the opposite of the
    same thing; ``members`` what each counted column counts; ``searched`` what was looked for
    and must be absent; ``hidden`` what the query keeps to itself, if anything.
    """

    findings: tuple[Reason, ...]
    against: tuple[Reason, ...]
    verdicts: tuple[Verdict, ...]
    challenges: tuple[Challenged, ...]
    members: Mapping[str, tuple[Member, ...]]
    searched: tuple[Searched, ...]
    query: str
    hidden: tuple[str, ...]
    note: str

    @property
    def partial(self) -> bool:
        """Whether only some of what the row was made from is told."""
        return bool(self.hidden)

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and dicts, as ``--why`` and the ``.json`` twins give them."""
        return {**asdict(self), "partial": self.partial}


class Explainer:
    """Explains rows of SELECT queries over one engine."""

    def __init__(self, engine: Engine, passages: Passages = lambda _: None) -> None:
        self.engine = engine
        self._reasons = Reasons(engine, passages)

    def why(
        self,
        query: str,
        row: Mapping[str, Identifier | None],
        *,
        rules: Iterable[URIRef] = (),
    ) -> Why:
        """Reasons of one row of ``query``, whose cells are given by column name.

        ``rules`` are the success rules the question was asked under: the verdicts on the
        arrangements met in the pattern are then part of the reason.
        """
        outer, *nested = levels(query, row)
        solutions = select(self.engine, outer.query)
        tables = [solutions, *(select(self.engine, level.query) for level in nested)]
        met = {c for table in tables for s in table.rows for c in s if isinstance(c, URIRef)}
        behind = self._reasons.behind(met, rules)
        told = hidden(query, row)
        if outer.select.keys and not solutions.rows:
            told = (*told, "the engine did not meet the row again in its own pattern")
        searched = tuple(self._searched(outer))
        return Why(
            findings=behind.statements,
            against=behind.against,
            verdicts=behind.verdicts,
            challenges=behind.challenges,
            members=_members(outer, solutions, behind.labels),
            searched=searched,
            query=outer.query,
            hidden=told,
            note=_note(behind.statements, behind.verdicts, searched, told),
        )

    def reasons(self, statements: Iterable[URIRef]) -> tuple[Reason, ...]:
        """Coded statements with their voice and places, in the order of their names."""
        return self._reasons.statements(statements)

    def _searched(self, level: Level) -> Iterator[Searched]:
        """Each absence that the pattern asks for, looked for once more beside the row."""
        for pattern in absences(level.select.body):
            query = (
                f"{level.select.prologue}SELECT (COUNT(*) AS ?found) WHERE"
                f" {{ {{ SELECT * WHERE {{ {level.solutions} }} }} {{ {pattern} }} }}"
            )
            ((found,),) = select(self.engine, query).rows
            yield Searched(" ".join(pattern.split()), int(str(found)))


def _members(
    level: Level, solutions: Table, labels: Mapping[str, str]
) -> dict[str, tuple[Member, ...]]:
    """For each computed column the distinct things that its expression takes up."""
    held: dict[str, list[Identifier]] = {}
    for column, expression in level.select.made.items():
        names = [n for n in _COUNTED.findall(expression) if n in solutions.columns]
        cells = (cell for name in names for cell in solutions.column(name))
        held[column] = list(dict.fromkeys(cell for cell in cells if cell is not None))
    return {column: tuple(sorted((_member(cell, labels) for cell in cells), key=_by_label))
            for column, cells in held.items() if cells}  # fmt: skip


def _member(cell: Identifier, labels: Mapping[str, str]) -> Member:
    iri = str(cell) if isinstance(cell, URIRef) else None
    return Member(iri, labels.get(str(cell), str(cell)))


def _by_label(member: Member) -> tuple[str, str]:
    return member.label, member.iri or ""


def _note(
    statements: tuple[Reason, ...],
    verdicts: tuple[Verdict, ...],
    searched: tuple[Searched, ...],
    told: tuple[str, ...],
) -> str:
    said = []
    if statements:
        voices = {reason.claimant for reason in statements if reason.claimant}
        cases = {reason.case for reason in statements if reason.case}
        said.append(
            f"Rests on {_count(len(statements), 'statement')} by {_count(len(voices), 'voice')}"
            f" in {_count(len(cases), 'case')}."
        )
    elif not verdicts:
        said.append("This row rests on no finding of its own.")
    if any(one.found == 0 for one in searched):
        said.append("It stands because something was looked for and not found.")
    if told:
        said.append(f"This explanation is partial: {'; '.join(told)}.")
    return " ".join(said)


def _count(number: int, noun: str) -> str:
    words = {0: "no", 1: "one", 2: "two", 3: "three"}
    return f"{words.get(number, str(number))} {noun}{'' if number == 1 else 's'}"
