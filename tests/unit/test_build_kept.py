"""What a build keeps: taken up after an interruption, mended where it went wrong, deleted when nobody needs it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.unit.toy import CASE, again, write

from partnering.cli import main
from partnering.errors import CheckFailed, ReadError
from partnering.namespaces import GRAPH
from partnering.pipeline import publish, texts
from partnering.pipeline.build import ANEW, build, build_anew
from partnering.pipeline.sheets import COUNT, Sheets
from partnering.workspace import UNPUBLISHED_KINDS, Workspace, locate


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
