"""The flow on a small workspace of one's own over the shipped ontology."""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.unit.toy import CASE, SOURCE, again, write

import partnering
from partnering import service
from partnering.cli import main
from partnering.errors import CheckFailed
from partnering.namespaces import GRAPH
from partnering.pipeline import publish
from partnering.pipeline.build import build
from partnering.pipeline.flow import Brought, Flow
from partnering.slices import Slice
from partnering.workspace import SCHEMA_KINDS, Workspace, locate


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


@pytest.mark.usefixtures("may_fork")
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
