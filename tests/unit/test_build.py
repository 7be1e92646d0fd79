"""The flow on a small workspace of one's own over the shipped ontology."""

from __future__ import annotations

import os
import shutil
import time
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

import partnering
from partnering import service
from partnering.cli import main
from partnering.errors import CheckFailed, ReadError
from partnering.namespaces import GRAPH
from partnering.pipeline import publish, texts
from partnering.pipeline.build import ANEW, build, build_anew
from partnering.pipeline.flow import Brought, Flow
from partnering.pipeline.sheets import COUNT, Sheets
from partnering.slices import Slice
from partnering.workspace import SCHEMA_KINDS, UNPUBLISHED_KINDS, Workspace, locate

CASE = """@prefix this: <https://w3id.org/partnering/data/toy/> .
@prefix toy: <https://w3id.org/partnering/data/toy-report/> .
@prefix concept: <https://w3id.org/partnering/vocab/> .
@prefix ptn: <https://w3id.org/partnering/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

this:case a ptn:CaseStudy ;
    rdfs:label "Case T: Left and Right"@en-GB ;
    ptn:caseCode "T" ;
    ptn:describedIn toy:report ;
    ptn:summary "Two invented hospitals share a laundry for the sake of this test." ;
    ptn:hasMainPartnership this:laundry ;
    ptn:hasPartnership this:laundry ;
    ptn:codedBy "test" ; ptn:codedOn "2026-01-01"^^xsd:date .

this:laundry a ptn:Partnership ;
    rdfs:label "Shared laundry of Left and Right"@en-GB ;
    ptn:summary "Left and Right, both invented, wash their sheets together." ;
    ptn:hasNature concept:nature-voluntary ;
    ptn:hasScale concept:scale-individual ;
    ptn:hasForm concept:form-alliance ;
    ptn:hasArrangementStatus concept:status-operating ;
    ptn:codingNote "Invented." ;
    ptn:hasAnchor toy:p1.0-4 .

this:left a ptn:ProviderOrganisation ; rdfs:label "Left"@en-GB ; ptn:isPseudonymous true .

this:enabler-trust a ptn:FactorFinding ;
    ptn:findingAbout this:laundry ;
    ptn:concernsFactor concept:factor-trust ;
    ptn:hasPolarity concept:polarity-enabling ;
    ptn:hasPresence concept:presence-present ;
    ptn:hasProminence concept:prominence-supporting ;
    ptn:claimedBy this:left ;
    ptn:summary "Left says that trusting Right with its sheets was what made it work." ;
    ptn:hasAnchor toy:p1.0-4 .

this:outcome-clean a ptn:OutcomeFinding ;
    ptn:findingAbout this:laundry ;
    ptn:hasDimension concept:dimension-patient-experience ;
    ptn:hasDirection concept:direction-improved ;
    ptn:hasRealisation concept:realisation-realised ;
    ptn:hasEvidenceStrength concept:evidence-anecdotal ;
    ptn:hasContribution concept:contribution-direct ;
    ptn:hasProminence concept:prominence-supporting ;
    ptn:claimedBy this:left ;
    ptn:summary "Left says that its patients found the sheets of the shared laundry softer." ;
    ptn:hasAnchor toy:p1.0-4 .

# ---- anchors: written by 'partnering source anchor', do not edit below ----
toy:p1.0-4 a ptn:EvidenceAnchor ;
    ptn:anchoredIn toy:p1 ; ptn:startOffset 0 ; ptn:endOffset 4 ;
    ptn:passageDigest "4ba69b7f2ed44b2a4a6f5ae7a9a4a4ed4ba69b7f2ed44b2a4a6f5ae7a9a4a4ed" .
"""
SOURCE = """@prefix toy: <https://w3id.org/partnering/data/toy-report/> .
@prefix ptn: <https://w3id.org/partnering/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

toy:report a ptn:SourceDocument ;
    rdfs:label "A report that does not exist"@en-GB ; dcterms:title "A report that does not exist" ;
    ptn:narratedBy toy:authors ; ptn:hasRendition toy:rendition .
toy:authors a ptn:ReportAuthors ; rdfs:label "Nobody"@en-GB .
toy:rendition a ptn:TextRendition ;
    ptn:renditionDigest "4ba69b7f2ed44b2a4a6f5ae7a9a4a4ed4ba69b7f2ed44b2a4a6f5ae7a9a4a4ed" ;
    ptn:renditionLength 10 ; ptn:normalisation "none" .
toy:s.all a ptn:SourceSection ; rdfs:label "All of it"@en-GB ; ptn:sectionPath "all" ;
    ptn:inDocument toy:report ; ptn:orderInDocument 1 .
toy:p1 a ptn:SourceParagraph ; rdfs:label "All of it, paragraph 1"@en-GB ;
    ptn:inSection toy:s.all ; ptn:inDocument toy:report ; ptn:paragraphNumber 1 ; ptn:paragraphIndex 1 ;
    ptn:documentOffset 0 ; ptn:textLength 10 ; ptn:paragraphKind "body" ;
    ptn:textDigest "4ba69b7f2ed44b2a4a6f5ae7a9a4a4ed4ba69b7f2ed44b2a4a6f5ae7a9a4a4ed" .
"""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace without a case, built once: the schema need not be checked for every test."""
    root = tmp_path_factory.mktemp("empty")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PARTNERING_CACHE", raising=False)
        write(root, "partnering.yaml", "base: shipped\ncases: false\n")
        write(root, "data/sources/toy-report/source.ttl", SOURCE)
        build(locate(root))
    return root


@pytest.fixture
def workspace(empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.delenv("PARTNERING_CACHE", raising=False)
    shutil.copytree(empty, tmp_path, dirs_exist_ok=True)
    write(tmp_path, "data/cases/toy.ttl", CASE)
    return locate(tmp_path)


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def again(workspace: Workspace) -> Workspace:
    """The same folder, as a command that starts now would see it."""
    return locate(workspace.root)


def test_a_build_answers_and_a_second_one_does_nothing_again(workspace: Workspace) -> None:
    first = build(workspace)
    second = build(again(workspace))
    flow = ["read", "check", "infer", "judge", "publish", "search"]
    assert [step.name for step in first.steps] == flow
    assert all(step.seen and step.done for step in first.steps)
    assert all(step.seen and step.done == 0 for step in second.steps)
    assert second.index.snapshot == first.index.snapshot
    kg = partnering.open(workspace.root)
    answer = kg.ask_question("verdict-by-case-and-rule")
    assert {"reported", "strict"} <= {row["ruleLabel"] for row in answer.rows}


def test_a_conclusion_stands_in_one_graph_so_that_counts_over_all_are_right(
    workspace: Workspace,
) -> None:
    write(workspace.root, "data/cases/toy-two.ttl", second_case(CASE))
    store = build(again(workspace)).index.load().store
    inferred = str(GRAPH["inferred/"])
    held = Counter(q.triple for q in store if str(q.graph_name).startswith(f"<{inferred}"))
    assert len(held) > 1000, "hardly anything was inferred"
    twice = [triple for triple, times in held.items() if times > 1]
    assert not twice, f"{len(twice)} conclusions stand in several graphs, such as {twice[0]}"


def test_the_same_files_give_the_same_snapshot_in_another_folder(
    workspace: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    write(other, "partnering.yaml", "base: shipped\ncases: false\n")
    write(other, "data/sources/toy-report/source.ttl", SOURCE)
    write(other, "data/cases/toy.ttl", CASE)
    assert build(locate(other)).index.snapshot == build(workspace).index.snapshot


def test_an_edit_of_a_case_touches_that_case_alone(workspace: Workspace) -> None:
    build(workspace)
    write(workspace.root, "data/cases/toy.ttl", CASE.replace("softer", "whiter"))
    steps = {step.name: step for step in build(again(workspace)).steps}
    assert [steps[name].done for name in ("read", "check", "infer")] == [1, 1, 1]
    assert steps["judge"].done == steps["judge"].seen, "it is the only case there is"
    graph = publish.current(workspace)
    assert graph is not None
    assert steps["publish"].done < 10 < steps["publish"].seen


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("concept:factor-trust", "concept:factor-truts", "factor-truts"),
        ("    ptn:hasPolarity concept:polarity-enabling ;\n", "", "polarity"),
        ("ptn:claimedBy this:left", "ptn:claimedBy this:lift", "lift"),
        ("this:left a ptn:Provider", "this:left a ptn:Provider ptn:", "data/cases/toy.ttl:27"),
        ("ptn:endOffset 4", "ptn:endOffset 40", "toy:p1.0-4|p1.0-4"),
        ("this:left a ptn:Prov", "this:left a ptn:OversightBody, ptn:Prov", "declared disjoint at"),
    ],
)
def test_a_broken_file_is_named_and_the_last_good_index_stays(
    workspace: Workspace, old: str, new: str, says: str
) -> None:
    good = build(workspace).index
    generated = sorted((workspace.cache / "generated").iterdir())
    assert generated
    assert old in CASE
    write(workspace.root, "data/cases/toy.ttl", CASE.replace(old, new, 1))
    with pytest.raises(CheckFailed, match=says):
        build(again(workspace))
    still = publish.current(again(workspace))
    assert still is not None
    assert still.snapshot == good.snapshot
    assert still.inputs != publish.inputs_digest(again(workspace)), "and it is known to be stale"
    assert len(still.load().store) == good.quads
    assert sorted((workspace.cache / "generated").iterdir()) == generated


def test_an_edit_is_brought_up_by_the_process_that_stood_by_unless_it_stood_for_another_context(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    build(workspace)
    bring, ready = Flow.bring, Flow.ready

    def by_whom(flow: Flow, part: Slice) -> Brought:
        (tmp_path / f"{part.name.replace('/', '-')} {os.getpid()}").touch()
        return bring(flow, part)

    def outdated(of: Workspace) -> Flow:
        flow = ready(of)
        vars(flow)["context"] = "before an edit of the shapes"
        return flow

    monkeypatch.setattr(Flow, "bring", by_whom)
    write(workspace.root, "data/cases/toy.ttl", CASE.replace("softer", "whiter"))
    first = build(again(workspace)).index
    (who,) = tmp_path.glob("case-toy *")
    assert who.name != f"case-toy {os.getpid()}"
    monkeypatch.setattr(Flow, "ready", outdated)
    write(workspace.root, "data/cases/toy.ttl", CASE.replace("softer", "cleaner"))
    assert build(again(workspace)).index.snapshot != first.snapshot
    assert (tmp_path / f"case-toy {os.getpid()}").exists()
    assert len(list(tmp_path.glob("case-toy *"))) == 3


def test_a_workspace_narrowed_to_some_kinds_is_the_same_in_them(workspace: Workspace) -> None:
    narrow = workspace.only(*SCHEMA_KINDS, "success-rule")
    assert {file.kind for file in narrow.graph_files} == {*SCHEMA_KINDS, "success-rule"}
    assert set(narrow.graph_files) < set(workspace.graph_files)
    assert narrow.schema_files == workspace.schema_files
    assert Flow(narrow).context == Flow(workspace).context


def test_a_question_that_uses_a_word_nobody_declared_is_not_published(
    workspace: Workspace,
) -> None:
    good = build(workspace).index
    (asked,) = workspace.files("queries/questions/cases-list.rq")
    text = asked.read_text("utf-8").replace("ptn:CaseStudy", "ptn:CaseStudie")
    write(workspace.root, "queries/questions/cases-list.rq", text)
    with pytest.raises(CheckFailed, match=r"cases-list.rq:\d+: violation: ptn:CaseStudie"):
        build(again(workspace))
    still = publish.current(again(workspace))
    assert still is not None
    assert still.snapshot == good.snapshot


def test_commands_answer_from_the_last_good_index_and_say_so(workspace: Workspace) -> None:
    build(workspace)
    write(workspace.root, "data/cases/toy.ttl", CASE.replace("this:left a", "this:left a this:"))
    ran = CliRunner().invoke(main, ["ask", "cases-list", "--workspace", str(workspace.root)])
    assert ran.exit_code == 0, ran.stderr
    assert "Case T: Left and Right" in ran.stdout
    assert "Answered from the last good index" in ran.stderr
    assert "data/cases/toy.ttl:27" in ran.stderr


def test_what_was_done_before_an_interruption_is_not_done_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(publish, "publish", interrupted)
        with pytest.raises(KeyboardInterrupt):
            build(again(workspace))
    steps = {step.name: step for step in build(again(workspace)).steps}
    assert [steps[name].done for name in ("read", "check", "infer", "judge")] == [0, 0, 0, 0]
    assert steps["publish"].done > 0


def test_in_full_all_is_done_again_and_mends_what_had_gone_wrong(workspace: Workspace) -> None:
    good = build(workspace).index
    (spoilt,) = (p for p in good.parts if p.graph == f"{GRAPH}inferred/case/toy")
    quad = f"<http://e/nobody> <http://e/says> <http://e/so> <{spoilt.graph}> .\n"
    with (workspace.cache / spoilt.file).open("a") as file:
        file.write(quad)
    kept = {step.name: step.done for step in build(again(workspace)).steps}
    assert kept["check"] == kept["infer"] == 0, "nobody looks into what is kept"
    assert quad in (workspace.cache / spoilt.file).read_text("utf-8")
    found = build_anew(again(workspace))
    steps = {step.name: step for step in found.steps}
    published = {file.kind for file in workspace.graph_files} - set(UNPUBLISHED_KINDS)
    assert steps["read"].done == sum(file.kind in published for file in workspace.graph_files)
    assert steps["check"].done == steps["check"].seen
    assert steps["publish"].done == steps["publish"].seen
    assert all(step.done for step in found.steps)
    assert found.index.snapshot == good.snapshot
    assert found.index.folder == workspace.cache
    assert quad not in (workspace.cache / spoilt.file).read_text("utf-8")
    assert publish.files_held(workspace) == {part.file for part in good.parts}
    assert not (workspace.cache / ANEW).exists()
    assert {step.name: step.done for step in build(again(workspace)).steps} == kept


def test_in_full_is_gone_on_with_and_leaves_the_last_good_index_until_it_is_whole(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    good = build(workspace).index
    held = publish.files_held(workspace)
    write(workspace.root, "data/cases/toy.ttl", CASE.replace("softer", "whiter"))
    with monkeypatch.context() as patch:
        patch.setattr(publish, "publish", interrupted)
        with pytest.raises(KeyboardInterrupt):
            build_anew(again(workspace))
    assert publish.last_good(workspace).snapshot == good.snapshot
    assert publish.files_held(workspace) == held
    ran = CliRunner().invoke(main, ["build", "--full", "--workspace", str(workspace.root)])
    assert ran.exit_code == 0, ran.output
    done = {line.split()[0]: int(line.split()[3]) for line in ran.output.splitlines()[:5]}
    assert (done["read"], done["check"], done["infer"]) == (0, 0, 0)
    assert done["publish"] > 0
    assert publish.last_good(workspace).snapshot != good.snapshot


def test_a_product_that_went_missing_is_made_again(workspace: Workspace) -> None:
    good = build(workspace).index
    for folder in ("quads", "inferred"):
        for path in (workspace.cache / folder).glob("*"):
            if "toy" in path.read_text("utf-8"):
                path.unlink()
    again_built = build(again(workspace)).index
    assert again_built.snapshot == good.snapshot
    assert len(again_built.load().store) == good.quads


def test_a_sheet_that_went_missing_is_made_again_and_a_broken_one_is_named(
    workspace: Workspace,
) -> None:
    good = build(workspace).index
    sheets = sorted((workspace.cache / "sheets").iterdir())
    assert len(sheets) > 5
    for path in sheets[:5]:
        path.unlink()
    assert build(again(workspace)).index.snapshot == good.snapshot
    made = sorted((workspace.cache / "sheets").iterdir())
    assert set(made) <= set(sheets)
    sheets = made
    sheets[0].write_text('{"case/toy": ["', "utf-8")
    with pytest.raises(ReadError, match=f"{sheets[0].name}: A sheet of the index does not read"):
        publish.current(again(workspace)).parts  # type: ignore[union-attr]  # noqa: B018
    sheets[0].unlink()
    assert build(again(workspace)).index.snapshot == good.snapshot


def second_case(text: str) -> str:
    """The toy case under another name, resting on other letters of the source."""
    text = text.replace("data/toy/", "data/toy-two/").replace("p1.0-4", "p1.5-9")
    return text.replace("startOffset 0", "startOffset 5").replace("endOffset 4", "endOffset 9")


def test_what_is_brought_up_part_by_part_is_what_all_at_once_would_be(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, other = "data/cases/toy.ttl", "data/cases/toy-two.ttl"
    source = "data/sources/toy-report/source.ttl"
    rule = next(file for file in workspace.graph_files if file.kind == "success-rule")
    follows = CASE.replace("toy:p1.0-4 .\n\nthis:left", "toy:p1.0-4 ;\n    ptn:precedesPartnership"
                           " <https://w3id.org/partnering/data/toy-two/laundry> .\n\nthis:left")  # fmt: skip
    edits = [
        (case, CASE.replace("softer", "whiter"), {"case/toy"}),
        (other, second_case(CASE), {"case/toy-two"}),
        (case, follows, {"case/toy"}),
        (other, second_case(CASE.replace("softer", "cleaner")), {"case/toy-two", "case/toy"}),
        (source, SOURCE.replace("All of it", "The whole"), {"source/toy-report/source", "case/toy", "case/toy-two"}),
        (rule.relative, rule.path.read_text("utf-8") + "# looked over\n", None),
        (case, CASE, {"case/toy"}),
        (other, "", set()),
    ]  # fmt: skip
    assert follows != CASE
    build(workspace)
    compared: set[str] = set()
    key = Flow.key
    monkeypatch.setattr(Flow, "key", lambda flow, part: compared.add(part.name) or key(flow, part))
    for name, text, touched in edits:
        if text:
            write(workspace.root, name, text)
        else:
            (workspace.root / name).unlink()
        compared.clear()
        by_parts = build(again(workspace)).index
        looked_at = {one for one in compared if not one.startswith("schema")}
        assert looked_at == touched if touched is not None else len(looked_at) > 5, name
        (workspace.cache / "noted.json").unlink()
        whole = build(again(workspace)).index
        assert whole.snapshot == by_parts.snapshot, name
        assert whole.sheets.listed == by_parts.sheets.listed, name
        assert publish.current(workspace).sheets == whole.sheets, name  # type: ignore[union-attr]


def test_what_two_builds_ago_needed_is_deleted_and_nothing_else(workspace: Workspace) -> None:
    indexes = [build(workspace).index]
    for word in ("whiter", "cleaner", "lighter", "softer", "whiter"):
        write(workspace.root, "data/cases/toy.ttl", CASE.replace("softer", word))
        indexes.append(build(again(workspace)).index)
        needed = {part.file for index in indexes[-2:] for part in index.parts}
        assert publish.files_held(workspace) == needed
        for folder, most in (("index", 2), ("sheets", 2 * COUNT)):
            assert 2 <= len(list((workspace.cache / folder).iterdir())) <= most


def test_a_text_index_begun_and_not_needed_goes_again(workspace: Workspace) -> None:
    built = build(workspace).index
    folder = workspace.cache / "search"
    held = sorted(folder.iterdir())
    assert texts.path_of(built) in held
    write(
        workspace.root,
        "data/cases/toy.ttl",
        CASE.replace("claimedBy this:left", "claimedBy this:lift"),
    )
    with pytest.raises(CheckFailed, match="lift"):
        build(again(workspace))
    assert sorted(folder.iterdir()) == held
    (folder / "of-an-earlier-layout-1.sqlite").touch()
    write(workspace.root, "data/cases/toy.ttl", CASE + "# looked over\n")
    assert build(again(workspace)).index.snapshot != built.snapshot
    assert len(list(folder.iterdir())) == 2, "the newest and the one before, of this layout"


def test_a_running_service_moves_to_what_is_published(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "LOOK_EVERY", 0.05)
    running = service.Service.open(workspace, readers=1)
    try:
        asked = {"case": "toy"}
        before = running.ask("what-helped", asked)
        write(workspace.root, "data/cases/toy.ttl", CASE.replace("its sheets", "its towels"))
        snapshot = build(again(workspace)).index.snapshot
        until = time.monotonic() + 60
        while running.snapshot != snapshot and time.monotonic() < until:
            time.sleep(0.05)
        after = running.ask("what-helped", asked)
        assert "towels" in str(after.rows)
        assert "towels" not in str(before.rows)
        assert after.snapshot == snapshot != before.snapshot
        assert running.search("towels").total == 1
    finally:
        running.close()


def test_a_file_that_no_line_of_the_manifest_fits_is_an_error(workspace: Workspace) -> None:
    write(workspace.root, "data/stray/thing.ttl", CASE)
    with pytest.raises(Exception, match="No line of the manifest fits this file"):
        build(again(workspace))


def test_an_index_of_an_earlier_version_does_not_stop_a_sweep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PARTNERING_CACHE", raising=False)
    (tmp_path / "partnering.yaml").write_text("base: shipped\ncases: false\n", "utf-8")
    workspace = locate(tmp_path)
    old = workspace.cache / "index" / "old.json"
    old.parent.mkdir(parents=True)
    old.write_text('{"inputs": "", "parts": [{"graph": "g", "file": "quads/x.nq"}]}', "utf-8")
    in_force = publish.publish(workspace, Sheets(workspace.cache), "made for tests")
    assert publish.sweep(workspace, in_force) == 0
    assert not old.exists()
