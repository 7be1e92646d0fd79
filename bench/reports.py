"""Synthetic reports: each a source of some cases, with what it learns from them together."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from bench.turtle import Anchors, concepts, digest, label, text, thing
from bench.vocabularies import Concepts

CASES_A_REPORT = 10
DISTINCT = 25
"""Reports that tell different things; after them the same come again under other names."""
PARAGRAPHS_A_CASE = 8
PARAGRAPHS_BEFORE = 2
PARAGRAPHS_AFTER = 6
PREFIXES = """\
@prefix report: <https://w3id.org/partnering/data/{report}/> .
@prefix body: <https://w3id.org/partnering/data/synthetic-bodies/> .
@prefix concept: <https://w3id.org/partnering/vocab/> .
@prefix ptn: <https://w3id.org/partnering/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

# Synthetic: made by bench/ for measuring. It tells of nobody and nothing that ever was.

"""
BODIES = {
    "quality-inspectorate": ("OversightBody", "actor-type-quality-regulator"),
    "sector-regulator": ("OversightBody", "actor-type-sector-regulator"),
    "competition-office": ("OversightBody", "actor-type-competition-authority"),
}


@dataclass(frozen=True)
class Report:
    """One report: its number from 1, and how many cases it tells."""

    seed: int
    number: int
    cases: int

    @property
    def name(self) -> str:
        return f"synthetic-report-{self.number:04}"

    @property
    def told(self) -> str:
        """The report that tells the same and comes first: all but names depends on it."""
        return f"{self.seed}/{(self.number - 1) % DISTINCT}"

    @property
    def first_case(self) -> int:
        """Number of the first case it tells."""
        return (self.number - 1) * CASES_A_REPORT + 1

    def paragraphs_of(self, place: int) -> dict[int, int]:
        """Lengths of the paragraphs that tell its case at a place from 0, by number."""
        first = PARAGRAPHS_BEFORE + place * PARAGRAPHS_A_CASE + 1
        return self._lengths(first, PARAGRAPHS_A_CASE)

    @property
    def last_paragraphs(self) -> dict[int, int]:
        """Lengths of the paragraphs that say what was learnt."""
        return self._lengths(self._before_last + 1, PARAGRAPHS_AFTER)

    @property
    def _before_last(self) -> int:
        return PARAGRAPHS_BEFORE + self.cases * PARAGRAPHS_A_CASE

    def _lengths(self, first: int, count: int) -> dict[int, int]:
        return {number: 300 + int(digest(f"{self.told}/{number}")[:4], 16) % 600
                for number in range(first, first + count)}  # fmt: skip

    def source(self) -> str:
        """Its sections and paragraphs, without a word of text."""
        parts = [PREFIXES.format(report=self.name), *self._document()]
        for place in range(self.cases):
            number = self.first_case + place
            section = f"report:s.case-{number:05}"
            parts.append(self._section(section, f"Synthetic case {number:05}", place + 2))
            parts += self._paragraphs(section, self.paragraphs_of(place))
        parts.append(self._section("report:s.before", "Before the cases", 1))
        parts += self._paragraphs("report:s.before", self._lengths(1, PARAGRAPHS_BEFORE), True)
        parts.append(self._section("report:s.learning", "Learning", self.cases + 2))
        parts += self._paragraphs("report:s.learning", self.last_paragraphs)
        return "".join(parts)

    def _document(self) -> list[str]:
        title = f"Synthetic report {self.number:04}"
        return [
            thing("report:report", "SourceDocument",
                  ("rdfs:label", label(title)), ("dcterms:title", label(title)),
                  ("dcterms:creator", "report:author"), ("ptn:narratedBy", "report:authors"),
                  ("ptn:hasRendition", "report:rendition"),
                  ("dcterms:description", label("Made for measuring; no text belongs to it."))),
            thing("report:authors", "ReportAuthors",
                  ("rdfs:label", text(f"the authors of {title.lower()}"))),
            f'report:author a foaf:Agent ; foaf:name "Synthetic author" ;'
            f' rdfs:label "Synthetic author {self.number:04}" .\n',
            thing("report:rendition", "TextRendition",
                  ("rdfs:label", text(f"the text of {title.lower()}")),
                  ("ptn:renditionDigest", text(digest(self.told))),
                  ("ptn:renditionLength", "90000"),
                  ("ptn:normalisation", text("none, since there is no text"))),
        ]  # fmt: skip

    def _section(self, name: str, title: str, order: int) -> str:
        return thing(name, "SourceSection", ("rdfs:label", text(title)),
                     ("ptn:sectionPath", text(name.partition(".")[2])),
                     ("ptn:inDocument", "report:report"), ("ptn:orderInDocument", str(order)))  # fmt: skip

    def _paragraphs(
        self, section: str, lengths: dict[int, int], apparatus: bool = False
    ) -> list[str]:
        return [
            thing(f"report:p{number}", "SourceParagraph",
                  ("rdfs:label", text(f"{self.name}, paragraph {number}")),
                  ("ptn:inSection", section), ("ptn:inDocument", "report:report"),
                  ("ptn:paragraphNumber", str(number)), ("ptn:paragraphIndex", str(index)),
                  ("ptn:paragraphKind", text("text")),
                  ("ptn:coverageStatus", "concept:coverage-apparatus" if apparatus else ""),
                  ("ptn:documentOffset", str(number * 900)), ("ptn:textLength", str(length)),
                  ("ptn:textDigest", text(digest(f"{self.told}/{number}/text"))))
            for index, (number, length) in enumerate(lengths.items(), 1)
        ]  # fmt: skip

    def synthesis(self, concept: Concepts) -> str:
        """What it learns across its cases, and what it advises."""
        chance = Random(self.told)
        anchors = Anchors(self.last_paragraphs, chance)
        parts = []
        for index in range(1, 5):
            factor = concept.pick("factor", chance)
            cases = chance.sample(range(self.first_case, self.first_case + self.cases),
                                  min(2, self.cases))  # fmt: skip
            drawn = [f"<https://w3id.org/partnering/data/synthetic-{n:05}/case>" for n in cases]
            parts.append(thing(
                f"report:synthesis.lesson-{index}", "CrossCaseFinding",
                ("ptn:concernsFactor", f"concept:{factor}"),
                ("ptn:hasPolarity",
                 f"concept:polarity-{chance.choice(['enabling', 'hindering'])}"),
                ("ptn:drawsOnCase", drawn), ("ptn:claimedBy", "report:authors"),
                ("ptn:summary", text(f"Across the cases of report {self.number:04}, lesson {index},"
                                     f" {concept.labels[factor]} made a difference.")),
                ("ptn:hasAnchor", anchors.one())))  # fmt: skip
        for index in range(1, 3):
            factor = concept.pick("factor", chance)
            parts.append(thing(
                f"report:advice.advice-{index}", "Recommendation",
                ("ptn:addressedTo", f"concept:{concept.pick('audience', chance)}"),
                ("ptn:concernsFactor", f"concept:{factor}"),
                ("ptn:hasPolarity", "concept:polarity-enabling"),
                ("ptn:claimedBy", "report:authors"),
                ("ptn:summary", text(f"Whoever partners should look after"
                                     f" {concept.labels[factor]} (advice {index}).")),
                ("ptn:hasAnchor", anchors.one())))  # fmt: skip
        return "".join([PREFIXES.format(report=self.name), *parts, *anchors.described()])


def bodies() -> str:
    """The bodies that appear in many cases."""
    parts = [
        thing(f"body:{name}", kind, ("rdfs:label", label(f"Synthetic {name.replace('-', ' ')}")),
              ("ptn:hasActorType", concepts([actor_type])), ("ptn:isPseudonymous", "true"))
        for name, (kind, actor_type) in BODIES.items()
    ]  # fmt: skip
    return PREFIXES.format(report="synthetic-bodies") + "".join(parts)
