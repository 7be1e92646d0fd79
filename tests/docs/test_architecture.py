"""ARCHITECTURE.md names every module, and imports go one way: upwards in its table."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE = ROOT / "src" / "partnering"
ROWS = re.findall(
    r"^\| (`.+?) \|", (ROOT / "ARCHITECTURE.md").read_text("utf-8").partition("| module |")[2], re.M
)
PLACE = {name: n for n, row in enumerate(ROWS) for name in re.findall(r"`(\w+)/?`", row)}
WEBUI = "webui"
MODULES = sorted(
    {path.stem for path in CORE.glob("*.py")} - {"__init__"}
    | {path.parent.name for path in CORE.glob("*/__init__.py")}
)


def test_the_table_names_every_module_and_nothing_else() -> None:
    assert len(MODULES) >= 20
    assert set(MODULES) == set(PLACE) - {WEBUI}


@pytest.mark.parametrize("name", [*MODULES, WEBUI])
def test_imports_go_upwards_in_the_table(name: str) -> None:
    home = ROOT / WEBUI if name == WEBUI else CORE / name
    files = sorted(home.rglob("*.py")) if home.is_dir() else [home.with_suffix(".py")]
    # A package's own command line stands above everything.
    files = [path for path in files if path.name != "__main__.py"]
    assert files
    wrong = {
        f"{path.relative_to(ROOT)} imports {met}"
        for path in files for met in imported(path) if PLACE[met] > PLACE[name]
    }  # fmt: skip
    assert not wrong


def imported(path: Path) -> Iterator[str]:
    """Modules and packages directly below ``partnering`` that a file imports to run."""
    pending: list[ast.AST] = [ast.parse(path.read_text("utf-8"))]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        pending.extend(ast.iter_child_nodes(node))
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "partnering":
            names = [f"partnering.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        for full in names:
            parts = full.split(".")
            if parts[0] == "partnering" and len(parts) > 1 and parts[1] in PLACE:
                yield parts[1]
