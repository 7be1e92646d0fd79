"""``partnering build`` and ``partnering validate``: the files' way into the index."""

from __future__ import annotations

import gc
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from partnering.cli import options
from partnering.workspace import Workspace

if TYPE_CHECKING:
    from partnering.progress import Progress

_EVERY = 30.0
"""Seconds between two lines of progress where they cannot be written over each other."""


class _Shown:
    """Progress on standard error: one line written over on a terminal, now and then elsewhere."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def __call__(self, now: Progress) -> None:
        ended = now.done == now.of
        if sys.stderr.isatty():
            filled = 30 * now.done // now.of
            bar = "█" * filled + "·" * (30 - filled)
            click.echo(f"\r\x1b[K{bar} {now}" + ("\n" if ended else ""), err=True, nl=False)
        elif ended or time.monotonic() - self._last >= _EVERY:
            self._last = time.monotonic()
            click.echo(str(now), err=True)


@click.command()
@options.workspace
@click.option("--full", is_flag=True, help="Do everything again, whatever was kept.")
def build(workspace: Workspace, full: bool) -> None:
    """Read, check, infer, judge and publish; only what changed is done again.

    With --full nothing that was kept is believed. That is done beside what there is and takes its
    place when it is whole; interrupted, it is taken up where it was by the next one.

    Exits 1 when a check finds a violation: the last good index then stays in force. Warnings
    about the workspace's own files are printed.
    """
    from partnering.pipeline import build as building

    # What is made here lasts as long as the command: to look through it again and again for
    # what could be let go takes a tenth of the time.
    gc.set_threshold(100_000, 20, 20)
    # Stopped from outside as by Ctrl-C: what is done is kept, and the processes are let go.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    run = building.build_anew if full else building.build
    built = run(workspace, echo=click.echo, progress=_Shown())
    # Nobody can mend what is inherited from here.
    own = [problem for problem in built.problems if workspace.owns(problem.where)]
    told = [problem for problem in own if problem.severity != "info"]
    for problem in told:
        click.echo(str(problem), err=True)
    if rest := len(own) - len(told):
        click.echo(f"{rest} further remarks, listed by: partnering validate", err=True)
    click.echo(f"Published snapshot {built.index.snapshot} of {workspace.root}")
    # Nor is it at the end: of ten thousand cases that would take another fifth of a second.
    gc.freeze()


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@options.workspace
def validate(files: tuple[Path, ...], workspace: Workspace) -> None:
    """Check data against the shapes: FILES of the workspace, or all of it.

    Says file and line, what is wrong, why it matters and how to mend it. Exits 1 on a violation.
    """
    from partnering import slices
    from partnering.checking.checks import Gates
    from partnering.errors import WrongUse

    parts = slices.of_workspace(workspace)
    wanted = {file.resolve() for file in files}
    chosen = [p for p in parts if not wanted or any(f.path.resolve() in wanted for f in p.files)]
    missing = wanted - {f.path.resolve() for part in chosen for f in part.files}
    if missing:
        raise WrongUse(
            "Not a graph of this workspace.",
            where=", ".join(sorted(map(str, missing))),
            mend="give files under ontology/ or data/ of the workspace, or name it: --workspace",
        )
    found = [one.checked for one in Gates(workspace).check(chosen)]
    problems = sorted(problem for checked in found for problem in checked.problems)
    # Nobody can mend what is inherited from here; who names an inherited file wants to see it.
    told = [problem for problem in problems
            if wanted or problem.severity == "violation" or workspace.owns(problem.where)]  # fmt: skip
    for problem in told:
        click.echo(str(problem))
    if left := len(problems) - len(told):
        click.echo(f"Left out, on inherited files: {left}; to see them, name the file")
    totals: dict[str, int] = {}
    for checked in found:
        for name, count in checked.counts.items():
            totals[name] = totals.get(name, 0) + count
    violations = sum(problem.severity == "violation" for problem in problems)
    saw = ", ".join(f"{count:,} {name}" for name, count in totals.items())
    click.echo(
        f"{len(chosen)} part{'s' if len(chosen) != 1 else ''}: {saw}; {violations} violations, {len(problems) - violations} remarks"
    )
    if violations:
        raise SystemExit(1)
