"""What would change an answer: the quick way finds just what trying everything finds."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from rdflib import RDF, RDFS
from tests.unit.test_scratch import TOY, built

from partnering.answering.comparison import compare
from partnering.answering.questions import BoundQuestion, Catalogue
from partnering.answering.vocabulary import Vocabulary
from partnering.doubt.candidates import Candidate
from partnering.doubt.scratch import Change, Scratch
from partnering.doubt.sensitivity import Doubter
from partnering.knowledge import KnowledgeGraph
from partnering.namespaces import CONCEPT, DATA, GRAPH, PTN
from partnering.workspace import Workspace

CASE_M = str(GRAPH["case/case-m"])
SPACE = f"{DATA}case-m/"
GRAPHS = 40
QUESTIONS: tuple[tuple[str, dict[str, str]], ...] = (
    ("enablers-in-successful-partnerships", {"rule": "strict", "nature": "any"}),
    ("enablers-in-successful-partnerships", {"rule": "reported", "nature": "mandated"}),
    ("what-the-rules-disagree-on", {}),
    ("outcomes-matrix", {}),
    ("factors-that-help-here-and-hurt-there", {}),
    ("factors-in-one-case-only", {}),
    ("verdicts-with-reasons", {"rule": "authors-view"}),
    ("barriers-in-partnerships", {"scale": "individual"}),
    ("fragile-enablers", {"nature": "any", "rule": "reported"}),
    ("adverse-outcomes", {}),
    ("verdict-by-case-and-rule", {}),
)


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Scratch]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PARTNERING_CACHE", raising=False)
        root = tmp_path_factory.mktemp("sensitivity") / "toy"
        shutil.copytree(TOY, root)
        workspace, index = built(root)
        return workspace, Scratch(workspace, index)


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PARTNERING_CACHE", raising=False)
        root = tmp_path_factory.mktemp("fragile") / "toy"
        shutil.copytree(TOY, root)
        workspace, index = built(root)
        return KnowledgeGraph(index.load(), workspace, index)


def case_of(seed: int) -> Iterator[ox.Triple]:
    """A small case, the same for the same seed: two arrangements, up to six statements."""
    rng = random.Random(seed)

    def say(subject: str, **said: str) -> Iterator[ox.Triple]:
        for name, value in said.items():
            link = RDF.type if name == "a" else RDFS.label if name == "label" else PTN[name]
            term: ox.NamedNode | ox.Literal = ox.Literal(value)
            if ":" in value:
                start, _, rest = value.partition(":")
                base = {"concept": str(CONCEPT), "this": SPACE, "ptn": str(PTN),
                        "toy": f"{DATA}toy-report/"}[start]  # fmt: skip
                term = ox.NamedNode(f"{base}{rest}")
            yield ox.Triple(ox.NamedNode(f"{SPACE}{subject}"), ox.NamedNode(str(link)), term)

    yield from say("case", a="ptn:CaseStudy", label="Case M", describedIn="toy:report",
                   hasMainPartnership="this:one")  # fmt: skip
    yield from say("elm", a="ptn:ProviderOrganisation", label="Elm")
    for name in ("one", "two"):
        yield from say("case", hasPartnership=f"this:{name}")
        yield from say(name, a="ptn:Partnership", label=f"Arrangement {name}")
        if rng.random() < 0.7:
            nature = rng.choice(("mandated", "voluntary"))
            yield from say(name, hasNature=f"concept:nature-{nature}")
        if rng.random() < 0.5:
            scale = rng.choice(("individual", "structural"))
            yield from say(name, hasScale=f"concept:scale-{scale}")
    for number in range(rng.randint(3, 6)):
        about, who = f"this:{rng.choice(('one', 'two'))}", rng.choice(("toy:authors", "this:elm"))
        node, kind = f"s{number}", rng.random()
        yield from say(node, summary=f"Statement {number}.", claimedBy=who)
        if kind < 0.45:
            factor, way = rng.choice(("trust", "distance")), rng.choice(("enabling", "hindering"))
            yield from say(node, a="ptn:FactorFinding", findingAbout=about,
                           concernsFactor=f"concept:factor-{factor}",
                           hasPolarity=f"concept:polarity-{way}")  # fmt: skip
        elif kind < 0.85:
            yield from say(
                node,
                a="ptn:OutcomeFinding",
                findingAbout=about,
                hasDimension=f"concept:dimension-{rng.choice(('timeliness', 'care-quality'))}",
                hasDirection=f"concept:direction-{rng.choice(('improved', 'worsened', 'mixed'))}",
                hasRealisation=f"concept:realisation-{rng.choice(('realised', 'anticipated'))}",
            )
            if rng.random() < 0.6:
                yield from say(node, hasEvidenceStrength="concept:evidence-"
                               + rng.choice(("anecdotal", "routine-measure")))  # fmt: skip
            if rng.random() < 0.7:
                yield from say(node, hasContribution="concept:contribution-"
                               + rng.choice(("direct", "associated", "not-claimed")))  # fmt: skip
        else:
            verdict = rng.choice(("met", "not-met", "too-early"))
            yield from say(node, a="ptn:StatedAssessment", assesses=about,
                           hasVerdict=f"concept:verdict-{verdict}")  # fmt: skip


def bound(
    workspace: Workspace, scratch: Scratch, slug: str, given: dict[str, str]
) -> BoundQuestion:
    return Catalogue(workspace).get(slug).bind(given, Vocabulary(scratch.engine))


@pytest.mark.slow
def test_forty_random_cases_give_the_same_sets_as_brute_force(
    toy: tuple[Workspace, Scratch],
) -> None:
    workspace, scratch = toy
    asked = [bound(workspace, scratch, slug, given) for slug, given in QUESTIONS]
    tried = effects = 0
    for seed in range(GRAPHS):
        new, old = frozenset(case_of(seed)), scratch.asserted(CASE_M)
        with scratch.changed(Change(CASE_M, old - new, new - old)):
            three = random.Random(seed).sample(asked, 3)
            doubter = Doubter(workspace, scratch, [CASE_M])
            tables = [scratch.select(question.query) for question in three]
            candidates = list(doubter.candidates.of_kinds(("statement", "value")))
            quick = [
                {c: found.keys for c, found in doubter.effects(q, table, candidates) if found}
                for q, table in zip(three, tables, strict=True)
            ]
            for candidate in candidates:
                with scratch.changed(doubter.candidates.graphs[CASE_M].change(candidate)):
                    for question, table, found in zip(three, tables, quick, strict=True):
                        brute = compare(question.question, table, scratch.select(question.query))
                        told = found.get(candidate)
                        where = f"seed {seed}, {question.question.slug}, {candidate.words}"
                        assert told == (brute.keys if brute else None), where
                        tried += 1
                        effects += bool(brute)
    print(f"\n{GRAPHS} random cases: {tried} changes tried both ways, {effects} with an effect")
    assert tried > 1000
    assert effects > 100


@pytest.mark.parametrize(
    ("slug", "given", "case", "switches"),
    [
        ("enablers-in-successful-partnerships", {"nature": "voluntary"}, "case-v/case", True),
        ("outcomes-matrix", {}, "case-c/case", False),
    ],
)
def test_cases_and_rules_too(
    toy: tuple[Workspace, Scratch], slug: str, given: dict[str, str], case: str, switches: bool
) -> None:
    workspace, scratch = toy
    question = bound(workspace, scratch, slug, given)
    found = Doubter(workspace, scratch).doubt(question, ("case", "rule"))
    without = {e.candidate.subject.removeprefix(str(DATA)) for e in found.effects}
    assert case in without
    assert ("success-rules/strict" in without) == switches


def test_fragile_rows_say_what_carries_them(kg: KnowledgeGraph) -> None:
    answer = kg.ask_question("enablers-in-successful-partnerships")
    found = kg.sensitivity(answer, ("statement",))
    reasons = {str(answer.rows[one.row]["factorLabel"]): one.reason for one in found.fragile}
    trust = reasons["trust between partners"]
    assert "rests on one finding, the acquirer's own account (Ash)" in trust
    assert "stands on a verdict that one finding carries" in trust
    assert all(one.statements for one in found.fragile)


def test_one_voice_is_told_from_one_finding(kg: KnowledgeGraph) -> None:
    answer = kg.ask_question("enablers-in-successful-partnerships", nature="voluntary")
    found = kg.sensitivity(answer, ("statement",))
    reasons = {str(answer.rows[one.row]["factorLabel"]): one.reason for one in found.fragile}
    assert (
        "stands on a verdict" in reasons["shared vision"] or "one voice" in reasons["shared vision"]
    )


def test_the_words_name_the_change_and_the_rows(kg: KnowledgeGraph) -> None:
    found = kg.sensitivity(kg.ask_question("enablers-in-successful-partnerships"))
    text = "\n".join(found.lines())
    assert "Without the statement “Waits fell.”:" in text
    assert "Has nature “mandated” in place of “voluntary” in “Pathway”:" in text
    assert found.to_dict()["effects"]


def test_a_confirmed_effect_is_the_same(toy: tuple[Workspace, Scratch]) -> None:
    workspace, scratch = toy
    question = bound(workspace, scratch, "what-the-rules-disagree-on", {})
    doubter = Doubter(workspace, scratch)
    found = doubter.doubt(question, ("value",))
    sample: list[Candidate] = [effect.candidate for effect in found.effects][::9]
    assert sample
    said = {effect.candidate: effect.comparison.keys for effect in found.effects}
    for candidate in sample:
        assert doubter.confirm(question, found.table, candidate).keys == said[candidate]
