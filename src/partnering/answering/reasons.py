"""What stands behind things: coded statements with voice and place, verdicts, challenges."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rdflib import URIRef
from rdflib.term import Identifier

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

_OPPOSED = """
PREFIX concept: <https://w3id.org/partnering/vocab/>
PREFIX ptn: <https://w3id.org/partnering/ontology#>
SELECT DISTINCT ?other WHERE {
  VALUES ?statement { %s }
  { ?other ptn:disputesFinding ?statement }
  UNION {
    VALUES (?one ?opposite) { (concept:polarity-enabling concept:polarity-hindering)
                              (concept:polarity-hindering concept:polarity-enabling) }
    ?statement ptn:findingAbout ?arrangement ; ptn:concernsFactor ?factor ; ptn:hasPolarity ?one .
    ?other ptn:findingAbout ?arrangement ; ptn:concernsFactor ?factor ; ptn:hasPolarity ?opposite .
  } UNION {
    VALUES (?one ?opposite) { (concept:direction-improved concept:direction-worsened)
                              (concept:direction-worsened concept:direction-improved) }
    ?statement ptn:findingAbout ?arrangement ; ptn:hasDimension ?dimension ; ptn:hasDirection ?one .
    ?other ptn:findingAbout ?arrangement ; ptn:hasDimension ?dimension ; ptn:hasDirection ?opposite .
  }
}"""

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
    challenges: tuple[Challenged, ...] = ()

    @property
    def contested(self) -> bool:
        """Whether an objection to this very verdict stands; the rule's output does not change."""
        return any(one.status != "answered" for one in self.challenges)


class Reasons:
    """Reads what stands behind things, from one engine."""

    def __init__(self, engine: Engine, passages: Passages = lambda _: None) -> None:
        self._engine = engine
        self._passages = passages

    def statements(self, iris: Iterable[URIRef]) -> dict[URIRef, Reason]:
        """Those that are coded statements, with their voice and places, in the order of names."""
        found: dict[URIRef, Reason] = {}
        for batch in batches(iris):
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

    def against(self, statements: Iterable[URIRef]) -> dict[URIRef, Reason]:
        """Statements that weigh against some: that dispute them, or say the opposite of the same."""
        given = set(statements)
        return self.statements(self._of_kind(_OPPOSED, given) - given)

    def verdicts(self, met: set[URIRef], rules: tuple[URIRef, ...]) -> tuple[Verdict, ...]:
        """Verdicts met, and those of some rules on the arrangements met."""
        pairs = {(p, r) for p in self.partnerships(met) for r in rules} if rules else set()
        for batch in batches(met):
            for partnership, rule in select(self._engine, _ASSESSED % batch).rows:
                pairs.add((URIRef(str(partnership)), URIRef(str(rule))))
        if not pairs:
            return ()
        listed = " ".join(f"({p.n3()} {r.n3()})" for p, r in sorted(pairs))
        groups: dict[str, list[tuple[Identifier | None, ...]]] = {}
        for row in select(self._engine, _VERDICTS % listed).rows:
            groups.setdefault(str(row[0]), []).append(row)
        wanted = {URIRef(str(c)) for rows in groups.values() for row in rows for c in row[7:] if c}
        reasons = self.statements(wanted)

        def held(rows: list[tuple[Identifier | None, ...]], at: int) -> tuple[Reason, ...]:
            named = sorted({URIRef(str(row[at])) for row in rows if row[at]})
            return tuple(reasons[iri] for iri in named if iri in reasons)

        objections = self.challenges(URIRef(iri) for iri in groups)
        return tuple(
            Verdict(
                iri, str(rows[0][2]), str(rows[0][3]), str(rows[0][4]), str(rows[0][5]),
                _text(rows[0][6]), held(rows, 7), held(rows, 8),
                tuple(one for one in objections if one.target == iri),
            )
            for iri, rows in groups.items()
        )  # fmt: skip

    def partnerships(self, met: set[URIRef]) -> set[URIRef]:
        """Those that are arrangements."""
        return self._of_kind(_PARTNERSHIPS, met)

    def challenges(self, targets: Iterable[URIRef]) -> tuple[Challenged, ...]:
        """Objections filed against some things."""
        return tuple(
            Challenged(str(challenge), str(target), str(summary), _text(status))
            for batch in batches(set(targets))
            for challenge, target, summary, status in select(self._engine, _CHALLENGES % batch).rows
        )

    def _of_kind(self, query: str, iris: set[URIRef]) -> set[URIRef]:
        return {
            URIRef(str(cell))
            for batch in batches(iris)
            for (cell,) in select(self._engine, query % batch).rows
        }


def _text(cell: Identifier | None) -> str | None:
    return None if cell is None else str(cell)


def batches(iris: Iterable[URIRef]) -> Iterable[str]:
    """IRIs as they stand in a VALUES block, so many at a time."""
    ordered = sorted(set(iris))
    for at in range(0, len(ordered), BATCH):
        yield " ".join(iri.n3() for iri in ordered[at : at + BATCH])
