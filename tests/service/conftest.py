"""A small index with enough in it for a join to hurt, and pools of readers over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.service.pools import CALM, QUICK

from partnering.store.readers import ReaderPool
from partnering.store.room import Limits

CASES = 40
FINDINGS = 50


def write_index(path: Path, cases: int = CASES) -> Path:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    with path.open("w") as out:
        for case in range(cases):
            graph = f"<http://e/g{case}>"
            for number in range(FINDINGS):
                finding = f"<http://e/c{case}/f{number}>"
                for predicate, value in (
                    ("case", f"<http://e/c{case}>"),
                    ("factor", f"<http://e/k{(number * 7 + case) % 30}>"),
                    ("number", f'"{number}"^^<{xsd}integer>'),
                    ("label", f'"finding {number} of case {case}"@en'),
                    ("next", f"<http://e/c{case}/f{(number + 1) % FINDINGS}>"),
                ):
                    out.write(f"{finding} <http://e/{predicate}> {value} {graph} .\n")
    return path


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_index(tmp_path_factory.mktemp("index") / "index.nq")


@pytest.fixture(scope="module")
def pool(index: Path) -> Iterator[ReaderPool]:
    with ReaderPool(index, readers=2, limits=CALM) as pool:
        yield pool


@pytest.fixture(scope="module")
def attacked(index: Path) -> Iterator[ReaderPool]:
    """Strangers get little; what we ask ourselves, to see how it is, has time."""
    with ReaderPool(index, readers=2, limits=QUICK) as pool:
        yield pool


@pytest.fixture
def fresh(index: Path) -> Iterator[ReaderPool]:
    """A pool of one's own, for tests that break things."""
    with ReaderPool(index, readers=1, limits=Limits(deadline=2)) as pool:
        yield pool
