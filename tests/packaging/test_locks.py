"""The locks in requirements/: whole, hashed, and in step with pyproject.toml."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PIN = re.compile(r"^([a-z0-9._-]+)==([^ ;]+)(?: ; .*?)? \\\n((?:    --hash=.*\n)+)", re.M)
LOCKS = {
    "run.txt": [],
    "test.txt": ["reason", "pandas", "test"],
    "dev.txt": ["reason", "pandas", "test", "dev"],
}


@pytest.fixture(scope="module")
def project(repository: Path) -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((repository / "pyproject.toml").read_text())["project"]
    return project


def pins(lock: Path) -> dict[str, list[str]]:
    """Name to pinned versions; a package may be pinned once for each range of Pythons."""
    found: dict[str, list[str]] = {}
    for name, pinned, _ in PIN.findall(lock.read_text()):
        found.setdefault(canonicalize_name(name), []).append(pinned)
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_every_dependency_in_the_declared_range(
    lock: str, repository: Path, project: dict[str, Any]
) -> None:
    declared = list(project["dependencies"])
    for extra in LOCKS[lock]:
        declared += project["optional-dependencies"][extra]
    requirements = [Requirement(line) for line in declared]
    pinned = pins(repository / "requirements" / lock)
    wanted = [r for r in requirements if r.name != project["name"]]
    assert wanted
    for requirement in wanted:
        versions = pinned.get(canonicalize_name(requirement.name), [])
        assert versions, f"{requirement.name} is not in {lock}: make lock"
        for version in versions:
            assert version in requirement.specifier, f"{lock} is stale: make lock"


@pytest.mark.parametrize("lock", ["build.txt", "suites-build.txt", "suites.txt", *LOCKS])
def test_every_line_of_a_lock_is_a_hashed_pin_and_names_no_server(
    lock: str, repository: Path
) -> None:
    text = (repository / "requirements" / lock).read_text()
    starts = [line for line in text.splitlines() if line and line[0] not in " #"]
    assert starts
    assert len(PIN.findall(text)) == len(starts)
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text


def test_the_locks_agree_on_every_version(repository: Path) -> None:
    run, test, dev = (pins(repository / "requirements" / lock) for lock in LOCKS)
    assert run.items() <= test.items() <= dev.items()


def test_the_citation_names_the_version(repository: Path, project: dict[str, Any]) -> None:
    citation = (repository / "CITATION.cff").read_text()
    assert f"\nversion: {project['version']}\n" in citation
