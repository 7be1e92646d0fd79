"""The toy workspace, built once a module and copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.unit.toy import CASE, SOURCE, write

from partnering import workers
from partnering.pipeline.build import build
from partnering.workspace import Workspace, locate


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


@pytest.fixture
def may_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second process may stand by, whatever runs here and on however many cores.

    Servers that tests before this one have left wait in threads, and hold no lock in doing so.
    """
    monkeypatch.setattr(workers, "_may_fork", lambda: True)
