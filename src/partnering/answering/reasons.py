"""What stands behind things: coded statements with voice and place, verdicts, challenges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from rdflib import URIRef

from partnering.answering.told import Pattern, Told, told
from partnering.namespaces import PTN
from partnering.store.base import Engine

Passages = Callable[[str], str | None]
"""From an anchor's IRI to the words it marks, or None where the report is not attached."""

_STATEMENTS = (
    Pattern("summary", ("summary",), "?thing a ptn:CodedStatement ; ptn:summary ?summary ."),
    Pattern(
        "about",
        ("what", "label"),
        # VALUES for the properties takes the engine five times as long.
        "?thing ?what ?value . ?value rdfs:label ?label ."
        " FILTER (?what IN (ptn:claimedBy, ptn:hasVoice, ptn:hasLayer, ptn:findingInCase))",
    ),
    Pattern(
        "place",
        ("anchor", "label", "number", "start", "end"),
        "?thing ptn:hasAnchor ?anchor ."
        " ?anchor ptn:anchoredIn ?paragraph ; ptn:startOffset ?start ; ptn:endOffset ?end ."
        " ?paragraph rdfs:label ?label ; ptn:paragraphNumber ?number .",
    ),
)
"""A coded statement: its sentence, who says it in which case, and where."""
_CHALLENGES = (
    Pattern(
        "challenge",
        ("challenge", "summary"),
        "?challenge a ptn:Challenge ; ptn:challenges ?thing ; ptn:summary ?summary .",
    ),
    Pattern(
        "status",
        ("challenge", "label"),
        "?challenge ptn:challenges ?thing ; ptn:hasChallengeStatus ?value . ?value rdfs:label ?label .",
    ),
)
_KINDS = (
    Pattern("arrangement", (), "?thing a ptn:Partnership ."),
    Pattern("verdict", (), "?thing a ptn:DerivedAssessment ."),
    Pattern("label", ("label",), "?thing rdfs:label ?label ."),
)
_OPPOSITE = """VALUES (?one ?opposite) {{ (concept:{0} concept:{1}) (concept:{1} concept:{0}) }}
 ?thing ptn:findingAbout ?arrangement ; ptn:{2} ?matter ; ptn:{3} ?one .
 ?other ptn:findingAbout ?arrangement ; ptn:{2} ?matter ; ptn:{3} ?opposite ."""
_OPPOSED = (
    Pattern("disputing", ("other",), "?other ptn:disputesFinding ?thing ."),
    Pattern("opposite", ("other",), _OPPOSITE.format(
        "polarity-enabling", "polarity-hindering", "concernsFactor", "hasPolarity")),
    Pattern("reverse", ("other",), _OPPOSITE.format(
        "direction-improved", "direction-worsened", "hasDimension", "hasDirection")),
)  # fmt: skip
"""Statements that dispute one, or say the opposite of the same thing."""
_WEIGHED = (
    Pattern(
        "verdict",
        ("arrangement", "rule", "version", "label"),
        "?thing ptn:assesses/rdfs:label ?arrangement ; ptn:underRule ?by ; ptn:hasVerdict/rdfs:label ?label ."
        " ?by rdfs:label ?rule ; ptn:ruleVersion ?version .",
    ),
    Pattern("caveat", ("summary",), "?thing ptn:caveat ?summary ."),
    Pattern("for", ("other",), "?thing ptn:basedOn ?other ."),
    Pattern("against", ("other",), "?thing ptn:weighsAgainst ?other ."),
)
_CLAIMANT, _VOICE = str(PTN.claimedBy), str(PTN.hasVoice)
_LAYER, _CASE = str(PTN.hasLayer), str(PTN.findingInCase)


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


@dataclass(frozen=True)
class Behind:
    """All that stands behind some things.

    ``against`` are statements that dispute those met, or say the opposite of the same;
    ``challenges`` objections to statements, verdicts and arrangements met; ``labels`` the words
    for each thing that has some.
    """

    statements: tuple[Reason, ...]
    against: tuple[Reason, ...]
    verdicts: tuple[Verdict, ...]
    challenges: tuple[Challenged, ...]
    labels: Mapping[str, str]


class Reasons:
    """Reads what stands behind things, from one engine: in three queries, however many things."""

    def __init__(self, engine: Engine, passages: Passages = lambda _: None) -> None:
        self._engine = engine
        self._passages = passages

    def statements(self, iris: Iterable[str]) -> tuple[Reason, ...]:
        """Those that are coded statements, with their voice and places, in the order of names."""
        return tuple(self._read(told(self._engine, iris, _STATEMENTS)).values())

    def behind(self, met: Iterable[str], rules: Iterable[str] = ()) -> Behind:
        """What stands behind things met.

        Verdicts are those met, and those of some rules on the arrangements met.
        """
        kinds = (*_STATEMENTS, *_OPPOSED, *_CHALLENGES, *_KINDS, *_by(rules))
        first = told(self._engine, met, kinds)
        judged = {row[0] for row in first["verdict"]} | {row[1] for row in first.get("judged", ())}
        second = told(self._engine, judged, (*_WEIGHED, *_CHALLENGES))
        own = self._read(first)
        opposed = {other for kind in _OPPOSED for one, other in first[kind.name] if one in own}
        opposed -= own.keys()
        weighed = {other for side in ("for", "against") for _, other in second[side]}
        others = {one.statement: one for one in self.statements(weighed | opposed)}
        verdicts = tuple(_verdicts(second, others))
        targets = {*own, *(row[0] for row in first["arrangement"])}
        objections = [one for one in _challenges(first) if one.target in targets]
        objections += (one for verdict in verdicts for one in verdict.challenges)
        return Behind(
            statements=tuple(own.values()),
            against=tuple(one for iri, one in others.items() if iri in opposed),
            verdicts=verdicts,
            challenges=tuple(sorted(objections, key=lambda one: (one.challenge, one.target))),
            labels={iri: label for iri, label in reversed(first["label"])},
        )

    def _read(self, found: Told) -> dict[str, Reason]:
        about: dict[tuple[str, str], str] = {}
        for statement, what, label in found["about"]:
            about.setdefault((statement, what), label)
        places: defaultdict[str, list[Place]] = defaultdict(list)
        for statement, anchor, label, _, start, end in sorted(found["place"], key=_in_the_source):
            place = Place(anchor, label, int(start), int(end), self._passages(anchor))
            places[statement].append(place)
        return {
            iri: Reason(iri, summary, about.get((iri, _CLAIMANT)), about.get((iri, _VOICE)),
                        about.get((iri, _LAYER)), about.get((iri, _CASE)), tuple(places[iri]))
            for iri, summary in found["summary"]
        }  # fmt: skip


def _by(rules: Iterable[str]) -> tuple[Pattern, ...]:
    """The verdicts of some rules on an arrangement; nothing without a rule."""
    listed = " ".join(URIRef(rule).n3() for rule in rules)
    where = f"""VALUES ?rule {{ {listed} }}
  ?verdict a ptn:DerivedAssessment ; ptn:assesses ?thing ; ptn:underRule ?rule ."""
    return (Pattern("judged", ("verdict",), where),) if listed else ()


def _in_the_source(row: tuple[str, ...]) -> tuple[str, int, int]:
    statement, _, _, number, start, _ = row
    return statement, int(number), int(start)


def _challenges(found: Told) -> list[Challenged]:
    status = {(target, challenge): label for target, challenge, label in found["status"]}
    return [Challenged(challenge, target, summary, status.get((target, challenge)))
            for target, challenge, summary in found["challenge"]]  # fmt: skip


def _verdicts(found: Told, reasons: dict[str, Reason]) -> Iterator[Verdict]:
    caveats = {iri: caveat for iri, caveat in reversed(found["caveat"])}
    objections = _challenges(found)

    def held(side: str, iri: str) -> tuple[Reason, ...]:
        return tuple(reasons[one] for verdict, one in found[side]
                     if verdict == iri and one in reasons)  # fmt: skip

    for iri, arrangement, rule, version, label in found["verdict"]:
        yield Verdict(
            iri, arrangement, rule, version, label, caveats.get(iri),
            held("for", iri), held("against", iri),
            tuple(one for one in objections if one.target == iri),
        )  # fmt: skip
