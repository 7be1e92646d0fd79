"""How much stands behind each row of an answer: statements, voices, cases, and whose account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, overload

from rdflib import URIRef
from rdflib.term import Identifier

from partnering.anatomy import dissect
from partnering.answering.accounts import OWN, TELLERS, in_words
from partnering.answering.comparison import Shape
from partnering.answering.questions import BoundQuestion, Question
from partnering.answering.rebinding import is_grouped, levels
from partnering.answering.told import Pattern, told
from partnering.store.base import Engine, Table, select

_SAID = (
    Pattern("said", ("claimant",), "?thing a ptn:CodedStatement ; ptn:claimedBy ?claimant ."),
    Pattern("case", ("case",), "?thing ptn:findingInCase ?case ."),
)

LONG = 2_000
"""Rows from which a plain list is taken to name its statements in its own cells: to ask for all that
its solutions bind beside them takes several times as long as the answer itself."""
NO_CLAIM = frozenset({"provenance", "references"})
"""Tags of questions whose rows claim nothing about partnering."""


@dataclass(frozen=True)
class Support:
    """What one row rests on in numbers, and in words where it is thin ('' where it is not).

    The numbers count the row's own statements. The words also say where every arrangement
    behind the row is successful, by the rule asked for, on the strength of one statement.
    """

    statements: int
    voices: int
    cases: int
    thin: str

    def to_dict(self) -> dict[str, Any]:
        """The object that the JSON of an answer holds for each row."""
        return asdict(self)


class Supports(Sequence[Support]):
    """Support of each row of an answer; rows asked for together are counted together, and kept."""

    def __init__(self, engine: Engine, bound: BoundQuestion, table: Table) -> None:
        self._engine = engine
        self._bound = bound
        self._table = table
        self._counted: dict[int, Support] = {}

    def __len__(self) -> int:
        return len(self._table)

    @overload
    def __getitem__(self, at: int) -> Support: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Support, ...]: ...

    def __getitem__(self, at: int | slice) -> Support | tuple[Support, ...]:
        if isinstance(at, int):
            at = range(len(self))[at]
            return self[at : at + 1][0]
        asked = range(len(self))[at]
        self._count([place for place in asked if place not in self._counted])
        return tuple(self._counted[place] for place in asked)

    def __iter__(self) -> Iterator[Support]:
        return iter(self[:])

    @property
    def may_be_thin(self) -> bool:
        """Whether the rows claim anything that could rest on little."""
        return not NO_CLAIM & set(self._bound.question.tags)

    def _count(self, places: Sequence[int]) -> None:
        behind = [self._behind[place] for place in places]
        met = {iri for things in behind for iri in things}
        found = told(self._engine, met, (*_SAID, *TELLERS, *_borne_under(self._bound.rules)))
        cases: dict[str, str] = dict(found["case"])  # type: ignore[arg-type]
        said: dict[str, set[tuple[str, str | None]]] = {}
        for statement, claimant in found["said"]:
            said.setdefault(statement, set()).add((claimant, cases.get(statement)))
        unsaid = _unsaid(self._bound.question)
        tellers = in_words(found)
        borne = _weakest(found.get("borne", []))
        for place, things in zip(places, behind, strict=True):
            own = sorted(str(iri) for iri in things if str(iri) in said)
            verdicts = [borne[str(iri)] for iri in things if str(iri) in borne]
            alone = bool(verdicts) and max(verdicts) == 1
            self._counted[place] = _support(own, said, tellers, unsaid, alone)

    @cached_property
    def _behind(self) -> list[set[URIRef]]:
        """For each row the things met in the solutions behind it, asked once for all rows."""
        return _behind(self._engine, self._bound.query, self._table)


def _borne_under(rules: tuple[URIRef, ...]) -> tuple[Pattern, ...]:
    """The statements that a verdict of success by some rules rests on; nothing without a rule."""
    listed = " ".join(iri.n3() for iri in rules)
    where = f"""VALUES ?rule {{ {listed} }} ?thing ptn:successfulUnder ?rule .
  ?verdict ptn:assesses ?thing ; ptn:underRule ?rule ; ptn:basedOn ?statement ."""
    return (Pattern("borne", ("rule", "statement"), where),) if rules else ()


def _weakest(borne: Iterable[tuple[str, ...]]) -> dict[str, int]:
    """For each successful arrangement the statements that carry the weakest verdict on it."""
    by_rule = Counter((arrangement, rule) for arrangement, rule, _ in borne)
    weakest: dict[str, int] = {}
    for (arrangement, _), number in by_rule.items():
        weakest[arrangement] = min(number, weakest.get(arrangement, number))
    return weakest


def _unsaid(question: Question) -> frozenset[str]:
    """What a row says of itself already: that it is one statement, of one case, by one voice."""
    shape = Shape.of(question)
    kinds = {column.name: column.kind for column in question.columns}
    named = {shape.columns[at] for at in shape.identity}
    found = {kind for kind in ("finding", "case") if any(kinds[name] == kind for name in named)}
    if any(parameter.kind == "case" for parameter in question.parameters):
        found.add("case")
    if "claimant" in named:
        found.add("voice")
    # What became of a paragraph or how a work is cited is no claim that could be thin.
    return frozenset(found | (NO_CLAIM & set(question.tags)))


def _behind(engine: Engine, query: str, table: Table) -> list[set[URIRef]]:
    parts = dissect(query)
    if len(table) > LONG and not is_grouped(parts):
        return [{cell for cell in row if isinstance(cell, URIRef)} for row in table.rows]
    keys = parts.keys
    outer, *nested = levels(query, {})
    met: dict[tuple[Identifier | None, ...], set[URIRef]] = {}
    for level in (outer, *(() if keys else nested)):
        found = select(engine, level.query)
        places = [found.columns.index(name) for name in keys]
        for row in found.rows:
            things = met.setdefault(tuple(row[at] for at in places), set())
            things.update(cell for cell in row if isinstance(cell, URIRef))
    at = [table.columns.index(name) for name in keys]
    return [met.get(tuple(row[place] for place in at), set()) for row in table.rows]


def _support(
    own: list[str],
    said: dict[str, set[tuple[str, str | None]]],
    tellers: dict[str, str],
    unsaid: frozenset[str],
    borne_by_one: bool,
) -> Support:
    told = {one for iri in own for one in said[iri]}
    voices = {claimant for claimant, _ in told}
    cases = {case for _, case in told if case}
    words = sorted({tellers[iri] for iri in own if iri in tellers}) if len(voices) == 1 else []
    if unsaid & NO_CLAIM:
        return Support(len(own), len(voices), len(cases), "")
    parts = [_thin(len(own), len(voices), len(cases), words, unsaid)]
    if borne_by_one:
        parts.append("success rests on one finding")
    return Support(len(own), len(voices), len(cases), "; ".join(filter(None, parts)))


def _thin(
    statements: int, voices: int, cases: int, tellers: list[str], unsaid: frozenset[str]
) -> str:
    if "finding" in unsaid:
        return "; ".join(teller for teller in tellers if teller.startswith(OWN))
    parts = ["one case"] if cases == 1 and "case" not in unsaid else []
    if statements == 1:
        parts.append("one finding")
    elif voices == 1 and "voice" not in unsaid:
        parts.append("one voice")
    named = f": {'; '.join(tellers)}" if tellers and "voice" not in unsaid else ""
    return ", ".join(parts) + named if parts else ""
