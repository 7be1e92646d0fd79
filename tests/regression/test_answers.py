"""Every question still answers what somebody reviewed; how the answers are kept."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib.namespace import RDFS, SKOS

from partnering.changes.regression import NONE, SPOKEN, Answers, Reviewed, wordless
from partnering.namespaces import PTN
from partnering.workspace import Workspace

REPOSITORY = Path(__file__).resolve().parents[2]
SLUGS = sorted(path.stem for path in (REPOSITORY / "queries/questions").glob("*.rq"))


@pytest.mark.parametrize("slug", SLUGS)
def test_the_answer_is_the_reviewed_one(shipped: tuple[Workspace, Answers], slug: str) -> None:
    _, answers = shipped
    reviewed = Reviewed(Workspace(REPOSITORY), answers)
    question = answers.catalogue.get(slug)
    found = list(reviewed.differences(question))
    assert not found, "\n".join([*found, f"if that is right: partnering answers accept {slug}"])


def test_there_is_an_answer_for_every_question_and_no_other() -> None:
    kept = sorted(path.stem for path in (REPOSITORY / "queries/answers").glob("*.csv"))
    assert len(kept) >= 60
    assert kept == SLUGS


def test_questions_about_success_are_kept_under_each_rule(
    shipped: tuple[Workspace, Answers],
) -> None:
    _, answers = shipped
    question = answers.catalogue.get("enablers-in-successful-partnerships")
    asked = {line[0] for line in answers.all_lines(question)}
    assert [a.rsplit("rule=", 1)[-1] for a in sorted(asked)] == [
        "authors-view",
        "reported",
        "strict",
    ]


def test_accepting_writes_once_and_a_change_is_told(
    shipped: tuple[Workspace, Answers], tmp_path: Path
) -> None:
    _, answers = shipped
    reviewed = Reviewed(Workspace(tmp_path), answers)
    question = answers.catalogue.get("typology-grid")
    assert list(reviewed.differences(question)) == [
        "no answer has been reviewed; look at it, then: partnering answers accept"
    ]
    assert reviewed.accept(question) == reviewed.path(question)
    assert reviewed.accept(question) is None, "the second time there is nothing to write"
    assert list(reviewed.differences(question)) == []
    text = reviewed.path(question).read_text("utf-8")
    lines = text.splitlines()
    reviewed.path(question).write_text(
        "\n".join([lines[0], *lines[2:], "made up" + "," * 10]), "utf-8"
    )
    found = list(reviewed.differences(question))
    assert [line[0] for line in found] == ["-", "+"]
    assert found[0] == "- made up"


def test_an_answer_without_rows_is_kept_as_such(shipped: tuple[Workspace, Answers]) -> None:
    _, answers = shipped
    question = answers.catalogue.get("what-helped")
    lines = answers.lines(question, {"case": "https://w3id.org/partnering/data/case-a/case"})
    assert len(lines) > 1
    empty = Answers(ox.Store(), answers.catalogue)
    assert empty.lines(answers.catalogue.get("definitions"), {})[0][1] == NONE


def test_answers_to_dropped_questions_go(
    shipped: tuple[Workspace, Answers], tmp_path: Path
) -> None:
    reviewed = Reviewed(Workspace(tmp_path), shipped[1])
    reviewed.folder.mkdir(parents=True)
    (reviewed.folder / "no-such-question.csv").write_text("asked\n", "utf-8")
    assert reviewed.forget_dropped() == ["no-such-question.csv"]
    assert list(reviewed.folder.iterdir()) == []


def test_only_texts_for_people_are_taken_out() -> None:
    thing, graph = (
        ox.NamedNode("https://w3id.org/partnering/vocab/factor-trust"),
        ox.NamedNode("urn:g"),
    )
    said = {
        str(SKOS.prefLabel): "trust",
        str(PTN.measureNote): "12 weeks",
        str(RDFS.label): "trust",
    }
    store = ox.Store()
    store.extend(ox.Quad(thing, ox.NamedNode(p), ox.Literal(v), graph) for p, v in said.items())
    found = {q.predicate.value: str(q.object.value) for q in wordless(store)}
    assert found == {
        name: "factor-trust" if name in SPOKEN else value for name, value in said.items()
    }
    assert list(found.values()).count("factor-trust") == 2
