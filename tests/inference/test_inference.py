"""What must follow, and what must not: each .ttl file says it in its first lines.

``# follows: S P O .`` must be inferred from the file; ``# never: S P O .`` must not.
"""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from partnering import reading, slices
from partnering.pipeline.infer import Inference
from partnering.pipeline.judge import Bench
from partnering.pipeline.rules import Slate
from partnering.workspace import GraphFile, Workspace, shipped_root

FILES = sorted(Path(__file__).parent.glob("*.ttl"))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = tmp_path_factory.mktemp("workspace")
    (root / "partnering.yaml").write_text("base: shipped\ncases: false\n")
    return Workspace(root, Workspace(shipped_root()), with_cases=False)


@pytest.fixture(scope="module")
def slate(workspace: Workspace) -> Slate:
    """The schema, the success rules and what follows from them, to put a file on."""
    schema = slices.of_workspace(workspace)[0]
    inference = Inference(workspace)
    rules = [f for f in workspace.graph_files if f.kind == "success-rule"]
    return Slate([*inference.quads([*schema.files, *rules]), inference.infer(schema)])


def triples(text: str, prefixes: str) -> list[ox.Triple]:
    return [
        ox.Triple(t.subject, t.predicate, t.object)
        for t in ox.parse(input=f"{prefixes}\n{text}", format=ox.RdfFormat.TURTLE)
    ]


def told(path: Path, word: str) -> list[ox.Triple]:
    lines = path.read_text("utf-8").splitlines()
    prefixes = "\n".join(line for line in lines if line.startswith("@prefix"))
    marked = [line.removeprefix(f"# {word}: ") for line in lines if line.startswith(f"# {word}: ")]
    return [triple for line in marked for triple in triples(line, prefixes)]


def inferred(path: Path, slate: Slate, workspace: Workspace, tmp: Path) -> set[ox.Triple]:
    file = GraphFile(
        str(path), path.name, "case", "https://w3id.org/partnering/graph/case/test", "none"
    )
    inference = Inference(workspace)
    slate.wipe()
    slate.load([reading.quads(workspace, file)])
    lines = slate.saturate(inference.rules, "https://w3id.org/partnering/graph/inferred/test")
    for rule in Bench(workspace, inference).rules:
        lines += slate.saturate(
            (rule.rule, *inference.rules),
            f"https://w3id.org/partnering/graph/assessment/{rule.name}",
        )
    parsed = ox.parse(input="\n".join(lines), format=ox.RdfFormat.N_QUADS)
    return {ox.Triple(q.subject, q.predicate, q.object) for q in parsed}


def test_there_are_files_to_try() -> None:
    assert len(FILES) >= 8


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_follows_follows_and_nothing_else_said(
    path: Path, slate: Slate, workspace: Workspace, tmp_path: Path
) -> None:
    follows, never = told(path, "follows"), told(path, "never")
    assert follows, "a file without a line '# follows:' tests nothing"
    found = inferred(path, slate, workspace, tmp_path)
    missing = [str(triple) for triple in follows if triple not in found]
    assert not missing, f"did not follow: {missing}"
    unwanted = [str(triple) for triple in never if triple in found]
    assert not unwanted, f"followed and must not: {unwanted}"
