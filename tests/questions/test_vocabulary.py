"""What a name means, found without reading what everything of its kind is called."""

from __future__ import annotations

import pytest

from partnering.answering.vocabulary import Vocabulary
from partnering.errors import WrongUse
from partnering.knowledge import KnowledgeGraph
from partnering.namespaces import DATA
from partnering.store.base import Engine, Reply


class Watched:
    """The engine beneath, and the queries it was sent."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.takes_many = engine.takes_many
        self.asked: list[str] = []

    def execute(self, query: str, **options: object) -> Reply:
        self.asked.append(query)
        return self.engine.execute(query, **options)  # type: ignore[arg-type]

    def close(self) -> None:
        self.engine.close()


@pytest.mark.parametrize("kind", ["case", "partnership", "actor"])
def test_a_name_or_iri_is_looked_up_alone_and_means_what_it_means_among_all(
    shipped: KnowledgeGraph, kind: str
) -> None:
    everything = Vocabulary(shipped.engine).choices(kind)
    assert len(everything) >= 5
    for choice in everything:
        for name in (choice.name, choice.name.upper(), str(choice.iri)):
            watched = Watched(shipped.engine)
            vocabulary = Vocabulary(watched)
            for _ in range(2):
                assert vocabulary.resolve(kind, name, parameter=kind) == choice
            assert len(watched.asked) == 1
            assert choice.iri.n3() in watched.asked[0]


@pytest.mark.parametrize(
    "name", ["case-q", "case-a> a ?x . <", "case a", "%zz", "", f"{DATA}%", "é"]
)
def test_what_is_nothing_says_what_there_is(shipped: KnowledgeGraph, name: str) -> None:
    vocabulary = Vocabulary(shipped.engine)
    with pytest.raises(WrongUse, match="case-a, case-b"):
        vocabulary.resolve("case", name, parameter="case")
    assert vocabulary.named("case", name) is None


def test_a_label_is_found_among_all(shipped: KnowledgeGraph) -> None:
    label = Vocabulary(shipped.engine).choices("case")[0].label
    found = Vocabulary(shipped.engine).resolve("case", label, parameter="case")
    assert found.label == label
