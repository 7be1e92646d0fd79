"""Problems: what a check found, said so that somebody can mend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import total_ordering
from typing import Literal

Severity = Literal["violation", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("violation", "warning", "info")
"""Gravest first. A violation stops publishing; a warning asks a person to look."""


@total_ordering
@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    ``where`` is ``file:line`` when the line can be found, else an IRI; ``focus`` the IRI of the
    thing spoken of; ``rule`` the name of the shape, lint or hygiene rule that says so.
    """

    gate: str
    severity: Severity
    message: str
    where: str
    focus: str
    why: str
    mend: str
    rule: str

    def __str__(self) -> str:
        lines = [f"{self.where}: {self.severity}: {self.message} [{self.rule}]"]
        lines += [f"    why: {self.why}"] if self.why else []
        lines += [f"    to mend: {self.mend}"] if self.mend else []
        return "\n".join(lines)

    def __lt__(self, other: Problem) -> bool:
        return self._order < other._order

    @property
    def _order(self) -> tuple[int, str, int, str, str, str]:
        file, _, line = self.where.rpartition(":")
        place = (file, int(line)) if file and line.isdecimal() else (self.where, 0)
        return (SEVERITIES.index(self.severity), *place, self.rule, self.message, self.focus)


@dataclass(frozen=True)
class Checked:
    """What a check found, in order of gravity and place, and what it saw."""

    problems: tuple[Problem, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def violations(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "violation")

    def __add__(self, other: Checked) -> Checked:
        return combine((self, other))


def checked(
    gate: str,
    problems: Iterable[Problem],
    counts: Mapping[str, int],
    *,
    where: str,
    must_see: str,
) -> Checked:
    """The outcome of one check; having seen none of ``must_see`` is itself a violation."""
    found = set(problems)
    if not counts.get(must_see):
        found.add(
            Problem(
                gate=gate,
                severity="violation",
                message=f"No {must_see} seen by {gate}.",
                where=where,
                focus="",
                why="A check that sees nothing passes whatever is wrong.",
                mend="see that the file says something, and that its classes and prefixes are"
                " spelt as in the ontology",
                rule="saw-nothing",
            )
        )
    return Checked(tuple(sorted(found)), dict(counts))


def combine(parts: Iterable[Checked]) -> Checked:
    """Several outcomes as one: problems in order, counts added up."""
    problems: set[Problem] = set()
    counts: Counter[str] = Counter()
    for part in parts:
        problems.update(part.problems)
        counts.update(part.counts)
    return Checked(tuple(sorted(problems)), dict(counts))
