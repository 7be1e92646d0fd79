"""Why a row stands in an answer: the findings, verdicts and places it rests on.

The query's own pattern is asked again with the row's cells bound; every coded statement
and every verdict met in its solutions is part of the reason. That works for saved
questions and for any SELECT; where an expression hides what it was made from, the
explanation says that it is partial.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from rdflib import BNode, Literal, URIRef
from rdflib.term import Identifier

from partnering.anatomy import dissect
from partnering.namespaces import PTN
from partnering.store.base import Engine, select

Passages = Callable[[str], str | None]
"""From an anchor's IRI to the words it marks, or None where the report is not attached."""

BATCH = 400

# Three plain joins: the engine takes far longer over one query with optional parts.
_SUMMARIES = """
PREFIX ptn: <https://w3id.org/partnering/ontology#>
SELECT DISTINCT ?statement ?summary WHERE {
  VALUES ?statement { %s }
  ?statement a ptn:CodedStatement ; ptn:summary ?summary .
} ORDER BY ?statement"""

_ABOUT = """
PREFIX ptn: <https://w3id.org/partnering/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?statement ?what ?label WHERE {
  VALUES ?statement { %s }
  VALUES ?what { ptn:claimedBy ptn:hasVoice ptn:hasLayer ptn:findingInCase }
  ?statement ?what ?thing .
  ?thing rdfs:label ?label .
} ORDER BY ?statement ?what ?label"""

_PLACES = """
PREFIX ptn: <https://w3id.org/partnering/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?statement ?anchor ?place ?start ?end WHERE {
  VALUES ?statement { %s }
  ?statement ptn:hasAnchor ?anchor .
  ?anchor ptn:anchoredIn ?paragraph ; ptn:startOffset ?start ; ptn:endOffset ?end .
  ?paragraph rdfs:label ?place ; ptn:paragraphNumber ?number .
} ORDER BY ?statement ?number ?start"""

_VERDICTS = """
PREFIX ptn: <https://w3id.org/partnering/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?assessment ?partnership ?partnershipLabel ?rule ?version ?verdict ?caveat
                ?for ?against WHERE {
  VALUES (?partnership ?ruleIri) { %s }
  ?assessment a ptn:DerivedAssessment ; ptn:assesses ?partnership ; ptn:underRule ?ruleIri ;
              ptn:hasVerdict/rdfs:label ?verdict .
  ?partnership rdfs:label ?partnershipLabel .
  ?ruleIri rdfs:label ?rule ; ptn:ruleVersion ?version .
  OPTIONAL { ?assessment ptn:caveat ?caveat }
  OPTIONAL { { ?assessment ptn:basedOn ?for } UNION { ?assessment ptn:weighsAgainst ?against } }
} ORDER BY ?assessment"""

_ASSESSED = """
PREFIX ptn: <https://w3id.org/partnering/ontology#>
SELECT DISTINCT ?partnership ?rule WHERE {
  VALUES ?assessment { %s }
  ?assessment a ptn:DerivedAssessment ; ptn:assesses ?partnership ; ptn:underRule ?rule .
}"""

_PARTNERSHIPS = """
PREFIX ptn: <https://w3id.org/partnering/ontology#>
SELECT DISTINCT ?partnership WHERE { VALUES ?partnership { %s } ?partnership a ptn:Partnership }"""

_TOLD = (PTN.claimedBy, PTN.hasVoice, PTN.hasLayer, PTN.findingInCase)
"""What is told of a statement, in the order of a reason's fields."""

_CHALLENGES = """
PREFIX ptn: <https://w3id.org/partnering/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?challenge ?target ?summary ?status WHERE {
  VALUES ?target { %s }
  ?challenge a ptn:Challenge ; ptn:challenges ?target ; ptn:summary ?summary .
  OPTIONAL { ?challenge ptn:hasChallengeStatus/rdfs:label ?status }
} ORDER BY ?challenge"""


@dataclass(frozen=True)
class Place:
    """One anchor: where in the source, and the words themselves if the report is attached."""

    anchor: str
    label: str
    start: int
    end: int
    passage: str | None = None


@dataclass(frozen=True)
class Reason:
    """One coded statement that a row or verdict rests on."""

    statement: str
    summary: str
    claimant: str | None
    voice: str | None
    layer: str | None
    case: str | None
    places: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Challenged:
    """An objection filed against something a row rests on."""

    challenge: str
    target: str
    summary: str
    status: str | None


@dataclass(frozen=True)
class Verdict:
    """A verdict that a row used: rule, version, reasons for and against."""

    assessment: str
    partnership: str
    rule: str
    version: str
    verdict: str
    caveat: str | None
    based_on: tuple[Reason, ...]
    weighs_against: tuple[Reason, ...]


@dataclass(frozen=True)
class Why:
    """All the reasons of one row."""

    findings: tuple[Reason, ...]
    verdicts: tuple[Verdict, ...]
    challenges: tuple[Challenged, ...]
    query: str
    partial: bool
    note: str = field(default="")

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and dicts, as ``--why`` and the ``.json`` twins give them."""
        return asdict(self)


class Explainer:
    """Explains rows of SELECT queries over one engine."""

    def __init__(self, engine: Engine, passages: Passages = lambda _: None) -> None:
        self._engine = engine
        self._passages = passages

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
        again, partial = bound_to(query, row)
        met = {
            cell for solution in select(self._engine, again).rows for cell in solution
            if isinstance(cell, URIRef)
        }  # fmt: skip
        statements = self._statements(met)
        verdicts = self._verdicts(met, tuple(rules))
        concerned = [*statements, *(URIRef(v.assessment) for v in verdicts)]
        return Why(
            findings=tuple(statements.values()),
            verdicts=verdicts,
            challenges=self._challenges([*concerned, *self._of_kind(_PARTNERSHIPS, met)]),
            query=again,
            partial=partial,
            note=_note(statements, verdicts, partial),
        )

    def reasons(self, statements: Iterable[URIRef]) -> tuple[Reason, ...]:
        """Coded statements with their voice and places, in the order of their places."""
        return tuple(self._statements(set(statements)).values())

    def _statements(self, iris: set[URIRef]) -> dict[URIRef, Reason]:
        found: dict[URIRef, Reason] = {}
        for batch in _batches(iris):
            about: dict[tuple[str, str], str] = {}
            for statement, what, label in select(self._engine, _ABOUT % batch).rows:
                about.setdefault((str(statement), str(what)), str(label))
            places: dict[str, list[Place]] = {}
            for statement, anchor, place, start, end in select(self._engine, _PLACES % batch).rows:
                at = (str(anchor), str(place), int(str(start)), int(str(end)))
                places.setdefault(str(statement), []).append(
                    Place(*at, passage=self._passages(str(anchor)))
                )
            for statement, summary in select(self._engine, _SUMMARIES % batch).rows:
                iri = str(statement)
                claimant, voice, layer, case = (about.get((iri, str(what))) for what in _TOLD)
                found[URIRef(iri)] = Reason(
                    iri, str(summary), claimant, voice, layer, case, tuple(places.get(iri, ()))
                )
        return found

    def _verdicts(self, met: set[URIRef], rules: tuple[URIRef, ...]) -> tuple[Verdict, ...]:
        pairs = (
            {(p, r) for p in self._of_kind(_PARTNERSHIPS, met) for r in rules} if rules else set()
        )
        for batch in _batches(met):
            for partnership, rule in select(self._engine, _ASSESSED % batch).rows:
                pairs.add((URIRef(str(partnership)), URIRef(str(rule))))
        if not pairs:
            return ()
        listed = " ".join(f"({p.n3()} {r.n3()})" for p, r in sorted(pairs))
        groups: dict[str, list[tuple[Identifier | None, ...]]] = {}
        for row in select(self._engine, _VERDICTS % listed).rows:
            groups.setdefault(str(row[0]), []).append(row)
        wanted = {URIRef(str(c)) for rows in groups.values() for row in rows for c in row[7:] if c}
        reasons = self._statements(wanted)

        def held(rows: list[tuple[Identifier | None, ...]], at: int) -> tuple[Reason, ...]:
            named = sorted({URIRef(str(row[at])) for row in rows if row[at]})
            return tuple(reasons[iri] for iri in named if iri in reasons)

        return tuple(
            Verdict(
                iri, str(rows[0][2]), str(rows[0][3]), str(rows[0][4]), str(rows[0][5]),
                _text(rows[0][6]), held(rows, 7), held(rows, 8),
            )
            for iri, rows in groups.items()
        )  # fmt: skip

    def _challenges(self, targets: Iterable[URIRef]) -> tuple[Challenged, ...]:
        return tuple(
            Challenged(str(challenge), str(target), str(summary), _text(status))
            for batch in _batches(set(targets))
            for challenge, target, summary, status in select(self._engine, _CHALLENGES % batch).rows
        )

    def _of_kind(self, query: str, iris: set[URIRef]) -> set[URIRef]:
        return {
            URIRef(str(cell))
            for batch in _batches(iris)
            for (cell,) in select(self._engine, query % batch).rows
        }


def bound_to(query: str, row: Mapping[str, Identifier | None]) -> tuple[str, bool]:
    """The query's pattern with the row's cells bound, and whether that is only part of it.

    Keys (columns taken from the pattern as they are) bind; an aggregate's column does not,
    since its members are what is asked for. Partial where a row has no key to bind, or a
    key is a blank node, which no query can name.
    """
    parts = dissect(query)
    bindable = {
        name: row[name] for name in parts.keys
        if name in row and not isinstance(row[name], BNode)
    }  # fmt: skip
    unbound = [name for name, cell in bindable.items() if cell is None]
    given = {name: cell for name, cell in bindable.items() if cell is not None}
    lines = [f"FILTER (!BOUND(?{name}))" for name in unbound]
    if given:
        names = " ".join(f"?{name}" for name in given)
        cells = " ".join(_n3(cell) for cell in given.values())
        lines.append(f"VALUES ({names}) {{ ({cells}) }}")
    inner = f"{{ SELECT * WHERE {{{parts.body}}} }}"
    partial = (bool(parts.computed) and not given) or len(bindable) < len(parts.keys)
    return f"{parts.prologue}SELECT DISTINCT * WHERE {{ {inner} {' '.join(lines)} }}", partial


def _n3(cell: Identifier) -> str:
    return cell.n3() if isinstance(cell, (URIRef, Literal)) else str(cell)


def _note(statements: Mapping[URIRef, Reason], verdicts: tuple[Verdict, ...], partial: bool) -> str:
    if partial:
        return "This explanation is partial: the query hides some of what the row was made from."
    voices = {reason.claimant for reason in statements.values() if reason.claimant}
    cases = {reason.case for reason in statements.values() if reason.case}
    if not statements:
        return "This row rests on no finding of its own." if not verdicts else ""
    return (
        f"Rests on {_count(len(statements), 'statement')} by {_count(len(voices), 'voice')}"
        f" in {_count(len(cases), 'case')}."
    )


def _count(number: int, noun: str) -> str:
    words = {0: "no", 1: "one", 2: "two", 3: "three"}
    return f"{words.get(number, str(number))} {noun}{'' if number == 1 else 's'}"


def _text(cell: Identifier | None) -> str | None:
    return None if cell is None else str(cell)


def _batches(iris: set[URIRef]) -> Iterable[str]:
    ordered = sorted(iris)
    for at in range(0, len(ordered), BATCH):
        yield " ".join(iri.n3() for iri in ordered[at : at + BATCH])
