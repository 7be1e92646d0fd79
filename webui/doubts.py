"""Why something is not in an answer, and what would change it, as a question's page shows them.

The state is the address: ``missing=factor&what=trust`` asks why not, ``add=1`` with it what
would put it there, ``change=1`` what would change it, with ``why=3`` for that row. Nothing is tried unless it is asked for, at the cost of
whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from flask import current_app, request
from partnering.webui import live
from partnering.webui.serving.budget import Budget

from partnering.answering.answer import Answer
from partnering.answering.comparison import say_change, short
from partnering.answering.explain import Why
from partnering.answering.questions import Column
from partnering.doubt.sensitivity import Effect, Sensitivity
from partnering.doubt.why_not import WhyNot
from partnering.errors import Missing, PartneringError, WrongUse
from partnering.store.base import Row

RESERVED = ("missing", "what", "add", "change")
KINDS = ("concept", "case", "partnership", "actor", "rule")
"""Kinds of column whose things somebody may miss in an answer."""
NAMED = 8
"""Rows named in a line before the rest is counted."""


@dataclass(frozen=True)
class Missed:
    """What somebody missed in an answer, and why it is not there, or why that cannot be said."""

    column: str = ""
    what: str = ""
    found: WhyNot | None = None
    added: bool = False
    """Whether additions were asked for."""
    error: PartneringError | None = None


@dataclass(frozen=True)
class Change:
    """A change that was tried, and in words what it does to the rows."""

    words: str
    lost: str
    gained: str
    changed: tuple[str, ...]


@dataclass(frozen=True)
class Changes:
    """Changes that matter, and how many were tried; of one row, where its number is given."""

    row: int | None
    told: tuple[Change, ...]
    tried: int


def columns(answer: Answer) -> list[Column]:
    """Columns of which somebody may miss a thing."""
    return [column for column in answer.question.columns if column.kind in KINDS]


def missed(answer: Answer) -> Missed:
    """Why what the address names is not in the answer."""
    column, what = request.args.get("missing", ""), request.args.get("what", "").strip()
    added = bool(request.args.get("add"))
    if not column or not what:
        return Missed(column)
    try:
        with _charged():
            found = live.service().doubts.why_not(
                answer.question.slug, answer.bound.values, {column: what}, additions=added
            )
    except (WrongUse, Missing) as error:
        return Missed(column, what, error=error)
    return Missed(column, what, found, added)


def changes(answer: Answer, row: int | None, why: Why | None) -> Changes | None:
    """What would change the answer, or the row of these reasons, where the address asks."""
    if not request.args.get("change"):
        return None
    doubts = live.service().doubts
    with _charged():
        found = doubts.of_row(answer, why) if why else doubts.by_rule_and_case(answer)
    return Changes(row, tuple(_told(found)), found.tried)


def _charged() -> AbstractContextManager[None]:
    budget: Budget = current_app.extensions["partnering.budget"]
    return budget.spent_by(request.remote_addr or "")


def _told(found: Sensitivity) -> Iterator[Change]:
    for effect in sorted(found.effects, key=lambda one: -len(one.comparison.lost)):
        yield _change(found, effect)


def _change(found: Sensitivity, effect: Effect) -> Change:
    question, comparison = found.bound.question, effect.comparison
    words = effect.candidate.words
    if effect.candidate.kind == "rule" and any(p.kind == "rule" for p in question.parameters):
        # What is tried where the question names a rule is another one in its place.
        words = words.replace("without", "by") + " instead"
    return Change(
        words,
        _names(found, comparison.lost),
        _names(found, comparison.gained),
        tuple(say_change(question, *pair) for pair in comparison.changed[:NAMED]),
    )


def _names(found: Sensitivity, rows: Sequence[Row]) -> str:
    """What rows are about, a few by name."""
    question = found.bound.question
    about = next((c for c in question.columns if c.kind == "finding"), question.columns[0])
    at = found.table.columns.index(about.label or about.name)
    names = [short(row[at]) for row in rows]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ("; " if about.kind == "finding" else ", ").join(names[:NAMED]) + more
