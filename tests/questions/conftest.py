"""Two knowledge graphs to ask: three invented cases, and the cases that are shipped.

Both go through the real steps (read, infer, judge, publish) in a folder of their own, so
that a test never touches the index somebody works with. The check step is left out: the toy
is short on purpose, and what shapes ask of it is no matter of the questions.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests import unchecked

from partnering.knowledge import KnowledgeGraph
from partnering.workspace import Workspace, locate

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """The shipped ontology, rules and questions over the toy cases."""
    root = tmp_path_factory.mktemp("questions") / "toy"
    shutil.copytree(HERE / "toy", root)
    return knowledge_of(locate(root))


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """All that is shipped, in an index of its own."""
    root = tmp_path_factory.mktemp("shipped")
    (root / "partnering.yaml").write_text("base: shipped\ncases: true\n", "utf-8")
    return knowledge_of(locate(root))


def knowledge_of(workspace: Workspace) -> KnowledgeGraph:
    index = unchecked.published(workspace)
    return KnowledgeGraph(index.load(), workspace, index)
