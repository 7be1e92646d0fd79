"""Fragile rows: those that fall with one statement, or stand on one voice alone, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from partnering.answering.accounts import accounts
from partnering.answering.comparison import Comparison, Shape
from partnering.answering.explain import Explainer, Why
from partnering.answering.questions import BoundQuestion
from partnering.doubt.candidates import Candidate
from partnering.store.base import Engine, Row, Table


@dataclass(frozen=True)
class Fragile:
    """A row, by its number from 0, that one statement or voice carries, and why, in words."""

    row: int
    reason: str
    statements: tuple[str, ...]


def fragile(
    engine: Engine,
    bound: BoundQuestion,
    table: Table,
    without: Iterable[tuple[Candidate, Comparison]],
) -> Iterator[Fragile]:
    """The fragile rows of an answer, given what leaving out each statement does to it."""
    shape = Shape.of(bound.question)
    falls: dict[Row, list[str]] = {}
    for candidate, found in without:
        for row in found.lost if candidate.kind == "statement" else ():
            falls.setdefault(shape.bare(row), []).append(candidate.subject)
    explainer = Explainer(engine)
    for at, row in enumerate(table.rows):
        why = explainer.why(
            bound.query, dict(zip(table.columns, row, strict=True)), rules=bound.rules
        )
        carried = tuple(falls.get(shape.bare(row), ()))
        reason = _one_statement(engine, why, carried) if carried else _one_voice(engine, why)
        if reason:
            yield Fragile(at, reason, carried or tuple(f.statement for f in why.findings))


def _one_statement(engine: Engine, why: Why, carried: tuple[str, ...]) -> str:
    own = {finding.statement for finding in why.findings}
    parts = []
    for statement in carried:
        said = accounts(engine, [statement]).get(statement)
        by = f", {said}" if said else ""
        if statement in own:
            parts.append(f"rests on one finding{by}")
        else:
            parts.append(f"stands on a verdict that one finding carries{by}")
    return "; ".join(dict.fromkeys(parts))


def _one_voice(engine: Engine, why: Why) -> str:
    statements = [finding.statement for finding in why.findings]
    claimants = {finding.claimant for finding in why.findings}
    if len(claimants) != 1 or None in claimants:
        return ""
    said = accounts(engine, statements)
    return f"rests on one voice, {said[min(said)]}" if said else ""
