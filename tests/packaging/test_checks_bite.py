"""The linter and the type checker are really switched on: each is shown something bad."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BAD = {
    "F401": "import os\n",
    "I001": "import sys\nimport os\nprint(os, sys)\n",
    "B006": "def f(items=[]):\n    return items\n",
    "UP006": "from typing import List\nx: List[int] = []\n",
    "SIM118": "d = {}\nfor k in d.keys():\n    print(k)\n",
    "RUF005": "a = [1]\nb = [0] + a\n",
    "PT011": "import pytest\nwith pytest.raises(ValueError):\n    int('a')\n",
    "D103": "def public():\n    return 1\n",
    "RUF100": "x = 1  # noqa: F401\n",
}
RUFF_OPTIONS = [
    "--no-cache",
    "--output-format=concise",
    "--stdin-filename=src/partnering/sample.py",
]


@pytest.mark.parametrize("rule", BAD)
def test_ruff_reports(rule: str, repository: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", *RUFF_OPTIONS, "-"],
        input=BAD[rule],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f" {rule} " in done.stdout


@pytest.fixture(scope="module")
def copy_with_bad_modules(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """A small project under our settings, with one untyped function in each source tree."""
    copy = tmp_path_factory.mktemp("bad")
    for name in ("pyproject.toml", "Makefile"):
        shutil.copy(repository / name, copy)
    for package in (copy / "src/partnering", copy / "webui"):
        package.mkdir(parents=True)
        (package / "__init__.py").write_text('"""A package."""\n')
        (package / "untyped.py").write_text('"""A module."""\n\n\ndef f(x):\n    """Do."""\n')
    return copy


def test_make_check_type_checks_both_source_trees_strictly(copy_with_bad_modules: Path) -> None:
    environment = Path(sys.prefix)
    outside_make = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    done = subprocess.run(
        ["make", "check", f"VENV={environment}", "-o", f"{environment}/installed-dev"],
        cwd=copy_with_bad_modules,
        env=outside_make,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "src/partnering/untyped.py:4: error: Function is missing a type" in done.stdout
    assert "partnering/webui/untyped.py:4: error: Function is missing a type" in done.stdout
