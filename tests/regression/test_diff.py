"""What an edit changes against a git revision: in words, as JSON, and applied again."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.unit.test_scratch import TOY

from partnering.changes.diff import Diff, apply, between
from partnering.cli import main
from partnering.errors import NotFound
from partnering.workspace import locate

REPOSITORY = Path(__file__).resolve().parents[2]
VOCABULARY = "ontology/vocab/factor.ttl"
CASE_C, CASE_V = "data/cases/case-c.ttl", "data/cases/case-v.ttl"


def git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    subprocess.run(["git", "-C", str(root), *identity, *arguments], check=True, capture_output=True)


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy with its own copy of the schema, in a repository of its own; checked once."""
    root = tmp_path_factory.mktemp("diff") / "toy"
    shutil.copytree(TOY, root)
    (root / "partnering.yaml").unlink()
    for folder in ("ontology", "shapes", "queries"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    shutil.copytree(REPOSITORY / "data/success-rules", root / "data/success-rules")
    shutil.copy(REPOSITORY / "data/manifest.yaml", root / "data")
    (root / ".gitignore").write_text(".partnering/\n", "utf-8")
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "as it was")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PARTNERING_CACHE", raising=False)
        _ = between(locate(root), "HEAD")
    return root


@pytest.fixture
def root(committed: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.delenv("PARTNERING_CACHE", raising=False)
    yield committed
    git(committed, "checkout", "-q", ".")
    git(committed, "clean", "-qfd")


def edit(root: Path, file: str, old: str, new: str) -> None:
    text = (root / file).read_text("utf-8")
    assert old in text, f"{file} does not say {old!r}"
    (root / file).write_text(text.replace(old, new, 1), "utf-8")


def told(root: Path) -> tuple[Diff, str]:
    found = between(locate(root), "HEAD")
    old, new = found.before.asserted, found.after.asserted
    assert apply(found.triples, old) == new, "the JSON, applied to the old triples, gives the new"
    carried = json.loads(json.dumps(found.to_dict()))
    assert apply(carried["triples"], old) == new
    return found, "\n".join(found.lines())


def test_where_nothing_changed_it_says_so(root: Path) -> None:
    found, text = told(root)
    assert found.triples == {}
    assert "Terms: none changed" in text
    assert "Answers: 0 questions changed" in text


def test_a_flipped_polarity_shows_in_instances_inferences_and_answers(root: Path) -> None:
    block = re.search(
        r"this:trust-grew .*?polarity-enabling", (root / CASE_V).read_text("utf-8"), re.S
    )
    assert block is not None
    edit(root, CASE_V, block[0], block[0].replace("polarity-enabling", "polarity-hindering"))
    found, text = told(root)
    assert "Instances: 1 changed" in text
    assert "- polarity: “enabling”" in text.replace("has polarity", "polarity")
    assert "+ polarity: “hindering”" in text.replace("has polarity", "polarity")
    gained, lost = found.inferences
    assert any("BarrierFinding" in line for line in gained)
    assert any("EnablerFinding" in line for line in lost)
    changes = {change.slug: change for change in found.answers}
    assert "barriers-in-partnerships" in changes
    because = {iri for row in changes["barriers-in-partnerships"].rows for iri in row.because}
    assert "https://w3id.org/partnering/data/case-v/trust-grew" in because
    assert "— because of “Trust grew.”" in text


def test_an_outcome_that_goes_turns_a_verdict_and_the_answers_that_rest_on_it(root: Path) -> None:
    text = (root / CASE_C).read_text("utf-8")
    found_outcome = re.search(r"this:\S+ a ptn:OutcomeFinding ;(?:(?!\n\n|\n\S).)*Waits fell\..*?\.\n(?=this:|\n)",
                              text, re.S)  # fmt: skip
    assert found_outcome is not None
    edit(root, CASE_C, found_outcome[0], "")
    found, text = told(root)
    assert "Instances: 1 removed" in text
    assert found.verdicts
    assert "Takeover, rule strict: met" in text.replace("“", "").replace("”", "")
    lost = {change.slug for change in found.answers if any(row.mark == "-" for row in change.rows)}
    assert "enablers-in-successful-partnerships" in lost


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t.replace('skos:prefLabel "trust between partners"@en-GB',
                             'skos:prefLabel "mutual trust"@en-GB'), "renamed"),
        (lambda t: _in_block(t, "concept:factor-trust ", r"skos:broader concept:[\w-]+",
                             "skos:broader concept:factor-leadership"), "moved"),
        (lambda t: _in_block(t, "concept:factor-trust ", r"a skos:Concept ;",
                             'a skos:Concept ;\n    owl:deprecated true ;'), "deprecated"),
    ],
)  # fmt: skip
def test_terms_are_renamed_moved_and_deprecated_in_words(
    root: Path, change: Callable[[str], str], says: str
) -> None:
    path = root / VOCABULARY
    before = path.read_text("utf-8")
    after = change(before)
    if "owl:deprecated true" in after and "@prefix owl:" not in after:
        after = "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n" + after
    assert after != before
    path.write_text(after, "utf-8")
    found, text = told(root)
    assert f"Terms: 1 {says}" in text
    assert re.search(rf"~ concept “[^”]*trust[^”]*” \(factor-trust\): {says}", text)
    if says == "renamed":
        assert found.answers == (), "another label is no other answer"
    if says == "moved":
        assert "enablers-in-successful-partnerships" in {c.slug for c in found.answers}


def test_a_new_term_and_a_dropped_one(root: Path) -> None:
    path = root / VOCABULARY
    path.write_text(
        path.read_text("utf-8")
        + '\nconcept:factor-luck a skos:Concept ; skos:prefLabel "luck"@en-GB ;'
        " skos:inScheme concept:scheme-factor ; skos:broader concept:factor-leadership .\n",
        "utf-8",
    )
    found, text = told(root)
    assert "+ concept “luck” (factor-luck)" in text
    git(root, "commit", "-q", "-a", "-m", "luck")
    path.write_text("\n".join(path.read_text("utf-8").split("\n")[:-2]) + "\n", "utf-8")
    try:
        assert "- concept “luck” (factor-luck)" in told(root)[1]
    finally:
        git(root, "reset", "-q", "--hard", "HEAD~1")
    assert found.inferences[0], "and what follows from it is told"


def test_what_the_shapes_newly_find_and_what_was_mended(root: Path) -> None:
    edit(root, CASE_V, "    ptn:hasPolarity concept:polarity-enabling ;\n", "")
    found, text = told(root)
    failing, mended = found.problems
    assert any("polarity" in problem.message for problem in failing)
    assert not mended
    assert re.search(r"Shapes and lints: \d+ newly failing, 0 mended", text)
    git(root, "commit", "-q", "-a", "-m", "broken")
    edit(root, CASE_V, "ptn:FactorFinding ; ptn:findingAbout this:pathway ; ptn:claimedBy t:authors ;",
         "ptn:FactorFinding ; ptn:findingAbout this:pathway ; ptn:claimedBy t:authors ;"
         " ptn:hasPolarity concept:polarity-enabling ;")  # fmt: skip
    try:
        failing, mended = told(root)[0].problems
        assert not failing
        assert any("polarity" in problem.message for problem in mended)
    finally:
        git(root, "reset", "-q", "--hard", "HEAD~1")


def test_questions_that_came_went_or_changed(root: Path) -> None:
    (root / "queries/questions/definitions.rq").unlink()
    edit(root, "queries/questions/central-factors.rq", "prominence-central", "prominence-passing")
    notes = {change.slug: change.note for change in told(root)[0].answers}
    assert notes["definitions"] == "question dropped"
    assert notes["central-factors"] == "the question's own text changed"


def test_the_command_prints_words_or_json(root: Path) -> None:
    edit(root, CASE_V, "Trust grew.", "Trust grew with time.")
    run = CliRunner().invoke(main, ["diff", "HEAD", "--workspace", str(root)])
    assert run.exit_code == 0, run.output
    assert "Instances: 1 renamed" in run.output or "Instances: 1 changed" in run.output
    assert "Answers: 0 questions changed" in run.output
    run = CliRunner().invoke(main, ["diff", "HEAD", "--json", "--workspace", str(root)])
    assert set(json.loads(run.output)) == {
        "triples", "terms", "instances", "shapes", "inferences", "verdicts", "answers"
    }  # fmt: skip


def test_an_unknown_revision_is_told(root: Path) -> None:
    with pytest.raises(NotFound, match="git does not give that revision"):
        between(locate(root), "no-such-branch")


def _in_block(text: str, start: str, old: str, new: str) -> str:
    at = text.index(f"\n{start}") + 1
    end = text.index(" .\n", at)
    block, count = re.subn(old, new, text[at:end], count=1)
    assert count == 1
    return text[:at] + block + text[end:]
