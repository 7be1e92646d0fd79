"""What of a source is accounted for: coded, apparatus, nothing to code, or left.

Coded is a paragraph in which some anchor of any data file stands. That it is apparatus, or
that there is nothing to code in it, is said by hand in the source's ``coverage.ttl``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from rdflib import Graph
from rdflib.namespace import RDFS
from rdflib.term import Node

from partnering.errors import Missing
from partnering.namespaces import CONCEPT, PTN


class Coverage(StrEnum):
    """How a paragraph is accounted for."""

    CODED = "coded"
    NOTHING = "nothing to code"
    APPARATUS = "apparatus"
    LEFT = "left"


STATUSES: dict[Node, Coverage] = {
    CONCEPT["coverage-apparatus"]: Coverage.APPARATUS,
    CONCEPT["coverage-nothing-to-code"]: Coverage.NOTHING,
}


@dataclass(frozen=True)
class Covered:
    """One paragraph and how it is accounted for; ``anchors`` counts those that stand in it."""

    number: int
    label: str
    section: str
    kind: str
    status: Coverage
    anchors: int
    reason: str | None

    @property
    def part(self) -> str:
        """The case, or the chapter, it belongs to."""
        return self.section.partition("/")[0]


@dataclass(frozen=True)
class Tally:
    """Paragraphs by status in a part, a section or the whole."""

    name: str
    coded: int
    nothing: int
    apparatus: int
    left: int

    @property
    def total(self) -> int:
        return self.coded + self.nothing + self.apparatus + self.left

    @property
    def accounted(self) -> float:
        """The share that is not left, from 0 to 1."""
        return 1 - self.left / self.total

    @classmethod
    def of(cls, name: str, paragraphs: Iterable[Covered]) -> Tally:
        counts = Counter(paragraph.status for paragraph in paragraphs)
        return cls(name, *(counts[status] for status in Coverage))


@dataclass(frozen=True)
class CoverageReport:
    """All paragraphs in document order, and what contradicts itself (``name: what``)."""

    paragraphs: tuple[Covered, ...]
    contradictions: tuple[str, ...]

    @property
    def left(self) -> tuple[Covered, ...]:
        return tuple(one for one in self.paragraphs if one.status is Coverage.LEFT)

    @property
    def total(self) -> Tally:
        return Tally.of("all", self.paragraphs)

    def by_part(self) -> list[Tally]:
        """One tally a case or chapter, in document order."""
        return _tallies((one.part, one) for one in self.paragraphs)

    def by_section(self) -> list[Tally]:
        """One tally a section, subsections not included, in document order."""
        return _tallies((one.section, one) for one in self.paragraphs)


def coverage_of(graphs: Mapping[str, Graph], base: str) -> CoverageReport:
    """Account for every described paragraph of the source whose names begin with ``base``.

    Needs no copy of the text. Raises Missing when no graph describes its paragraphs.
    """
    # An anchor that several files use is one anchor.
    standing = {pair for graph in graphs.values() for pair in graph.subject_objects(PTN.anchoredIn)}
    anchors = Counter(str(paragraph) for _, paragraph in standing)
    stated, reasons = _stated(graphs.values(), base)
    found: list[Covered] = []
    for graph in graphs.values():
        for node in graph.subjects(PTN.paragraphNumber, None):
            if str(node).startswith(base):
                found.append(
                    _covered(
                        graph,
                        node,
                        anchors[str(node)],
                        stated.get(str(node), set()),
                        reasons.get(str(node)),
                    )
                )
    if not found:
        raise Missing(
            f"no paragraphs are described of <{base}>", mend="run 'partnering source import FILE'"
        )
    found.sort(key=lambda one: one.number)
    known = {f"{base}p{one.number}" for one in found}
    return CoverageReport(tuple(found), tuple(_contradictions(stated, reasons, anchors, known)))


def _covered(
    graph: Graph, node: Node, anchors: int, stated: set[Node], reason: str | None
) -> Covered:
    section = graph.value(node, PTN.inSection)
    said = next((STATUSES[one] for one in sorted(stated, key=str) if one in STATUSES), None)
    return Covered(
        int(str(graph.value(node, PTN.paragraphNumber))),
        str(graph.value(node, RDFS.label)),
        str(graph.value(section, PTN.sectionPath)),
        str(graph.value(node, PTN.paragraphKind)),
        Coverage.CODED if anchors else said or Coverage.LEFT,
        anchors,
        reason,
    )


def _stated(graphs: Iterable[Graph], base: str) -> tuple[dict[str, set[Node]], dict[str, str]]:
    statuses: dict[str, set[Node]] = {}
    reasons: dict[str, str] = {}
    for graph in graphs:
        for node, status in graph.subject_objects(PTN.coverageStatus):
            if str(node).startswith(base):
                statuses.setdefault(str(node), set()).add(status)
        for node, reason in graph.subject_objects(PTN.coverageReason):
            if str(node).startswith(base):
                reasons[str(node)] = str(reason)
    return statuses, reasons


def _contradictions(
    stated: Mapping[str, set[Node]],
    reasons: Mapping[str, str],
    anchors: Mapping[str, int],
    known: set[str],
) -> Iterable[str]:
    nothing = CONCEPT["coverage-nothing-to-code"]
    for node in sorted(stated.keys() | reasons.keys()):
        name = node.rpartition("/")[2]
        statuses = stated.get(node, set())
        if node not in known:
            yield f"{name}: has a coverage status, but is no paragraph of the source"
        if len(statuses) > 1:
            yield f"{name}: has {len(statuses)} coverage statuses"
        for status in statuses - STATUSES.keys():
            yield f"{name}: <{status}> is no coverage status"
        if nothing in statuses and anchors.get(node, 0):
            yield f"{name}: said to hold nothing to code, but {anchors[node]} anchors stand in it"
        if nothing in statuses and not reasons.get(node, "").strip():
            yield f"{name}: said to hold nothing to code, without a reason"
        if node in reasons and nothing not in statuses:
            yield f"{name}: has a reason, but is not said to hold nothing to code"


def _tallies(members: Iterable[tuple[str, Covered]]) -> list[Tally]:
    groups: dict[str, list[Covered]] = {}
    for name, one in members:
        groups.setdefault(name, []).append(one)
    return [Tally.of(name, ones) for name, ones in groups.items()]
