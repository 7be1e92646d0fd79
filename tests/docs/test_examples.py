"""Every example of the docs and the README is run: shell and Python, against a live service."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^ *```(sh|python)\n(.*?)^ *```", re.S | re.M)
ADDRESS = "http://127.0.0.1:8000"


class Example(NamedTuple):
    page: str
    line: int
    language: str
    text: str


def examples() -> Iterator[Example]:
    for page in PAGES:
        text = page.read_text("utf-8")
        for found in FENCE.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            # The two commands of the README are what runs this test and what it serves with.
            if "make serve" not in found[2]:
                yield Example(page.relative_to(ROOT).as_posix(), line, found[1], found[2])


EXAMPLES = list(examples())


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log = tmp_path_factory.mktemp("serve") / "log"
    with log.open("w") as out:
        served = subprocess.Popen(
            [Path(sys.executable).with_name("partnering"), "serve", "--port", "0"],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=out, text=True,
        )  # fmt: skip
        assert served.stdout is not None
        try:
            for line in served.stdout:
                if found := re.search(r"Serving on (http://\S+)", line):
                    yield found[1]
                    return
            pytest.fail(f"the service did not start: {log.read_text()}")
        finally:
            served.terminate()
            served.wait(20)


def test_there_are_examples_to_run() -> None:
    assert len(EXAMPLES) >= 8
    assert {example.language for example in EXAMPLES} == {"sh", "python"}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e.page}:{e.line}")
def test_an_example_runs_and_says_something(example: Example, address: str) -> None:
    text = example.text.replace(ADDRESS, address).replace(".venv/bin/partnering", "partnering")
    command = (
        ["bash", "-euo", "pipefail", "-c", text]
        if example.language == "sh"
        else [sys.executable, "-c", text]
    )
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"PATH": path}, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip(), "it printed nothing"
    assert "Traceback" not in done.stderr
