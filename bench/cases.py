"""Synthetic cases: as plausible in shape as coded ones, and about nothing.

Each has a main arrangement, often another nested in it, one before it or one only weighed;
phases and events; organisations, groups and people in roles; labels on which the source does
not agree with itself; findings of every kind, in several voices; quotations that support and
dispute them; judgements and objections; and an anchor for each.
"""

from __future__ import annotations

from random import Random

from bench.reports import BODIES, PREFIXES, Report
from bench.turtle import Anchors, concepts, label, text, thing
from bench.vocabularies import Concepts

_PLACES = ("Alder", "Birch", "Cedar", "Drift", "Elder", "Fern", "Gorse", "Heath", "Iris", "Juniper",
           "Kestrel", "Linden", "Maple", "Nettle", "Oak", "Poplar", "Quarry", "Rowan", "Sedge",
           "Thorn")  # fmt: skip
_ENDS = ("Bay", "Cross", "Dale", "End", "Ford", "Gate", "Hill", "Lea", "Moor", "Vale")
_ROLES = {"form-merger": ("merging-party", "merging-party"),
          "form-acquisition": ("acquirer", "acquired"),
          "form-buddying": ("supporter", "supported")}  # fmt: skip
_PEOPLE = ("chief-executive", "medical-director", "clinical-lead", "nurse", "operational-manager")
_OUTCOME = {
    "hasDirection": (("improved", 6), ("worsened", 2), ("mixed", 1), ("unchanged", 1)),
    "hasRealisation": (("realised", 6), ("ongoing", 2), ("anticipated", 3)),
    "hasContribution": (("direct", 2), ("contributory", 3), ("associated", 3), ("not-claimed", 2)),
}
_SCHEMES = {"hasDirection": "direction", "hasRealisation": "realisation",
            "hasContribution": "contribution"}  # fmt: skip


def name_of(number: int) -> str:
    """Namespace and file name of a case."""
    return f"synthetic-{number:05}"


def case(number: int, report: Report, concept: Concepts) -> str:
    """The Turtle of one case; the same number, seed and vocabularies give the same bytes."""
    return _Case(number, report, concept).turtle()


class _Case:
    def __init__(self, number: int, report: Report, concept: Concepts) -> None:
        self.number = number
        self.report = report
        self.concept = concept
        self.chance = Random(f"{report.told}/{number - report.first_case}")
        self.anchors = Anchors(report.paragraphs_of(number - report.first_case), self.chance)
        first, second = self.chance.sample(_PLACES, 2)
        self.sides = (
            f"{first} {self.chance.choice(_ENDS)}",
            f"{second} {self.chance.choice(_ENDS)}",
        )
        self.form = concept.pick("form", self.chance)
        self.arrangements = ["main"]
        for name, likely in (("nested", 0.5), ("earlier", 0.2), ("option", 0.3)):
            if self.chance.random() < likely:
                self.arrangements.append(name)
        self.claimants = ["report:authors", "this:first", "this:second", "this:quoted-1",
                          "this:participants"]  # fmt: skip
        self.findings: list[str] = []

    def turtle(self) -> str:
        head = f"@prefix this: <https://w3id.org/partnering/data/{name_of(self.number)}/> .\n"
        parts = [*self._story(), *self._actors(), *self._labels(), *self._factors(),
                 *self._context(), *self._outcomes(), *self._other_findings(), *self._voices()]  # fmt: skip
        return "".join([head, PREFIXES.format(report=self.report.name), self._head(), *parts,
                        *self.anchors.described()])  # fmt: skip

    def _head(self) -> str:
        held = [f"this:{name}" for name in self.arrangements]
        return thing(
            "this:case", "CaseStudy",
            ("rdfs:label", label(f"Synthetic case {self.number:05}: {' and '.join(self.sides)}")),
            ("ptn:caseCode", text(f"S-{self.number:05}")), ("ptn:describedIn", "report:report"),
            ("ptn:summary", text(f"{self.sides[0]} partners with {self.sides[1]}; made for measuring.")),
            ("ptn:hasMainPartnership", "this:main"), ("ptn:hasPartnership", held),
            ("ptn:statesNothingAbout", concepts(self.concept.some("topic", 3, self.chance))),
            ("ptn:codedBy", text("synthetic coder")), ("ptn:codedOn", '"2026-11-23"^^xsd:date'))  # fmt: skip

    def _story(self) -> list[str]:
        """Arrangements, and the phases and events of the main one."""
        chance = self.chance
        parts = []
        natures = ("nature-mandated", "nature-voluntary")
        for name in self.arrangements:
            main = name == "main"
            form = self.form if main else self.concept.pick("form", chance)
            status = "considered" if name == "option" else chance.choice(
                ("operating", "completed", "ended", "agreed", "unstated"))  # fmt: skip
            parts.append(thing(
                f"this:{name}", "Partnership",
                ("rdfs:label", label(f"{name.capitalize()} arrangement of {self.sides[0]} with"
                                     f" {self.sides[1]}")),
                ("ptn:summary", text(f"{self.sides[0]} and {self.sides[1]} in their {name}"
                                     f" arrangement, case {self.number:05}.")),
                ("ptn:hasNature", f"concept:{chance.choice(natures)}" if name != "option" else ""),
                ("ptn:hasScale",
                 f"concept:scale-{chance.choice(('individual', 'structural'))}"),
                ("ptn:hasForm", f"concept:{form}"),
                ("ptn:hasArrangementStatus", f"concept:status-{status}"),
                ("ptn:partOfPartnership", "this:main" if name == "nested" else ""),
                ("ptn:precedesPartnership", "this:main" if name == "earlier" else ""),
                ("ptn:hasPhase", ("this:phase-1", "this:phase-2") if main else ""),
                ("ptn:hasEvent", ("this:event-1", "this:event-2", "this:event-3") if main else ""),
                ("ptn:hasParticipation", self._parts_of(name)),
                ("ptn:codingNote", text("Nature left open, since it was not entered.")
                 if name == "option" else ""),
                ("ptn:hasAnchor", self.anchors.one())))  # fmt: skip
        year = chance.randint(2004, 2016)
        for index, words in enumerate(("before it began", "once it ran"), 1):
            parts.append(thing(
                f"this:phase-{index}", "PartnershipPhase", ("rdfs:label", label(words.capitalize())),
                ("ptn:summary", text(f"How {self.sides[0]} and {self.sides[1]} fared {words}.")),
                ("ptn:orderInCase", str(3 * index - 2)),
                ("ptn:hasTimePrecision", "concept:precision-order-only"),
                ("ptn:hasAnchor", self.anchors.one())))  # fmt: skip
        for index, what in enumerate(("meet", "agree", "report"), 1):
            parts.append(thing(
                f"this:event-{index}", "PartneringEvent",
                ("rdfs:label", label(f"{self.sides[0]} and {self.sides[1]} {what}")),
                ("ptn:orderInCase", str((2, 3, 5)[index - 1])),
                ("ptn:inPhase", f"this:phase-{1 if index < 3 else 2}"),
                ("ptn:inYear", f'"{year + index}"^^xsd:gYear'),
                ("ptn:hasTimePrecision", "concept:precision-year"),
                ("ptn:involvesActor", ("this:first", "this:second", "this:board")),
                ("ptn:hasAnchor", self.anchors.one())))  # fmt: skip
        return parts

    def _parts_of(self, arrangement: str) -> tuple[str, ...]:
        sides = (f"this:part-{arrangement}-first", f"this:part-{arrangement}-second")
        return (*sides, "this:part-body") if arrangement == "main" else sides

    def _actors(self) -> list[str]:
        parts = [
            thing(f"this:{name}", "ProviderOrganisation", ("rdfs:label", label(side)),
                  ("ptn:hasActorType", "concept:actor-type-acute-trust"),
                  ("ptn:isPseudonymous", "true"), ("ptn:hasAnchor", self.anchors.one()))
            for name, side in zip(("first", "second"), self.sides, strict=True)
        ]  # fmt: skip
        person = self.chance.choice(_PEOPLE)
        parts += [
            thing("this:board", "GovernanceGroup", ("rdfs:label", label(f"{self.sides[0]} board")),
                  ("ptn:hasActorType", "concept:actor-type-board"),
                  ("ptn:belongsTo", "this:first"), ("ptn:hasAnchor", self.anchors.one())),
            thing("this:quoted-1", "IndividualActor",
                  ("rdfs:label", label(f"{person.replace('-', ' ').capitalize()} (quoted)")),
                  ("ptn:hasIndividualRole", f"concept:role-{person}"),
                  ("ptn:hasAnchor", self.anchors.one())),
            thing("this:participants", "ActorGroup",
                  ("rdfs:label", label(f"People interviewed in case {self.number:05}"))),
        ]  # fmt: skip
        for arrangement in self.arrangements:
            roles = _ROLES.get(self.form, ("partner", "partner"))
            for side, role in zip(("first", "second"), roles, strict=True):
                parts.append(thing(
                    f"this:part-{arrangement}-{side}", "Participation",
                    ("ptn:participant", f"this:{side}"), ("ptn:playsRole", f"concept:role-{role}"),
                    ("ptn:natureForParty", f"concept:{self.concept.pick('nature', self.chance)}"
                     if arrangement == "main" else ""),
                    ("ptn:hasAnchor", self.anchors.one())))  # fmt: skip
        parts.append(thing(
            "this:part-body", "Participation",
            ("ptn:participant", f"body:{self.chance.choice(sorted(BODIES))}"),
            ("ptn:playsRole", "concept:role-regulator"), ("ptn:hasAnchor", self.anchors.one())))  # fmt: skip
        return parts

    def _labels(self) -> list[str]:
        """What heading, body and people call the main arrangement; they need not agree."""
        other = self.concept.pick("form", self.chance)
        called = [("heading", other, "report:authors"), ("body", self.form, "report:authors"),
                  ("quotation", self.chance.choice((self.form, other)), "this:quoted-1")]  # fmt: skip
        return [
            thing(f"this:attribution-{place}", "TypologyAttribution",
                  ("ptn:attributionOf", "this:main"), ("ptn:attributesConcept", f"concept:{form}"),
                  ("ptn:attributedTerm", text(self.concept.labels[form])),
                  ("ptn:attributionPlace", f"concept:place-{place}"), ("ptn:claimedBy", voice),
                  ("ptn:summary", text(f"The {place} of case {self.number:05} speaks of"
                                       f" {self.concept.labels[form]} for {self.sides[0]}.")),
                  ("ptn:hasAnchor", self.anchors.one()))
            for place, form, voice in called
        ]  # fmt: skip

    def _finding(self, kind: str, what: str, said: str, *own: tuple[str, str]) -> str:
        """One finding with all that every kind of finding has."""
        name = f"this:{what}-{len(self.findings) + 1}"
        self.findings.append(name)
        about = "main" if self.chance.random() < 0.7 else self.chance.choice(self.arrangements)
        prominence = self.chance.choice(("central", "supporting", "supporting", "passing"))
        return thing(
            name, kind, ("ptn:findingAbout", f"this:{about}"), *own,
            ("ptn:claimedBy", "this:participants" if len(self.findings) == 1
             else self.chance.choice(self.claimants)),
            ("ptn:hasProminence", f"concept:prominence-{prominence}"),
            ("ptn:concernsActor", self.chance.choice(("this:first", "this:second", "this:board"))
             if self.chance.random() < 0.6 else ""),
            ("ptn:findingInPhase", f"this:phase-{self.chance.randint(1, 2)}"
             if about == "main" and self.chance.random() < 0.3 else ""),
            ("ptn:summary", text(f"{said} (case {self.number:05}, statement {len(self.findings)}).")),
            ("ptn:hasAnchor", self.anchors.one()))  # fmt: skip

    def _factors(self) -> list[str]:
        parts = []
        for _ in range(self.chance.randint(4, 7)):
            factor = self.concept.pick("factor", self.chance)
            helped = self.chance.random() < 0.6
            presence = self.chance.choice(("present", "present", "partial", "absent"))
            parts.append(self._finding(
                "FactorFinding", "enabler" if helped else "barrier",
                f"{self.concept.labels[factor].capitalize()} {'helped' if helped else 'held back'}"
                f" {self.chance.choice(self.sides)}",
                ("ptn:concernsFactor", f"concept:{factor}"),
                ("ptn:hasPolarity", f"concept:polarity-{'enabling' if helped else 'hindering'}"),
                ("ptn:hasPresence", f"concept:presence-{presence}"),
                ("ptn:hasEvidenceStrength", "concept:evidence-anecdotal"
                 if self.chance.random() < 0.3 else "")))  # fmt: skip
        return parts

    def _context(self) -> list[str]:
        parts = []
        for kind in ("driver", self.chance.choice(("driver", "not-driver")), "condition"):
            scheme, relation = (("factor", "ptn:concernsFactor") if kind == "condition"
                                else ("driver", "ptn:concernsDriver"))  # fmt: skip
            chosen = self.concept.pick(scheme, self.chance)
            parts.append(self._finding(
                "ContextFinding", kind,
                f"{self.concept.labels[chosen].capitalize()}"
                f" {'was no reason' if kind == 'not-driver' else 'stood behind it'} for"
                f" {self.chance.choice(self.sides)}",
                ("ptn:hasContextKind", f"concept:context-{kind}"), (relation, f"concept:{chosen}")))  # fmt: skip
        return parts

    def _outcomes(self) -> list[str]:
        parts = []
        for _ in range(self.chance.randint(2, 4)):
            dimension = self.concept.pick("dimension", self.chance)
            own = [("ptn:hasDimension", f"concept:{dimension}"),
                   ("ptn:hasEvidenceStrength", f"concept:{self.concept.pick('evidence', self.chance)}"),
                   ("ptn:experiencedBy", self.chance.choice(("this:first", "this:second", "")))]  # fmt: skip
            for relation, choices in _OUTCOME.items():
                chosen = self.chance.choices(
                    [name for name, _ in choices], [weight for _, weight in choices])[0]  # fmt: skip
                own.append((f"ptn:{relation}", f"concept:{_SCHEMES[relation]}-{chosen}"))
            words = self.concept.labels[dimension].capitalize()
            parts.append(self._finding("OutcomeFinding", "outcome",
                                       f"{words} changed at {self.chance.choice(self.sides)}", *own))  # fmt: skip
        return parts

    def _other_findings(self) -> list[str]:
        """Mechanisms, costs, options and gaps."""
        chance, concept = self.chance, self.concept
        parts = []
        for _ in range(chance.randint(1, 2)):
            practice = concept.pick("mechanism", chance)
            parts.append(self._finding(
                "MechanismFinding", "mechanism",
                f"They worked by {concept.labels[practice]} at {chance.choice(self.sides)}",
                ("ptn:usesMechanism", f"concept:{practice}"),
                ("ptn:reportedEffect", text("People came to know each other."))))  # fmt: skip
        cost = concept.pick("cost", chance)
        parts.append(self._finding("CostFinding", "cost",
                                   f"It took {concept.labels[cost]} from {chance.choice(self.sides)}",
                                   ("ptn:costKind", f"concept:{cost}")))  # fmt: skip
        if "option" in self.arrangements:
            parts.append(self._finding(
                "OptionAppraisal", "option", f"Another form was weighed by {self.sides[0]}",
                ("ptn:appraisesForm", f"concept:{concept.pick('form', chance)}"),
                ("ptn:hasAppraisalVerdict", f"concept:{concept.pick('appraisal', chance)}")))  # fmt: skip
        if chance.random() < 0.5:
            parts.append(self._finding("EvidenceGap", "gap", "Nobody measured what came of it",
                                       ("ptn:hasGapKind", f"concept:{concept.pick('gap', chance)}")))  # fmt: skip
        return parts

    def _voices(self) -> list[str]:
        """A quotation, one or two judgements, and now and then an objection."""
        chance = self.chance
        quoted = chance.sample(self.findings, 2)
        parts = [
            thing("this:quote-1", "QuotedStatement", ("ptn:findingAbout", "this:main"),
                  ("ptn:claimedBy", "this:quoted-1"),
                  ("ptn:summary", text(f"Somebody of {self.sides[0]} tells how it went, case"
                                       f" {self.number:05}.")),
                  ("ptn:supportsFinding", quoted[0]), ("ptn:disputesFinding", quoted[1]),
                  ("ptn:hasAnchor", self.anchors.one())),
        ]  # fmt: skip
        for index in range(1, chance.randint(1, 2) + 1):
            verdict = self.concept.pick("verdict", chance)
            parts.append(thing(
                f"this:judged-{index}", "StatedAssessment", ("ptn:assesses", "this:main"),
                ("ptn:hasVerdict", f"concept:{verdict}"),
                ("ptn:claimedBy", "report:authors" if index == 1 else "this:first"),
                ("ptn:summary", text(f"Judgement {index} on the arrangement of case {self.number:05}.")),
                ("ptn:hasAnchor", self.anchors.one())))  # fmt: skip
        if chance.random() < 0.4:
            parts.append(thing(
                "this:challenge-1", "Challenge", ("ptn:challenges", chance.choice(self.findings)),
                ("ptn:hasChallengeStatus", "concept:challenge-open"),
                ("ptn:codedBy", text("synthetic coder")),
                ("ptn:summary", text(f"A reader of case {self.number:05} doubts this statement.")),
                ("ptn:hasAnchor", self.anchors.one())))  # fmt: skip
        return parts
