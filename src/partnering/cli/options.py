"""Options that several commands share, and how they print a table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from partnering.errors import CheckFailed, PartneringError, WrongUse
from partnering.workspace import Workspace, locate

if TYPE_CHECKING:
    from partnering.knowledge import KnowledgeGraph


def _open(_context: click.Context, _parameter: click.Parameter, folder: Path | None) -> Workspace:
    return locate(folder)


workspace = click.option(
    "--workspace",
    type=click.Path(path_type=Path),
    metavar="DIR",
    callback=_open,
    help="The workspace; else the one you stand in, else the shipped one.",
)

result_format = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="How to print the rows.",
)


parameters = click.option(
    "--param",
    "-p",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="Fill a blank of the question; a concept by short name, label or IRI.",
)

rule = click.option("--rule", metavar="NAME", help="The rule of success: short for -p rule=NAME.")


def opened(workspace: Workspace) -> KnowledgeGraph:
    """The knowledge graph, brought up to date; where the files do not hold, the last good one."""
    import partnering

    try:
        return partnering.open(workspace.root)
    except CheckFailed as error:
        try:
            last = partnering.open(workspace.root, build=False)
        except PartneringError:
            raise error from None
        first = str(error).partition("\n")[0]
        click.echo(
            f"Answered from the last good index, of {last.index.published:%d %B %Y}, for the files do not"
            f" hold:\n{first}\nAll that is wrong: partnering build",
            err=True,
        )
        return last


def filled(given: Sequence[str], rule: str | None = None) -> dict[str, str]:
    """The blanks that ``--param`` and ``--rule`` fill."""
    return pairs(given, "--param") | ({} if rule is None else {"rule": rule})


def pairs(given: Sequence[str], option: str) -> dict[str, str]:
    """``NAME=VALUE`` taken apart; ``WrongUse`` where it is none."""
    found = {}
    for one in given:
        name, sign, value = one.partition("=")
        if not sign or not name.strip():
            raise WrongUse(f"{option} {one!r} is no NAME=VALUE.", mend=f"write {option} name=value")
        found[name.strip()] = value.strip()
    return found


def rows_as(form: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Rows as an aligned table, CSV (RFC 4180) or a JSON list of objects; ends with a line end."""
    held = [["" if cell is None else cell for cell in row] for row in rows]
    if form == "json":
        listed = [dict(zip(columns, row, strict=True)) for row in held]
        return json.dumps(listed, ensure_ascii=False, indent=2) + "\n"
    if form == "csv":
        out = io.StringIO()
        csv.writer(out).writerows([columns, *held])
        return out.getvalue()
    return aligned(columns, held)


def aligned(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A table for a terminal: columns as wide as their cells, no cell cut."""
    texts = [[str(cell) for cell in row] for row in (columns, *rows)]
    widths = [max(len(row[at]) for row in texts) for at in range(len(columns))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
             for row in texts]  # fmt: skip
    return "\n".join([lines[0], "  ".join("─" * width for width in widths), *lines[1:]]) + "\n"
