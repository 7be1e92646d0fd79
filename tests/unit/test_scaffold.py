"""What 'partnering new' and 'init' write is valid where it can be, and marked where not."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

from partnering import slices
from partnering.answering.questions import Catalogue
from partnering.checking import checks
from partnering.checking.problems import Problem
from partnering.cli import main
from partnering.errors import WrongUse
from partnering.extend.start import start
from partnering.pipeline.rules import Rule, Slate
from partnering.workspace import Workspace, locate

TEXT = "One invented page\nWhat was set up\nTwo hospitals shared a laundry.\n"


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARTNERING_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.delenv("PARTNERING_SOURCE", raising=False)
        yield


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return start(tmp_path / "own", cases=False).root


def run(root: Path, *words: str) -> Result:
    done = CliRunner().invoke(main, [*words, "--workspace", str(root)])
    assert not done.exception or isinstance(done.exception, SystemExit), done.exception
    return done


def problems(root: Path, relative: str) -> list[Problem]:
    workspace: Workspace = locate(root)
    (part,) = [
        p for p in slices.of_workspace(workspace)
        if p.kind != "schema" and any(f.relative == relative for f in p.files)
    ]  # fmt: skip
    found = checks.look(workspace, part)
    assert found.counts["focus nodes"] > 0
    return list(found.problems)


def with_case(root: Path) -> str:
    (root / "page.txt").write_text(TEXT)
    assert (
        run(root, "new", "source", "page", str(root / "page.txt"), "--title", "A page").exit_code
        == 0
    )
    assert run(root, "source", "import", str(root / "page.txt"), "--source", "page").exit_code == 0
    done = run(root, "new", "case", "case-x", "--label", 'Case X: a "laundry"')
    assert done.exit_code == 0, done.output
    return "data/cases/case-x.ttl"


def test_a_workspace_of_ones_own_reads_the_shipped_one(tmp_path: Path) -> None:
    with_cases = start(tmp_path / "a", cases=True)
    without = start(tmp_path / "b", cases=False)
    kinds = {file.kind for file in without.graph_files}
    assert kinds == {"alignment", "ontology", "vocabulary", "success-rule"}
    assert len([f for f in with_cases.graph_files if f.kind == "case"]) == 5
    assert (tmp_path / "a/.gitignore").read_text().split() == ["attached/", ".partnering/"]
    assert len((tmp_path / "a/README.md").read_text().splitlines()) <= 12
    with pytest.raises(WrongUse, match="already"):
        start(tmp_path / "a", cases=True)


def test_a_new_case_lacks_only_what_it_asks_for(root: Path) -> None:
    relative = with_case(root)
    text = (root / relative).read_text("utf-8")
    found = problems(root, relative)
    violations = [p for p in found if p.severity == "violation"]
    assert [p.rule for p in violations] == ["words-for-a-thing"]
    assert {p.rule for p in found} >= {"case-factors", "case-outcomes", "arrangement-has-nature"}
    assert text.count("# TODO") >= 8
    assert text.count("# ====") >= 12


def test_every_example_of_a_new_case_is_turtle_of_terms_that_exist(root: Path) -> None:
    from partnering import names

    relative = with_case(root)
    lines = (root / relative).read_text("utf-8").splitlines()
    head = [line for line in lines if line.startswith("@prefix")]
    examples = [
        line[2:].partition(" ;  ")[0] + (" ;" if " ;  " in line else "")
        for line in lines
        if line.startswith(("# this:", "#     ptn:", "#     rdfs:"))
    ]
    text = "\n".join([*head, *examples]).replace("-… ", "-x ")
    triples = list(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE))
    known = names.of_workspace(locate(root)).kinds
    ours = {
        term.value
        for triple in triples
        for term in (triple.predicate, triple.object)
        if isinstance(term, ox.NamedNode)
        and ("/ontology#" in term.value or "/vocab/" in term.value)
        and not term.value.endswith("-x")
    }
    assert len(ours) > 40
    assert sorted(term for term in ours if term not in known) == []


@pytest.mark.parametrize(
    "kind", ["enabler", "barrier", "driver", "outcome", "mechanism", "cost", "gap"]
)
def test_a_new_finding_says_what_it_lacks(root: Path, kind: str) -> None:
    relative = with_case(root)
    before = (root / relative).read_text("utf-8")
    done = run(root, "new", "finding", "case-x", kind, "Somebody said so.")
    assert done.exit_code == 0, done.output
    assert (root / relative).read_text("utf-8").startswith(before.rstrip("\n"))
    assert "To fill in: ptn:hasAnchor" in done.output
    name = done.output.split()[0].removeprefix("this:")
    lacking = [p for p in problems(root, relative) if p.focus.endswith(f"/{name}")]
    assert lacking
    assert all(p.mend for p in lacking)


def test_a_finding_that_is_told_in_full_lacks_nothing_but_its_place(root: Path) -> None:
    relative = with_case(root)
    done = run(
        root, "new", "finding", "case-x", "outcome", "Sheets were cleaner.", "--of", "quality of care",
        "--by", "p:authors" if "p:authors" in (root / relative).read_text() else "page:authors",
        "--words", "Two hospitals shared a laundry", "--with", "direction=improved",
        "--with", "realisation=realised", "--with", "contribution=direct",
    )  # fmt: skip
    if done.exit_code:
        done = run(
            root, "new", "finding", "case-x", "outcome", "Sheets were cleaner.",
            "--of", "dimension-care-quality", "--by", "page:authors",
            "--words", "Two hospitals shared a laundry", "--with", "direction=improved",
            "--with", "realisation=realised", "--with", "contribution=direct",
        )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "To fill in" not in done.output
    (root / relative).write_text(
        (root / relative).read_text("utf-8").replace("TODO the words of the source that tell of it",
                                                     "shared a laundry"), "utf-8")  # fmt: skip
    anchored = run(root, "source", "anchor", str(root / relative), "--source", "page",
                   "--text", str(root / "page.txt"))  # fmt: skip
    assert anchored.exit_code == 0, anchored.output
    assert [p for p in problems(root, relative) if p.severity == "violation"] == []


def test_a_concept_is_added_beside_its_siblings_and_the_rest_keeps_its_bytes(
    tmp_path: Path,
) -> None:
    import shutil

    repository = Path(__file__).resolve().parents[2]
    for folder in ("ontology", "data", "shapes", "queries"):
        shutil.copytree(repository / folder, tmp_path / folder)
    path = tmp_path / "ontology/vocab/factor.ttl"
    before = path.read_text("utf-8")
    done = run(tmp_path, "new", "factor", "appetite for risk", "--under", "culture and values",
               "--definition", "How far people will go.", "--also", "risk appetite")  # fmt: skip
    assert done.exit_code == 0, done.output
    after = path.read_text("utf-8")
    at = after.index("\n\nconcept:factor-appetite-for-risk a")
    end = after.index(" .\n", at) + 2
    assert after[:at] + after[end:] == before
    assert "Beside it stand" in done.output
    assert "shared values (factor-shared-values)" in done.output


def test_a_label_that_is_taken_is_refused_with_its_neighbours(root: Path) -> None:
    for label in ("Walkabout", "trust between partners", "shared values"):
        done = run(root, "new", "factor", label)
        assert done.exit_code == 2
        assert "is already" in done.output
        assert done.output.count("(factor-") >= 2
    done = run(root, "new", "factor", "something new", "--also", "walkabout")
    assert done.exit_code == 2
    assert not list((root / "ontology/vocab").iterdir())


def test_a_concept_without_a_definition_is_marked(root: Path) -> None:
    for command in ("factor", "role", "outcome-dimension"):
        done = run(root, "new", command, "zeppelin readiness")
        assert done.exit_code == 0, done.output
        assert "To fill in: its definition" in done.output
    found = sorted((root / "ontology/vocab").glob("*.ttl"))
    assert [p.name for p in found] == ["own-dimension.ttl", "own-factor.ttl", "own-role.ttl"]
    assert all("# TODO: skos:definition" in p.read_text("utf-8") for p in found)


def test_a_new_question_parses_and_its_header_agrees(root: Path) -> None:
    done = run(root, "new", "question", "Which enablers were 'missing'?", "--tags", "own, enablers")
    assert done.exit_code == 0, done.output
    catalogue = Catalogue(locate(root))
    asked = catalogue.get("which-enablers-were-missing")
    assert [p.name for p in asked.parameters] == ["nature"]
    assert asked.tags == ("own", "enablers")
    assert len({q.id for q in catalogue.questions}) == len(catalogue.questions) > 50


def test_a_new_rule_of_success_is_valid_and_judges_as_the_one_it_copies(root: Path) -> None:
    assert run(root, "new", "success-rule", "patients first").exit_code == 0
    relative = "data/success-rules/patients-first.ttl"
    assert [p for p in problems(root, relative) if p.severity == "violation"] == []
    assert "# TODO" in (root / relative).read_text("utf-8")
    rule = Rule(root / "queries/rules/judge/patients-first.rq")
    assert "rule:reported" not in rule.text
    slate = Slate(())
    head = "PREFIX ptn: <https://w3id.org/partnering/ontology#>"
    slate._store.update(f"""{head}
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX rule: <https://w3id.org/partnering/data/success-rules/>
        INSERT DATA {{ GRAPH <x:g> {{ rule:patients-first ptn:ruleVersion "0.1.0" .
          <x:a> a ptn:Partnership ; rdfs:label "A" }} }}""")
    lines = slate.saturate([rule], "x:out")
    assert any("x:a.assessment.patients-first" in line for line in lines)


def test_what_is_there_is_never_written_over(root: Path) -> None:
    relative = with_case(root)
    before = (root / relative).read_bytes()
    assert run(root, "new", "case", "case-x", "--label", "Again").exit_code == 2
    taken = run(root, "new", "case", "case-z", "--label", "Other", "--code", "X")
    assert taken.exit_code == 2
    assert "There is a case of the code 'X'" in taken.output
    assert run(root, "new", "success-rule", "reported").exit_code == 2
    assert run(root, "new", "question", "x", "--name", "what-helped").exit_code == 2
    assert (root / relative).read_bytes() == before


def test_a_new_class_has_its_axioms_and_breaks_no_rule_of_hygiene(root: Path) -> None:
    from partnering import names
    from partnering.checking import hygiene, lint

    assert run(root, "new", "concept", "form", "joint venture", "--definition", "A company of two.",
               "--when", "Always.").exit_code == 0  # fmt: skip
    done = run(root, "new", "class", "joint venture", "--definition", "What two own together.",
               "--when", "form=joint venture", "--then", "scale=structural",
               "--never", "mandated partnership")  # fmt: skip
    assert done.exit_code == 0, done.output
    workspace = locate(root)
    text = (root / "ontology/own.ttl").read_text("utf-8")
    for axiom in ("owl:hasValue concept:form-joint-venture", "owl:disjointWith ptn:Mandated",
                  "owl:onProperty ptn:hasScale ; owl:hasValue concept:scale-structural"):  # fmt: skip
        assert axiom in text
    schema = slices.of_workspace(workspace)[0]
    linted = lint.check(workspace, schema, names.of_workspace(workspace))
    tidy = hygiene.check(workspace)
    told = [p for p in (*linted.problems, *tidy.problems) if p.severity != "info"]
    assert told == []
    assert tidy.counts["triples"] > 5000
    again = run(root, "new", "class", "Joint Venture", "--definition", "Another.")
    assert again.exit_code == 2
    assert "ptn:JointVenture" in again.output


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("--when", "form"), "takes a scheme and a concept"),
        (("--when", "form=mergr"), "did you mean form-merger"),
        (("--when", "shape=merger"), "There is no scheme 'shape'"),
        (("--never", "ptn:hasForm"), "ptn:hasForm is no class"),
        (("--then", "factor=trust"), ""),
    ],
)
def test_a_class_that_refers_to_nothing_is_refused(
    root: Path, given: tuple[str, str], says: str
) -> None:
    done = run(root, "new", "class", "new kind", "--definition", "A kind.", *given)
    assert done.exit_code == (2 if says else 0), done.output
    assert says in done.output
    assert (root / "ontology/own.ttl").exists() is not bool(says)


def test_an_inherited_file_is_taken_over_once_and_byte_by_byte(root: Path) -> None:
    relative = "ontology/vocab/form.ttl"
    assert run(root, "new", "copy", relative).exit_code == 0
    shipped = locate(root).base
    assert shipped is not None
    assert (root / relative).read_bytes() == (shipped.root / relative).read_bytes()
    assert run(root, "new", "copy", relative).exit_code == 2
    near = run(root, "new", "copy", "ontology/vocab/from.ttl")
    assert near.exit_code == 2
    assert "did you mean ontology/vocab/form.ttl" in near.output
    assert run(root, "new", "copy", "../../etc/passwd").exit_code == 2
