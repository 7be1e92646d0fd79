"""A small sound workspace, checked once; HermiT has tests of its own and is left out of most."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.check.laundry import workspace

from partnering import gates
from partnering.errors import Missing
from partnering.gates import Report, logic
from partnering.workspace import locate


def no_java() -> str:
    raise Missing("There is no Java to run the reasoner on.", mend="install one")


@contextmanager
def alone() -> Iterator[None]:
    """Nothing of the machine: no cache, no source of somebody's own, no Java."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PARTNERING_CACHE", raising=False)
        patch.delenv("PARTNERING_SOURCE", raising=False)
        patch.setattr(logic.reason, "java", no_java)
        yield


@pytest.fixture(autouse=True)
def nothing_of_the_machine() -> Iterator[None]:
    with alone():
        yield


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    """A workspace in which everything holds, checked in full."""
    with alone():
        root = workspace(tmp_path_factory.mktemp("sound"))
        return root, gates.check(locate(root))


@pytest.fixture
def root(sound: tuple[Path, Report], tmp_path: Path) -> Path:
    """A copy of it, to break."""
    shutil.copytree(sound[0], tmp_path, dirs_exist_ok=True)
    return tmp_path
