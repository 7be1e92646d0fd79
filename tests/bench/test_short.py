"""The benchmarks still run: their short form on five synthetic cases. Nothing is said of times."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """A port nobody listens on, and with it the one after, which may be taken all the same."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def bench(folder: Path, *arguments: str) -> None:
    """One run of the short form, in a folder of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--short", "--folder", str(folder / "bench"),
         "--port", str(free_port()), *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=900,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.slow
def test_the_short_form_gives_every_part_its_rows(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    document.write_text("before\n<!-- table: written by python -m bench -->\nyesterday\n"
                        "<!-- end of table -->\nafter\n")  # fmt: skip
    bench(tmp_path, "--only", "queries", "change")
    bench(tmp_path, "--only", "build", "start", "load", "--add", "--write", str(document))
    found = json.loads((tmp_path / "bench" / "found.json").read_text("utf-8"))
    assert list(found) == ["queries", "change", "build", "start", "load"]
    every = [row for part in found.values() for row in part["rows"]]
    rows = {part: [row for row in every if row["part"] == part]
            for part in ("question", "queries", "change", "build", "start", "memory", "load")}  # fmt: skip
    assert all(rows.values()), {part: len(held) for part, held in rows.items()}
    assert len(rows["question"]) > 60
    assert all(row["figure"] for row in every)
    text = document.read_text("utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "yesterday" not in text
    assert "| what | cases |" in text
    assert "pyoxigraph 0." in text
