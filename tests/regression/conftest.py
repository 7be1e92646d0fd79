"""The shipped cases, answered in a folder of their own, with every text for people taken out."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.test_scratch import built

from partnering.answering.questions import Catalogue
from partnering.changes.regression import Answers
from partnering.workspace import Workspace


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Answers]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PARTNERING_CACHE", raising=False)
        root: Path = tmp_path_factory.mktemp("regression")
        (root / "partnering.yaml").write_text("base: shipped\ncases: true\n", "utf-8")
        workspace, index = built(root)
        return workspace, Answers(index.load().store, Catalogue(workspace))
