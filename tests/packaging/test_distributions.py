"""What is built and installed: nothing forgotten, nothing stale, and it runs in an empty folder."""

import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

WORKSPACE = ("ontology", "data", "shapes", "queries")
NOT_OURS = shutil.ignore_patterns(
    ".*", "__pycache__", "*.egg-info", "build", "dist", "attached", "node_modules"
)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """A copy to build in: setuptools leaves folders behind, and packs what it finds in them."""
    copy = tmp_path_factory.mktemp("checkout") / "partnering"
    shutil.copytree(repository, copy, ignore=NOT_OURS)
    return copy


@pytest.fixture(scope="module", autouse=True)
def no_assets() -> Iterator[None]:
    """Nothing is fetched to build these: the assets have tests of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARTNERING_SKIP_ASSETS", "1")
        yield


def build(what: Path, folder: Path) -> Path:
    options = ["--quiet", "--no-deps", "--no-build-isolation", f"--wheel-dir={folder}"]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, str(what)], check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(checkout, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    code = f"from setuptools.build_meta import build_sdist; build_sdist({str(folder)!r})"
    subprocess.run([sys.executable, "-c", code], cwd=checkout, check=True, capture_output=True)
    (archive,) = folder.glob("*.tar.gz")
    return archive


def files_in(folder: Path, *patterns: str) -> set[str]:
    found = (path for pattern in patterns for path in folder.glob(pattern))
    return {path.relative_to(folder).as_posix() for path in found if path.is_file()}


def packed(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_the_wheel_holds_every_module_and_no_other(checkout: Path, wheel: Path) -> None:
    modules = {f"partnering/{name}" for name in files_in(checkout / "src/partnering", "**/*.py")}
    pages = {f"partnering/webui/{name}" for name in files_in(checkout / "webui", "**/*.py")}
    assert modules
    assert pages
    assert {name for name in packed(wheel) if name.endswith(".py")} == modules | pages
    assert "partnering/py.typed" in packed(wheel)


def test_the_wheel_holds_what_the_pages_are_made_of(checkout: Path, wheel: Path) -> None:
    wanted = files_in(checkout / "webui", "templates/**/*", "assets/**/*")
    assert wanted
    assert {f"partnering/webui/{name}" for name in wanted} <= packed(wheel)


@pytest.mark.parametrize("folder", WORKSPACE)
def test_the_wheel_holds_the_whole_workspace(checkout: Path, wheel: Path, folder: str) -> None:
    wanted = files_in(checkout / folder, "**/*")
    assert wanted
    shipped = {name for name in packed(wheel) if name.startswith(f"partnering/shipped/{folder}/")}
    assert shipped == {f"partnering/shipped/{folder}/{name}" for name in wanted}


def test_the_wheel_has_both_licences(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = [name.rpartition("/")[2] for name in archive.namelist() if "/licenses/" in name]
    assert sorted(names) == ["LICENSE", "LICENSE-DATA"]


def test_a_source_distribution_builds_the_same_wheel(
    sdist: Path, wheel: Path, tmp_path: Path
) -> None:
    assert packed(build(sdist, tmp_path)) == packed(wheel)


def test_a_source_distribution_can_test_itself(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"Makefile", "setup.py", "tests/conftest.py", "requirements/test.txt"} <= names


IMPORT_ALL = """
import importlib, pkgutil, partnering, partnering.webui
names = [m.name for p in (partnering, partnering.webui)
         for m in pkgutil.walk_packages(p.__path__, p.__name__ + ".")
         if not m.name.endswith("__main__")]
for name in names:
    importlib.import_module(name)
print(len(names), partnering.__file__)
"""


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """A new environment with what running needs and nothing else: its ``bin`` folder."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, with_pip=True)
    pip = [str(folder / "bin/python"), "-m", "pip", "install", "--quiet", "--require-hashes"]
    locks = repository / "requirements"
    subprocess.run([*pip, "-r", str(locks / "build.txt")], check=True)
    subprocess.run([*pip, "--no-build-isolation", "-r", str(locks / "run.txt")], check=True)
    return folder / "bin"


@pytest.mark.parametrize("how", ["wheel", "sdist", "editable"])
def test_an_installation_runs_in_an_empty_folder(
    how: str, fresh: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    what = str(request.getfixturevalue("checkout" if how == "editable" else how))

    def run(*command: str) -> str:
        return subprocess.run(
            [str(fresh / command[0]), *command[1:]],
            cwd=tmp_path,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    editable = ["--editable"] if how == "editable" else []
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--force-reinstall"]
    run("python", "-m", "pip", "install", *options, *editable, what)
    project = tomllib.loads((request.getfixturevalue("repository") / "pyproject.toml").read_text())[
        "project"
    ]

    assert run("partnering", "--version") == f"partnering {project['version']}\n"
    assert "No broken requirements" in run("python", "-m", "pip", "check")
    imported, where = run("python", "-c", IMPORT_ALL).split(maxsplit=1)
    assert int(imported) > 3
    assert where.startswith(what if how == "editable" else str(fresh.parent))
