"""A page as a walk: its files are written, its commands run in a scratch folder, in order.

A fence of the language ``console`` holds commands after ``$`` and what they print; any other
fence that follows a line which ends in a name within backticks and a colon is a file to write.
In what is printed ``…`` stands for anything within a line and, alone, for any lines; seconds,
dates, digests and whole numbers from 10 may differ, since the shipped material grows.

``python -m tests.docs.walk PAGE FOLDER`` walks it and writes what it now prints into the page.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

FENCE = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.S | re.M)
NAMED = re.compile(r"`(?P<path>[^`\n]+)`:\n+\Z")
ANY = "…"
_LOOSE = (
    (re.compile(r"\b\d+\.\d s\b"), "0.0 s"),
    (re.compile(r"\b\d{4}-\d\d-\d\d\b"), "2026-01-01"),
    (re.compile(r"\b[0-9a-f]{7,16}\b"), "0123456789abcdef"),
    (re.compile(r"\b\d{1,3}(,\d{3})+\b|\b\d{2,}\b"), "10"),
    (re.compile(r"[ ─]{2,}"), " "),
)


@dataclass(frozen=True)
class Step:
    """A file to write (``path``), or a command to run and what it prints."""

    line: int
    text: str
    path: str = ""
    printed: str = ""


def steps(page: str) -> Iterator[Step]:
    """The steps of a page, in order."""
    for fence in FENCE.finditer(page):
        line = page.count("\n", 0, fence.start()) + 1
        if fence["language"] == "console":
            yield from _commands(line, fence["text"])
        elif named := NAMED.search(page, 0, fence.start()):
            yield Step(line, fence["text"], named["path"])


def _commands(line: int, text: str) -> Iterator[Step]:
    parts = re.split(r"^\$ ", text, flags=re.M)
    line += parts[0].count("\n") + 1
    for part in parts[1:]:
        # A command goes on in the next line where its line ends in a backslash.
        command = re.match(r"(?:.*\\\n)*.*\n?", part)
        assert command is not None
        yield Step(line, command[0].rstrip("\n"), printed=part[command.end() :])
        line += part.count("\n")


@dataclass
class Walker:
    """Walks in one folder, with the commands of the interpreter that runs this."""

    folder: Path

    def __post_init__(self) -> None:
        self.here = self.folder
        self.environment = {
            name: value for name, value in os.environ.items()
            if not name.startswith(("PARTNERING_", "GIT_"))
        } | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.folder), "COLUMNS": "100", "GIT_CONFIG_NOSYSTEM": "1",
            **{f"GIT_{who}_{what}": said for who in ("AUTHOR", "COMMITTER")
               for what, said in (("NAME", "A reader"), ("EMAIL", "reader@example.org"))},
        }  # fmt: skip

    def take(self, step: Step) -> str:
        """Do a step; returns what it printed. Raises ``AssertionError`` where it fails."""
        if step.path:
            path = self.here / step.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step.text, "utf-8")
            return ""
        place = self.folder / ".here"
        done = subprocess.run(
            ["bash", "-uo", "pipefail", "-c", f"{step.text}\ncode=$?; pwd >{place}; exit $code"],
            cwd=self.here, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=900, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"line {step.line}: {step.text}\n{done.stdout}"
        self.here = Path(place.read_text("utf-8").strip())
        return done.stdout.replace(date.today().isoformat(), "2026-01-01")


def same(printed: str, wanted: str) -> bool:
    """Whether what was printed is what the page shows."""
    expected = _lines(wanted)
    pattern = "".join(
        r"(?:.*\n)*" if line.strip() == ANY else
        ".*".join(map(re.escape, line.split(ANY))) + r"\n" for line in expected
    )  # fmt: skip
    text = "".join(f"{line}\n" for line in _lines(printed))
    return re.fullmatch(pattern, text) is not None


def _lines(text: str) -> list[str]:
    """Lines that say something, with what may differ made the same."""
    for pattern, stands in _LOOSE:
        text = pattern.sub(stands, text)
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def rewrite(page: Path, folder: Path) -> None:
    """Walk a page and put what is printed now where the page shows something else."""
    lines = page.read_text("utf-8").splitlines()
    walker, changes = Walker(folder), []
    try:
        for step in steps(page.read_text("utf-8")):
            printed = walker.take(step)
            if not step.path and not same(printed, step.printed):
                begun = step.line + step.text.count("\n")
                shown = [line for line in printed.splitlines() if line.strip()]
                changes.append((begun, begun + step.printed.count("\n"), shown))
                print(f"{page}:{step.line}: {step.text}", flush=True)
    finally:
        for begun, ended, shown in reversed(changes):
            lines[begun:ended] = shown
        page.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    rewrite(Path(sys.argv[1]), Path(sys.argv[2]))
