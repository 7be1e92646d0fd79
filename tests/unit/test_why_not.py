"""Why something is not there, and an addition that really puts it there, on the toy cases."""

from __future__ import annotations

import re
import shutil

import pytest
from tests.unit.test_scratch import TOY, built

from partnering.anatomy import dissect
from partnering.doubt.conditions import Conditions
from partnering.errors import WrongUse
from partnering.knowledge import KnowledgeGraph
from partnering.pipeline import publish
from partnering.store.base import select
from partnering.workspace import locate


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PARTNERING_CACHE", raising=False)
        root = tmp_path_factory.mktemp("why-not") / "toy"
        shutil.copytree(TOY, root)
        workspace, index = built(root)
        return KnowledgeGraph(index.load(), workspace, index)


ENABLERS = "enablers-in-successful-partnerships"
CASES = [
    # slug, given, what the first obstacle must say, how many facts the addition has
    (ENABLERS, {"factor": "trust", "case": "case-m"}, "the verdict “too early”", 1),
    (ENABLERS, {"factor": "distance", "case": "case-v", "nature": "voluntary"},
     "not an enabler finding: “The places were far apart.” is a barrier finding", 1),
    (ENABLERS, {"factor": "board-stability", "case": "case-v", "nature": "voluntary"},
     "There is no enabler finding that says: concerns factor “board and executive stability”", 1),
    (ENABLERS, {"factor": "trust", "case": "case-v", "nature": "voluntary", "rule": "strict"},
     "the rule “strict” gives “Pathway” the verdict", 1),
    (ENABLERS, {"factor": "trust", "case": "case-v", "nature": "voluntary", "rule": "authors-view"},
     "The authors pass no judgement", 1),
    (ENABLERS, {"factor": "trust", "case": "case-v"}, "its nature is “voluntary”, not “mandated”", 1),
    (ENABLERS, {"factor": "board-stability", "case": "case-v", "rule": "authors-view",
                "scale": "structural"}, "There is no enabler finding", 4),
    ("barriers-in-partnerships", {"factor": "shared-vision", "case": "case-v"},
     "is an enabler finding", 1),
    ("factors-that-help-here-and-hurt-there", {"factor": "distance"}, "too little of it", 1),
    ("factors-shared-by-cases", {"factor": "distance"}, "too little of it", 1),
    ("adverse-outcomes", {"case": "case-m"}, "There is no", 1),
    ("what-was-not-a-driver", {"case": "case-v"},
     "There is no context finding that says: in case “Toy case V”", 1),
    ("what-nobody-measured", {"case": "case-v", "kind": "no-review"},
     "There is no evidence gap that says: gap kind", 1),
    ("outcomes-with-strong-evidence", {"arrangement": "case-m/help"}, "realised outcome finding", 1),
    ("verdicts-with-reasons", {"arrangement": "case-m/help", "verdict": "met"},
     "the verdict “too early”", 1),
]  # fmt: skip


@pytest.mark.parametrize(("slug", "given", "says", "facts"), CASES)
def test_the_reason_is_said_and_the_addition_puts_the_row_there(
    kg: KnowledgeGraph, slug: str, given: dict[str, str], says: str, facts: int
) -> None:
    found = kg.why_not(slug, **given)
    assert not found.present
    assert says in found.reason
    assert found.addition is not None
    assert len(found.addition.words) == facts
    before = _rows(kg.engine, kg, slug, given)
    with kg.scratch.changed(found.addition.change):
        assert _rows(kg.scratch.engine, kg, slug, given) != before
    assert not kg.why_not(slug, **given).present, "and the trial left no trace"


def _rows(engine: object, kg: KnowledgeGraph, slug: str, given: dict[str, str]) -> set[object]:
    question = kg.catalogue.get(slug)
    blanks = {p.name for p in question.parameters}
    bound = question.bind({k: v for k, v in given.items() if k in blanks}, kg.vocabulary)
    return set(select(engine, bound.query).rows)  # type: ignore[arg-type]


def test_all_obstacles_are_told_in_order(kg: KnowledgeGraph) -> None:
    found = kg.why_not(ENABLERS, factor="board-stability", case="case-v", rule="authors-view",
                       scale="structural")  # fmt: skip
    words = " ".join(obstacle.words for obstacle in found.obstacles)
    order = ["no enabler finding", "authors pass no judgement", "“voluntary”", "“individual”"]
    places = [words.index(part) for part in order]
    assert places == sorted(places)


def test_what_is_there_is_said_to_be_there(kg: KnowledgeGraph) -> None:
    found = kg.why_not(ENABLERS, factor="trust", case="case-c")
    assert found.present
    assert found.reason == "It is in the answer."


def test_where_nothing_tried_helps_it_says_so(kg: KnowledgeGraph) -> None:
    used = kg.why_not(
        "concepts-never-used", concept="https://w3id.org/partnering/vocab/factor-trust"
    )
    assert used.addition is None
    assert "No addition of the kinds tried admits it" in "\n".join(used.lines())


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"colour": "red"}, "does not speak of 'colour'"),
        ({"factor": "truts"}, "names nothing here"),
    ],
)
def test_wrong_use_is_told(kg: KnowledgeGraph, given: dict[str, str], says: str) -> None:
    with pytest.raises(WrongUse, match=re.escape(says)):
        kg.why_not(ENABLERS, **given)


def test_every_question_comes_apart_into_conditions_that_mean_the_same(kg: KnowledgeGraph) -> None:
    """As many solutions together, in either order, as the pattern they were taken from."""
    seen = 0
    for question in kg.questions():
        held, parts = Conditions.of(question.query, {}), dissect(question.query)
        if [c.kind for c in Conditions.of(question.query, {"no such": ""}).all] == ["query"]:
            continue  # The pattern is an inner SELECT's: held has that one's conditions.
        whole = select(kg.engine, f"{parts.prologue}SELECT * WHERE {{ {parts.body} }}")
        for order in (held.all, held.in_order):
            assert len(held.solutions(kg.engine, order, 100_000)) == len(whole), question.slug
        seen += 1
    assert seen >= 60


def test_the_index_in_force_is_left_alone(kg: KnowledgeGraph) -> None:
    index = publish.current(locate(kg.workspace.root))
    assert index is not None
    assert index.snapshot == kg.snapshot


def test_every_saved_question_is_taken_apart_to_its_last_group(kg: KnowledgeGraph) -> None:
    triples = 0
    for question in kg.questions():
        found = Conditions.of(question.query, {}).everywhere
        whole = [c.triple for c in found if c.kind == "triple"]
        assert whole, question.slug
        # A block of values that is taken for a statement begins with a bracket.
        assert all(len(t) == 3 and t[0][0] in "?<_" for t in whole), question.slug
        triples += len(whole)
    assert triples > 1000
